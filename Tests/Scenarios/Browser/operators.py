"""An operator's day in a headless browser: the agencies of an installation, its backups and its health, by the page
only.

Usage: operators.py PLAN, a file of JSON: {url, email, password (of the operator), agency (the name of one), onServer
(whether the database is a server's), browser}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import days, looking
from looking import attempt, begin_by_keys, browsing, faults, plan, reach, settle, sign_in, told, watch

base = plan["url"]
widths = (360, 768, 1360)


def look(page, name):
    looking.look(page, name, widths)
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def entry(page, name):
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


def look_after_agencies(page):
    """An agency is found, limited, suspended and opened again; nothing of its own is shown."""
    sign_in(page)
    expect(page.get_by_role("heading", name="This installation")).to_be_visible()
    menu = page.get_by_role("navigation", name="Main")
    for hidden in ("Leads", "Inbox", "Approvals"):
        expect(menu.get_by_role("link", name=hidden, exact=True)).to_have_count(0)
    look(page, "today")
    entry(page, "Agencies")
    page.get_by_label("Search agencies").fill("no such agency")
    expect(page.get_by_role("link", name=plan["agency"])).to_be_hidden()
    page.get_by_label("Search agencies").fill(plan["agency"][:5])
    looking.look_everywhere(page, "agencies")
    page.get_by_role("link", name=plan["agency"]).click()
    expect(page.get_by_role("heading", level=2, name=plan["agency"])).to_be_visible()
    page.get_by_role("button", name="Set limits").click()
    limits = page.get_by_role("dialog", name="Set limits")
    limits.get_by_label("Requests a minute").fill("many")
    limits.get_by_role("button", name="Save").click()
    expect(limits.get_by_label("Requests a minute")).to_have_attribute("aria-invalid", "true")
    look(page, "limits")
    limits.get_by_label("Requests a minute").fill("4000")
    limits.get_by_role("button", name="Save").click()
    expect(limits).to_have_count(0)
    expect(page.get_by_text("4,000")).to_be_visible()
    page.get_by_role("button", name="Suspend agency").click()
    question = page.get_by_role("dialog", name=f"Suspend {plan['agency']}?")
    question.get_by_role("button", name="Suspend agency").click()
    expect(page.get_by_text("Suspended", exact=True)).to_be_visible()
    look(page, "an agency that is suspended")
    page.get_by_role("button", name="Reopen agency").click()
    told(page, "The agency is open again")
    expect(page.get_by_text("Active", exact=True)).to_be_visible()


def create_an_agency(page):
    """An agency is created; the link that is shown once lets its owner choose a password, and in."""
    sign_in(page)
    entry(page, "Agencies")
    page.get_by_role("button", name="New agency").click()
    form = page.get_by_role("dialog", name="New agency")
    look(page, "new agency")
    form.get_by_label("Name", exact=True).fill("Harbour Media")
    form.get_by_label("Owner's email").fill("not an address")
    form.get_by_role("button", name="Create agency").click()
    expect(form.get_by_label("Owner's email")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Owner's email").fill("hanna@harbour.example")
    form.get_by_role("button", name="Create agency").click()
    link = form.get_by_label("Link for the owner").input_value()
    look(page, "the link for the owner")
    form.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name="Harbour Media")).to_be_visible()
    owner = page.context.browser.new_context(locale="en-GB").new_page()
    watch(owner)
    owner.goto(base + "/" + link.split("/", 3)[3])
    owner.get_by_label("Your name").fill("Hanna Harbour")
    owner.get_by_label("Password").fill("correct horse battery")
    owner.get_by_role("button", name="Join").click()
    expect(owner.get_by_role("heading", level=1)).to_be_visible()
    expect(owner.get_by_text("Harbour Media").first).to_be_attached()
    owner.close()


def keep_it_well(page):
    """Each fault is told with its remedy, queues are paused and resumed, and backups are made and put back."""
    sign_in(page)
    entry(page, "Health")
    whole = page.get_by_role("region", name="Installation")
    expect(whole).to_contain_text("Jobs waiting")
    expect(whole).to_contain_text("Migrations")
    node = page.get_by_role("region", name=re.compile("^Process on "))
    expect(node).to_contain_text("Requests and jobs")
    node.get_by_text(re.compile("^\\d+ checks$")).click()
    page.get_by_role("button", name="Check again").click()
    settle(page)
    page.get_by_role("button", name="Pause: Imports").click()
    page.get_by_role("dialog", name="Pause Imports?").get_by_role("button", name="Pause").click()
    told(page, "Queue paused")
    expect(page.get_by_role("row").filter(has_text="Imports")).to_contain_text("Paused")
    look(page, "health")
    page.get_by_role("button", name="Resume: Imports").click()
    told(page, "Queue resumed")
    entry(page, "Backups")
    if plan["onServer"]:
        expect(page.get_by_text("pg_dump --format=custom", exact=False).first).to_be_visible()
        expect(page.get_by_role("button", name="Back up now")).to_have_count(0)
        return look(page, "backups of a server")
    expect(page.get_by_text("There is no backup yet.")).to_be_visible()
    expect(page.get_by_text("bureau restore")).to_be_visible()
    look(page, "no backups")
    page.get_by_role("button", name="Back up now").click()
    told(page, "The backup is made and checked")
    row = page.get_by_role("table", name="Backups").get_by_role("row").nth(1)
    expect(row).to_contain_text("Made")
    expect(row).to_contain_text(".db")
    look(page, "backups")


def work_by_keyboard(page):
    """The way without a mouse, from signing in on: to an agency, whose limits are changed, and to the health."""
    begin_by_keys(page, "Today")
    enter(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Agencies", exact=True))
    enter(page, page.get_by_role("link", name=plan["agency"]))
    expect(page.get_by_role("heading", level=2, name=plan["agency"])).to_be_visible()
    enter(page, page.get_by_role("button", name="Suspend agency"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Suspend agency")).to_be_focused()
    enter(page, page.get_by_role("button", name="Set limits"))
    reach(page, page.get_by_role("dialog", name="Set limits").get_by_label("Requests a minute"))
    page.keyboard.press("Control+a")
    page.keyboard.type("3000")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("3,000")).to_be_visible()
    enter(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Health", exact=True))
    enter(page, page.get_by_role("button", name="Pause: Imports"))
    enter(page, page.get_by_role("dialog", name="Pause Imports?").get_by_role("button", name="Pause"))
    told(page, "Queue paused")
    enter(page, page.get_by_role("button", name="Resume: Imports"))
    told(page, "Queue resumed")


def enter(page, target):
    reach(page, target)
    page.keyboard.press("Enter")


with browsing() as browser:
    for walk in (look_after_agencies, create_an_agency, keep_it_well, work_by_keyboard):
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
    days.take(browser, days.of_operator, "light", "dark", "light")
    # A refusal that a step asks for is no fault of the page.
    faults[:] = [fault for fault in faults if "the server responded with a status of 4" not in fault]
