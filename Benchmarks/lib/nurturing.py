"""A million leads of whom some come into their next stage of age, and content for all leads of an agency."""
import concurrent.futures, contextlib, datetime, random, sqlite3, time

import leads
from server import Client

MANY, DUE, FILE = 1_000_000, 10_000, 99_000
#: The first stage of a new agency ends after so many days.
FIRST_STAGE = 31
#: So many of an agency may get content: they live where the law lets them, and nobody sells to them.
INVITED = 100_000


def fill(client, count):
    """Brings so many leads in, some 99,000 lines to a file."""
    for start in range(0, count, FILE):
        rows = (leads.lead("daily", n) for n in range(start, min(start + FILE, count)))
        done = client.bring_in(leads.as_csv(rows))
        if done["status"] != "completed": raise AssertionError(done)


def invite(client, count):
    """Brings so many people in who may get content."""
    for start in range(0, count, FILE):
        rows = (
            leads.lead("content", n) | {"country": "US", "status": "new"} for n in range(start, min(start + FILE, count)))
        done = client.bring_in(leads.as_csv(rows))
        if done["status"] != "completed": raise AssertionError(done)


def make_due(server, slug, count):
    """Lets so many leads be as old as the first stage lasts, as if the agency had known them for longer. The server is
    down meanwhile: only a clock could do it, and the clock is what is measured beside."""
    file = sqlite3.connect(server.data / "bureau.db", timeout=30)
    with contextlib.closing(file), file:
        tenant = file.execute("SELECT id FROM tenants WHERE name = ?", (f"Benchmark {slug}",)).fetchone()[0]
        past = FIRST_STAGE * 86_400_000_000
        changed = file.execute(
            "UPDATE leads SET known_since = known_since - ?, lifecycle_due = lifecycle_due - ? WHERE row IN ("
            "SELECT row FROM leads WHERE tenant_id = ? AND lifecycle_stage = 'fresh' AND status <> 'archived' "
            "AND lifecycle_due IS NOT NULL ORDER BY id LIMIT ?)", (past, past, tenant, count)).rowcount
    if changed != count: raise AssertionError(f"{changed} leads are due, not {count}")


def compared(server):
    """Lets all records count as compared with each other, as checked, and their addresses as looked up: for a million of
    them it would take an hour, and other benchmarks measure that. The server is down meanwhile."""
    file = sqlite3.connect(server.data / "bureau.db", timeout=30)
    with contextlib.closing(file), file:
        for table in ("leads", "contacts", "companies"):
            file.execute(f"UPDATE {table} SET matched_version = version WHERE matched_version <> version")
        last = str(file.execute("SELECT max(row) FROM events").fetchone()[0])
        file.execute("UPDATE quality_places SET place = ? WHERE name = 'events'", (last,))
        file.execute("UPDATE address_marks SET mark = ? WHERE name = 'events'", (last,))


def age(client):
    """A run of the agent: its seconds, and how many leads it has looked at and taken into another stage."""
    began = time.perf_counter()
    run = client.want(202, "POST", "/v1/agents/lifecycle_management/runs", {})
    run = client.follow("/v1/agent-runs/" + run["id"], ("succeeded", "failed", "cancelled"))
    if run["status"] != "succeeded": raise AssertionError(run)
    return time.perf_counter() - began, run["result"]


def item(client):
    """An approved content item for all leads, with a place for a value."""
    return client.want(201, "POST", "/v1/content-items", {
        "title": "Reports by the hour", "type": "educational", "subject": "{{ contact.name }}: reports by the hour",
        "body": "We now report by the hour.", "status": "approved"})["id"]


def preview(client, id):
    """Seconds, and whom it would reach."""
    began = time.perf_counter()
    found = client.want(200, "POST", f"/v1/content-items/{id}/distribute", {"preview": True})
    return time.perf_counter() - began, found


def tomorrow():
    """A day later: nothing leaves meanwhile."""
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)


def plan(client, id, at=None):
    """Plans it for a moment, or to leave at once: seconds until all are planned, and the distribution."""
    body = {"at": at.strftime("%Y-%m-%dT%H:%M:%SZ")} if at else {}
    began = time.perf_counter()
    path = "/v1/distributions/" + client.want(202, "POST", f"/v1/content-items/{id}/distribute", body)["id"]
    while True:
        now = client.want(200, "GET", path)
        planning = "/v1/jobs?kind=distribution.plan&state=available,running&limit=1"
        if now["matched"] and not client.want(200, "GET", planning)["data"]:
            return time.perf_counter() - began, client.want(200, "GET", path)
        time.sleep(0.05)


def send(client, id, arrived):
    """Sends it to all at once; `arrived` tells how many mails have come. Seconds of its planning, and from then until the last
    has left, and the distribution."""
    planning, now = plan(client, id)
    began = last = time.perf_counter()
    path, most = f"/v1/distributions/{now['id']}", 0
    while (now := client.want(200, "GET", path))["status"] != "completed":
        count, moment = arrived(), time.perf_counter()
        if count > most: most, last = count, moment
        if moment - last > 60: raise AssertionError(f"{count} mails have come, and no more: {now}")
        time.sleep(0.1)
    return planning, time.perf_counter() - began, now


def mailing(client):
    """An e-mail campaign to all leads: its id, and how many they are."""
    segment = client.want(201, "POST", "/v1/segments", {"name": "Everybody", "filter": {"all": []}})["id"]
    while client.want(200, "GET", "/v1/jobs?kind=segment.fill&state=available,running&limit=1")["data"]: time.sleep(0.1)
    template = client.want(201, "POST", "/v1/templates", {
        "name": "News", "channel": "email", "subject": "{{ contact.name }}: news", "body": "We have news."})["id"]
    body = {"name": "News", "segment_id": segment, "template_id": template}
    id = client.want(201, "POST", "/v1/email-campaigns", body)["id"]
    return id, client.want(200, "GET", f"/v1/segments/{segment}")["count"]


def freeze(client, id, members):
    """Schedules it at once, and takes it back when its recipients are frozen: seconds until then, and the campaign."""
    path, began = f"/v1/email-campaigns/{id}", time.perf_counter()
    client.want(200, "POST", path + "/schedule", {})
    while (now := client.want(200, "GET", path))["members"] < members: time.sleep(0.02)
    seconds = time.perf_counter() - began
    client.want(200, "POST", path + "/cancel")
    return seconds, now


def link(client):
    """A tracked link: its id, and the path by which it is followed."""
    made = client.want(201, "POST", "/v1/tracked-links", {"url": "https://www.example.com/news", "utm": {"source": "bench"}})
    return made["id"], made["short_url"][made["short_url"].index("/t/"):]


#: The words that pieces are made of.
WORDS = [f"{a}{b}" for a in ("gar", "ro", "spring", "soil", "wa", "lea", "sun", "win") for b in ("den", "se", "ly", "ter", "ves", "ny", "ish", "ing")]


def piece(client, number, turned=False):
    """A content item of 60 words that are the number's own, or these with two changed: its id."""
    draw = random.Random(number)
    words = [draw.choice(WORDS) for _ in range(60)]
    if turned: words[20], words[40] = "other", "another"
    body = {"title": f"Piece {number}", "type": "educational", "subject": "News", "body": " ".join(words) + ".", "locale": "en"}
    return client.want(201, "POST", "/v1/content-items", body)["id"]


def pieces(client, count):
    """Creates so many by 8 connections: how many a second, and the ids of each 200th by its number."""
    began, ids = time.perf_counter(), {}

    def some(lane):
        own = Client(client.port, client.token)
        for number in range(lane, count, 8):
            id = piece(own, number)
            if number % 200 == 0: ids[number] = id

    with concurrent.futures.ThreadPoolExecutor(8) as pool: list(pool.map(some, range(8)))
    return count / (time.perf_counter() - began), dict(sorted(ids.items()))
