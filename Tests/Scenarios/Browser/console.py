"""Runs an agency from the console in a headless browser: its records, its settings, the stop of everything.

Usage: console.py PLAN, a file of JSON: {url, email, password, lead (the id of one), reader: {email, password},
limited: {email, password, client (the name of the one)}, browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, fits, plan, watch

base = plan["url"]


def settle(page):
    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator("main[aria-busy], main [aria-busy]")).to_have_count(0)
    expect(page.get_by_text("Loading…")).to_have_count(0)


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def sign_in(page, who):
    page.goto(f"{base}/")
    page.get_by_label("Email").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def see_every_page(page):
    """Each entry and each page of the settings has one heading and fits a phone; axe looks at one of each template."""
    sign_in(page, plan)
    links = page.get_by_role("navigation", name="Main").get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    go(page, "#/settings")
    links += page.get_by_role("navigation", name="Settings").get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    if len(links) < 45:
        faults.append(f"only {len(links)} pages")
    for place in links:
        page.set_viewport_size({"width": 1280, "height": 800})
        go(page, place)
        if page.locator("main [role=alert]").count():
            faults.append(f"{place}: {page.locator('main [role=alert]').first.inner_text()}")
        if page.locator("main .primary:visible").count() > 1:
            faults.append(f"{place} has several primary buttons")
        fits(page, place, (320, 768))
    for place in ("#/", "#/leads", f"#/leads/{plan['lead']}", "#/deals?as=board", "#/settings/agency", "#/leads/new"):
        page.set_viewport_size({"width": 1280, "height": 800})
        go(page, place)
        looking.look(page, place)


def see_empty_boards(page):
    """A board without cards says what would be on it and what to do first, and comes to life with the first one."""
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, plan)
    for kind, what in (("deals", "A deal is a sale on its way"), ("tickets", "Tickets come from the portal"),
                       ("tasks", "Tasks belong to a project")):
        go(page, f"#/{kind}?as=board")
        expect(page.get_by_text(f"No {kind} yet")).to_be_visible()
        expect(page.get_by_text(what)).to_be_visible()
        expect(page.get_by_role("link", name="Add the first one")).to_be_visible()
        expect(page.get_by_role("region", name="by st")).to_have_count(0)
        looking.look(page, f"the empty board of {kind}")
    go(page, "#/tickets?as=board")
    page.get_by_label("Priority", exact=True).select_option("high")
    expect(page.get_by_text("No tickets match.")).to_be_visible()
    page.get_by_label("Priority", exact=True).select_option("")
    page.get_by_role("link", name="Add the first one").click()
    dialog = page.get_by_role("dialog", name="New ticket", exact=True)
    dialog.get_by_label("Subject", exact=True).fill("The first one")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    go(page, "#/tickets?as=board")
    expect(page.get_by_role("region", name="Tickets by status").get_by_role("link", name="The first one")).to_be_visible()


def work_by_keyboard(page):
    """A lead is made, found, corrected and deleted without a mouse."""
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, plan)
    keys = page.keyboard
    page.evaluate("document.activeElement?.blur()")
    keys.press("g")
    keys.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    settle(page)
    keys.press("n")
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    expect(dialog.get_by_label("Company", exact=True)).to_be_focused()
    keys.type("Keys <b>Only</b> Ltd")
    page.reload()
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("Keys <b>Only</b> Ltd")
    keys.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Lead created")).to_be_visible()
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    keys.type("Keys")
    expect(page.get_by_role("option").filter(has_text="Lead").first).to_be_visible()
    page.wait_for_timeout(300)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys <b>Only</b> Ltd")
    settle(page)
    keys.press("e")
    dialog = page.get_by_role("dialog", name="Edit lead")
    dialog.get_by_label("Email", exact=True).fill("ida@keys.example")
    keys.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="ida@keys.example").first).to_be_visible()
    page.get_by_role("button", name="More", exact=True).press("Enter")
    page.get_by_role("menuitem", name="Delete").press("Enter")
    page.get_by_role("dialog", name="Delete lead?").get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")


def edit_while_read_anew(page):
    """A value that is opened while the record is on its way anew stays open, with what was typed into it."""
    sign_in(page, plan)
    go(page, f"#/leads/{plan['lead']}")
    path, held = f"/v1/leads/{plan['lead']}", []
    page.route(f"**{path}", lambda route: held.append(route) if route.request.method == "GET" else route.fallback())
    # Somebody else changes the record, and the page begins to read it anew.
    with page.expect_request(lambda asked: asked.method == "GET" and asked.url.endswith(path)):
        page.evaluate("""async ([path, name]) => {
            const { call } = await import("/app/api.js");
            await call(path, { method: "PATCH", body: { contact_name: name } });
        }""", [path, "Somebody Else"])
    details = page.get_by_role("region", name="Details")
    details.get_by_role("button", name="Edit contact title").press("Enter")
    box = details.get_by_label("Contact title", exact=True)
    box.fill("Written meanwhile")
    with page.expect_response(lambda answer: answer.url.endswith(path)):
        for route in held:
            route.continue_()
        page.unroute(f"**{path}")
    page.wait_for_timeout(500)
    expect(box).to_have_value("Written meanwhile")
    box.press("Escape")
    expect(details.get_by_text("Somebody Else").first).to_be_visible()


def stop_and_resume(page):
    """Everything is stopped from a page of the settings; every view says so until it is resumed."""
    sign_in(page, plan)
    go(page, "#/settings/macros")
    page.get_by_role("button", name="Emergency stop").click()
    dialog = page.get_by_role("dialog", name="Stop all sending?")
    dialog.get_by_label("Reason").fill("A wrong price went out")
    dialog.get_by_role("button", name="Stop sending").click()
    stopped = page.get_by_role("region", name="Sending is stopped")
    expect(stopped).to_contain_text("A wrong price went out")
    go(page, "#/clients")
    expect(stopped).to_be_visible()
    looking.look(page, "stopped")
    stopped.get_by_role("button", name="Resume sending").click()
    page.get_by_role("dialog", name="Resume sending?").get_by_role("button", name="Resume sending").click()
    expect(stopped).to_have_count(0)


def read_only(page):
    """Whoever may read leads and nothing else finds no more than that, and nothing to change."""
    sign_in(page, plan["reader"])
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Leads")).to_be_visible()
    expect(menu.get_by_role("link", name="Deals")).to_have_count(0)
    expect(page.get_by_role("button", name="Emergency stop")).to_have_count(0)
    go(page, f"#/leads/{plan['lead']}")
    expect(page.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    go(page, "#/settings/webhooks")
    expect(page.locator("main")).to_contain_text("Ask an owner or a manager of the agency to give you access.")


def of_one_client(page):
    """Whoever is limited to one client is told so, and offered nothing that the server refuses them."""
    sign_in(page, plan["limited"])
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_contain_text(f"Only {plan['limited']['client']}")
    for name in ("Runs", "Sandboxes", "Data quality"):
        expect(menu.get_by_role("link", name=name, exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Emergency stop")).to_have_count(0)
    hrefs = "all => all.map(one => one.getAttribute('href'))"
    places = menu.get_by_role("link").evaluate_all(hrefs)
    go(page, "#/settings")
    places += page.get_by_role("navigation", name="Settings").get_by_role("link").evaluate_all(hrefs)
    for place in places:
        go(page, place)
        expect(page.get_by_role("button", name="Try again")).to_have_count(0)


with browsing() as browser:
    for walk in (see_every_page, work_by_keyboard, edit_while_read_anew, stop_and_resume, read_only, of_one_client):
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
