"""Starts an agency on the page, and looks at Today as those do who work in it.

Usage: today.py PLAN, a file of JSON: {url, email, password, own (the company of a lead), invitation (its token, of a
colleague), fresh: {email, password} (of an agency that has nothing yet), people ({role: {email, password, waits,
others}}: what waits for each, and what must not be there), browser}. Prints JSON: {violations, faults}.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, let_in, plan, settle, watch

base = plan["url"]


def sign_in(page, who):
    page.goto(f"{base}/")
    let_in(page, who["email"], who["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def step(page, number, name, of=5):
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text(f"Step {number} of {of}")).to_be_visible()
    settle(page)


def first_start(page):
    """Five steps from nothing to a working agency: each can be skipped, and going back loses nothing."""
    sign_in(page, plan)
    page.get_by_role("link", name="Do it step by step").click()
    step(page, 1, "Agency")
    looking.look(page, "the first step")
    page.get_by_label("Postal address").fill("1 Example Street")
    page.get_by_role("link", name="Mail", exact=True).click()
    step(page, 3, "Mail")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Server")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name="Agency", exact=True).first.click()
    page.go_back()
    page.go_back()
    step(page, 1, "Agency")
    expect(page.get_by_label("Postal address")).to_have_value("1 Example Street")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Continue").click()
    step(page, 2, "You")
    page.get_by_role("button", name="Continue").click()
    step(page, 3, "Mail")
    page.get_by_role("button", name="Skip").click()
    step(page, 4, "Leads")
    page.get_by_text("Add one by hand").click()
    page.get_by_label("Company").fill("By hand")
    page.get_by_role("button", name="Add lead").click()
    expect(page.get_by_role("status").filter(has_text="Lead created")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    step(page, 5, "Agents")
    page.get_by_label("Outreach").select_option("observe")
    looking.look(page, "the last step")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)
    if page.get_by_role("link", name=re.compile("postal address")).count():
        faults.append("the set-up asks for what has been entered")


# Each step of an agency that has nothing yet, and where it is done: what the dialog is called there, the field that the
# keyboard is in, or the list that is looked at.
STEPS = {
    "Set the agency's time zone": ("label", "Time zone"), "Set the agency's country": ("label", "Country"),
    "Invite a colleague": ("dialog", "Invite"), "Connect an email service": ("button", "Connect SMTP"),
    "Add the agency's postal address": ("label", "Postal address"), "Set the sender of emails": ("label", "Sender name"),
    "Import your old unsubscribe list": ("label", "File"), "Import your leads": ("label", "File"),
    "Record which leads were won and lost": ("heading", "Leads"),
}


def follow_every_step(page):
    """Each open step of the set-up leads to the very field, file box or dialog where it is done."""
    sign_in(page, plan["fresh"])
    steps = page.get_by_role("region", name="Set-up").get_by_role("listitem").get_by_role("link")
    expect(steps).to_have_count(len(STEPS))
    for name, (role, target) in STEPS.items():
        steps.filter(has_text=name).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Today")
        place = page.get_by_label(target, exact=True) if role == "label" else page.get_by_role(role, name=target, exact=True)
        if role == "dialog":
            place = place.get_by_role("textbox")
        # Nothing that comes later takes the keyboard from there.
        for _ in range(2):
            expect(place.first).to_be_focused()
            settle(page)
        page.keyboard.press("Escape")
        page.goto(f"{base}/#/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        settle(page)


def join(page):
    """Somebody who is invited has steps of their own: who they are, what reaches them, where their work is; Today
    leads back."""
    page.goto(f"{base}/#/invitation/{plan['invitation']}")
    page.get_by_label("Your name").fill("Jo New")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Join").click()
    step(page, 1, "You", of=3)
    looking.look(page, "the first step of a colleague", (320, 360, 768, 1360))
    page.get_by_label("Name", exact=True).fill("Jo Newman")
    page.get_by_role("link", name="Notifications", exact=True).click()
    step(page, 2, "Notifications", of=3)
    page.get_by_role("link", name="Finish later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.get_by_role("link", name="Go on with your first steps").click()
    step(page, 1, "You", of=3)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Jo Newman")
    page.get_by_role("button", name="Continue").click()
    step(page, 2, "Notifications", of=3)
    page.get_by_label("By email").select_option("always")
    looking.look(page, "the second step of a colleague")
    page.get_by_role("button", name="Continue").click()
    step(page, 3, "Your work", of=3)
    looking.look(page, "the last step of a colleague")
    work = page.get_by_role("main").get_by_role("list").last
    expect(work.get_by_role("link", name="Leads")).to_be_visible()
    expect(page.get_by_role("link", name="Set up the agency step by step")).to_have_count(0)
    page.get_by_role("button", name="Go to Today").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)
    expect(page.get_by_role("link", name="Go on with your first steps")).to_have_count(0)
    # The agency is set up by those who may.
    expect(page.get_by_role("region", name="Set-up")).to_have_count(0)
    expect(page.get_by_role("button", name="Account")).to_have_attribute("title", re.compile("Jo Newman"))
    page.goto(f"{base}/#/settings/my-notifications")
    expect(page.get_by_label("By email", exact=True)).to_have_value("always")


def sample_data(page):
    """One click brings samples, one takes them out; what is being done is told, and one's own stays."""
    sign_in(page, plan)
    page.get_by_role("button", name="Add sample data").click()
    expect(page.get_by_role("status").filter(has_text="Sample data added")).to_be_visible()
    looking.look(page, "Today, with samples")
    page.get_by_role("button", name="Remove sample data").click()
    expect(page.get_by_role("status").filter(has_text="Sample data removed")).to_be_visible()
    page.goto(f"{base}/#/leads")
    settle(page)
    expect(page.get_by_role("link", name=plan["own"])).to_be_visible()
    expect(page.get_by_role("link", name="Harbour Dental Group")).to_have_count(0)
    # Contacts and companies that an archived lead names stay, which the browser's console tells, too.
    faults[:] = [fault for fault in faults if "409" not in fault]


def see_what_is_theirs(page):
    """Each sees first what waits for them, with four figures at most that lead to their records."""
    for role, who in plan["people"].items():
        own = page.context.browser.new_context(locale="en-GB").new_page()
        watch(own)
        sign_in(own, who)
        waiting = own.get_by_role("region", name="Waiting for you")
        expect(waiting.get_by_role("link", name=who["waits"])).to_be_visible()
        for other in who["others"]:
            expect(waiting.get_by_role("link", name=other)).to_have_count(0)
        figures = own.get_by_role("region", name="Last 7 days").locator("dd a")
        if not 1 <= figures.count() <= 4:
            faults.append(f"{role} has {figures.count()} figures")
        looking.look(own, f"Today, of {role}")
        own.context.close()


with browsing() as browser:
    for walk in (follow_every_step, first_start, join, sample_data, see_what_is_theirs):
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
