"""A year of an agency that keeps in touch by itself, in a sandbox: leads of all ages and places, clients, and what
they do one day. It is the story that the test suite NurtureYear lives, which judges each message; here it is as
large as it has to be."""
import base64, datetime, heapq, http.client, itertools, json, random, zoneinfo

from server import Client

LEADS, CLIENTS, DAYS = 1_000, 20, 372
START = datetime.datetime(2027, 1, 4, 9)
HOME = zoneinfo.ZoneInfo("America/Chicago")
PLACES = [
    ("US", "New York, NY"), ("US", "Los Angeles, CA"), ("GB", "London"), ("JP", "Tokyo"), ("AU", "Sydney NSW"), ("US", "Chicago, IL"),
    ("IN", "Mumbai")]
#: What people do, by how many of 28 do it.
MANNERS = {
    "is_silent": 10, "answers": 4, "says_stop": 2, "clicks_away": 2, "is_taken_off": 1, "bounces": 1, "buys": 2, "declines": 2,
    "is_called": 2, "asks_for_more": 2}
AGES = [0, 0, 10, 45, 85, 200, 340, 400, 600, 800]
TYPES = ["educational", "case_study", "product_launch", "company_news", "industry_insights"]
NAME, PASSWORD = "bureau", "s3cret"


def stamp(moment): return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def dollars(amount): return {"amount": amount * 100, "currency": "USD"}


class Year:
    def __init__(self, live, seed=2027):
        """`live`: the agency beside which it happens."""
        made = live.want(201, "POST", "/v1/sandboxes", {"from": "empty", "name": "Year", "start_at": stamp(START), "seed": 7})
        self.id, self.box, self.now = made["id"], Client(live.port, made["token"]), START
        self.chance, self.order, self.plans = random.Random(seed), itertools.count(), []
        self.leads, self.left, self.jobs = {}, {}, 0
        self.seed()
        self.plan_people()
        self.plan_content()
        for number in range(CLIENTS): self.plan(number % 5, 3, lambda number=number: self.take_in(number))

    def post(self, path, body=None, status=201): return self.box.want(status, "POST", path, body)

    def patch(self, path, body): return self.box.want(200, "PATCH", path, body)

    def seed(self):
        self.box.agents("disabled")
        self.patch("/v1/settings", {
            "postal_address": "1 Example Street", "sender": {"name": "Olive Owner", "email": "olive@agency.example"},
            "time_zone": HOME.key, "quiet_hours": {"from": "20:00", "to": "08:00"}})
        for agent in ("lead_nurturing", "lifecycle_management", "content_distribution", "client_management"):
            self.patch(f"/v1/agents/{agent}", {"state": "active", "autonomy": "autopilot"})
        config = "/v1/agents/lead_nurturing/config"
        self.patch(config, {"holdout_percent": 10})
        self.post(config + "/publish", status=200)
        # A sandbox sends nothing; answers are received at the endpoint.
        made = self.post("/v1/integrations", {
            "provider": "postmark", "capability": "email_sending",
            "credentials": {"server_token": "token", "webhook_username": NAME, "webhook_password": PASSWORD}})
        self.endpoint = made["hook_url"][made["hook_url"].index("/v1/"):]
        self.post("/v1/case-studies", {
            "title": "How Beta grew", "client": "Beta Works", "industry": "technology", "result": "Twice the enquiries"})

    # Time

    def plan(self, day, hour, act): self.plan_at(START + datetime.timedelta(days=day, hours=hour), act)

    def later(self, days, act): self.plan_at(self.now + datetime.timedelta(days=days), act)

    def plan_at(self, moment, act): heapq.heappush(self.plans, (moment, next(self.order), act))

    def advance(self, **to):
        self.jobs += self.post(f"/v1/sandboxes/{self.id}/clock/advance", to, 200)["ran"]["jobs"]

    def live(self):
        """Lives on to the last day."""
        end = START + datetime.timedelta(days=DAYS)
        while self.plans and self.plans[0][0] < end:
            moment, _, act = heapq.heappop(self.plans)
            if moment > self.now:
                self.advance(to=stamp(moment))
                self.now = moment
            act()
            self.advance(by="PT0S")
        self.advance(to=stamp(end))
        self.now = end

    # People

    def plan_people(self):
        coming, manners = {}, [manner for manner, count in MANNERS.items() for _ in range(count)]
        for number in range(LEADS):
            day = 1 + self.chance.randrange(DAYS // 2) if number % 10 == 9 else 0
            known = self.chance.choice(AGES) + self.chance.randrange(10)
            coming.setdefault(day, []).append((number, known))
            act = getattr(self, self.chance.choice(manners))
            acts_on = day + 4 + self.chance.randrange(DAYS - day - 40)
            self.plan(acts_on, self.chance.randrange(24), lambda number=number, act=act: act(number, self.leads[number]))
        for day, some in coming.items():
            for start in range(0, len(some), 500):
                self.plan(day, 0, lambda some=some[start:start + 500]: self.bring_in(some))

    def bring_in(self, some):
        operations = [{"op": "create", "body": self.lead(number, known)} for number, known in some]
        results = self.post("/v1/leads/bulk", {"operations": operations}, 200)["results"]
        for (number, _), result in zip(some, results): self.leads[number] = result["body"]

    def lead(self, number, known):
        country, place = PLACES[number % len(PLACES)]
        body = {
            "company": f"Example Company {number}", "website": f"https://www.example{number}.com", "industry": "technology",
            "employee_count": 50 + number % 200, "contact_name": "Jane Example", "contact_title": "Marketing Director",
            "email": f"jane{number}@example{number}.com", "country": country, "location": place, "source": "directory"}
        return body | ({"known_since": stamp(self.now - datetime.timedelta(days=known))} if known else {})

    def last_mail(self, lead):
        """The newest mail that the person got by this agency's own doing."""
        page = self.box.want(200, "GET", f"/v1/messages?direction=outbound&contact_id={lead['contact_id']}&limit=200")["data"]
        sent = [m for m in page if m["status"] in ("sent", "delivered") and m["purpose"] == "marketing"]
        return max(sent, key=lambda m: m["sent_at"], default=None)

    def is_silent(self, number, lead): pass

    def answers(self, number, lead): self.write(number, lead, "Thank you, I have read it with interest.")

    def says_stop(self, number, lead):
        self.write(number, lead, "STOP")
        self.leave(lead)

    def clicks_away(self, number, lead):
        if not (mail := self.last_mail(lead)): return
        link = mail["html"][mail["html"].index("/u/"):]
        path = link[:min(link.index(end) for end in "\"'<> " if end in link)]
        Client(self.box.port).want(200, "POST", path, b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        self.leave(lead)

    def is_taken_off(self, number, lead):
        self.post("/v1/suppressions", {"channel": "email", "address": lead["email"], "reason": "unsubscribe"})
        self.leave(lead)

    def bounces(self, number, lead):
        if not (mail := self.last_mail(lead)): return
        self.tell({
            "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Inactive": True, "ID": number + 1,
            "MessageID": f"pm-{mail['id']}", "Email": lead["email"], "Metadata": {"bureau_id": mail["id"]}})
        self.leave(lead)

    def leave(self, lead): self.left[lead["contact_id"]] = stamp(self.now)

    def buys(self, number, lead): self.sell(lead, "won")

    def declines(self, number, lead): self.sell(lead, "lost")

    def sell(self, lead, end):
        deal = self.post("/v1/deals", {"lead_id": lead["id"], "name": "Ads", "value": dollars(1000), "stage": "negotiation"})["id"]
        self.later(20, lambda: self.patch(f"/v1/deals/{deal}", {"stage": end}))

    def is_called(self, number, lead):
        steps = [{"channel": "task", "delay": "P1D", "title": "Call them"}]
        sequence = self.post("/v1/sequences", {"name": f"Calls {lead['id']}", "kind": "outreach", "steps": steps})["id"]
        path = f"/v1/sequences/{sequence}/enrollments"
        one = self.post(path, {"lead_id": lead["id"]})["id"]
        self.later(15, lambda: self.post(f"{path}/{one}/exit", status=200))

    def asks_for_more(self, number, lead):
        self.post(f"/v1/contacts/{lead['contact_id']}/activities", {"type": "demo_request"})

    def write(self, number, lead, text):
        own = "olive@agency.example"
        self.tell({
            "FromName": "", "From": lead["email"], "FromFull": {"Email": lead["email"], "Name": "", "MailboxHash": ""},
            "Subject": "Re: Hello", "To": own, "ToFull": [{"Email": own, "Name": "", "MailboxHash": ""}],
            "MessageID": f"story-{number}", "Date": "Thu, 1 Jan 2026 00:00:00 +0000", "TextBody": text, "HtmlBody": "",
            "StrippedTextReply": text, "MessageStream": "inbound", "Attachments": [],
            "Headers": [{"Name": "Message-ID", "Value": f"<story-{number}@mail.example>"}]})

    def tell(self, hook):
        pair = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.box.port)
        connection.request("POST", self.endpoint, json.dumps(hook), {
            "Content-Type": "application/json", "Authorization": f"Basic {pair}"})
        status = connection.getresponse().status
        connection.close()
        if status != 200: raise AssertionError(f"a hook was answered by {status}")

    # Content

    def plan_content(self):
        for number, day in enumerate(range(1, DAYS, 24)):
            type = TYPES[number % len(TYPES)]
            self.plan(day, 2, lambda title=f"{type} {number}", type=type: self.item(title, type))
        self.plan(DAYS // 2, 0, self.send_by_hand)

    def item(self, title, type):
        return self.post("/v1/content-items", {
            "title": title, "type": type, "subject": title + " for {{ lead.company }}", "body": "Words.", "status": "approved"})["id"]

    def send_by_hand(self):
        """Sends news for which nobody waits for the calendar, and once more to all."""
        item = self.item("By hand", "company_news")
        for wait in (0, 40): self.later(wait, lambda: self.post(f"/v1/content-items/{item}/distribute", {}, 202))

    # Clients

    def take_in(self, number):
        client = self.post("/v1/clients", {
            "name": f"Client {number}", "tier": "growth", "contact_email": f"boss@client{number}.example.com"})["id"]
        (self.reach_goal, self.need_help, self.owe, self.finish)[number % 4](client)

    def today(self): return self.now.replace(tzinfo=datetime.timezone.utc).astimezone(HOME).date().isoformat()

    def reach_goal(self, client):
        figure = lambda value: self.post("/v1/metrics", {
            "client_id": client, "source": "crm", "metric": "enquiries", "date": self.today(), "value": value})
        figure(40)
        self.post("/v1/goals", {
            "client_id": client, "metric": "crm.enquiries", "target": 100, "name": "Enquiries", "by": "2040-06-30"})
        self.later(DAYS // 2, lambda: figure(113))

    def ticket(self, client, **more):
        return self.post("/v1/tickets", {"subject": "It is broken", "body": "An error.", "client_id": client} | more)["id"]

    def need_help(self, client):
        """An urgent ticket is open around the anniversary."""
        def ask():
            ticket = self.ticket(client, priority="urgent")
            self.later(8, lambda: self.post(f"/v1/tickets/{ticket}/resolve", {"resolution": "Works."}, 200))
        self.later(362, ask)

    def owe(self, client):
        """An invoice is overdue when a project ends."""
        project = self.post("/v1/projects", {"client_id": client, "name": "Website"})["id"]

        def bill():
            item = {"description": "Work", "quantity": 1, "unit_price": dollars(500)}
            invoice = self.post("/v1/invoices", {"client_id": client, "items": [item], "due_on": self.today()})["id"]
            self.post(f"/v1/invoices/{invoice}/send", status=200)
            self.later(5, lambda: self.patch(f"/v1/projects/{project}", {"status": "completed"}))
            self.later(12, lambda: pay(invoice))

        def pay(invoice):
            due = self.box.want(200, "GET", f"/v1/invoices/{invoice}")["due"]
            self.post("/v1/payments", {"invoice_id": invoice, "amount": due, "reference": "r"})
        self.later(100, bill)

    def finish(self, client):
        """Complains while a milestone comes near."""
        day = (self.now + datetime.timedelta(days=200)).date().isoformat()
        self.post("/v1/projects", {
            "client_id": client, "name": "Site", "milestones": [{"name": "Launch", "due_on": day}]})
        self.later(192, lambda: self.ticket(client, category="complaint"))

    # The outcome

    def mails(self):
        """The marketing that was sent; each of it has its cause and its reason, and none came after a stop."""
        found, cursor = [], ""
        while True:
            page = self.box.want(200, "GET", f"/v1/messages?direction=outbound&limit=200{cursor}")
            found += [m for m in page["data"] if m["purpose"] == "marketing" and m["sent_at"]]
            if not page.get("next_cursor"): break
            cursor = "&cursor=" + page["next_cursor"]
        for mail in found:
            if not (mail["why"] and mail["cause"] and mail["cause"]["id"]): raise AssertionError(f"nobody has asked for {mail}")
            left = self.left.get(mail["contact_id"])
            if left and mail["sent_at"] > left: raise AssertionError(f"{mail['contact_id']} left at {left}: {mail}")
        if failed := self.box.want(200, "GET", "/v1/agent-runs?status=failed&limit=1")["data"]: raise AssertionError(failed)
        return found
