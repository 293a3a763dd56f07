"""Walk of portal.py: what a client decides, writes and signs, by keyboard alone on a phone's width. The keyboard is
always somewhere, and it is to be seen where; axe looks on, and nothing is wider than the screen."""
import re
from urllib.parse import quote

from playwright.sync_api import expect

import looking
from looking import faults, held, plan, staff, walk_to
from portalpage import settle, to_approve

WIDTH = 360


def enter(page, target, heading=None):
    walk_to(page, target)
    page.keyboard.press("Enter")
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, heading)


def look(page, name):
    settle(page)
    held(page, name)
    looking.judge(page, f"{name}, by keyboard", WIDTH)
    if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
        faults.append(f"{name} is wider than {WIDTH} px")


def write(page, label, text):
    walk_to(page, page.locator("main").get_by_label(label, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def entry(page, name):
    return page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def project_of_client():
    return staff("/v1/projects/" + staff("/v1/deliverables/" + plan["change"])["project_id"])


def client_id():
    return project_of_client()["client_id"]


def prepare():
    """A deliverable and a piece of content that wait for this client, and a goal."""
    project = project_of_client()
    to_approve("A poster", project["id"])
    staff("/v1/goals", {"client_id": project["client_id"], "name": "More clicks", "metric": "google_ads.clicks",
                        "target": 5000, "by": "2099-01-01"})
    piece = staff("/v1/content-items", {"title": "Summer", "format": "blog", "client_id": project["client_id"],
                                        "body": "It is **warm**."})
    staff(f"/v1/content-items/{piece['id']}/submit", {})
    staff(f"/v1/content-items/{piece['id']}/review", {"passed": True})
    return piece["id"]


def decides_by_keys(page):
    piece = prepare()
    page.set_viewport_size({"width": WIDTH, "height": 740})
    keys, main = page.keyboard, page.locator("main")
    page.goto(f"{plan['url']}/portal/?agency={plan['agency']}#/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    write(page, "Email", plan["email"])
    write(page, "Password", plan["password"])
    enter(page, main.get_by_role("button", name="Sign in", exact=True), "Home")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    look(page, "Home")
    # Something that was made is looked at, left, looked at again and approved.
    waiting = page.locator(".waiting li").filter(has_text="Deliverable: A poster")
    enter(page, waiting.get_by_role("button", name="Approve: Deliverable: A poster"))
    expect(waiting.locator(".looked-at")).to_contain_text("A poster as it is.")
    look(page, "about to approve")
    enter(page, waiting.get_by_role("button", name="Cancel", exact=True))
    held(page, "Cancel")
    expect(waiting.get_by_role("button", name="Approve: Deliverable: A poster")).to_be_focused()
    keys.press("Enter")
    expect(waiting.get_by_role("button", name="Approve", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="A poster approved.")).to_be_visible()
    look(page, "approved")
    # A piece of content.
    enter(page, entry(page, "Content"), "Content")
    enter(page, main.get_by_role("link", name="Summer", exact=True), "Summer")
    enter(page, main.get_by_role("button", name="Approve", exact=True))
    expect(page.locator("#announcer")).to_have_text("Summer approved.")
    expect(main.get_by_text("Approved", exact=True)).to_be_visible()
    look(page, "an approved piece")
    if staff(f"/v1/content-items/{piece}")["status"] != "approved":
        faults.append("a piece that keys have approved is not approved")
    # A message, and the answer to a request.
    enter(page, entry(page, "Messages"), "Messages")
    write(page, "Your message", "By keys on a phone")
    keys.press("Tab")
    held(page, "Tab")
    enter(page, main.get_by_role("button", name="Send", exact=True))
    expect(page.locator(".talk li.mine").last).to_contain_text("By keys on a phone")
    look(page, "a message")
    enter(page, entry(page, "Requests"), "Requests")
    enter(page, main.get_by_role("link", name="The old logo", exact=True), "The old logo")
    write(page, "Your reply", "Still **old**")
    keys.press("Control+Enter")
    expect(page.locator(".talk li.mine").filter(has_text="Still old")).to_have_count(1)
    look(page, "a reply")
    enter(page, entry(page, "Reports"), "Reports")
    expect(main.get_by_role("region", name="Your goals")).to_contain_text("More clicks")
    expect(main.get_by_role("region", name="Your goals")).to_contain_text("; at first 4")
    look(page, "goals")
    # An invoice is read, a proposal accepted, a contract signed.
    enter(page, entry(page, "Billing"), "Invoices")
    enter(page, main.locator(".cards").get_by_role("link").first)
    expect(main.get_by_role("button", name="Download as PDF")).to_be_visible()
    look(page, "an invoice")
    with page.expect_download() as saved:
        enter(page, main.get_by_role("button", name="Download as PDF"))
    if not saved.value.suggested_filename.endswith(".pdf"):
        faults.append(f"the invoice is saved as {saved.value.suggested_filename}")
    held(page, "saving an invoice")
    enter(page, main.get_by_role("link", name="Invoices", exact=True), "Invoices")
    for many, action, told, done in (("Proposals", "Accept the proposal", "Proposal accepted.", "Accepted"),
                                     ("Contracts", "Sign the contract", "Contract signed.", "Signed")):
        enter(page, main.get_by_role("navigation", name="Billing").get_by_role("link", name=many), many)
        enter(page, main.locator(".cards").get_by_role("link").first)
        expect(main.get_by_role("button", name=action)).to_be_visible()
        look(page, many[:-1])
        # Without a yes nothing is agreed on, and what is missing is said.
        enter(page, main.get_by_role("button", name=action))
        expect(main.get_by_role("alert").or_(main.locator(".fault:not(:empty)")).first).to_be_visible()
        look(page, f"{many[:-1]} without a yes")
        write(page, "Your name", "Cleo Client")
        walk_to(page, main.get_by_role("checkbox"))
        keys.press("Space")
        enter(page, main.get_by_role("button", name=action))
        expect(page.locator("#announcer")).to_have_text(told)
        expect(main.locator(".facts").first).to_contain_text(done)
        expect(main.locator(".facts").first).to_contain_text("Cleo Client")
        look(page, told)
        enter(page, main.get_by_role("link", name=many, exact=True), many)
    # The account opens, shuts and leads on.
    account = page.locator(".account summary")
    enter(page, account)
    expect(page.locator(".account-menu")).to_be_visible()
    look(page, "the account")
    keys.press("Escape")
    expect(account).to_be_focused()
    keys.press("Enter")
    enter(page, page.locator(".account-menu").get_by_role("link", name="Recommendations", exact=True), "Recommendations")
    recommend(page, main)
    settings(page, main)
    enter(page, account)
    enter(page, page.locator(".account-menu").get_by_role("button", name="Sign out"), "Sign in")


def recommend(page, main):
    write(page, "Their name", "Nora New")
    write(page, "Their email address", "nora@phone.example")
    enter(page, main.get_by_role("button", name="Recommend", exact=True))
    expect(main.get_by_role("heading", name="Nora New")).to_be_visible()
    look(page, "somebody who was recommended")


def settings(page, main):
    """Tells what suits them, and answers what the agency asks at the beginning."""
    person = staff("/v1/contacts?email=" + quote(plan["email"]))["data"][0]["id"]
    for _ in range(4):
        staff(f"/v1/contacts/{person}/activities", {"type": "message_reply", "channel": "email"})
    enter(page, page.locator(".account summary"))
    enter(page, page.locator(".account-menu").get_by_role("link", name="Preferences", exact=True), "Preferences")
    suits = main.get_by_role("region", name="What suits you")
    learned = re.compile(r"Your answers suggest: Email \(\d+% sure, from \d+ answers\)\.")
    expect(suits.get_by_text(learned)).to_be_visible()
    expect(suits.get_by_text("Too few answers to tell; usual: Medium length.")).to_be_visible()
    walk_to(page, suits.get_by_label("Length", exact=True))
    page.keyboard.press("s")
    expect(suits.get_by_label("Length", exact=True)).to_have_value("short")
    walk_to(page, suits.get_by_label("How-to and tips", exact=True))
    page.keyboard.press("Space")
    enter(page, suits.get_by_role("button", name="Save", exact=True))
    expect(suits.get_by_role("status")).to_have_text("Saved.")
    look(page, "preferences that were saved")
    enter(page, entry(page, "Home"), "Home")
    enter(page, main.get_by_role("region", name="Getting started").get_by_role("link", name="View"), "Getting started")
    step = page.locator(".cards > li").filter(has=page.locator("form")).first
    name = step.get_by_role("heading").inner_text()
    walk_to(page, step.get_by_label("What should we know?"))
    page.keyboard.type("By keys.")
    enter(page, step.get_by_role("button", name="Mark as done", exact=True))
    done = page.locator(".cards > li").filter(has=page.get_by_role("heading", name=name, exact=True))
    expect(done.get_by_text("Done", exact=True)).to_be_visible()
    look(page, "a step that is done")
    step = page.locator(".cards > li").filter(has=page.get_by_label("On which day of the week?"))
    walk_to(page, step.get_by_label("On which day of the week?"))
    page.keyboard.press("t")
    expect(step.get_by_label("On which day of the week?")).to_have_value("tue")
    walk_to(page, step.get_by_label("How-to and tips", exact=True))
    page.keyboard.press("Space")
    enter(page, step.get_by_role("button", name="Mark as done", exact=True))
    expect(step).to_have_count(0)
    begun = staff(f"/v1/onboardings?client_id={client_id()}")["data"][0]["steps"]
    given = next(one for one in begun if one["key"] == "preferences").get("answers")
    if given != {"weekday": "tue", "content_types": ["educational"]}:
        faults.append(f"the client's wishes are kept as {given}")


walks = [decides_by_keys]
