"""Measures how fast a console that runs shows its first view, changes to another one, and scrolls a long list.

Usage: times.py URL EMAIL PASSWORD [--rows=10000], of somebody of an agency, such as `bureau demo` prints. Prints the
median, the best and the worst of each in milliseconds: a measure for a quiet machine, as a busy one is slow for other
reasons; budgets.py tests the best of them with slack. Where --rows is given, the list of leads is scrolled from end to
end; leads that it lacks to so many are imported first, which is for agencies whose data nobody needs.
"""
import os, statistics, sys, time

from playwright.sync_api import expect, sync_playwright

LOADS, CHANGES, STEP = 7, 15, 160
VIEWS = ("#/leads", "#/deals", "#/inbox", "#/tickets", "#/agents")
# From the start of the navigation, or from the press, until the view's content is there.
READY = """() => new Promise((resolve) => {
    const isThere = () => document.querySelector("main h1") && !document.querySelector(
        "main[aria-busy], main [aria-busy], main [data-loading]");
    const look = () => (isThere() ? resolve(performance.now()) : requestAnimationFrame(look));
    look();
})"""
CHANGE = """async (address) => {
    const before = document.querySelector("main h1")?.textContent, start = performance.now();
    document.querySelector(`#side a[href="${address}"]`).click();
    const isThere = () => document.querySelector("main h1")?.textContent !== before && !document.querySelector(
        "main[aria-busy], main [aria-busy], main [data-loading]");
    while (!isThere()) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""

# A file of leads, brought in as the page's own person.
IMPORT = """async (rows) => {
    const { call } = await import("/app/api.js");
    const lines = Array.from({ length: rows }, (_, at) => `Scrolled ${at},p${at}@scrolled.example,Person ${at}`);
    const body = new Blob([["Company,Email,Contact name", ...lines].join("\\n")], { type: "text/csv" });
    const answer = await call("/v1/leads/import", { method: "POST", headers: { "Content-Type": "text/csv" }, body });
    return answer.headers.get("Location");
}"""
STATUS = """async (path) => {
    const { get } = await import("/app/api.js");
    return (await get(path)).status;
}"""
# Each frame the list is moved on by a few rows, as by a wheel; what lies between two frames is how long one took. The
# first ones are left out: the browser has to wake up.
SCROLL = """async (step) => {
    const box = document.querySelector(".record-list .scroll");
    const frame = () => new Promise(requestAnimationFrame);
    for (let wait = 0; wait < 5; wait++) await frame();
    const frames = [];
    let last = await frame(), empty = 0;
    while (box.scrollTop + box.clientHeight < box.scrollHeight - 1) {
        box.scrollTop += step;
        const now = await frame();
        frames.push(now - last);
        last = now;
        empty += box.querySelector("tbody tr.bone") ? 1 : 0;
    }
    return { frames, empty };
}"""


def sign_in(page, url, email, password):
    page.goto(url)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_attached()
    page.evaluate(READY)


def tell(what, times):
    print(f"{what}: {statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f}, of {len(times)})")


def loads(page, url, count):
    """Loads the first view so often that the first one, which has to wake all up, can be left out."""
    times = []
    for _ in range(count):
        page.goto("about:blank")
        page.goto(url, wait_until="commit")
        times.append(page.evaluate(READY))
    return times[1:]


def changes(page, count):
    """Changes the view from one to the next, once the pages that are loaded ahead are here and each has been seen."""
    page.wait_for_timeout(5000)
    for view in VIEWS:
        page.evaluate(CHANGE, view)
    return [page.evaluate(CHANGE, VIEWS[at % len(VIEWS)]) for at in range(count)]


def open_leads(page, url):
    """Opens the list of leads, and gives how many there are."""
    page.goto(f"{url}/#/nowhere")
    page.goto(f"{url}/#/leads")
    page.evaluate(READY)
    table = page.get_by_role("table", name="Leads")
    return int(table.get_attribute("aria-rowcount")) - 1 if table.count() else 0


def scroll(page, url, rows):
    """Scrolls through the list of leads from end to end, and tells how long frames took and how many showed blanks."""
    page.set_viewport_size({"width": 1360, "height": 900})
    there = open_leads(page, url)
    if there < rows:
        made = page.evaluate(IMPORT, rows - there)
        while page.evaluate(STATUS, made) not in ("completed", "failed", "cancelled"):
            time.sleep(2)
        there = open_leads(page, url)
    seen = page.evaluate(SCROLL, STEP)
    tell(f"frame while {there:,} rows are scrolled", seen["frames"])
    late = sum(one > 50 for one in seen["frames"])
    print(f"  {late} frames took more than 50 ms; {seen['empty']} showed rows that were still to come")


def main(url, email, password, rows=None):
    browsers = filter(os.path.exists, (f"/usr/bin/chromium{kind}" for kind in ("-headless-shell", "", "-browser")))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(browsers), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        sign_in(page, url, email, password)
        tell("first view, warm server", loads(page, url, LOADS))
        tell("change of view", changes(page, CHANGES))
        if rows:
            scroll(page, url.rstrip("/"), int(rows.removeprefix("--rows=")))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
