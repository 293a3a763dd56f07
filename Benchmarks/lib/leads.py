"""Invented leads, the same ones every time, and a data folder seeded with them."""
import csv, io, json, pathlib, random, time

import engine
from server import BINARY, Client, Server

TENANTS = [f"tenant{n:09}" for n in range(10)]
PER_TENANT = 10_000
#: The tenant that is measured.
MEASURED = TENANTS[3]

COLUMNS = """company website industry employee_count contact_name contact_title email phone country source status
    notes""".split()
INDUSTRIES = "Software Logistics Healthcare Manufacturing Retail Finance Energy Education".split()
TITLES = ["Head of Operations", "Sales Director", "Chief Technology Officer", "Procurement Manager", "Founder"]
FIRST = "Anna Björn Carla David Elena Farid Grace Hugo Irina Jonas".split()
LAST = "Müller Svensson Rossi Kowalski Dubois Garcia Jensen Novak Smith Visser".split()
PLAIN = str.maketrans("üö", "uo")


def lead(series, n):
    r = random.Random(f"{series}/{n}")
    first, last, industry = r.choice(FIRST), r.choice(LAST), r.choice(INDUSTRIES)
    domain = f"{last.translate(PLAIN).lower()}-{series}-{n:06}.example"
    return {
        "company": f"{last} {industry} {n:06} {r.choice(['GmbH', 'Inc', 'SAS', 'Ltd'])}", "website": f"https://www.{domain}",
        "industry": industry, "employee_count": r.randrange(5, 20_000), "contact_name": f"{first} {last}",
        "contact_title": r.choice(TITLES), "email": f"{first}.{last}@{domain}".translate(PLAIN).lower(),
        "phone": f"+49 30 {r.randrange(2_000_000, 9_999_999)}", "country": r.choice("DE US FR GB NL SE ES PL".split()),
        "source": r.choice("web_form referral event outbound partner".split()),
        "status": r.choices("new contacted qualified won lost".split(), [70, 10, 10, 5, 5])[0],
        "notes": "Asked for an offer on the yearly plan; wants a call next week about where the data is kept.",
    }


def as_csv(rows, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def import_file(lines=100_000):
    """Every twentieth line repeats an e-mail of an earlier one: 95,000 new leads, 5,000 known."""
    return as_csv(lead("import", n - 7 if n % 20 == 19 else n) for n in range(lines))


def seed(port, tenants):
    """Signs the tenants up, stops their agents, and brings their leads in: {name: rows}."""
    for name, rows in tenants.items():
        client = Client(port).sign_up(name)
        client.agents("standby")
        done = client.bring_in(as_csv(rows))
        if done["status"] != "completed" or done["created"] != len(rows):
            raise AssertionError(f"seeding {name}: {done}")


def ids(client, rows):
    """The ids that the leads got, in the order of the rows."""
    answer = client.open("GET", "/v1/leads/export?format=jsonl")
    known = {record["email"]: record["id"] for record in map(json.loads, answer.read().splitlines())}
    return [known[row["email"]] for row in rows]


def seeded(folder, fresh=False):
    """A folder with `data` and `lead-ids`, made once for each build of the binary."""
    folder = pathlib.Path(folder)
    mark = folder / "ok"
    if fresh or not mark.exists() or mark.stat().st_mtime < BINARY.stat().st_mtime:
        engine.forget(folder)
        folder.mkdir(parents=True)
        with Server(folder / "data") as server:
            seed(server.port, {name: [lead(name, n) for n in range(PER_TENANT)] for name in TENANTS})
            rows = [lead(MEASURED, n) for n in range(PER_TENANT)]
            found = ids(Client(server.port).sign_in(MEASURED), rows)
            (folder / "lead-ids").write_text("\n".join(found) + "\n")
            # The consequences of new leads (duplicates, checks) are over before anything is measured.
            for name in TENANTS:
                client = Client(server.port).sign_in(name)
                while client.want(200, "GET", "/v1/jobs?state=available,running&limit=1")["data"]: time.sleep(1)
        engine.tidy(folder)
        mark.touch()
    return folder
