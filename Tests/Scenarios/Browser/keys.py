"""Chooses a list's columns by mouse and by keyboard, goes and moves by single keys, and works on records by keyboard
alone on a phone's and a tablet's width, in a headless browser.

Usage: keys.py PLAN, a file of JSON: {url, email, password, lead (its name), browser, only (one walk)}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import (
    attempt, browsing, call, faults, fill_by_keys, fits, plan, press_keys, reach, settle, sign_in_by_keys, watch)

base = plan["url"]


def enter(page, width):
    """Signs in without a mouse, on a screen of that width."""
    page.set_viewport_size({"width": width, "height": 800})
    sign_in_by_keys(page, f"{base}/", plan["email"], plan["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def heads(page):
    """Returns the heads of the columns, without the sign of how they are sorted."""
    expect(page.locator("main table.records thead")).to_be_visible()
    return [text.rstrip(" ↑↓") for text in page.locator("main table.records thead th[title] span:first-child")
            .all_inner_texts()]


def has_columns(page, shown, hidden, what):
    table = page.get_by_role("table", name="Leads")
    for name in shown:
        expect(table.get_by_role("columnheader").filter(has_text=name)).to_have_count(1)
    for name in hidden:
        expect(table.get_by_role("columnheader").filter(has_text=name)).to_have_count(0)
    row = table.get_by_role("row").filter(has_text=plan["lead"])
    expect(row.locator("td[data-label]")).to_have_count(len(heads(page)) - 1)
    if "Industry" in shown:
        expect(row.locator("td[data-label=Industry]")).to_have_text(re.compile("technology", re.IGNORECASE))
    if "Industry" in shown and heads(page)[-1] != "Industry":
        faults.append(f"{what}: what was added does not follow what was there: {heads(page)}")


def comes_back(page, shown, hidden):
    """The columns are there again after a reload, after a record and back, and in the chooser."""
    address = page.url
    page.reload()
    settle(page)
    has_columns(page, shown, hidden, "after a reload")
    page.locator("main").get_by_role("link", name=plan["lead"], exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(plan["lead"])
    page.go_back()
    settle(page)
    if page.url != address:
        faults.append(f"back leads to {page.url}, and not to {address}")
    has_columns(page, shown, hidden, "after a record")
    page.get_by_role("button", name="Columns", exact=True).click()
    dialog = page.get_by_role("dialog", name="Columns")
    for name in shown:
        expect(dialog.get_by_label(name, exact=True)).to_be_checked()
    for name in hidden:
        expect(dialog.get_by_label(name, exact=True)).not_to_be_checked()


def chooses_by_mouse(page):
    """Columns are ticked and unticked, stay after a reload, and the usual ones come back with a click."""
    enter(page, 1280)
    page.goto(f"{base}/#/leads")
    settle(page)
    usual = heads(page)
    page.get_by_role("button", name="Columns", exact=True).click()
    dialog = page.get_by_role("dialog", name="Columns")
    dialog.get_by_label("Industry", exact=True).check()
    dialog.get_by_label("Status", exact=True).uncheck()
    looking.look(page, "the choice of columns", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    dialog.get_by_role("button", name="Show columns").click()
    expect(dialog).to_have_count(0)
    settle(page)
    has_columns(page, ("Industry",), ("Status",), "once they are chosen")
    comes_back(page, ("Industry",), ("Status",))
    dialog.get_by_role("button", name="Usual columns").click()
    expect(dialog).to_have_count(0)
    has_columns(page, ("Status",), ("Industry",), "once the usual ones are back")
    page.reload()
    settle(page)
    if heads(page) != usual:
        faults.append(f"the usual columns are {heads(page)} after a reload, and were {usual}")
    # Giving up changes nothing.
    page.get_by_role("button", name="Columns", exact=True).click()
    dialog.get_by_label("Industry", exact=True).check()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    if heads(page) != usual:
        faults.append(f"columns were changed that nobody wanted: {heads(page)}")


def chooses_by_keys(page):
    """Without a mouse the keyboard goes into the choice, stays in it, and comes back to its button."""
    enter(page, 1280)
    keys = page.keyboard
    keys.press("g")
    keys.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    settle(page)
    button = page.get_by_role("button", name="Columns", exact=True)
    reach(page, button)
    keys.press("Enter")
    dialog = page.get_by_role("dialog", name="Columns")
    expect(dialog).to_be_visible()
    for name in ("Status", "Industry"):
        reach(page, dialog.get_by_label(name, exact=True))
        keys.press("Space")
    expect(dialog.get_by_label("Industry", exact=True)).to_be_checked()
    expect(dialog.get_by_label("Status", exact=True)).not_to_be_checked()
    reach(page, dialog.get_by_role("button", name="Show columns"))
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    settle(page)
    has_columns(page, ("Industry",), ("Status",), "once they are chosen by keys")
    comes_back(page, ("Industry",), ("Status",))


def go_by_keys(page, letter, name):
    press_keys(page, "g", letter)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


def acts_by_single_keys(page):
    """`g` and a letter lead to each place, `m` moves the card that `j` and `k` have gone to, and no key acts while
    somebody types."""
    enter(page, 1280)
    keys = page.keyboard
    lead = call(page, "GET", "/v1/leads?limit=1")["data"][0]["id"]
    names = ("Keys first", "Keys second")
    for name in names:
        call(page, "POST", "/v1/deals", {"name": name, "lead_id": lead})
    for letter, name in (("i", "Inbox"), ("c", "Clients"), ("k", "Tickets"), ("s", "Settings"), ("a", "Approvals"),
                         ("t", "Today"), ("l", "Leads")):
        go_by_keys(page, letter, name)
    # Typed keys are text, and nothing else.
    keys.press("/")
    box = page.get_by_role("searchbox", name="Search leads")
    expect(box).to_be_focused()
    keys.type("gtnxemarc?[]jk/")
    expect(box).to_have_value("gtnxemarc?[]jk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press_keys(page, "Control+a", "Delete")
    expect(page.get_by_role("table", name="Leads").get_by_role("link", name=plan["lead"], exact=True)).to_be_visible()
    # The card that has the keyboard is the one that moves, and the keyboard goes with it.
    page.goto(f"{base}/#/deals?as=board")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deals")
    settle(page)
    cards = page.get_by_role("region", name="Deals by stage").get_by_role("listitem").get_by_role("link")
    expect(cards).to_have_count(2)
    page.evaluate("document.activeElement?.blur()")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
        keys.press(key)
        expect(cards.nth(at)).to_be_focused()
    name, other = cards.nth(1).inner_text(), cards.nth(0).inner_text()
    keys.press("m")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    keys.type("Negotiation")
    keys.press("Enter")
    moved = page.get_by_role("list", name="Negotiation", exact=True)
    expect(moved.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=f"Move {name}")).to_be_focused()
    expect(moved.get_by_role("link", name=other, exact=True)).to_have_count(0)


def reached(page, target, width):
    """Reaches the target, which is to be seen then: not beside the screen, and with its ring."""
    reach(page, target)
    held = target.first.evaluate("""one => {
        const { top, bottom, left, right } = one.getBoundingClientRect();
        return { seen: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
                 ringed: one.matches(":focus-visible") };
    }""")
    if not held["seen"] or not held["ringed"]:
        faults.append(f"at {width} px the keyboard is at {target}, which is not shown to be so: {held}")


def choose_from_menu(page, name, width):
    """Opens the folded menu, closes it, opens it again, and goes to one of its places."""
    menu = page.get_by_role("button", name="Menu", exact=True)
    for last in (False, True):
        reached(page, menu, width)
        page.keyboard.press("Enter")
        expect(menu).to_have_attribute("aria-expanded", "true")
        expect(page.locator("#side nav a").first).to_be_focused()
        if not last:
            page.keyboard.press("Escape")
            expect(menu).to_have_attribute("aria-expanded", "false")
            expect(menu).to_be_focused()
    reached(page, page.locator("#side").get_by_role("link", name=name, exact=True), width)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(menu).to_have_attribute("aria-expanded", "false")
    settle(page)
    fits(page, f"the list of {name}", (width,))


def save(page, dialog, width):
    """By its button on a phone, and by the keys that send every form on a tablet."""
    if width < 700:
        reached(page, dialog.get_by_role("button", name="Save", exact=True), width)
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0)
    settle(page)


def work(page, width, many, one, field, words):
    """Menu, list, new record, record, form, save and back: nothing but keys."""
    choose_from_menu(page, many, width)
    keys, main = page.keyboard, page.locator("main")
    reached(page, main.locator("[data-key=n]"), width)
    keys.press("Enter")
    dialog = page.get_by_role("dialog", name=f"New {one}", exact=True)
    expect(dialog).to_be_visible()
    fits(page, f"the form of a new {one}", (width,))
    name = f"Keys at {width} {one}"
    fill_by_keys(page, dialog, **{"Company" if one == "lead" else "Name": name})
    save(page, dialog, width)
    link = main.get_by_role("link", name=name, exact=True)
    reached(page, link, width)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)
    fits(page, f"the page of a {one}", (width,))
    reached(page, main.locator("[data-key=e]"), width)
    keys.press("Enter")
    dialog = page.get_by_role("dialog", name=f"Edit {one}", exact=True)
    expect(dialog).to_be_visible()
    box = dialog.get_by_label(field, exact=True)
    reached(page, box, width)
    keys.press("Control+a")
    keys.type(words)
    expect(box).to_have_value(words)
    save(page, dialog, width)
    expect(main.get_by_text(words).first).to_be_visible()
    reached(page, main.locator(".crumbs").get_by_role("link", name=many, exact=True), width)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(many)
    settle(page)
    expect(main.get_by_role("link", name=words if field == "Name" else name, exact=True).first).to_be_visible()


def works_by_keys(page, width):
    enter(page, width)
    work(page, width, "Leads", "lead", "Email", f"ida@keys{width}.example")
    work(page, width, "Clients", "client", "Name", f"Keys at {width} & Sons")


def works_on_a_phone(page):
    """A lead and a client are made, read, corrected and left by keyboard alone, 360 px wide."""
    works_by_keys(page, 360)


def works_on_a_tablet(page):
    """The walk 768 px wide, where the menu is folded, too."""
    works_by_keys(page, 768)


with browsing() as browser:
    for walk in (chooses_by_mouse, chooses_by_keys, acts_by_single_keys, works_on_a_phone, works_on_a_tablet):
        if plan.get("only") not in (None, walk.__name__):
            continue
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
        page.context.close()
