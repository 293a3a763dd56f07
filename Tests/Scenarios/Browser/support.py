"""Looks at the console's page of support in a headless browser as whoever answers for it does.

Usage: support.py PLAN, a file of JSON: {url, email, password, token, figures, person, sandbox: {token, forecast,
alerts}, young, reader and stranger: {email, password}, browser}. Prints JSON: {violations, faults}; both are empty where
all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, let_in, plan, press_keys, reach, sign_in_by_keys, staff, watch

base = plan["url"]


def settle(page):
    expect(page.locator("main [aria-busy]")).to_have_count(0)
    expect(page.get_by_text("Loading…")).to_have_count(0)


def look(page, name):
    settle(page)
    looking.look(page, name, (320, 375, 720, 970, 1280))


def sign_in(page, who):
    page.goto(f"{base}/#/insights/support")
    let_in(page, who["email"], who["password"])


def make_ticket(subject):
    staff("/v1/tickets", {"subject": subject, "body": "Please look.", "priority": "urgent", "source": "phone"})


def figure(page, label):
    return page.locator(".figures > div").filter(has=page.get_by_text(label, exact=True)).locator("dd")


def row(page, part, name):
    return page.get_by_role("region", name=part, exact=True).locator("tr").filter(
        has=page.get_by_role("rowheader", name=name, exact=True))


def see(page):
    """Sees what the API says, and what happens meanwhile."""
    sign_in(page, plan)
    expect(page.get_by_role("heading", level=1)).to_have_text("Support")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Insights")).to_have_attribute(
        "aria-current", "page")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("^Updated"))).to_contain_text("just now")
    total = plan["figures"]["total"]
    for label, value in (
        ("Open", plan["figures"]["open"]), ("Received", total["created"]), ("Answered", total["answered"]),
        ("Resolved", total["resolved"]), ("Reopened", total["reopened"]), ("Escalated", plan["figures"]["escalated"]),
        ("Received today", total["created"]), ("Resolved today", total["resolved"]), ("Overdue", 0),
        ("Satisfaction", f"{total['satisfaction']} of 5"),
    ):
        expect(figure(page, label)).to_have_text(str(value))
    met = plan["figures"]["sla_met"]["first_response"]
    expect(page.get_by_role("region", name="SLA targets")).to_contain_text(f"{met} met, 0 missed (100% met)")
    by = {"By category": "category", "By channel": "channel", "By assignee": "assignee", "By tier": "tier"}
    for part, dimension in by.items():
        for one in plan["figures"][f"by_{dimension}"]:
            name = {"none": "No tier" if dimension == "tier" else "Unassigned"}.get(one[dimension])
            name = name or (plan["person"] if dimension == "assignee" else {"api": "API"}.get(one[dimension]) or one[dimension].capitalize())
            cells = row(page, part, name.replace("_", " ")).locator("td")
            expect(cells.nth(0)).to_have_text(str(one["created"]))
            expect(cells.nth(2)).to_have_text(str(one["resolved"]))
    expect(page.get_by_role("region", name="Next 7 days")).to_contain_text("two full weeks")
    # The most urgent is on top, and nothing of what others write becomes markup.
    first = page.get_by_role("region", name="Most urgent").locator("tbody tr").first
    expect(first).to_contain_text("<b>Broken</b>")
    expect(first).to_contain_text("Urgent")
    look(page, "support")
    # A ticket that comes meanwhile shows up by itself, where the keyboard stays.
    held = first.get_by_role("link")
    held.focus()
    make_ticket("It came meanwhile")
    expect(page.get_by_role("region", name="Most urgent")).to_contain_text("It came meanwhile")
    expect(figure(page, "Open")).to_have_text(str(plan["figures"]["open"] + 1))
    expect(held).to_be_focused()
    # However many come at once, none is missed, and the page is read at most once in two seconds.
    reads = []
    page.on("requestfinished", lambda asked: asked.url.endswith("/v1/ticket-figures") and reads.append(asked))
    for index in range(20):
        make_ticket(f"One of many {index}")
    expect(figure(page, "Open")).to_have_text(str(plan["figures"]["open"] + 21))
    moments = sorted(asked.timing["startTime"] for asked in reads)
    pauses = [later - earlier for earlier, later in zip(moments, moments[1:])]
    if not reads or any(pause < 1990 for pause in pauses):
        faults.append(f"support is read every {pauses} ms while twenty tickets come")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)
    calls = []
    page.on("request", lambda asked: asked.url.endswith("/v1/ticket-figures") and calls.append(asked.url))
    make_ticket("Nobody looks")
    page.wait_for_timeout(2500)
    if calls:
        faults.append("it goes on reading when it is left")


def foresee(page):
    """A sandbox of a fortnight: nobody signs in there, so that its token is put where a session is kept."""
    sandbox = plan["sandbox"]
    page.goto(base)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.evaluate("""token => new Promise((resolve, reject) => {
        const request = indexedDB.open("bureau", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("values");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
            const transaction = request.result.transaction("values", "readwrite");
            const session = { access_token: token, refresh_token: "none", expires_at: Date.now() + 3_600_000 };
            transaction.objectStore("values").put(session, "session");
            transaction.oncomplete = () => { request.result.close(); resolve(); };
        };
    })""", sandbox["token"])
    page.goto(f"{base}/#/insights/support")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Support")
    ahead = page.get_by_role("region", name="Next 7 days").locator("tbody tr")
    expect(ahead).to_have_count(7)
    for index, day in enumerate(sandbox["forecast"]["days"]):
        cells = ahead.nth(index).locator("td")
        created = day["created"]
        expect(cells.nth(0)).to_have_text(f"{created['expected']:g} {created['low']} to {created['high']}")
        expect(cells.last).to_have_text(f"{day['open']:g}")
    piles = page.get_by_role("region", name="Backlog").locator("ul > li")
    expect(piles).to_have_count(len(sandbox["forecast"]["bottlenecks"]))
    alerts = page.get_by_role("region", name="Alerts").locator("ul > li")
    expect(alerts).to_have_count(len(sandbox["alerts"]))
    for index, bottleneck in enumerate(sandbox["forecast"]["bottlenecks"]):
        expect(piles.nth(index)).to_contain_text(bottleneck["recommended_action"])
    for alert in sandbox["alerts"]:
        expect(alerts.filter(has_text=alert["title"])).to_contain_text(alert["recommended_action"])
    look(page, "support after a fortnight")
    # The forecast is among the alerts, with what to do about it.
    page.goto(f"{base}/#/alerts")
    settle(page)
    for alert in sandbox["alerts"]:
        expect(page.locator("main")).to_contain_text(alert["title"])
    expect(page.locator("main")).to_contain_text("What to do:")


def begin(page):
    """An agency that nobody has asked anything of yet."""
    sign_in(page, plan["young"])
    expect(page.get_by_text("No tickets yet.")).to_be_visible()
    look(page, "support without a ticket")


def read_only(page):
    """Somebody who may read tickets and nothing else sees no alerts and no names, and is refused nothing on the way
    to them."""
    sign_in(page, plan["reader"])
    expect(page.get_by_text("Updated every minute")).to_be_visible()
    expect(page.get_by_role("region", name="Alerts")).to_have_count(0)
    expect(row(page, "By assignee", "A colleague")).to_have_count(1)
    expect(page.get_by_role("region", name="Most urgent").get_by_role("link").first).to_have_attribute(
        "href", re.compile("^#/tickets/"))
    look(page, "support for readers of tickets")


def stay_out(page):
    """Somebody who may not read tickets is not led there."""
    sign_in(page, plan["stranger"])
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Leads")).to_be_visible()
    expect(menu.get_by_role("link", name="Tickets")).to_have_count(0)


def work_by_keyboard(page):
    """A ticket is found, read, taken and answered without a mouse from signing in on."""
    keys = page.keyboard
    page.set_viewport_size({"width": 1360, "height": 900})
    make_ticket("Only by keys")
    sign_in_by_keys(page, f"{base}/", plan["email"], plan["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)
    press_keys(page, "g", "k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")
    settle(page)
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type("Only by keys")
    ticket = page.get_by_role("link", name=re.compile("Only by keys"))
    expect(ticket).to_have_count(1)
    reach(page, ticket)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Only by keys")
    settle(page)
    keys.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Person", exact=True)).to_be_focused()
    keys.type(plan["person"])
    expect(dialog.get_by_role("option", name=plan["person"])).to_be_visible()
    press_keys(page, "ArrowDown", "Enter", "Control+Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Assigned").first).to_be_visible()
    keys.press("r")
    expect(page.get_by_label("Reply", exact=True)).to_be_focused()
    keys.type("It is on its way.")
    keys.press("Control+Enter")
    expect(page.locator("main").get_by_text("It is on its way.").first).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("")


with browsing() as browser:
    for walk in (see, foresee, begin, read_only, stay_out, work_by_keyboard):
        page = browser.new_context(locale="en-GB").new_page()
        if walk != stay_out:
            watch(page)
        attempt(walk, page)
