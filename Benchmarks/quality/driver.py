"""Tools that the judgements are measured with: the binary as a user meets it, an agency whose mail comes by a
provider's hook, and the rows of the data folder (BUREAU_DATA_SETS) and of this folder."""
import base64, collections, json, os, pathlib, sys, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
from server import Client  # noqa: E402

HOOK = {"server_token": "t", "webhook_username": "bureau", "webhook_password": "s3cret"}
SIGNED = "Basic " + base64.b64encode(b"bureau:s3cret").decode()
#: Leads of one bulk request.
CHUNK = 100


def rows(path):
    """Of a set in the data folder; none where there is no folder."""
    folder = os.environ.get("BUREAU_DATA_SETS")
    file = pathlib.Path(folder or "/nonexistent") / path
    return [json.loads(line) for line in file.open(encoding="utf-8") if line.strip()] if file.exists() else []


def by_judgement(folder):
    """Of each language its rows by judgement, each with what is wanted and the text: folder/<language>.tsv."""
    for file in sorted(folder.glob("*.tsv")):
        found = collections.defaultdict(list)
        for line in file.read_text(encoding="utf-8").splitlines():
            judgement, wanted, text = line.split("\t")
            found[judgement].append((wanted, text))
        yield file.stem, found


def own(name):
    """Of a set in this folder, which was written for it."""
    return [json.loads(line) for line in (HERE / name).open(encoding="utf-8") if line.strip()]


def peers():
    folder = os.environ.get("BUREAU_DATA_SETS")
    return json.loads((pathlib.Path(folder) / "PEERS.json").read_text()) if folder else {}


def eventually(get, what, seconds=300):
    end = time.monotonic() + seconds
    while True:
        found = get()
        if found:
            return found
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(0.05)


class Agency(Client):
    """An agency of its own, with the agents at work that are named."""

    made = 0

    def __init__(self, server, *agents):
        super().__init__(server.port)
        Agency.made += 1
        self.sign_up(f"quality{Agency.made}")
        self.want(200, "PATCH", "/v1/settings", {
            "postal_address": "1 Example Street, 12345 Exampletown", "quiet_hours": None,
            "sender": {"name": "Olive Owner", "email": "olive@agency.example"}})
        for agent in self.want(200, "GET", "/v1/agents?limit=200")["data"]:
            if agent["state"] == "active" and agent["name"] not in agents:
                self.agent(agent["name"], "disabled")

    def every(self, path):
        cursor, join = "", "&" if "?" in path else "?"
        while True:
            page = self.want(200, "GET", f"{path}{join}limit=200{cursor}")
            yield from page["data"]
            if not page["has_more"]:
                return
            cursor = "&cursor=" + page["next_cursor"]

    def leads(self, count):
        """So many leads that were written to: their ids, contacts and addresses."""
        made = []
        for start in range(0, count, CHUNK):
            bodies = [{
                "company": f"Firm {n}", "contact_name": f"Ann {n}", "email": f"ann{n}@firm{n}.example.com",
                "status": "contacted", "source": "directory"} for n in range(start, min(count, start + CHUNK))]
            answer = self.want(200, "POST", "/v1/leads/bulk", {
                "operations": [{"op": "create", "body": body} for body in bodies]})
            made += [result["body"] for result in answer["results"]]
        return made

    def mailbox(self):
        """The endpoint of a mail service."""
        made = self.want(201, "POST", "/v1/integrations", {
            "provider": "postmark", "capability": "email_sending", "credentials": HOOK,
            "settings": {"base_url": "http://127.0.0.1:9"}})
        return made["hook_url"][made["hook_url"].index("/v1/"):]

    def answer(self, endpoint, lead, number, text=None, raw=None):
        """A reply as the service brings it."""
        person = {"Email": lead["email"], "Name": "", "MailboxHash": ""}
        mail = {
            "From": lead["email"], "FromName": "", "FromFull": person, "MessageID": f"quality-{number}",
            "ToFull": [{"Email": "olive@agency.example", "Name": "", "MailboxHash": ""}],
            "To": "olive@agency.example", "MessageStream": "inbound", "Subject": "Re: Hello",
            "Date": "Thu, 1 Jan 2026 00:00:00 +0000", "Attachments": [], "HtmlBody": "", "TextBody": text or "",
            "Headers": [{"Name": "Message-ID", "Value": f"<quality-{number}@mail.example>"}]}
        if raw is not None:
            mail["RawEmail"] = raw
        if self.connection:
            self.connection.close()
            self.connection = None
        self.open_signed("POST", endpoint, json.dumps(mail).encode())

    def open_signed(self, method, path, body):
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {"Content-Type": "application/json", "Authorization": SIGNED})
        status = connection.getresponse().status
        connection.close()
        assert status == 200, f"the hook answered {status}"


class Answered:
    """Returns the outcomes of replies, each from a lead of its own."""

    def __init__(self, server, mails, **settings):
        """`mails`: (text, raw) of each; `settings`: of the agency."""
        self.agency = Agency(server, "sales_automation")
        if settings:
            self.agency.want(200, "PATCH", "/v1/settings", settings)
        endpoint, self.leads = self.agency.mailbox(), self.agency.leads(len(mails))
        for number, ((text, raw), lead) in enumerate(zip(mails, self.leads)):
            self.agency.answer(endpoint, lead, number, text, raw)
        eventually(self.is_read, "the receipts of the mails")
        self.messages = {m["contact_id"]: m for m in self.agency.every("/v1/messages?direction=inbound")}
        open = {m["id"] for m in self.messages.values() if not m["is_automatic"]
                and m["class"] not in ("out_of_office", "bounce")}
        eventually(lambda: open <= {d["subject"]["id"] for d in self.agency.every(
            "/v1/decisions?agent=sales_automation")}, "the decisions about them")
        self.deals = collections.Counter(d["lead_id"] for d in self.agency.every("/v1/deals"))
        self.tasks = collections.Counter(t["contact_id"] for t in self.agency.every("/v1/outreach-tasks"))
        self.after = {lead["id"]: lead for lead in self.agency.every("/v1/leads")}

    def is_read(self):
        waiting = [r for r in self.agency.every("/v1/hook-receipts") if r["status"] == "received"]
        return not waiting

    def __iter__(self):
        """The message (none where nothing came of it), the lead, and how many deals and tasks there are."""
        for lead in self.leads:
            yield (self.messages.get(lead["contact_id"]), self.after[lead["id"]], self.deals[lead["id"]],
                   self.tasks[lead["contact_id"]])


# Figures

def accuracy(pairs):
    return sum(a == b for a, b in pairs) / max(1, len(pairs))


def macro_f1(pairs):
    scores = []
    for label in sorted({want for want, _ in pairs}):
        hits = sum(a == b == label for a, b in pairs)
        wrong = sum((a == label) != (b == label) for a, b in pairs)
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0)
    return sum(scores) / max(1, len(scores))


def share(part, whole):
    return f"{part} of {whole}"
