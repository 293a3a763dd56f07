"""Runs an agency from the console in a headless browser: its records, its settings, the stop of everything.

Usage: console.py PLAN, a file of JSON: {url, email, password, lead (the id of one), reader: {email, password}, asked:
{email, password} (who decides about a mail), limited: {email, password, client (the name of the one)}, browser,
only (names of walks)}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import (
    attempt, begin_by_keys, browsing, faults, fill_by_keys, fits, plan, press_keys, reach, sent_by_keys, watch,
)

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
    """Each entry and each page of the settings has a heading, a title of its own, and fits a phone; axe looks at one of
    each template."""
    sign_in(page, plan)
    links = page.get_by_role("navigation", name="Main").get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    go(page, "#/settings")
    links += page.get_by_role("navigation", name="Settings").get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    if len(links) < 45:
        faults.append(f"only {len(links)} pages")
    titles = {}
    for place in links:
        page.set_viewport_size({"width": 1280, "height": 800})
        go(page, place)
        other = titles.setdefault(page.title(), place)
        if other != place:
            faults.append(f"{place} and {other} have one title: {page.title()}")
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
    dialog.get_by_label("Text", exact=True).fill("It does not work.")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    go(page, "#/tickets?as=board")
    expect(page.get_by_role("region", name="Tickets by status").get_by_role("link", name="The first one")).to_be_visible()


def work_by_keyboard(page):
    """A lead is made, found, corrected and deleted without a mouse."""
    begin_by_keys(page, "Leads", "g", "l")
    keys = page.keyboard
    keys.press("n")
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    expect(dialog.get_by_label("Company", exact=True)).to_be_focused()
    keys.type("Keys <b>Only</b> Ltd")
    page.reload()
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("Keys <b>Only</b> Ltd")
    sent_by_keys(page, "Lead created")
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    keys.type("Keys")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Keys <b>Only</b> Ltd")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys <b>Only</b> Ltd")
    settle(page)
    keys.press("e")
    fill_by_keys(page, page.get_by_role("dialog", name="Edit lead"), Email="ida@keys.example")
    sent_by_keys(page, "Lead saved")
    expect(page.get_by_role("link", name="ida@keys.example").first).to_be_visible()
    reach(page, page.get_by_role("button", name="More", exact=True))
    press_keys(page, "Enter", "End")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    keys.press("Enter")
    reach(page, page.get_by_role("dialog", name="Delete lead?").get_by_role("button", name="Delete"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")


def finds_its_way(page):
    """The search leads to pages and does things, ? lists the keys, and a filter stands in the address, all by keys."""
    keys = page.keyboard
    begin_by_keys(page, "Leads", "g", "l")
    press_keys(page, "?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts", exact=True)
    expect(listed).to_contain_text("Search everything")
    expect(listed).to_contain_text("Leads (here)")
    looking.look(page, "the list of keys", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    keys.press("Escape")
    expect(listed).to_have_count(0)
    for asked, kind, reached in (
            ("Webhooks", "Settings", page.locator("main h1").get_by_text("Webhooks", exact=True)),
            ("New company", "Action", page.get_by_role("dialog", name="New company", exact=True))):
        keys.press("Control+k")
        expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
        keys.type(asked)
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_contain_text(asked)
        expect(chosen).to_contain_text(kind)
        keys.press("Enter")
        expect(reached).to_be_visible()
        settle(page)
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # A filter is chosen, survives a reload, and is taken away.
    go(page, "#/leads")
    reach(page, page.get_by_role("button", name="Add filter", exact=True))
    keys.press("Enter")
    keys.type("Country")
    expect(page.get_by_role("menuitem", name="Country", exact=True)).to_be_focused()
    keys.press("Enter")
    box = page.get_by_label("Country", exact=True)
    expect(box).to_be_focused()
    keys.type("FR")
    keys.press("Enter")
    expect(page.get_by_text("No leads match.")).to_be_visible()
    expect(page).to_have_url(re.compile("country=FR"))
    page.reload()
    settle(page)
    expect(page.get_by_text("No leads match.")).to_be_visible()
    reach(page, page.get_by_role("button", name="Remove filter Country", exact=True))
    keys.press("Enter")
    expect(page.get_by_text("No leads match.")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("country="))
    expect(page.get_by_role("table", name="Leads")).to_be_visible()


def switch_keys_off(page):
    """Single keys do nothing once a person has switched them off in the profile, and again when they are on."""
    begin_by_keys(page, "Today")
    for isOn in (False, True):
        go(page, "#/settings/profile")
        own = page.get_by_role("region", name="This browser")
        own.get_by_role("checkbox", name="Single keys act as shortcuts").set_checked(isOn)
        own.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="saved").first).to_be_visible()
        page.evaluate("document.activeElement?.blur()")
        press_keys(page, "g", "l")
        if not isOn:
            page.wait_for_timeout(500)
        expect(page.get_by_role("heading", level=1)).to_have_text("Leads" if isOn else "Profile")


def answer_at_once(page):
    """What is pressed says so before the server answers, and is sent once; a card that is moved is there at once."""
    sign_in(page, plan)
    go(page, "#/leads")
    held = []

    def hold(route):
        return route.fallback() if route.request.method == "GET" else held.append(route)

    page.route("**/v1/leads", hold)
    page.get_by_role("button", name="New lead", exact=True).click()
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    dialog.get_by_label("Company", exact=True).fill("At Once Ltd")
    button = dialog.get_by_role("button", name="Save", exact=True)
    took = button.evaluate("""button => new Promise((resolve) => {
        const start = performance.now();
        new MutationObserver(() => button.textContent === "Saving…" && resolve(performance.now() - start))
            .observe(button, { attributes: true, characterData: true, childList: true, subtree: true });
        button.click();
        button.click();
    })""")
    if took > 100:
        faults.append(f"it takes {took:.0f} ms until a button says that it was pressed")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    if len(held) != 1:
        faults.append(f"what was pressed three times is sent {len(held)} times")
    for route in held:
        route.continue_()
    expect(page.get_by_role("status").filter(has_text="Lead created")).to_be_visible()
    page.unroute("**/v1/leads")

    page.evaluate("""async (lead) => {
        const { call } = await import("/app/api.js");
        await call("/v1/deals", { method: "POST", body: { name: "Moved at once", lead_id: lead } });
    }""", plan["lead"])
    go(page, "#/deals?as=board")
    held.clear()
    page.route("**/v1/deals/**", hold)
    page.get_by_role("button", name="Move Moved at once").click()
    page.get_by_role("menuitem", name="Negotiation", exact=True).click()
    there = page.get_by_role("list", name="Negotiation", exact=True).get_by_role("link", name="Moved at once")
    expect(there).to_be_visible()
    expect(page.get_by_role("button", name="Move Moved at once")).to_be_focused()
    # What is refused goes back to where it was, and is told; whoever has gone on meanwhile stays there.
    tab = page.get_by_role("tab", name="Board")
    tab.focus()
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    problem = {"status": 409, "code": "invalid_transition", "title": "Not now", "detail": "It cannot be moved now."}
    for route in held:
        route.fulfill(status=409, content_type="application/problem+json", json=problem)
    expect(there).to_have_count(0)
    expect(page.get_by_text("It cannot be moved now.").first).to_be_visible()
    page.wait_for_timeout(500)
    expect(tab).to_be_focused()
    page.unroute("**/v1/deals/**")


def tell_what_failed(page):
    """A list that the server does not give says so, with a way to try again; the rest of the page works meanwhile."""
    sign_in(page, plan)
    problem = {"status": 503, "code": "unavailable", "title": "The server is busy", "detail": "It is being restarted."}
    page.route(re.compile(r"/v1/leads(\?|$)"), lambda route: route.fulfill(
        status=503, content_type="application/problem+json", json=problem))
    page.goto(f"{base}/#/leads")
    alert = page.locator("main").get_by_role("alert")
    expect(alert).to_contain_text("It is being restarted.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    looking.look(page, "a list that did not come", (360, 768, 1360))
    page.set_viewport_size({"width": 1280, "height": 800})
    settle(page)
    expect(alert).to_be_visible()
    page.unroute_all()
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="Leads")).to_be_visible()
    expect(alert).to_have_count(0)


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


def brings_in_a_file(page):
    """Columns of any name are mapped by hand, seen before, brought in, and taken back as one."""
    sign_in(page, plan)
    go(page, "#/leads")
    page.get_by_role("button", name="Import", exact=True).or_(page.get_by_role("link", name="Import", exact=True)).click()
    rows = "Spalte A;Spalte B;Spalte C\nSeel & Söhne;ida@sons.example;x\nMuster AG;hans@muster.example;y\n"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_label("Field for Spalte A", exact=True).select_option(label="Company")
    page.get_by_label("Field for Spalte B", exact=True).select_option(label="Email")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("table", name="Preview").get_by_text("Seel & Söhne")).to_be_visible()
    looking.look(page, "the preview of an import", (360, 768))
    page.get_by_role("button", name="Import 2 leads", exact=True).click()
    expect(page.get_by_role("button", name="Undo import", exact=True)).to_be_visible()
    go_on = page.url
    go(page, "#/leads?q=Muster")
    expect(page.get_by_role("link", name="Muster AG", exact=True)).to_be_visible()
    page.goto(go_on)
    settle(page)
    page.get_by_role("button", name="Undo import", exact=True).click()
    page.get_by_role("dialog", name="Undo import?").get_by_role("button", name="Undo import", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Import taken back")).to_be_visible()
    expect(page.get_by_role("button", name="Undo import", exact=True)).to_have_count(0)
    looking.look(page, "an import that was taken back", (360, 768))
    left = page.evaluate("""async () => {
        const { get } = await import("/app/api.js");
        return (await get("/v1/leads?limit=200")).data.filter(({ status }) => status !== "archived")
            .map(({ company }) => company);
    }""")
    if "Muster AG" in left or "Seel & Söhne" in left:
        faults.append(f"after the undo there are {left}")


def ends_in_the_middle(page):
    """A session that ends while something is typed: the password is asked for over the page, and it is saved, once."""
    sign_in(page, plan)
    go(page, "#/leads")
    page.get_by_role("button", name="New lead", exact=True).click()
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    dialog.get_by_label("Company", exact=True).fill("Begun Ltd")
    page.evaluate("""async () => {
        const { call, get } = await import("/app/api.js");
        const own = (await get("/v1/auth/sessions")).data.find(({ current }) => current);
        await call(`/v1/auth/sessions/${own.id}`, { method: "DELETE" });
    }""")
    dialog.get_by_role("button", name="Save", exact=True).click()
    again = page.get_by_role("dialog", name="Sign in again", exact=True)
    again.get_by_label("Password", exact=True).fill("not the password")
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.get_by_role("alert")).to_be_visible()
    looking.look(page, "sign in again", (360, 768))
    again.get_by_label("Password", exact=True).fill(plan["password"])
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Lead created")).to_be_visible()
    settle(page)
    made = page.evaluate("""async () => {
        const { get } = await import("/app/api.js");
        return (await get("/v1/leads?q=Begun")).data.length;
    }""")
    if made != 1:
        faults.append(f"what was begun was saved {made} times")


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


def hears_the_bell(page):
    """What somebody is told counts on the bell at once, is read there, and counts no more once it is read."""
    sign_in(page, plan)
    tell = """async (path) => {
        const { call } = await import("/app/api.js");
        await call(path, { method: "POST" });
    }"""
    page.evaluate(tell, "/v1/notifications/read-all")
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    page.evaluate(tell, "/v1/notifications/test")
    page.get_by_role("button", name="Notifications, 1 unread", exact=True).click()
    panel = page.locator("#bell-list")
    expect(panel.get_by_role("listitem").first).to_be_visible()
    looking.look(page, "the bell", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    panel.get_by_role("button", name="Mark all as read", exact=True).click()
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


def approve_without_mail(page):
    """An answer is approved in other words; beside it stands that it is not sent, why, and the way to what is missing."""
    sign_in(page, plan["asked"])
    go(page, "#/approvals")
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("j")
    page.keyboard.press("e")
    text = page.get_by_role("textbox").filter(visible=True).last
    text.fill("Open Settings, then Branding, and upload the picture. Ask us if it stays as it was.")
    page.get_by_role("button", name="Approve with changes", exact=True).click()
    done = page.get_by_role("status").filter(has_text="Just decided")
    expect(done.get_by_text("Approved, not sent:")).to_be_visible()
    expect(done).to_contain_text("no mail service")
    looking.look(page, "approved, and not sent", (360, 768))
    done.get_by_role("link", name="Connect one", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Integrations")


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
    refused = []
    for place in places:
        go(page, place)
        if page.get_by_role("button", name="Try again").count():
            refused.append(place)
    assert not refused, refused


with browsing() as browser:
    for walk in (see_every_page, see_empty_boards, work_by_keyboard, finds_its_way, switch_keys_off, answer_at_once,
                 tell_what_failed, edit_while_read_anew, brings_in_a_file, ends_in_the_middle, hears_the_bell,
                 approve_without_mail, stop_and_resume, read_only, of_one_client):
        if plan.get("only") and walk.__name__ not in plan["only"]:
            continue
        page = browser.new_context(locale="en-GB").new_page()
        # A session that has ended, and what is refused, is an error to the browser.
        if walk not in (ends_in_the_middle, answer_at_once, tell_what_failed):
            watch(page)
        attempt(walk, page)
