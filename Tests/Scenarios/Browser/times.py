"""Measures how fast a console that runs shows its first view, and changes from one view to another.

Usage: times.py URL EMAIL PASSWORD, of somebody of an agency, such as `bureau demo` prints. Prints the median, the best and
the worst of each in milliseconds: a measure for a quiet machine and no test, as a busy one is slow for other reasons.
"""
import os, statistics, sys

from playwright.sync_api import expect, sync_playwright

LOADS, CHANGES = 7, 15
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


def sign_in(page, url, email, password):
    page.goto(url)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_attached()
    page.evaluate(READY)


def tell(what, times):
    print(f"{what}: {statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f}, of {len(times)})")


def main(url, email, password):
    browsers = filter(os.path.exists, ("/usr/bin/chromium", "/usr/bin/chromium-browser"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(browsers), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        sign_in(page, url, email, password)
        loads = []
        for _ in range(LOADS):
            page.goto("about:blank")
            page.goto(url, wait_until="commit")
            loads.append(page.evaluate(READY))
        tell("first view, warm server", loads[1:])
        # What is loaded ahead is here by then.
        page.wait_for_timeout(5000)
        for view in VIEWS:
            page.evaluate(CHANGE, view)
        changes = [page.evaluate(CHANGE, VIEWS[at % len(VIEWS)]) for at in range(CHANGES)]
        tell("change of view", changes)
        browser.close()


main(*sys.argv[1:])
