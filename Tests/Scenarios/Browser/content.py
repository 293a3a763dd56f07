"""Sends content after looking at its readers, cancels it, gives out the calendar by a link, and makes and fills segments.

Usage: content.py PLAN, a file of JSON: {url, email, password, item (approved, of two variants), draft, piece (a draft for a
client who has the last word), segment (static, with one of three leads in it, who is unsubscribed), browser}. Prints JSON:
{violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import (
    ask, begin_by_keys, browsing, faults, go, opened, pass_review, plan, press, reach, settle, told, walk_alone,
    walk_through, wide)

base = plan["url"]
widths = (320, 360, 768, 1360)


def look(page, what):
    settle(page)
    looking.look(page, what, widths)
    wide(page)


def choose(place, text):
    press(place, "Change")
    place.page.get_by_role("menuitem", name=text, exact=True).click()


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


def review(page):
    """A piece is submitted and passed, its client's page is opened, and its first words come back."""
    go(page, f"#/content-items/{plan['piece']}", "Spring")
    pass_review(page, "Review content")
    look(page, "a piece that waits for its client")
    address = page.get_by_role("link", name="The client's page", exact=True).get_attribute("href")
    shown = page.request.get(base + re.sub("^https?://[^/]*", "", address)).text()
    if "Second words." not in shown:
        faults.append("the client's page does not show the piece")
    versions = page.get_by_role("region", name="Versions", exact=True)
    press(versions, "Compare Version 1")
    dialog = opened(page, "Version 1 and the content now")
    look(page, "two versions of a piece")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    press(versions, "Restore Version 1")
    press(opened(page, "Restore Version 1?"), "Restore")
    told(page, "Version restored")
    expect(page.locator("main .heading").get_by_role("button", name="Submit for review")).to_be_visible()


def calendar(page):
    """The former address leads on, a month is turned; a link is made and read by a program, renamed, and withdrawn."""
    wide(page)
    page.goto(f"{base}/#/content-calendar")
    expect(page).to_have_url(re.compile("#/calendar$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Calendar")
    settle(page)
    expect(page.locator(".calendar-body .entry")).not_to_have_count(0)
    page.get_by_role("link", name="Next month", exact=True).click()
    expect(page).to_have_url(re.compile(r"on=\d{4}-\d\d-01$"))
    settle(page)
    page.get_by_role("link", name="Today", exact=True).last.click()
    settle(page)
    look(page, "the calendar")
    page.locator("main .heading").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Calendar links", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Calendar links")
    links = page.get_by_role("region", name="Calendar links", exact=True)
    expect(links).to_contain_text("There are no links yet.")
    look(page, "the links of the calendar")
    press(links, "New calendar link")
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
    table = page.get_by_role("table", name="Calendar links")
    expect(table.get_by_role("rowheader", name="Anna's phone")).to_be_visible()
    choose(links, "Edit")
    dialog = opened(page, "Edit calendar link")
    dialog.get_by_label("Name", exact=True).fill("Anna's tablet")
    dialog.get_by_label("Key dates of", exact=True).select_option("DE")
    press(dialog, "Save")
    told(page, "Calendar link saved")
    expect(table.get_by_role("rowheader", name="Anna's tablet")).to_be_visible()
    if "SUMMARY:German Unity Day" not in page.request.get(link).text():
        faults.append("the link does not have the days of the country that was chosen")
    choose(links, "Withdraw link")
    press(opened(page, "Withdraw calendar link?"), "Withdraw link")
    told(page, "Calendar link withdrawn")
    expect(table).to_have_count(0)
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


def conditions(page):
    """A filter says whom it finds while it is made; it is read in words, and changed."""
    go(page, "#/segments", "Segments")
    press(page, "New segment")
    dialog = opened(page, "New segment")
    dialog.get_by_label("Name", exact=True).fill("All but one")
    first = dialog.get_by_role("group", name="Condition 1", exact=True)
    expect(first).to_be_visible()
    press(dialog, "Save")
    expect(first).to_contain_text("Choose a field.")
    expect(first.get_by_label("Field", exact=True)).to_be_focused()
    ask(first, "Company", "contains", "Example Company")
    expect(dialog).to_contain_text("3 leads match.")
    add = dialog.get_by_role("button", name="Add group", exact=True)
    reach(page, add)
    page.keyboard.press("Enter")
    group = dialog.get_by_role("group", name="Group 2", exact=True)
    expect(group.get_by_label("Match", exact=True)).to_be_focused()
    expect(dialog).to_contain_text("Complete the conditions to see whom they find.")
    ask(group.get_by_role("group", name="Condition 2.1", exact=True), "Company", "is", "Example Company 2")
    group.get_by_label("Match", exact=True).select_option(label="None of these")
    expect(dialog).to_contain_text("2 leads match.")
    look(page, "a filter of a segment")
    press(dialog, "Save")
    told(page, "Segment created")
    page.get_by_role("table", name="Segments").get_by_role("link", name="All but one", exact=True).click()
    rule = page.get_by_role("region", name="Filter", exact=True)
    expect(rule).to_contain_text("Company contains Example Company")
    expect(rule).to_contain_text("None of these")
    settle(page)
    look(page, "a segment with a filter")
    press(page, "Edit")
    dialog = opened(page, "Edit segment")
    expect(dialog).to_contain_text("2 leads match.")
    press(dialog, "Remove Group 2")
    expect(dialog).to_contain_text("3 leads match.")
    press(dialog, "Add condition")
    ask(dialog.get_by_role("group", name="Condition 2", exact=True), "Company", "is not", "Example Company 0")
    expect(dialog).to_contain_text("2 leads match.")
    # Several countries are chosen by their names.
    press(dialog, "Add condition")
    third = dialog.get_by_role("group", name="Condition 3", exact=True)
    third.get_by_label("Field", exact=True).select_option(label="Country")
    third.get_by_label("Comparison", exact=True).select_option(label="is one of")
    for name in ("Germany", "Austria"):
        looking.choose(third, "Value", name)
    expect(third.get_by_role("listitem").filter(has_text="Austria")).to_be_visible()
    look(page, "several countries in a filter")
    press(dialog, "Remove Condition 3")
    expect(dialog).to_contain_text("2 leads match.")
    press(dialog, "Save")
    told(page, "Segment saved")
    expect(rule).to_contain_text("Company is not Example Company 0")


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


walks = [distribute, review, calendar, members, conditions]
with browsing() as browser:
    walk_through(browser, walks)
    walk_alone(browser, preview_by_keyboard)
