"""Works with long lists in a headless browser: what is drawn, edited in place, changed at once, kept without a line,
and seen in two tabs.

Usage: lists.py PLAN, a file of JSON: {url, email, password, rows (how many leads there are), key (the public key of the
chat), browser, only (one walk)}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, let_in, plan, watch
from strangenames import bears_any_name

base = plan["url"]
drawn = ".records tbody tr:not(.gap, .bone)"


def settle(page):
    looking.settle(page, f"{looking.BUSY}, main [data-loading]", "")


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def sign_in(page, email=plan["email"], password=plan["password"]):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{base}/")
    let_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def call(page, method, path, body=None, headers=None):
    """The API as the page's own person has it."""
    return page.evaluate("""async ([method, path, body, headers]) => {
        const { call } = await import("/app/api.js");
        const answer = await call(path, {method, body: body ?? undefined, headers: headers ?? {}});
        return answer.status === 204 ? null : answer.json();
    }""", [method, path, body, headers])


def lead(page, **fields):
    return call(page, "POST", "/v1/leads", fields)


def draws_what_is_seen(page):
    """Of ten thousand rows at most sixty are in the page, also after a jump; back and reload keep the place."""
    sign_in(page)
    go(page, "#/leads")
    table = page.get_by_role("table", name="Leads")
    expect(table).to_have_attribute("aria-rowcount", str(plan["rows"] + 1))
    box = page.locator(".record-list .scroll")
    for share in (0, .31, .62, 1, .05):
        box.evaluate("(box, share) => { box.scrollTop = share * box.scrollHeight; }", share)
        expect(page.locator(".records .bone")).to_have_count(0)
        page.wait_for_function("""() => {
            const rows = document.querySelectorAll(".records tbody tr:not(.gap)").length;
            return rows >= 10 && rows <= 60;
        }""")
    box.evaluate("box => { box.scrollTop = 4000; }")
    page.wait_for_timeout(400)
    name = page.locator(drawn).nth(14).get_by_role("link").first
    text = name.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.go_back()
    settle(page)
    page.wait_for_function("() => Math.abs(document.querySelector('.record-list .scroll').scrollTop - 4000) < 3")
    page.reload()
    settle(page)
    page.wait_for_function("() => Math.abs(document.querySelector('.record-list .scroll').scrollTop - 4000) < 3")
    looking.look(page, "a long list", (360, 768))


def moves_by_keys(page):
    """j, k, x and Enter work over rows that are drawn as they come; [ and ] walk through the records of the list."""
    sign_in(page)
    go(page, "#/leads")
    keys = page.keyboard
    page.evaluate("document.activeElement?.blur()")
    at = "Number(document.activeElement.closest('tr')?.getAttribute('aria-rowindex') ?? 0)"
    for row in range(2, 72):
        keys.press("j")
        page.wait_for_function(f"() => {at} === {row}")
    keys.press("k")
    keys.press("x")
    expect(page.get_by_role("toolbar", name="Selection")).to_contain_text("1 selected")
    keys.press("Enter")
    expect(page.get_by_role("link", name="Next record")).to_be_visible()
    settle(page)
    first = page.get_by_role("heading", level=1).inner_text()
    keys.press("]")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    keys.press("[")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)


def edits_in_place(page):
    """A fact and a cell are edited where they stand; Escape gives up; what somebody else changed is asked about."""
    sign_in(page)
    made = lead(page, company="In Place Ltd", email="a@place.example")
    go(page, f"#/leads/{made['id']}")
    details = page.get_by_role("region", name="Details")
    details.get_by_role("button", name="Edit email").press("Enter")
    details.get_by_label("Email", exact=True).fill("never@place.example")
    page.keyboard.press("Escape")
    expect(details.get_by_role("link", name="a@place.example").first).to_be_visible()
    expect(details.get_by_role("button", name="Edit email")).to_be_focused()
    page.keyboard.press("Enter")
    details.get_by_label("Email", exact=True).fill("b@place.example")
    page.keyboard.press("Control+Enter")
    expect(details.get_by_role("link", name="b@place.example").first).to_be_visible()
    details.get_by_role("button", name="Edit email").press("Enter")
    details.get_by_label("Email", exact=True).fill("no address")
    page.keyboard.press("Control+Enter")
    expect(details.get_by_label("Email", exact=True)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    settle(page)

    # Of two fields that two people change both are kept; of one that both change the person decides.
    details.get_by_role("button", name="Edit contact title").press("Enter")
    call(page, "PATCH", f"/v1/leads/{made['id']}", {"notes": "They called."})
    details.get_by_label("Contact title", exact=True).fill("Director")
    page.keyboard.press("Control+Enter")
    expect(details.get_by_text("Director")).to_be_visible()
    settle(page)
    details.get_by_role("button", name="Edit contact name").press("Enter")
    details.get_by_label("Contact name", exact=True).fill("Mine")
    call(page, "PATCH", f"/v1/leads/{made['id']}", {"contact_name": "Theirs"})
    page.keyboard.press("Control+Enter")
    asked = details.get_by_role("alert").filter(has_text="changed while you were editing")
    expect(asked).to_contain_text("Theirs")
    looking.look(page, "a conflict in place")
    asked.get_by_role("button", name="Keep mine").click()
    expect(details.get_by_text("Mine", exact=True)).to_be_visible()
    now = call(page, "GET", f"/v1/leads/{made['id']}")
    if (now["contact_name"], now["contact_title"], now["notes"]) != ("Mine", "Director", "They called."):
        faults.append(f"what was edited in place is {now['contact_name'], now['contact_title'], now['notes']}")

    page.set_viewport_size({"width": 1280, "height": 800})
    go(page, "#/leads?q=In+Place")
    row = page.get_by_role("row").filter(has_text="In Place Ltd")
    row.get_by_text("Mine", exact=True).dblclick()
    row.get_by_label("Contact name", exact=True).fill("From the list")
    page.keyboard.press("Enter")
    expect(row.get_by_text("From the list", exact=True)).to_be_visible()


def changes_many(page):
    """The outcome of each record is told, and those that fail stay chosen."""
    sign_in(page)
    for number in range(4):
        lead(page, company=f"Many {number}", **({"status": "won"} if number == 3 else {}))
    go(page, "#/leads?q=Many")
    for number in range(4):
        page.get_by_role("checkbox", name=f"Select Many {number}").check()
    bar = page.get_by_role("toolbar", name="Selection")
    bar.get_by_role("button", name="Change field").click()
    dialog = page.get_by_role("dialog", name="Change field")
    dialog.get_by_label("Field", exact=True).select_option(label="Status")
    dialog.get_by_label("Status", exact=True).select_option(label="Researched")
    dialog.get_by_role("button", name="Change field").click()
    failed = page.get_by_role("dialog", name="1 failed")
    expect(failed.get_by_role("link", name="Many 3")).to_be_visible()
    failed.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_role("status").filter(has_text="3 leads changed, 1 failed")).to_be_visible()
    expect(bar).to_contain_text("1 selected")
    bar.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="Select all shown").check()
    expect(bar).to_contain_text("4 selected")
    bar.get_by_role("button", name="Add tag").click()
    dialog = page.get_by_role("dialog", name="Add tag")
    dialog.get_by_label("Tag", exact=True).fill("fair")
    dialog.get_by_role("button", name="Add tag").click()
    expect(page.get_by_role("status").filter(has_text="4 leads tagged")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("checkbox", name="Select all shown").check()
        bar.get_by_role("button", name="Export selection").click()
    if "Many 2" not in open(saved.value.path()).read():
        faults.append("the selection's file lacks its records")
    bar.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete 4 leads?")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No leads match.")).to_be_visible()


def keeps_what_waits(page):
    """Without a line changes are kept, shown, sent in order later, and asked about where others changed the same."""
    sign_in(page)
    made = lead(page, company="Tunnel Ltd", contact_name="Before", custom={"wagon": "First", "seat": 7})
    other = lead(page, company="Other Tunnel", contact_name="Before")
    for one in (made, other):
        go(page, f"#/leads/{one['id']}")
    go(page, f"#/leads/{made['id']}")
    details = page.get_by_role("region", name="Details")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()

    def change(label, value):
        details.get_by_role("button", name=f"Edit {label.lower()}", exact=True).press("Enter")
        details.get_by_label(label, exact=True).fill(value)
        page.keyboard.press("Control+Enter")
        expect(details.get_by_text(value, exact=True)).to_be_visible()

    change("Contact name", "In the tunnel")
    change("Wagon", "Second")
    expect(page.get_by_text("You are offline. 1 change will be sent when you are back.")).to_be_visible()
    page.evaluate(f"location.hash = '/leads/{other['id']}'")
    expect(page.get_by_role("heading", level=1)).to_have_text("Other Tunnel")
    change("Contact name", "In the other tunnel")
    expect(page.get_by_text("You are offline. 2 changes will be sent when you are back.")).to_be_visible()
    looking.look(page, "offline")
    page.context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="2 changes sent")).to_be_visible()
    expect(page.get_by_text("You are offline")).to_have_count(0)
    for one, name in ((made, "In the tunnel"), (other, "In the other tunnel")):
        if call(page, "GET", f"/v1/leads/{one['id']}")["contact_name"] != name:
            faults.append(f"{name} was not sent")
    if (custom := call(page, "GET", f"/v1/leads/{made['id']}")["custom"]) != {"wagon": "Second", "seat": 7}:
        faults.append(f"after a change without a line the custom fields are {custom}")

    settle(page)
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    change("Contact name", "Mine")
    page.evaluate("window.held = navigator.onLine")
    colleague = page.context.browser.new_context(locale="en-GB").new_page()
    sign_in(colleague)
    call(colleague, "PATCH", f"/v1/leads/{other['id']}", {"contact_name": "Theirs"})
    page.context.set_offline(False)
    alert = page.get_by_role("alert").filter(has_text="1 change could not be saved.")
    alert.get_by_role("button", name="Review changes").click()
    dialog = page.get_by_role("dialog", name="Changes that could not be saved")
    expect(dialog).to_contain_text("Theirs")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(dialog).to_have_count(0)
    for _ in range(1200):
        if call(page, "GET", f"/v1/leads/{other['id']}")["contact_name"] == "Mine":
            break
        page.wait_for_timeout(100)
    else:
        faults.append("the change that was kept was not sent")


def keeps_a_reply(page):
    """A reply that is written without a line is sent when it is back, once."""
    sign_in(page)
    ticket = call(page, "POST", "/v1/tickets", {"subject": "From the tunnel", "body": "Can you hear us?"})
    go(page, f"#/tickets/{ticket['id']}")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.get_by_label("Reply", exact=True).fill("Loud and clear.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("You are offline. 1 change will be sent when you are back.")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("")
    page.context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="1 change sent")).to_be_visible()
    said = [one["text"] for one in call(page, "GET", f"/v1/tickets/{ticket['id']}/messages")["data"]]
    if said.count("Loud and clear.") != 1:
        faults.append(f"the ticket's messages are {said}")


def agrees_in_two_tabs(page):
    """Two tabs share one stream of events, and what one changes the other shows."""
    streams = []
    watch_streams = lambda one: one.on("request", lambda request: "/v1/events/stream" in request.url
                                       and streams.append(request.url))
    watch_streams(page)
    sign_in(page)
    second = page.context.new_page()
    watch(second)
    watch_streams(second)
    made = lead(page, company="Two Tabs", contact_name="First")
    for one in (page, second):
        go(one, f"#/leads/{made['id']}")
    call(page, "PATCH", f"/v1/leads/{made['id']}", {"contact_name": "Second"})
    for one in (page, second):
        expect(one.get_by_role("region", name="Details").get_by_text("Second", exact=True)).to_be_visible()
    # Each tab may have begun one before it knew of the other; a change begins none.
    if len(streams) > 3:
        faults.append(f"two tabs opened {len(streams)} streams")


def keeps_views(page):
    """A search is written to a file, kept by name and shared with everyone, and deleted by whom it belongs to."""
    sign_in(page)
    lead(page, company="Viewed Ltd")
    go(page, "#/leads?q=Viewed")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export", exact=True).click()
    rows = open(saved.value.path()).read().strip().splitlines()
    if len(rows) != 2 or "Viewed Ltd" not in rows[1]:
        faults.append(f"the file of a search has {len(rows)} lines: {rows[:3]}")
    page.get_by_role("button", name="Save view").click()
    dialog = page.get_by_role("dialog", name="Save view")
    dialog.get_by_label("Name", exact=True).fill("North <b>")
    dialog.get_by_role("checkbox", name="Share with everyone").check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("tab", name="North <b>")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="All", exact=True).click()
    expect(page.get_by_role("table", name="Leads")).to_have_attribute("aria-rowcount", re.compile(r"^\d{4,}$"))
    page.reload()
    settle(page)
    page.get_by_role("tab", name="North <b>").click()
    expect(page.get_by_role("table", name="Leads")).to_have_attribute("aria-rowcount", "2")
    colleague = {"name": "Vera View", "email": f"vera-{plan['email']}", "role": "member", "password": plan["password"]}
    call(page, "POST", "/v1/users", colleague)
    other = page.context.browser.new_context(locale="en-GB").new_page()
    watch(other)
    sign_in(other, colleague["email"], colleague["password"])
    go(other, "#/leads")
    other.get_by_role("tab", name="North <b>").click()
    expect(other.get_by_role("table", name="Leads")).to_have_attribute("aria-rowcount", "2")
    expect(other.get_by_role("button", name="Change view")).to_have_count(0)
    other.context.close()
    page.get_by_role("button", name="Change view").click()
    page.get_by_role("menuitem", name="Delete view").click()
    page.get_by_role("dialog", name="Delete view?").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("tab", name="North <b>")).to_have_count(0)


def belongs_to_one(page):
    """A page is one person's: where a colleague signs in at another tab it becomes theirs, without what was begun in
    it, which is there again for the first one."""
    sign_in(page)
    colleague = {"name": "Cora", "email": f"cora-{plan['email']}", "role": "manager", "password": plan["password"]}
    call(page, "POST", "/v1/users", colleague)
    go(page, "#/leads/new")
    company = page.get_by_role("dialog", name="New lead", exact=True).get_by_label("Company", exact=True)
    company.fill("Begun by one")
    own = next(one["id"] for one in call(page, "GET", "/v1/auth/sessions")["data"] if one["current"])
    call(page, "DELETE", f"/v1/auth/sessions/{own}")
    other = page.context.new_page()
    sign_in(other, colleague["email"], colleague["password"])
    expect(company).to_have_value("")
    expect(page.get_by_text("What you had begun is here again.")).to_have_count(0)
    page.keyboard.press("Escape")
    other.get_by_role("button", name="Account").click()
    other.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    sign_in(other)
    go(other, "#/leads/new")
    expect(other.get_by_role("dialog", name="New lead", exact=True).get_by_label("Company", exact=True)).to_have_value(
        "Begun by one")
    other.close()


walks = (draws_what_is_seen, moves_by_keys, edits_in_place, changes_many, agrees_in_two_tabs, keeps_views, bears_any_name,
         keeps_what_waits, keeps_a_reply, belongs_to_one)
# A line that is cut and a change that is refused are errors to the browser.
noisy = (keeps_what_waits, keeps_a_reply, changes_many, edits_in_place, belongs_to_one)

with browsing() as browser:
    for walk in walks:
        if plan.get("only") not in (None, walk.__name__):
            continue
        page = browser.new_context(locale="en-GB", accept_downloads=True).new_page()
        if walk not in noisy:
            watch(page)
        attempt(walk, page)
        page.context.close()
