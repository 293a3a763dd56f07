"""Walks of console.py: answers that come late, fail or are refused, and a session that ends in the middle."""
import re

from playwright.sync_api import expect

import looking
from consolepage import base, go, sign_in
from looking import faults, plan, settle


def answer_at_once(page):
    """A button that is pressed says so before the server answers, and is sent once; a card that is moved is there at
    once."""
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
    # A refused move goes back to where it was, and is told; whoever has gone on meanwhile stays there.
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
    tag_at_once(page)


def tag_at_once(page):
    """A tag is at its record before the server has taken it, and goes again when it is refused."""
    go(page, "#/leads?columns=tags&q=At+Once")
    held = []
    page.route("**/v1/leads/**", lambda route: route.fallback() if route.request.method == "GET"
               else held.append(route))
    page.get_by_role("checkbox", name="Select At Once Ltd", exact=True).check()
    chosen = page.get_by_role("toolbar", name="Selection", exact=True)
    chosen.get_by_role("button", name="Add tag", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add tag", exact=True)
    dialog.get_by_label("Tag", exact=True).fill("prompt")
    dialog.get_by_role("button", name="Add tag", exact=True).click()
    row = page.get_by_role("table", name="Leads").get_by_role("row").filter(has_text="At Once Ltd")
    expect(row).to_contain_text("prompt")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    problem = {"status": 409, "code": "conflict", "title": "Not now", "detail": "It is being merged."}
    for route in held:
        route.fulfill(status=409, content_type="application/problem+json", json=problem)
    expect(page.get_by_role("dialog", name="1 failed")).to_contain_text("It is being merged.")
    expect(row).not_to_contain_text("prompt")
    page.keyboard.press("Escape")
    page.unroute("**/v1/leads/**")


def read_again_when_busy(page):
    """A list that is read too often is read again after the wait that the server names, and nothing is told."""
    sign_in(page, plan)
    refused = []

    def refuse_once(route):
        if refused:
            return route.fallback()
        refused.append(route.request.url)
        problem = {"status": 429, "code": "rate_limited", "title": "Too many requests", "detail": "Try again later."}
        route.fulfill(status=429, content_type="application/problem+json", headers={"Retry-After": "1"}, json=problem)

    page.route(re.compile(r"/v1/leads(\?|$)"), refuse_once)
    page.goto(f"{base}/#/leads")
    expect(page.get_by_role("table", name="Leads")).to_be_visible()
    expect(page.locator("main").get_by_role("alert")).to_have_count(0)
    if not refused:
        faults.append("no list of leads was asked for")
    page.unroute_all()


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


def tells_how_far(page):
    """Work that lasts says so, and its progress until its end: an import, an export, a change of many, the copy of
    an agency. An export that fails is told where it was asked for, with a way to try again."""
    sign_in(page, plan)
    busy = {"status": 503, "code": "unavailable", "title": "The server is busy", "detail": "It is being restarted."}
    held = []

    def hold(method):
        return lambda route: held.append(route) if route.request.method == method else route.fallback()

    def wait_for(count):
        for _ in range(600):
            if len(held) >= count:
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{len(held)} of {count} requests are made")

    def let_go(**answer):
        routes = list(held)
        held.clear()
        for route in routes:
            route.fulfill(**answer) if answer else route.continue_()

    # An import that is at two fifths.
    def halfway(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "status": "running", "progress": 0.4})

    page.route(re.compile(r"/v1/imports/\w+$"), halfway)
    go(page, "#/import")
    rows = "Company,Email\n" + "".join(f"Lasting {one},l{one}@lasting.example\n" for one in range(3))
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_role("button", name="Import 3 leads", exact=True).click()
    bar = page.get_by_role("progressbar", name="Progress of the import", exact=True)
    expect(bar).to_have_js_property("value", 0.4)
    expect(page.locator("main")).to_contain_text(re.compile(r"Running\s*40\s?%"))
    page.unroute_all()
    expect(bar).to_have_js_property("value", 1)
    expect(page.locator("main")).to_contain_text(re.compile(r"Completed\s*100\s?%"))

    # An export that lasts, fails, and comes when it is tried again.
    go(page, "#/leads?q=Lasting")
    page.route("**/v1/leads/export*", hold("GET"))
    page.get_by_role("button", name="Export", exact=True).click()
    exporting = page.get_by_role("status").get_by_role("progressbar", name="Exporting", exact=True)
    expect(exporting).to_be_visible()
    looking.look(page, "an export that lasts", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    let_go(status=503, content_type="application/problem+json", json=busy)
    expect(exporting).to_have_count(0)
    trouble = page.locator("main .heading").get_by_role("alert")
    expect(trouble).to_contain_text("It is being restarted.")
    page.unroute_all()
    with page.expect_download() as file:
        trouble.get_by_role("button", name="Try again").click()
    if file.value.suggested_filename != "leads.csv":
        faults.append(f"the export is called {file.value.suggested_filename}")
    expect(page.get_by_role("status").filter(has_text="Leads exported").first).to_be_visible()
    expect(trouble).to_have_count(0)

    # Chosen records as a file fail at the selection, which stays; all of them are changed, and counted meanwhile.
    for one in range(3):
        page.get_by_role("checkbox", name=f"Select Lasting {one}", exact=True).check()
    chosen = page.get_by_role("toolbar", name="Selection", exact=True)
    page.route(re.compile(r"/v1/leads\?id="), lambda route: route.fulfill(
        status=503, content_type="application/problem+json", json=busy))
    chosen.get_by_role("button", name="Export selection", exact=True).click()
    expect(chosen.get_by_role("alert")).to_contain_text("It is being restarted.")
    expect(chosen).to_contain_text("3 selected")
    page.unroute_all()
    page.route(re.compile(r"/v1/leads/lead_\w+$"), hold("PATCH"))
    chosen.get_by_role("button", name="Add tag", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add tag", exact=True)
    dialog.get_by_label("Tag", exact=True).fill("lasting")
    dialog.get_by_role("button", name="Add tag", exact=True).click()
    wait_for(3)
    tagging = page.get_by_role("status").get_by_role("progressbar", name="Adding tag", exact=True)
    expect(tagging).to_have_js_property("max", 3)
    expect(page.get_by_role("status").filter(has_text="0 of 3")).to_be_visible()
    held.pop(0).continue_()
    expect(page.get_by_role("status").filter(has_text="1 of 3")).to_be_visible()
    let_go()
    page.unroute_all()
    expect(page.get_by_role("status").filter(has_text="3 leads tagged").first).to_be_visible()
    expect(tagging).to_have_count(0)

    # The copy of an agency.
    go(page, "#/sandboxes")
    page.route("**/v1/sandboxes", hold("POST"))
    page.get_by_role("button", name="New sandbox", exact=True).click()
    dialog = page.get_by_role("dialog", name="New sandbox", exact=True)
    dialog.get_by_label("Name", exact=True).fill("A copy that lasts")
    dialog.locator("button[type=submit]").click()
    copying = dialog.get_by_role("progressbar", name="Copying the agency", exact=True)
    expect(copying).to_be_visible()
    looking.look(page, "a copy that lasts", (360, 768))
    let_go()
    page.unroute_all()
    expect(page.get_by_role("status").filter(has_text="Sandbox created").first).to_be_visible()
    expect(copying).to_have_count(0)


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
