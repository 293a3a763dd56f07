"""A million leads of whom some come into their next stage of age, and content for all leads of an agency."""
import contextlib, datetime, sqlite3, time

import leads

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


def invite(client):
    """Brings the people in who may get content."""
    for start in range(0, INVITED, FILE):
        rows = (
            leads.lead("content", n) | {"country": "US", "status": "new"} for n in range(start, min(start + FILE, INVITED)))
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


def plan(client, id):
    """Plans it for a day later, so that nothing leaves meanwhile: seconds until all are planned, and the distribution."""
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    began = time.perf_counter()
    path = "/v1/distributions/" + client.want(
        202, "POST", f"/v1/content-items/{id}/distribute", {"at": later.strftime("%Y-%m-%dT%H:%M:%SZ")})["id"]
    while True:
        now = client.want(200, "GET", path)
        planning = "/v1/jobs?kind=distribution.plan&state=available,running&limit=1"
        if now["matched"] and not client.want(200, "GET", planning)["data"]:
            return time.perf_counter() - began, client.want(200, "GET", path)
        time.sleep(0.05)
