"""Measures what the crawler tells of leads by their companies' sites, beside what these say: precision and recall by
field, and values that nobody said on sites that speak of others. The sites are served on this machine, each under
its own name."""
import asyncio, multiprocessing, pathlib, re, tempfile, time

from driver import Agency, rows
from server import Server, free_port

#: The dataset's fields, and the facts that answer for them.
FIELDS = {
    "legal_name": "legal_name", "phone": "phone", "email": "email", "country": "country", "city": "location",
    "employee_count": "employee_count", "founded_year": "founded_year", "linkedin_url": "linkedin_url",
    "decision_maker": "decision_makers", "technologies": "technologies"}
#: What a user puts together of extruct, phonenumbers and lxml: precision and recall, as the set's README has it.
PEER = {
    "legal_name": (0.565, 0.650), "phone": (0.802, 0.721), "email": (0.589, 0.614), "country": (1, 0.400), "city": (1, 0.286),
    "employee_count": (1, 1), "founded_year": (1, 1), "linkedin_url": (0.750, 1), "decision_maker": (None, 0), "technologies": (1, 1)}
PEER_INVENTIONS = 72


def measure(_):
    sites = rows("pages/dev.jsonl")
    if sites:
        yield from scored(sites, told(sites))


def told(sites):
    """Returns what a server of its own tells of each site, as its crawler finds it."""
    port = free_port()
    web = multiprocessing.Process(
        target=serve, args=({s["site"].removeprefix("https://"): s["pages"] for s in sites}, port), daemon=True)
    web.start()
    settings = {"BUREAU_OUTBOUND_CONNECT_TO": f"*.example:80=127.0.0.1:{port}", "BUREAU_CRAWLER_DELAY_MS": "0"}
    try:
        with tempfile.TemporaryDirectory(prefix="bureau-quality-") as folder, \
                Server(pathlib.Path(folder) / "data", settings=settings) as server:
            return read(Agency(server), sites)
    finally:
        web.terminate()


def serve(sites, port):
    async def answer(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                host = re.search(rb"(?im)^host: *([^\r\n]+)", head)[1].decode()
                page = sites.get(host, {}).get(path)
                body = (page or "").encode()
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
                    % (b"404 Not Found" if page is None else b"200 OK", len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run():
        await (await asyncio.start_server(answer, "127.0.0.1", port, backlog=1024)).serve_forever()

    asyncio.run(run())


def read(agency, sites):
    """The facts of each site, by the dataset's fields."""
    operations = [{"op": "create", "body": {
        "company": s["site"].removeprefix("https://").removesuffix(".example"),
        "website": s["site"].replace("https:", "http:")}} for s in sites]
    made = agency.want(200, "POST", "/v1/leads/bulk", {"operations": operations})["results"]
    ids = [result["body"]["id"] for result in made]
    for id, site in zip(ids, sites):
        agency.want(202, "POST", "/v1/crawls", {
            "url": site["site"].replace("https:", "http:"), "lead_id": id, "pages_max": 12, "depth": 1})
    while agency.want(200, "GET", "/v1/crawls?status=queued,running&limit=1")["data"]:
        time.sleep(0.1)
    return [answer(agency, id) for id in ids]


def answer(agency, lead):
    said = {}
    for fact in agency.every(f"/v1/leads/{lead}/facts"):
        if fact["source"]["kind"] == "website" and fact["status"] == "current":
            said[fact["field"]] = fact["value"]
    return {field: said.get(name) for field, name in FIELDS.items()}


# Figures

def many(value):
    values = [] if value in (None, "", []) else value if isinstance(value, list) else [value]
    return {plain(v["name"] if isinstance(v, dict) else v) for v in values}


def plain(value): return re.sub(r"[?#].*|/$", "", str(value)).strip().lower()


def scored(sites, answers):
    inventions = 0
    for field in FIELDS:
        right = said = there = 0
        for site, facts in zip(sites, answers):
            want, have = many(site["truth"].get(field)), many(facts[field])
            right, said, there = right + len(want & have), said + len(have), there + len(want)
            if site["kind"] in ("trap", "bare") and field != "technologies":
                inventions += len(have - want)
        precision, recall = (right / said if said else None), right / there
        peer = ", ".join("–" if f is None else f"{f:.3f}" for f in PEER[field])
        yield (
            f"pages, {field}", f"{there} values", "precision, recall",
            f"{'–' if precision is None else f'{precision:.3f}'}, {recall:.3f}", peer)
    traps = sum(s["kind"] in ("trap", "bare") for s in sites)
    yield "pages that speak of others, or of nothing", f"{traps} sites", "values that nobody said", str(inventions), str(PEER_INVENTIONS)
