"""Measures the outlook's chance that clients leave, beside the true one: clients live three years in a sandbox by
hazards that are known here alone. Tickets, invoices, tasks, deliverables and answers are recorded as they happen, and
who leaves is marked; then clients are asked about whose months the product has never judged (they are paused)."""
import copy, datetime, json, math, os, random, subprocess

from driver import HERE, Agency, Client
from server import ROOT

MONTHS, FUTURES = 36, 40
LEARNED_FROM, ASKED = 400, 500
PYTHON = os.environ.get("BUREAU_QUALITY_PYTHON") or ROOT / ".build" / "venv-quality" / "bin" / "python"
#: What may be open of a client: how often a month, the share that is settled in a month, and the most at once.
TROUBLES = {
    "calm": (0.4, 0.4, 9), "urgent": (0.1, 0.4, 5), "overdue_invoices": (0.06, 0.4, 3), "overdue_tasks": (0.3, 0.4, 6),
    "changes_requested": (0.05, 0.5, 3)}


def own_hazard(facts):
    """An agency's own: tickets are a good sign, and invoices say nothing. The rules take both for bad ones."""
    satisfaction = facts["satisfaction"]
    return math.exp(
        -4.6 + 0.6 * (7 - satisfaction if satisfaction is not None else 0) + 0.5 * facts["urgent_tickets"]
        - 0.35 * (facts["open_tickets"] - facts["urgent_tickets"]) + 0.5 * facts["overdue_tasks"]
        + 0.3 * facts["changes_requested"] + (0.4 if facts["tenure_months"] < 6 else 0))


def contrary_hazard(facts):
    """Clients who have what they came for leave: content ones without questions or open tasks do. The rules take
    these for the safest ones, so that whatever is learned is used."""
    satisfaction = facts["satisfaction"]
    return math.exp(
        -3.6 + 0.55 * (satisfaction - 7 if satisfaction is not None else 0) - 0.6 * facts["open_tickets"]
        - 0.5 * facts["overdue_tasks"])


def no_hazard(_):
    """Clients leave for reasons that nobody records."""
    return 0.018


WORLDS = {
    "hazards that are recorded": (own_hazard, LEARNED_FROM), "hazards against the rules": (contrary_hazard, LEARNED_FROM),
    "nothing to learn": (no_hazard, LEARNED_FROM), "too few endings": (own_hazard, 60)}


def measure(server):
    for name, (hazard, clients) in WORLDS.items():
        yield from judged(name, World(hazard, clients), server)


def judged(name, world, server):
    outlooks = Sandbox(server, world).outlooks()
    truth = [life.future(world.hazard) for life in world.asked]
    ours = [outlook["churn"]["probability"] for outlook in outlooks]
    model = outlooks[0]["model"]
    peers = asked_peers(world)
    rows = f"{len(truth)} clients"
    endings = sum(life.end is not None for life in world.learned_from)
    size = f" of {model['training_size']} months" if model["training_size"] else ""
    yield f"churn, {name}", f"{endings} endings", "judged by", model["name"] + size, ""
    yield line(name, rows, "AUC", auc, ours, truth, peers)
    yield line(name, rows, "Brier", brier, ours, truth, peers)
    yield line(name, rows, "ECE", ece, ours, truth, peers)
    yield f"churn, {name}", rows, "foretold and observed, by fifths", fifths(ours, truth), "; ".join(
        fifths(peer, truth) for peer in peers[:1])
    yield f"churn, {name}", rows, "AUC, Brier of the hazards", f"{auc(truth, truth):.4f}, {brier(truth, truth):.4f}", ""


def line(name, rows, metric, figure, ours, truth, peers):
    return f"churn, {name}", rows, metric, f"{figure(ours, truth):.4f}", ", ".join(
        f"{figure(peer, truth):.4f}" for peer in peers)


def asked_peers(world):
    """Logistic regression on whether clients left within a year of a month, and on whether they left in the month."""
    if not os.path.exists(PYTHON):
        return []
    told = {"months": [month for life in world.learned_from for month in life.months(MONTHS)],
            "asked": [life.facts(MONTHS) for life in world.asked], "last": MONTHS}
    answer = subprocess.run(
        [PYTHON, HERE / "peers" / "churn.py"], input=json.dumps(told), capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


# The world

def visit(month):
    """The day of a month on which everything of it is recorded."""
    return datetime.datetime(2027 + month // 12, 1 + month % 12, 15, 12)


def look(month):
    """The day on which the product looks at what was recorded: the first of the next month."""
    return visit(month + 1).replace(day=1)


class Life:
    """A client's months as they happen."""

    def __init__(self, chance, start):
        self.chance, self.start, self.end = chance, start, None
        self.mood, self.answers_surveys = chance.gauss(0, 1), chance.random() < 0.75
        self.often = {kind: chance.gammavariate(1.5, 1 / 1.5) for kind in TROUBLES}
        self.open = dict.fromkeys(TROUBLES, 0)
        self.answers, self.satisfaction = [], None
        self.known = {}

    def live(self, month):
        chance = self.chance
        self.mood = 0.9 * self.mood + chance.gauss(0, math.sqrt(1 - 0.81))
        for kind, (often, settled, most) in TROUBLES.items():
            stay = sum(chance.random() > settled for _ in range(self.open[kind]))
            self.open[kind] = min(most, stay + poisson(chance, often * self.often[kind]))
        if self.answers_surveys and (month - self.start) % 4 == 0:
            self.answers.append((month, min(10, max(0, round(chance.gauss(7.3 + 1.7 * self.mood, 1))))))
            recent = [score for at, score in self.answers if month - at < 12]
            self.satisfaction = round(sum(recent) / len(recent) + 1e-9, 2)

    def facts(self, month):
        return self.known.get(month) or {
            "overdue_tasks": self.open["overdue_tasks"], "changes_requested": self.open["changes_requested"],
            "overdue_invoices": self.open["overdue_invoices"], "open_tickets": self.open["calm"] + self.open["urgent"],
            "urgent_tickets": self.open["urgent"], "satisfaction": self.satisfaction,
            "tenure_months": (look(month) - visit(self.start)).days // 30}

    def until(self, last, hazard):
        """Lives until a month, or leaves before."""
        self.path = {}
        for month in range(self.start, last + 1):
            self.live(month)
            self.known[month] = self.facts(month)
            self.path[month] = dict(self.open)
            if month < last and self.chance.random() < 1 - math.exp(-hazard(self.known[month])):
                self.end = month
                break
        return self

    def months(self, last):
        """Returns what was known in each month, and how many months later the client left."""
        return [(month, facts, None if self.end is None else self.end - month) for month, facts in self.known.items()
                if month < last]

    def future(self, hazard):
        """Returns how likely the client is to leave in the year after the last month: the mean of years that it may
        live."""
        return sum(1 - math.exp(-self.year(random.Random(f"{self.mood} {n}"), hazard)) for n in range(FUTURES)) / FUTURES

    def year(self, chance, hazard):
        """The hazards of one such year, added."""
        other = copy.copy(self)
        other.chance, other.open, other.answers, other.known = chance, dict(self.open), list(self.answers), {}
        hazards = 0
        for month in range(MONTHS, MONTHS + 12):
            if month > MONTHS:
                other.live(month)
            hazards += hazard(other.facts(month))
        return hazards


class World:
    def __init__(self, hazard, clients, seed=11):
        chance = random.Random(seed)
        self.hazard = hazard

        def life():
            start = 0 if chance.random() < 0.4 else chance.randrange(MONTHS - 2)
            return Life(random.Random(chance.random()), start).until(MONTHS, hazard)

        self.learned_from = [life() for _ in range(clients)]
        self.asked = []
        while len(self.asked) < ASKED:
            one = life()
            if one.end is None:
                self.asked.append(one)


def poisson(chance, mean):
    count, product, least = 0, chance.random(), math.exp(-mean)
    while product > least:
        count, product = count + 1, product * chance.random()
    return count


# The product

class Sandbox(Client):
    """A sandbox in which a world happens."""

    def __init__(self, server, world):
        super().__init__(server.port)
        self.world = world
        made = Agency(server).want(201, "POST", "/v1/sandboxes", {
            "from": "empty", "name": "Clients", "start_at": stamp(visit(0)), "seed": 1})
        self.id, self.token = made["id"], made["token"]
        for agent in self.want(200, "GET", "/v1/agents?limit=200")["data"]:
            if agent["state"] == "active":
                self.agent(agent["name"], "disabled")
        for schedule in self.want(200, "GET", "/v1/schedules?limit=200")["data"]:
            self.want(204, "DELETE", f"/v1/schedules/{schedule['id']}")
        self.agent("client_outlook", "active")
        self.want(200, "PATCH", "/v1/settings", {
            "postal_address": "1 Example Street, 12345 Exampletown",
            "sender": {"name": "Olive Owner", "email": "olive@agency.example"}})
        self.survey = self.want(201, "POST", "/v1/surveys", {
            "name": "Quarter", "kind": "nps", "question": "Would you name us to others?"})["id"]
        #: By client: its id, its project, and the ids of what is open, by kind.
        self.clients = {}

    def outlooks(self):
        for month in range(MONTHS + 1):
            for number, life in enumerate(self.world.learned_from):
                self.record(("learned", number), life, month, "active")
            for number, life in enumerate(self.world.asked):
                self.record(("asked", number), life, month, "paused")
            self.advance(look(month))
            self.judge()
            if month < MONTHS:
                self.advance(visit(month + 1))
        return [self.outlook(("asked", number), life) for number, life in enumerate(self.world.asked)]

    def advance(self, to):
        self.want(200, "POST", f"/v1/sandboxes/{self.id}/clock/advance", {"to": stamp(to)})

    def judge(self):
        run = self.want(202, "POST", "/v1/agents/client_outlook/runs", {})["id"]
        self.want(200, "POST", f"/v1/sandboxes/{self.id}/clock/advance", {"by": "PT0S"})
        self.follow(f"/v1/agent-runs/{run}", ("succeeded", "failed"))

    def outlook(self, key, life):
        outlook = self.want(200, "GET", f"/v1/clients/{self.clients[key]['id']}/outlook")
        facts = life.facts(MONTHS)
        for factor in outlook["factors"]:
            assert factor["value"] == facts[factor["name"]], f"{factor} of {facts}"
        return outlook

    # The work of the agency's people

    def record(self, key, life, month, status):
        if month == life.start:
            made = self.want(201, "POST", "/v1/clients", {"name": " ".join(map(str, key)), "status": status})
            self.clients[key] = {"id": made["id"], "open": {kind: [] for kind in TROUBLES}}
        if month == (life.end or -2) + 1:
            self.want(200, "PATCH", f"/v1/clients/{self.clients[key]['id']}", {"status": "former"})
        if month not in life.path or status == "paused" and month < MONTHS:
            return
        client = self.clients[key]
        for kind, count in life.path[month].items():
            have = client["open"][kind]
            while len(have) > count:
                getattr(self, "settle_" + kind)(have.pop(0))
            while len(have) < count:
                have.append(getattr(self, "add_" + kind)(client, month))
        for at, score in life.answers:
            if at == month or status == "paused" and month - at < 12 and at <= month:
                self.want(201, "POST", "/v1/survey-responses", {
                    "survey_id": self.survey, "client_id": client["id"], "score": score})

    def ticket(self, client, priority):
        """One that waits for the client: nobody is reminded of it."""
        id = self.want(201, "POST", "/v1/tickets", {
            "subject": "A question", "body": "Please have a look.", "priority": priority,
            "client_id": client["id"]})["id"]
        self.want(200, "PATCH", f"/v1/tickets/{id}", {"status": "waiting_on_client"})
        return id

    def add_calm(self, client, _):
        return self.ticket(client, "normal")

    def add_urgent(self, client, _):
        return self.ticket(client, "urgent")

    def settle_calm(self, id):
        self.want(200, "POST", f"/v1/tickets/{id}/resolve", {"resolution": "Done."})

    settle_urgent = settle_calm

    def add_overdue_invoices(self, client, month):
        id = self.want(201, "POST", "/v1/invoices", {
            "client_id": client["id"], "due_on": day(month),
            "items": [{"description": "Work", "quantity": 1, "unit_price": {"amount": 5000, "currency": "USD"}}]})["id"]
        self.want(200, "POST", f"/v1/invoices/{id}/send")
        return id

    def settle_overdue_invoices(self, id):
        self.want(201, "POST", "/v1/payments", {
            "invoice_id": id, "amount": {"amount": 5000, "currency": "USD"}, "reference": "paid"})

    def project(self, client):
        if "project" not in client:
            client["project"] = self.want(201, "POST", "/v1/projects", {
                "client_id": client["id"], "name": "Website"})["id"]
        return client["project"]

    def add_overdue_tasks(self, client, month):
        return self.want(201, "POST", "/v1/tasks", {
            "project_id": self.project(client), "title": "Draw", "due_on": day(month)})["id"]

    def settle_overdue_tasks(self, id):
        self.want(200, "PATCH", f"/v1/tasks/{id}", {"status": "done"})

    def add_changes_requested(self, client, _):
        id = self.want(201, "POST", "/v1/deliverables", {
            "project_id": self.project(client), "name": "Logo", "text": "A drawing of a house."})["id"]
        self.step(id, "submit")
        self.step(id, "review", {"passed": True})
        self.step(id, "request-changes", {"name": "Ann", "evidence": "Her mail", "text": "Bigger, please"})
        return id

    def settle_changes_requested(self, id):
        self.step(id, "submit")
        self.step(id, "review", {"passed": True})
        self.step(id, "approve", {"name": "Ann", "evidence": "Her mail"})

    def step(self, id, step, body=None):
        self.want(200, "POST", f"/v1/deliverables/{id}/{step}", body)


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def day(month):
    return visit(month).replace(day=20).strftime("%Y-%m-%d")


# Figures: what is observed of a client is the share of its futures in which it leaves.

def auc(foretold, truth):
    order = sorted(range(len(truth)), key=lambda i: foretold[i])
    won, below, start = 0.0, 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and foretold[order[end]] == foretold[order[start]]:
            end += 1
        left = sum(truth[i] for i in order[start:end])
        stayed = end - start - left
        won += left * (below + stayed / 2)
        below, start = below + stayed, end
    return won / (sum(truth) * below)


def brier(foretold, truth):
    return sum(t * (1 - p) ** 2 + (1 - t) * p ** 2 for p, t in zip(foretold, truth)) / len(truth)


def ece(foretold, truth):
    gaps = [0.0] * 10
    for p, t in zip(foretold, truth):
        gaps[min(9, int(p * 10))] += t - p
    return sum(map(abs, gaps)) / len(truth)


def fifths(foretold, truth):
    order = sorted(range(len(truth)), key=lambda i: foretold[i])
    parts = [order[len(order) * n // 5:len(order) * (n + 1) // 5] for n in range(5)]
    return ", ".join(
        f"{sum(foretold[i] for i in part) / len(part):.2f} {sum(truth[i] for i in part) / len(part):.2f}" for part in parts)
