"""Sites of a web of our own on this machine, under names that the server is led to: all have the same pages of 20 KB, each
page unlike the others of its site. nginx serves them where it is installed, else a server of Python's own, which takes
more of the processor away from what is measured."""
import asyncio, multiprocessing, pathlib, random, shutil, socket, subprocess, time

from server import free_port

PAGES, BYTES = 20, 20_000

WORDS = """workshop robot arm lifts heavy parts one bench another people nearby keep working orders customers placed week small
firms rarely have time money integration projects months welders know best every seam should look after grinding listen first
measure plan install train support repair machines regions speak plainly about costs limits safety noise power spare paper ink
garden bread glass wool stone harbour winter letter music paint bridge river market cloud signal engine window copper""".split()


def page(number):
    """HTML of the page: its words are its own, its footer the site's."""
    r = random.Random(number)
    words = lambda count: " ".join(r.choice(WORDS) for _ in range(count)).capitalize()
    links = "".join(f'<li><a href="{path(n)}">{words(2)}</a></li>' for n in range(PAGES))
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{words(4)}</title><meta name="description" content="{words(12)}">'
        '<script async src="https://www.googletagmanager.com/gtag/js?id=G-000000"></script></head>'
        f"<body><header><nav><ul>{links}</ul></nav></header><main><h1>{words(3)}</h1>")
    tail = "</main><footer><p>Example Street 1 · 10115 Berlin · <a href=\"tel:+4930901820\">+49 30 901820</a></p></footer></body></html>"
    body, size = [], len(head.encode()) + len(tail.encode())
    while size < BYTES:
        body.append(f"<section><h2>{words(5)}</h2><p>{words(70)}.</p></section>")
        size += len(body[-1].encode())
    return (head + "".join(body) + tail).encode()


def path(number):
    return "/" if number == 0 else f"/page{number}.html"


class Web:
    """The server of all sites, while it is open."""

    def __init__(self, folder):
        self.folder, self.port = pathlib.Path(folder), free_port()

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "site").mkdir(parents=True)
        for number in range(PAGES):
            (self.folder / "site" / (path(number)[1:] or "index.html")).write_bytes(page(number))
        self.name = "nginx" if shutil.which("nginx") else "python"
        self.process = self.nginx() if self.name == "nginx" else self.own()
        end = time.time() + 20
        while not self.answers():
            if time.time() > end: raise SystemExit("the sites' server does not answer")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join() if self.name == "python" else self.process.wait()

    def answers(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def nginx(self):
        (self.folder / "nginx.conf").write_text(f"""
            worker_processes 1; daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log crit;
            events {{ worker_connections 2048; }}
            http {{ access_log off; sendfile on; keepalive_requests 1000000; types {{ text/html html; text/plain txt; }}
                client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
                fastcgi_temp_path {self.folder}/fastcgi; uwsgi_temp_path {self.folder}/uwsgi; scgi_temp_path {self.folder}/scgi;
                server {{ listen 127.0.0.1:{self.port}; root {self.folder}/site; }} }}
            """)
        return subprocess.Popen(
            ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")])

    def own(self):
        process = multiprocessing.Process(target=serve, args=(self.folder / "site", self.port), daemon=True)
        process.start()
        return process


def serve(site, port):
    def answer(status, body=b""):
        return b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body

    answers = {path(n).encode(): answer(b"200 OK", (site / (path(n)[1:] or "index.html")).read_bytes()) for n in range(PAGES)}
    missing = answer(b"404 Not Found")

    class Visitor(asyncio.Protocol):
        def connection_made(self, transport): self.transport, self.waiting = transport, b""

        def data_received(self, data):
            self.waiting += data
            while b"\r\n\r\n" in self.waiting:
                request, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
                self.transport.write(answers.get(request.split(b" ", 2)[1], missing))

    async def run():
        await (await asyncio.get_running_loop().create_server(Visitor, "127.0.0.1", port, backlog=2048)).serve_forever()

    asyncio.run(run())


def settings(web):
    """Of a server that finds the sites there, and does not wait between their pages."""
    return {"BUREAU_OUTBOUND_CONNECT_TO": f"*.example:80=127.0.0.1:{web.port}", "BUREAU_CRAWLER_DELAY_MS": "0"}


def crawl(client, addresses, resident, leads=None):
    """Crawls them all at once: pages that were stored, seconds, and the most memory meanwhile."""
    began, most = time.perf_counter(), 0
    for number, address in enumerate(addresses):
        body = {"url": address, "pages_max": PAGES, "depth": 1} | ({"lead_id": leads[number]} if leads else {})
        client.want(202, "POST", "/v1/crawls", body)
    while client.want(200, "GET", "/v1/crawls?status=queued,running&limit=1")["data"]:
        most = max(most, resident())
        time.sleep(0.05)
    seconds, pages, cursor = time.perf_counter() - began, 0, ""
    while True:
        answer = client.want(200, "GET", "/v1/crawls?limit=200" + cursor)
        pages += sum(c["pages"] for c in answer["data"] if c["url"] in addresses)
        if not answer["has_more"]: return pages, seconds, max(most, resident())
        cursor = "&cursor=" + answer["next_cursor"]
