"""Requests that many clients make at once, reading, writing and both; the start, and files in and out."""
import statistics, time

import engine, leads, load, nurturing, posting, selling
from benching import Bench, CREATE, FOLDER, GET, LIST, PEERS_FOLDER, PEERS_TMP, median, need, new_lead, settle, summary
from server import Client, Server


# Right first, fast afterwards: a server that answers wrongly is not timed.

def check_reads(b):
    for n in (0, 77, 9_999):
        want, got = leads.lead(leads.MEASURED, n), b.client.want(200, "GET", GET.replace("{id}", b.ids()[n]))
        for field in ("company", "email", "employee_count", "status", "notes"):
            need(got[field] == want[field], f"{field}: {got[field]!r}, not {want[field]!r}")
    page = b.client.want(200, "GET", LIST)["data"]
    need(len(page) == 50 and page[0]["email"] == leads.lead(leads.MEASURED, 9_999)["email"], "the page is not the newest 50")
    need(Client(b.server.port).request("GET", GET.replace("{id}", b.ids()[5]))[0] == 401, "no token, and an answer")
    stranger = Client(b.server.port).sign_in(leads.TENANTS[4])
    need(stranger.request("GET", GET.replace("{id}", b.ids()[5]))[0] == 404, "another tenant's lead")


def driven(script, path, body=None):
    with Bench() as b:
        idle = b.server.resident()
        check_reads(b)
        wrk = b.wrk(script, path, body=body)
        wrk.figures(wrk.spawn(2))

        def once():
            before = b.client.count() if body else 0
            figures = wrk.figures(wrk.spawn(load.SECONDS))
            if body:
                # Requests that were under way when wrk stopped still land.
                time.sleep(1.5)
                stored, answered = b.client.count() - before, figures["requests"] - figures["refused"]
                need(answered <= stored <= answered + load.CONNECTIONS, f"{answered} answered, {stored} stored")
            return figures

        runs = load.repeat(b.pid, once)
        if not body:
            check_reads(b)
        return summary(runs) | {"memory_idle": idle, "memory": b.server.resident()}


def together(reading, writing):
    """Half the connections read one lead, the other half create."""
    def once():
        processes = [w.spawn(load.SECONDS) for w in (reading, writing)]
        read, write = [load.Wrk.figures(p) for p in processes]
        return {
            "rate": read["rate"], "p50": read["p50"], "p99": read["p99"], "write_rate": write["rate"], "write_p50": write["p50"],
            "write_p99": write["p99"], "refused": read["refused"] + write["refused"], "broken": read["broken"] + write["broken"]}
    return once


def mixed_summary(runs):
    return summary(runs) | {key: median(runs, key) for key in ("write_rate", "write_p50", "write_p99")}


def w1(): return driven("get", GET)
def w2(): return driven("list", LIST)
def w3(): return driven("create", CREATE, new_lead())


def receipts(b):
    """Counts those of the database; the list has no total."""
    return engine.column(b.server.data, "SELECT count(*) FROM hook_receipts")[0]


def check_endpoint(b, endpoint):
    before, id = receipts(b), b"evt_check%011d" % (time.time_ns() % 10**11)
    need(endpoint.deliver(id) == (200, {"received": True}), "an event was not taken")
    need(endpoint.deliver(id) == (200, {"received": True, "duplicate": True}), "its redelivery was taken for another")
    forged = endpoint.deliver(b"evt_forge%011d" % (time.time_ns() % 10**11), endpoint.body.replace(b"created", b"removed"))
    need(400 <= forged[0] < 500, f"a forged one: {forged}")
    need(receipts(b) == before + 1, "one event is not one receipt")


def w4():
    """Signed events, each with an id of its own, at a generic endpoint."""
    with Bench() as b:
        idle, endpoint = b.server.resident(), selling.HookEndpoint(b.client)
        check_endpoint(b, endpoint)

        def once(seconds=load.SECONDS):
            more = endpoint.sign(b.folder, seconds)
            before = receipts(b)
            wrk = load.Wrk(
                b.server.port, "", "hook", endpoint.path, b.folder, load.CONNECTIONS, body=endpoint.body.decode(), more=more)
            figures = wrk.figures(wrk.spawn(seconds))
            time.sleep(1.5)
            stored, answered = receipts(b) - before, figures["requests"] - figures["refused"]
            need(answered <= stored <= answered + load.CONNECTIONS, f"{answered} answered, {stored} stored")
            return figures

        once(2)
        runs = load.repeat(b.pid, once)
        check_endpoint(b, endpoint)
        return summary(runs) | {"memory_idle": idle, "memory": b.server.resident()}


def mixed():
    half = max(1, load.CONNECTIONS // 2)
    with Bench() as b:
        check_reads(b)
        once = together(b.wrk("get", GET, half, 1), b.wrk("create", CREATE, half, 1, new_lead()))
        return mixed_summary(load.repeat(b.pid, once))


def cold():
    starts = []
    engine.copy(leads.seeded(FOLDER / "seed"), FOLDER / "run")
    # The first one finds a copy that is still being written, or what seeding has just left: it is not counted.
    for n in range(6):
        server = Server(FOLDER / "run" / "data")
        try:
            starts.append(server.start())
            if n == 5:
                time.sleep(1)
                idle = server.resident()
        finally:
            server.stop()
    starts = starts[1:]
    return {"ms": statistics.median(starts), "memory_idle": idle, "runs": [round(s, 1) for s in starts]}


def file_size():
    """As the server leaves it when it stops."""
    data = leads.seeded(FOLDER / "seed") / "data"
    return {"bytes": engine.size(data), "leads": len(leads.TENANTS) * leads.PER_TENANT}


def i1():
    """From the upload's first byte until the import says that it is completed."""
    peers_file = PEERS_TMP / "seed" / "import.csv"
    data = peers_file.read_bytes() if PEERS_FOLDER and peers_file.exists() else leads.import_file()
    runs = []
    for _ in range(load.RUNS):
        with Bench() as b:
            load.wait_until_quiet()
            others, began = load.Others(b.pid), time.perf_counter()
            done = b.client.bring_in(data)
            seconds = time.perf_counter() - began
            need(done["status"] == "completed" and (done["created"], done["skipped"]) == (95_000, 5_000), done)
            need(b.client.count() == 105_000, "leads are missing")
            runs.append({"seconds": seconds, "others": others.cores(), "memory": b.server.resident()})
    seconds = median(runs, "seconds")
    return {
        "seconds": seconds, "rate": 100_000 / seconds, "runs": [round(r["seconds"], 2) for r in runs],
        "others": max(r["others"] for r in runs), "memory": max(r["memory"] for r in runs)}


def export():
    """105,000 leads as CSV and as JSON lines."""
    with Bench() as b:
        b.client.bring_in(leads.import_file())
        result = {}
        for form in ("csv", "jsonl"):
            runs = []
            for _ in range(load.RUNS):
                load.wait_until_quiet()
                others, began = load.Others(b.pid), time.perf_counter()
                answer = b.client.open("GET", f"/v1/leads/export?format={form}")
                need(answer.status == 200, answer.status)
                head = answer.read(1)
                first = time.perf_counter() - began
                size, lines = len(head), head.count(b"\n")
                while chunk := answer.read(1 << 20):
                    size, lines = size + len(chunk), lines + chunk.count(b"\n")
                seconds = time.perf_counter() - began
                need(lines == 105_000 + (form == "csv"), f"{lines} lines")
                runs.append({"seconds": seconds, "first": first * 1000, "size": size, "others": others.cores()})
            result[form] = {
                "rate": 105_000 / median(runs, "seconds"), "first_ms": median(runs, "first"),
                "megabytes": runs[0]["size"] / 1e6 / median(runs, "seconds"), "runs": [round(r["seconds"], 2) for r in runs],
                "others": max(r["others"] for r in runs)}
        return result | {"memory": b.server.resident()}


def redirect():
    """Followers of a tracked link, each counted on the disk before it is led on."""
    with Bench() as b:
        idle, (id, path) = b.server.resident(), nurturing.link(b.client)
        clicks = lambda: sum(b.client.want(200, "GET", f"/v1/tracked-links/{id}")["clicks"].values())
        wrk = b.wrk("get", path)

        def once():
            before = clicks()
            figures = wrk.figures(wrk.spawn(load.SECONDS))
            # Requests that were under way when wrk stopped still count.
            time.sleep(1.5)
            counted, answered = clicks() - before, figures["requests"] - figures["refused"]
            need(answered <= counted <= answered + load.CONNECTIONS, f"{answered} answered, {counted} counted")
            return figures

        runs = load.repeat(b.pid, once)
        return summary(runs) | {"memory_idle": idle, "memory": b.server.resident()}


def field(name, op, value): return {"field": name, "op": op, "value": value}


#: Filters as people build them, and the least and the most that they find of a million contacts.
FILTERS = [
    (field("do_not_contact", "eq", False), 990_000, 1_000_000),
    (field("country", "in", ["DE", "US"]), 200_000, 300_000),
    (field("tags", "contains", "vip"), 0, 0),
    (field("name", "contains", "an"), 1000, 999_000),
    ({"not": {"any": [field("country", "eq", "FR"), {"all": [field("name", "contains", "an")]}]}}, 1000, 999_000),
]


def preview(client, condition, least, most):
    """The milliseconds that it takes to count whom a filter finds."""
    began = time.perf_counter()
    found = client.want(200, "POST", "/v1/segments/preview", {"of": "contacts", "filter": {"all": [condition]}})
    took = (time.perf_counter() - began) * 1000
    need(least <= found["count"] <= most, f"{condition}: {found['count']}")
    return took


def counted():
    """Whom filters find of a million contacts, and what it costs a change of one to be judged by twenty segments."""
    with Bench() as b:
        nurturing.fill(b.client, nurturing.MANY - leads.PER_TENANT)
        b.restart(nurturing.compared)
        settle(b.client)
        others = load.Others(b.pid)
        # The first one reads its pages from the disk: it is told apart, and those that warm up are not counted.
        cold = [preview(b.client, *one) for one in FILTERS][0]
        took = [preview(b.client, *FILTERS[n % len(FILTERS)]) for n in range(20)]
        ids = [c["id"] for c in b.client.want(200, "GET", "/v1/contacts?limit=200")["data"]]
        alone = posting.changed(b.client, ids, "Head")
        posting.segments(b.client, 20)
        settle(b.client)
        judged = posting.changed(b.client, ids, "Chief")
        took.sort()
        one = (judged[len(judged) // 2] - alone[len(alone) // 2]) / 20
        return {
            "p50": took[len(took) // 2], "p99": took[-1], "cold": cold, "one": max(0, one), "others": others.cores(),
            "memory": b.server.resident(), "runs": [f"longest {ms:.0f} ms" for ms in took[-3:]]}
