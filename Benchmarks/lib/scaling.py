"""Ten agencies with 100,000 leads beside a thousand with more: the same is asked of both in turns, in agencies that are
alike, so that what grows is what others have."""
import concurrent.futures, os, statistics, time, urllib.parse

import engine, leads, load, selling
from answering import check_reads
from benching import CREATE, FOLDER, GET, LIST, need, new_lead
from server import BINARY, Client, Server

AGENCIES = 1000
SMALL = len(leads.TENANTS) * leads.PER_TENANT
LARGE = int(os.environ.get("BENCH_SCALE", 1_000_000))
#: Of one ask on one side; a p99 is the median of the turns'.
SECONDS = max(2, load.SECONDS // 5)
#: As the console's list of leads asks (static/app/records/recordtable.js), with its usual columns.
PAGE = (
    "/v1/leads?limit=50&total=true&fields=id,version,company,tags,contact_name,status,score,next_action,created_at")
#: The large one may take so many times as long, at p99.
READ, OTHER = 1.3, 2.0


def grown():
    """The seeded folder with as many agencies more, made once for each build. Leads are imported, since only the server
    takes apart the words that are searched; it is measured in place, as a copy would take as much room again."""
    folder, others = FOLDER / f"seed_{LARGE}", AGENCIES - len(leads.TENANTS)
    mark, each = folder / "grown", (LARGE - SMALL) // others
    need(each > 0, f"BENCH_SCALE must be more than {SMALL + others:,}")
    if not mark.exists() or mark.stat().st_mtime < BINARY.stat().st_mtime:
        engine.copy(leads.seeded(FOLDER / "seed"), folder)
        file, began = leads.as_csv(leads.lead("scale", n) for n in range(each)), time.perf_counter()

        def add(number):
            client = Client(server.port).sign_up(f"scale{number:06}")
            client.agents("standby")
            done = client.bring_in(file)
            need(done["status"] == "completed" and done["created"] == each, done)
            if number % 100 == 0: print(f"SCALE: agency {number}, {time.perf_counter() - began:.0f} s", flush=True)

        with Server(folder / "data") as server:
            # On PostgreSQL, agencies write at once.
            pool = concurrent.futures.ThreadPoolExecutor(4)
            try: list(pool.map(add, range(others)))
            finally: pool.shutdown(cancel_futures=True)
            rest(server, 4 * 3600)
        engine.tidy(folder)
        mark.touch()
    return folder, SMALL + each * others


def rest(server, longest):
    """Waits until nothing follows from new leads any more; what the agencies do by the clock goes on."""
    idle, end = 0, time.monotonic() + longest
    while idle < 5 and time.monotonic() < end:
        idle = idle + 1 if engine.column(server.data, "SELECT count(*) FROM jobs WHERE state IN (1, 2)")[0] < 3 else 0
        time.sleep(1)


class Side:
    """One of the two: its server, the measured agency, which is only read, and an agency that is written to."""

    def __init__(self, folder): self.folder, self.server = folder, Server(folder / "data")

    def begin(self):
        starts = []
        # The first one finds nothing in the memory: it is not counted.
        for _ in range(4):
            self.server.stop()
            starts.append(self.server.start())
        self.start = statistics.median(starts[1:])
        time.sleep(1)
        self.idle, self.bytes = self.server.resident(), engine.size(self.server.data)
        self.client = Client(self.server.port).sign_in(leads.MEASURED)
        check_reads(self)
        self.written = f"writer{int(time.time())}"
        self.writer = Client(self.server.port).sign_up(self.written)
        self.writer.agents("standby")
        self.endpoint, self.signed = selling.HookEndpoint(self.writer), time.monotonic()
        rest(self.server, 60)

    def ids(self): return (self.folder / "lead-ids").read_text().split()

    def wrk(self, script, path, client, **more):
        """Eight connections, each 20 ms after its last answer: time that a request takes, not its wait for others."""
        # A token lasts for a quarter of an hour.
        if time.monotonic() - self.signed > 300:
            self.client.sign_in(leads.MEASURED)
            self.writer.sign_in(self.written)
            self.signed = time.monotonic()
        wrk = load.Wrk(self.server.port, client.token, script, path, self.folder, 8, 1, pause=20, **more)
        found = wrk.figures(wrk.spawn(SECONDS))
        need(found["refused"] == found["broken"] == 0 < found["requests"], f"{path}: {found}")
        return found["p50"], found["p99"]

    def by_id(self): return self.wrk("get", GET, self.client, ids=self.folder / "lead-ids")

    def listed(self, path): return self.wrk("list", path, self.client)

    def event(self): return self.wrk("create", CREATE, self.writer, body=new_lead())

    def claim(self):
        """Milliseconds from a job's storing to its end; its claim is what may grow."""
        began = time.time_ns() // 1000
        more = self.endpoint.sign(self.folder, SECONDS)
        self.wrk("hook", self.endpoint.path, self.writer, body=self.endpoint.body.decode(), more=more)
        time.sleep(1)
        took = sorted(engine.column(
            self.server.data, "SELECT finished_at - created_at FROM jobs WHERE kind = 'hook.process' AND state = 4 "
            f"AND finished_at >= {began} AND created_at >= {began}"))
        need(len(took) > 50, f"{len(took)} jobs ended")
        return took[len(took) // 2] / 1000, took[len(took) * 99 // 100] / 1000


def filter_of(field, records):
    """A filter as the console makes it of a field (static/app/records/filterbar.js), by a value that a lead has."""
    schema, name = field["schema"], field["name"]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    values = (value for record in records for value in [record.get(name)] if value not in (None, [], {}))
    value = next(values, None)
    if value is None: return f"{name}[is]=null" if {"null", "array"} & set(types) else None
    if isinstance(value, list): value = value[0]
    if isinstance(value, bool): value = str(value).lower()
    is_range = {"integer", "number"} & set(types) or schema.get("format") in ("date", "date-time")
    return f"{name}{'[gte]' if is_range else ''}={urllib.parse.quote(str(value), safe='')}"


def questions(client):
    """{group: (its goal, {name: what a side is asked})}."""
    declared = next(r for r in client.want(200, "GET", "/v1/meta/resources")["data"] if r["table"] == "leads")["fields"]
    records = client.want(200, "GET", "/v1/leads?limit=200")["data"]
    sorts = [f"{way}{f['name']}" for f in declared if f.get("sortable") for way in ("-", "")]
    no_filter = ("external_ids", "custom", "annual_revenue", "budget")
    filters = [filter_of(f, records) for f in declared if f.get("filterable") and f["name"] not in no_filter]
    after = client.want(200, "GET", "/v1/events?limit=50")["next_cursor"]
    pages = lambda queries: {query: lambda side, query=query: side.listed(f"{PAGE}&{query}") for query in queries}
    words = {"a word of many": "Rossi", "of one lead": "004242", "a beginning": "Kowal"}
    return {
        "a lead by its id": (READ, {"": Side.by_id}),
        "the newest 50": (READ, {
            "whole": lambda side: side.listed(LIST), "as the console asks": lambda side: side.listed(PAGE)}),
        "sorts": (READ, pages(f"sort={sort}" for sort in sorts)),
        "filters": (READ, pages(filter for filter in filters if filter)),
        "search in the list": (OTHER, {
            name: lambda side, q=q: side.listed(f"{PAGE}&q={q}") for name, q in words.items()}),
        "search of all kinds": (OTHER, {
            name: lambda side, q=q: side.listed(f"/v1/search?limit=12&q={q}") for name, q in words.items()}),
        "a job, from its storing to its end": (OTHER, {"": Side.claim}),
        "an event, written with its lead": (OTHER, {"": Side.event}),
        "50 events after a cursor": (OTHER, {"": lambda side: side.listed(f"/v1/events?limit=50&cursor={after}")}),
    }


def asked(ask, sides):
    """A question to both in turns: the medians of p50 and p99, side by side."""
    turns = [[], []]
    for turn in range(load.RUNS):
        for place in (0, 1) if turn % 2 == 0 else (1, 0): turns[place].append(ask(sides[place]))
    return [[statistics.median(found) for found in zip(*runs)] for runs in turns]


def scale():
    folder, count = grown()
    engine.copy(leads.seeded(FOLDER / "seed"), FOLDER / "run")
    sides, asks = [Side(FOLDER / "run"), Side(folder)], []
    try:
        for side in sides: side.begin()
        for group, (goal, some) in questions(sides[0].client).items():
            load.wait_until_quiet(5)
            for name, ask in some.items():
                small, large = asked(ask, sides)
                asks.append({"group": group, "name": name, "goal": goal, "small": small, "large": large})
                print(f"SCALE {group} {name}: p99 {small[1]:.2f} ms, {large[1]:.2f} ms", flush=True)
        told = lambda key: [getattr(side, key) for side in sides]
        return {
            "agencies": AGENCIES, "leads": count, "asks": asks, "bytes": told("bytes"), "start": told("start"),
            "idle": told("idle"), "memory": sides[1].server.resident()}
    finally:
        for side in sides: side.server.stop()
