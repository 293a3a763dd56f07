"""Sends content after looking at its readers, cancels it, gives out the calendar by a link, and fills a segment.

Usage: content.py PLAN, a file of JSON: {url, email, password, item (approved, of two variants), draft, segment (static,
with one of three leads in it, who is unsubscribed), browser}. Prints JSON: {violations, faults}; both are empty where
all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, begin_by_keys, browsing, faults, plan, reach, settle, watch

base = plan["url"]
widths = (320, 360, 768, 1360)


def wide(page):
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def go(page, place, heading):
    wide(page)
    page.goto(f"{base}/{place}")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settle(page)


def look(page, what):
    settle(page)
    looking.look(page, what, widths)
    wide(page)


def sign_in(page):
    wide(page)
    page.goto(f"{base}/")
    page.get_by_label("Email").fill(plan["email"])
    page.get_by_label("Password").fill(plan["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def press(place, text):
    place.get_by_role("button", name=text, exact=True).first.click()


def choose(page, text):
    press(page.locator("main"), "Change")
    page.get_by_role("menuitem", name=text, exact=True).click()


def opened(page, title):
    dialog = page.get_by_role("dialog", name=title, exact=True)
    expect(dialog).to_be_visible()
    return dialog


def told(page, text):
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


def distribute(page):
    """A preview writes nothing; what is sent waits for its day, and is cancelled before it."""
    go(page, f"#/content-items/{plan['item']}", "Five ways")
    expect(page.get_by_role("region", name="Results")).to_contain_text("Nobody has got it yet.")
    look(page, "a content item")
    press(page, "Send content")
    dialog = opened(page, "Send content?")
    press(dialog, "Preview readers")
    expect(dialog).to_contain_text("2 people would get it of 3 who were looked at.")
    expect(dialog.get_by_role("table", name="Left out").get_by_role("rowheader", name="Unsubscribed")).to_be_visible()
    expect(dialog.locator("summary").first).to_have_text(re.compile("^(For Example Company|All of them)"))
    look(page, "the readers of a content item")
    dialog.get_by_label("Not before", exact=True).fill("2099-01-05T09:00")
    press(dialog, "Send content")
    told(page, "The content is on its way")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="View distribution", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Distribution")
    settle(page)
    look(page, "a distribution")
    press(page, "Cancel distribution")
    press(opened(page, "Cancel distribution?"), "Cancel distribution")
    told(page, "Distribution cancelled")
    expect(page.locator("main .heading").get_by_role("button", name="Cancel distribution")).to_have_count(0)


def calendar(page):
    """A month is turned; a link is made and read by a program, called otherwise, and withdrawn."""
    go(page, "#/content-calendar", "Content calendar")
    expect(page.get_by_role("table", name="Content calendar").get_by_role("row")).not_to_have_count(0)
    page.get_by_role("link", name="Next month", exact=True).click()
    expect(page).to_have_url(re.compile(r"month=\d{4}-\d\d$"))
    settle(page)
    page.get_by_role("link", name="This month", exact=True).click()
    settle(page)
    expect(page.get_by_role("region", name="Calendar links")).to_contain_text("There are no links yet.")
    look(page, "the content calendar")
    press(page, "New calendar link")
    dialog = opened(page, "New calendar link")
    dialog.get_by_label("Name", exact=True).fill("Anna's phone")
    press(dialog, "Create")
    box = dialog.get_by_label("Link for a calendar program", exact=True)
    expect(box).to_have_value(re.compile("^http.*/cal/"))
    link = base + re.sub("^https?://[^/]*", "", box.input_value())
    look(page, "a new calendar link")
    press(dialog, "Done")
    if not page.request.get(link).text().startswith("BEGIN:VCALENDAR"):
        faults.append("the link opens no calendar")
    links = page.get_by_role("table", name="Calendar links")
    expect(links.get_by_role("rowheader", name="Anna's phone")).to_be_visible()
    choose(page, "Rename")
    dialog = opened(page, "Rename calendar link")
    dialog.get_by_label("Name", exact=True).fill("Anna's tablet")
    press(dialog, "Save")
    told(page, "Calendar link saved")
    expect(links.get_by_role("rowheader", name="Anna's tablet")).to_be_visible()
    choose(page, "Withdraw link")
    press(opened(page, "Withdraw calendar link?"), "Withdraw link")
    told(page, "Calendar link withdrawn")
    expect(links).to_have_count(0)
    if page.request.get(link).status != 404:
        faults.append("the link that was withdrawn still opens")


def members(page):
    """One is put into a static segment and another taken out, which the count follows."""
    go(page, f"#/segments/{plan['segment']}", "By hand")
    table = page.get_by_role("table", name="Members")
    expect(table.get_by_role("link", name="Example Company 0", exact=True)).to_be_visible()
    press(page, "Add members")
    dialog = opened(page, "Add members")
    press(dialog, "Add")
    expect(dialog.get_by_text("Fill this in.")).to_be_visible()
    dialog.get_by_role("combobox", name="Leads", exact=True).fill("Company 1")
    dialog.get_by_role("option", name="Example Company 1", exact=True).click()
    look(page, "new members of a segment")
    press(dialog, "Add")
    told(page, "Members added")
    expect(table.get_by_role("link", name="Example Company 1", exact=True)).to_be_visible()
    look(page, "a segment")
    press(page, "Take out: Example Company 0")
    told(page, "Taken out")
    expect(table.get_by_role("rowheader")).to_have_count(1)


def preview_by_keyboard(page):
    """Whom a draft would reach is seen without a mouse, and it cannot be sent."""
    begin_by_keys(page, "Leads", "g", "l")
    page.goto(f"{base}/#/content-items/{plan['draft']}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Six ways")
    settle(page)
    reach(page, page.locator("main .heading").get_by_role("button", name="Preview readers", exact=True))
    page.keyboard.press("Enter")
    dialog = opened(page, "Preview readers")
    expect(dialog.get_by_role("button", name="Send content")).to_have_count(0)
    reach(page, dialog.get_by_role("button", name="Preview readers", exact=True))
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("2 people would get it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


walks = [distribute, calendar, members]
with browsing() as browser:
    page = browser.new_context(locale="en-GB").new_page()
    watch(page)
    attempt(sign_in, page)
    for walk in walks:
        attempt(walk, page)
        if page.get_by_role("dialog").count():
            page.keyboard.press("Escape")
    page = browser.new_context(locale="en-GB").new_page()
    watch(page)
    attempt(preview_by_keyboard, page)
