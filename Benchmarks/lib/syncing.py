"""A CRM that has its contacts in memory, page by page, and a sync with it."""
import http.server, json, threading, time, urllib.parse

CONTACTS, PAGE = 100_000, 200
STAMP = "2026-11-01T10:00:00Z"


def contact(n):
    return {
        "id": f"c{n:06}", "updated_at": STAMP if n else "2026-11-01T10:00:01Z", "email": f"person{n}@sync{n % 20_000}.example",
        "name": f"Person {n}", "company": f"Company {n % 20_000}"}


class Crm:
    """Serves pages that were written before; counts what it is asked."""

    def __init__(self):
        # The one that changed last is the last of all.
        order = [*range(1, CONTACTS), 0]
        self.pages = [
            json.dumps({
                "data": [contact(n) for n in order[start:start + PAGE]],
                "meta": {"next": str(start // PAGE + 1) if start + PAGE < CONTACTS else None, "total": CONTACTS}}).encode()
            for start in range(0, CONTACTS, PAGE)]
        self.last = json.dumps({"data": [contact(0)], "meta": {"next": None, "total": 1}}).encode()
        self.requests = 0
        crm = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body leave apart: with Nagle's algorithm a body waits 40 ms for the reader to confirm the head.
            disable_nagle_algorithm = True

            def do_GET(self):
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                crm.requests += 1
                body = crm.last if "updated_since" in query else crm.pages[int(query.get("page_token", 0))]
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_): pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self): self.server.shutdown()


DOCUMENT = {
    "name": "memory_crm", "auth": {"kind": "none"},
    "objects": [{
        "name": "contacts", "id": "/id", "updated_at": "/updated_at",
        "list": {
            "path": "/contacts", "query": {"updated_since": "{{ since }}", "limit": str(PAGE)}, "items": "/data",
            "total": "/meta/total", "next": {"kind": "token", "at": "/meta/next", "parameter": "page_token"}},
        "fields": [{"name": "email", "type": "email"}, {"name": "name"}, {"name": "company"}]}]}

MAPPING = [
    {"local": "email", "remote": "email", "key": True}, {"local": "contact_name", "remote": "name"},
    {"local": "company", "remote": "company"}]


def connected(client, crm):
    """The path of a sync of leads with the CRM."""
    client.want(201, "POST", "/v1/connectors", DOCUMENT)
    integration = client.want(201, "POST", "/v1/integrations", {
        "provider": "custom.memory_crm", "capability": "crm", "settings": {"base_url": crm.url}, "credentials": {}})
    return "/v1/syncs/" + client.want(201, "POST", "/v1/syncs", {
        "integration_id": integration["id"], "object": "contacts", "local": "leads", "direction": "pull",
        "conflict": "remote", "mapping": MAPPING})["id"]


def run(client, path, resident=None):
    """Starts a run and follows it: the run, its seconds, and the memory that `resident` has told meanwhile."""
    began = time.perf_counter()
    started = client.want(202, "POST", path + "/run", {})
    memory = []
    while True:
        if resident: memory.append(resident())
        now = client.want(200, "GET", "/v1/sync-runs/" + started["id"])
        if now["status"] not in ("queued", "running"):
            return now, time.perf_counter() - began, memory
        time.sleep(0.1 if resident else 0.002)
