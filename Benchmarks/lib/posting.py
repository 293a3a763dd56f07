"""Posts on social networks: planned from a file, published at a page that stands in for Facebook, and shown by the
month."""
import asyncio, csv, datetime, io, json, multiprocessing, time

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def later(**more):
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(**more)


def account(client, url=None):
    """A page of Facebook: by an integration whose service is at `url`, or else one where a person publishes."""
    body = {"network": "facebook", "name": "Acme"}
    if url:
        body["integration_id"] = client.want(201, "POST", "/v1/integrations", {
            "provider": "facebook", "capability": "social_publishing", "credentials": {"access_token": "bench"},
            "settings": {"base_url": url, "page_id": "555"}})["id"]
    return client.want(201, "POST", "/v1/social-accounts", body)


def file_of(count, at):
    """A file of posts of Acme; `at` tells when each leaves."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["text", "account", "scheduled_at"])
    for n in range(count):
        rows.writerow([f"Number {n}: clients see their figures by the hour, and nobody waits for Monday. #Reports", "Acme",
                       at(n).strftime(MOMENT)])
    return text.getvalue().encode()


def plan(client, file):
    """Seconds until all of a file's posts are checked and planned, and the import."""
    began = time.perf_counter()
    place = client.want(202, "POST", "/v1/social-posts/import", file, "text/csv")["id"]
    done = client.follow("/v1/imports/" + place, ("completed", "failed", "cancelled"))
    return time.perf_counter() - began, done


def published(client, count):
    """Waits until so many posts stand; the moments at which they did."""
    while True:
        if client.want(200, "GET", "/v1/social-posts?status=published&limit=1&total=true")["total"] >= count: break
        time.sleep(0.05)
    moments, path = [], "/v1/social-posts?status=published&limit=200&fields=published_at"
    cursor = ""
    while True:
        page = client.want(200, "GET", path + cursor)
        moments += [p["published_at"] for p in page["data"]]
        if not page.get("next_cursor"): return sorted(moments)
        cursor = "&cursor=" + page["next_cursor"]


class Page:
    """The Graph API as far as posts of words need it, in a process of its own."""

    def __init__(self):
        ours, theirs = multiprocessing.Pipe()
        self.pipe = ours
        self.process = multiprocessing.Process(target=lambda: asyncio.run(serve(theirs)), daemon=True)
        self.process.start()
        self.url = f"http://127.0.0.1:{ours.recv()}"

    def texts(self):
        """Returns what stands there."""
        self.pipe.send("texts")
        return self.pipe.recv()

    def __enter__(self): return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.join()


async def serve(pipe):
    import urllib.parse
    texts = []

    async def answer(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *fields = head.decode().split("\r\n")
                length = next((int(f.split(":")[1]) for f in fields if f.lower().startswith("content-length:")), 0)
                body = (await reader.readexactly(length)).decode()
                if line.startswith("POST"):
                    texts.append(urllib.parse.parse_qs(body).get("message", [body])[0])
                    told = {"id": f"555_{len(texts)}"}
                else:
                    told = {"id": "555", "data": [], "permalink_url": "https://www.facebook.com/555"}
                text = json.dumps(told).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    while True:
        if pipe.poll():
            pipe.recv()
            pipe.send(texts)
        await asyncio.sleep(0.01)


def calendar(client, first, days):
    """A month of the calendar: milliseconds until its last byte is there, and its entries."""
    last = first + datetime.timedelta(days=days)
    path = f"/v1/content-calendar?from={first:%Y-%m-%d}&to={last:%Y-%m-%d}"
    began = time.perf_counter()
    text = client.open("GET", path).read()
    ms = (time.perf_counter() - began) * 1000
    return ms, json.loads(text)["entries"]


def segments(client, count):
    """So many segments of contacts, each with a filter of its own."""
    for n in range(count):
        client.want(201, "POST", "/v1/segments", {"name": f"Segment {n}", "of": "contacts", "filter": filter(n)})


def filter(n):
    return {"all": [{"field": "email", "op": "contains", "value": f"{n}"}, {"field": "do_not_contact", "op": "eq", "value": False}]}


def changed(client, ids, mark):
    """Milliseconds of changes of contacts, one after the other, sorted."""
    took = []
    for n, id in enumerate(ids):
        began = time.perf_counter()
        client.want(200, "PATCH", f"/v1/contacts/{id}", {"title": f"{mark} {n}"})
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)
