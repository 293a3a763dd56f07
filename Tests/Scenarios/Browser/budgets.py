"""What the console may take of a browser: what the first view loads, that an hour of events leaves nothing behind, and
that a page which is open reads on when its server has been away.

Usage: budgets.py PLAN, a file of JSON: {url, email, password, binary (a server of its own), browser, only (one walk)}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import json, os, shutil, signal, socket, subprocess, tempfile, time, urllib.request

from playwright.sync_api import expect

from looking import attempt, browsing, faults, plan, watch

wire_max = 100 * 1024
events, early_events = 600, 60


def settle(page):
    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator("main[aria-busy], main [aria-busy], main [data-loading]")).to_have_count(0)


def sign_in(page, base, who):
    page.goto(f"{base}/")
    page.get_by_label("Email").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def call(page, method, path, body=None):
    """The API as the page's own person has it."""
    return page.evaluate("""async ([method, path, body]) => {
        const { call } = await import("/app/api.js");
        return (await call(path, { method, body: body ?? undefined })).json();
    }""", [method, path, body])


def loads_little(page):
    """Signing in and Today load at most 100 KB of pages, scripts and styles, as the wire has them."""
    sizes, kinds = {}, {}
    wire = page.context.new_cdp_session(page)
    wire.on("Network.responseReceived", lambda one: kinds.update({one["requestId"]: one["type"]}))
    wire.on("Network.loadingFinished", lambda one: sizes.update({one["requestId"]: one["encodedDataLength"]}))
    wire.send("Network.enable")
    sign_in(page, plan["url"], plan)
    total = sum(size for one, size in sizes.items() if kinds.get(one) in ("Document", "Script", "Stylesheet"))
    if not 0 < total <= wire_max:
        faults.append(f"the first view loads {total / 1024:.0f} KB")


def forgets_what_passed(page):
    """Events that come in leave neither nodes nor listeners behind, on Today and on a list."""
    sign_in(page, plan["url"], plan)
    made = call(page, "POST", "/v1/leads", {"company": "Often Changed Ltd"})
    wire = page.context.new_cdp_session(page)

    def counted():
        page.wait_for_timeout(2000)
        settle(page)
        wire.send("HeapProfiler.collectGarbage")
        return wire.send("Memory.getDOMCounters")

    def pass_by(count):
        # As another tab tells of them, which has the line.
        page.evaluate("""async ([count, lead]) => {
            const { get } = await import("/app/api.js");
            const [{ id }] = (await get("/v1/events?limit=1&sort=-id")).data;
            const others = new BroadcastChannel("bureau.events");
            for (let at = 0; at < count; at++) {
                const subject = { type: "lead", id: lead };
                others.postMessage({ event: { id, type: "lead.updated", subject, data: {} } });
                await new Promise(done => setTimeout(done, 20));
            }
            others.close();
        }""", [count, made["id"]])

    for place in ("#/", "#/leads"):
        page.goto(f"{plan['url']}/{place}")
        settle(page)
        # The views that are loaded ahead are there before anything is counted.
        page.wait_for_timeout(6000)
        pass_by(early_events)
        before = counted()
        pass_by(events)
        after = counted()
        for what, spare in (("nodes", 400), ("jsEventListeners", 60)):
            if after[what] > before[what] + spare:
                faults.append(f"{place}: {before[what]} {what} are {after[what]} after {events} events")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A server that is stopped and started again where it was."""

    def __init__(self):
        self.folder, self.port = tempfile.mkdtemp(prefix="bureau-budgets-"), free_port()
        self.base = f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [plan["binary"], "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "BUREAU_SIGNUP_MODE": "open"})
        for _ in range(600):
            try:
                return urllib.request.urlopen(f"{self.base}/", timeout=5).close()
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def sign_up(self):
        who = {"agency": "Restarted", "name": "Olive", "email": "olive@restarted.example",
               "password": "correct horse battery"}
        request = urllib.request.Request(f"{self.base}/v1/auth/signup", json.dumps(who).encode(),
                                         {"Content-Type": "application/json"}, method="POST")
        urllib.request.urlopen(request, timeout=30).close()
        return who


def reads_on_after_a_restart(page):
    """Two tabs stay where they are while the server is away, and show afterwards what has changed since."""
    server = Server()
    server.start()
    try:
        who = server.sign_up()
        sign_in(page, server.base, who)
        made = call(page, "POST", "/v1/leads", {"company": "Before Ltd", "contact_name": "First"})
        second = page.context.new_page()
        for tab in (page, second):
            tab.goto(f"{server.base}/#/leads/{made['id']}")
            settle(tab)
        server.kill()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        for tab in (page, second):
            expect(tab.get_by_role("heading", level=1)).to_have_text("Before Ltd")
        server.start()
        call(second, "PATCH", f"/v1/leads/{made['id']}", {"contact_name": "Second"})
        for tab in (page, second):
            details = tab.get_by_role("region", name="Details")
            expect(details.get_by_text("Second", exact=True)).to_be_visible(timeout=60_000)
    finally:
        server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


with browsing() as browser:
    for walk in (loads_little, forgets_what_passed, reads_on_after_a_restart):
        if plan.get("only") not in (None, walk.__name__):
            continue
        page = browser.new_context(locale="en-GB").new_page()
        # A server that is away is an error to the browser.
        if walk is not reads_on_after_a_restart:
            watch(page)
        attempt(walk, page)
        page.context.close()
