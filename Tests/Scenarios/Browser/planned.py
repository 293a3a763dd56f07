"""Moves what is planned in the calendar by mouse and by keyboard, undoes it, and looks at it by week, as a list, on
a phone.

Usage: planned.py PLAN, a file of JSON: {url, email, password, post (on 13 January 2099), stale (on the 8th), gone (a
post that was published today), item (on the 14th), campaign (with a milestone on the 15th), account, client,
browser}; an email campaign is on the 16th, the same words are on two networks on the 12th, two posts are at once on
the 22nd, another client's piece is on the 29th, and June has 3,000 milestones. Prints JSON: {violations, faults};
both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import browsing, call, faults, opened, plan, press, reach, settle, told, walk_through, wide

base = plan["url"]
widths = (320, 360, 768, 1360)


def go(page, query):
    wide(page)
    page.goto("about:blank")
    page.goto(f"{base}/#/calendar{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Calendar")
    expect(page.locator(".calendar-body [data-day], .calendar-body .rolling li").first).to_be_visible()
    settle(page)


def look(page, what):
    settle(page)
    looking.look(page, what, widths)
    wide(page)


def day(page, date):
    return page.locator(f"[data-day='{date}']")


def entry(page, name):
    return page.locator(".calendar-body .entry").filter(has_text=name)


def on(page, name, date):
    """The entry is on that day, and on no other."""
    expect(day(page, date).locator(".entry").filter(has_text=name)).to_have_count(1)
    expect(entry(page, name)).to_have_count(1)


def drag(page, name, date):
    entry(page, name).locator("a").first.drag_to(day(page, date).locator(".day-head"))


def by_mouse(page):
    """Each kind is carried to another day; the last move is undone."""
    go(page, "?on=2099-01-15")
    look(page, "a month of the calendar")
    drag(page, "Spring is here", "2099-01-20")
    told(page, "Spring is here is planned for Tuesday 20 January, 10:00")
    on(page, "Spring is here", "2099-01-20")
    settle(page)
    drag(page, "Newsletter", "2099-01-15")
    told(page, "Newsletter is planned for Thursday 15 January, 10:00")
    on(page, "Newsletter", "2099-01-15")
    settle(page)
    drag(page, "Kick-off", "2099-01-16")
    told(page, "Kick-off is planned for Friday 16 January")
    on(page, "Kick-off", "2099-01-16")
    settle(page)
    drag(page, "Kick-off", "2099-01-18")
    told(page, "Kick-off is planned for Sunday 18 January")
    settle(page)
    page.get_by_role("button", name="Undo", exact=True).last.click()
    on(page, "Kick-off", "2099-01-16")
    settle(page)
    drag(page, "Kick-off", "2099-01-17")
    on(page, "Kick-off", "2099-01-17")
    settle(page)
    page.reload()
    settle(page)
    on(page, "Kick-off", "2099-01-17")
    on(page, "Spring is here", "2099-01-20")


def by_keyboard(page):
    """Space picks up, arrows move, Escape gives up and Enter puts down."""
    go(page, "?on=2099-01-15")
    link = entry(page, "Spring is here").locator("a")
    reach(page, link)
    page.keyboard.press("Space")
    expect(page.locator("#announcer")).to_contain_text("is picked up from Tuesday 20 January")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#announcer")).to_have_text("Tuesday 27 January")
    expect(day(page, "2099-01-27")).to_have_class(re.compile("over"))
    page.keyboard.press("Escape")
    expect(page.locator("#announcer")).to_have_text("It stays where it was.")
    on(page, "Spring is here", "2099-01-20")
    expect(link).to_be_focused()
    for key in ("Space", "ArrowDown", "ArrowRight", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    told(page, "Spring is here is planned for Tuesday 27 January, 10:00")
    on(page, "Spring is here", "2099-01-27")
    expect(entry(page, "Spring is here").locator("a")).to_be_focused()
    settle(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"social-posts/{plan['post']}$"))


def stale(page):
    """A post that somebody has changed while it was carried stays where it was, and that is said."""
    go(page, "?on=2099-01-15")
    link = entry(page, "Changed by others").locator("a")
    link.focus()
    page.keyboard.press("Space")
    call(page, "PATCH", f"/v1/social-posts/{plan['stale']}", {"link": "https://example.com/"})
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Changed by others was not moved. Somebody has changed it meanwhile.")
    on(page, "Changed by others", "2099-01-08")
    look(page, "a move that was refused")


def stays(page):
    """A published post is not carried; nothing goes into the past."""
    go(page, "")
    gone = page.locator(f".calendar-body .entry:has(a[href$='{plan['gone']}'])")
    expect(gone).to_be_visible()
    if gone.get_attribute("draggable"):
        faults.append("a post that was published can be dragged")
    before = gone.evaluate("one => one.closest('[data-day]').dataset.day")
    gone.locator("a").focus()
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.goto(f"{base}/#/calendar?as=week")
    settle(page)
    expect(page.locator(f"[data-day='{before}'] .entry").filter(has_text="Stands already")).to_have_count(1)
    expect(page.get_by_role("button", name="Move: Stands already")).to_have_count(0)


def shows(page):
    """Conflicts, free slots and clients' colours are shown; filters leave out the rest, and stand in the address."""
    go(page, "?on=2099-01-15")
    hues = [re.findall(r"hue-\d", entry(page, name).get_attribute("class")) for name in ("Harbour news", "Bread week")]
    if hues[0] == hues[1] or not all(len(found) == 1 for found in hues):
        faults.append(f"the entries of two clients have the colours {hues}")
    conflicts = page.get_by_role("region", name="Conflicts", exact=True)
    expect(conflicts).to_contain_text("Twice, once")
    expect(conflicts).to_contain_text("Twice, again")
    expect(entry(page, "Twice, once").locator("a")).to_have_attribute("aria-label", re.compile("in conflict"))
    page.get_by_label("Kind", exact=True).select_option(label="Content")
    expect(page).to_have_url(re.compile("kind=item"))
    settle(page)
    expect(entry(page, "Harbour news")).to_have_count(1)
    expect(entry(page, "Twice, once")).to_have_count(0)
    page.get_by_label("Client", exact=True).select_option(label="Acme Gardens")
    settle(page)
    expect(entry(page, "Harbour news").locator("a")).to_have_attribute("aria-label", re.compile("Acme Gardens"))
    page.get_by_role("link", name="Clear filters", exact=True).click()
    settle(page)
    go(page, "?on=2099-01-15&country=DE")
    expect(day(page, "2099-01-06")).to_contain_text("Epiphany")
    day(page, "2099-01-13").get_by_role("link", name=re.compile("1 free slot")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New post")
    expect(page.get_by_role("checkbox", name=re.compile("^Acme on X"))).to_be_checked()
    expect(page.get_by_label("Day and time", exact=True)).to_have_value("2099-01-13T09:00")


def by_week(page):
    """A week has cards; one is carried, and another gets its hour in a dialog."""
    go(page, "?as=week&on=2099-01-14")
    look(page, "a week of the calendar")
    page.get_by_role("button", name="Preview: Tulips arrive", exact=True).first.click()
    dialog = opened(page, "Tulips arrive on the networks")
    expect(dialog.get_by_role("article")).to_have_count(2)
    expect(dialog.get_by_role("article", name="Acme on X, X", exact=True)).to_contain_text("13 of 280 characters")
    linked = dialog.get_by_role("article", name="Acme on linkedin, LinkedIn", exact=True)
    expect(linked).to_contain_text("13 of 3,000 characters")
    if len({one.bounding_box()["y"] for one in dialog.get_by_role("article").all()}) > 1:
        faults.append("the previews of two networks do not stand side by side")
    look(page, "previews from the calendar")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Harbour news", exact=True).drag_to(day(page, "2099-01-13").locator(".day-head"))
    told(page, "Harbour news is planned for Tuesday 13 January, 09:00")
    settle(page)
    press(page, "Move: Harbour news")
    dialog = opened(page, "Move Harbour news")
    expect(dialog.get_by_label("Day and time", exact=True)).to_have_value("2099-01-13T09:00")
    dialog.get_by_label("Day and time", exact=True).fill("2099-01-21T10:30")
    look(page, "a dialog that moves an entry")
    press(dialog, "Move")
    told(page, "Harbour news is planned for Wednesday 21 January, 10:30")


def many(page):
    """Of 3,000 entries a month has some of each day, and a list those that are seen."""
    go(page, "?on=2099-06-15")
    count = page.locator(".calendar-body .entry").count()
    if not 100 < count <= 42 * 4:
        faults.append(f"a month of 3,000 entries draws {count} of them")
    day(page, "2099-06-15").get_by_role("button", name=re.compile("more")).first.click()
    dialog = opened(page, "Monday 15 June")
    expect(dialog.locator(".entry")).to_have_count(50)
    press(dialog, "Show more")
    expect(dialog.locator(".entry")).to_have_count(100)
    page.keyboard.press("Escape")
    go(page, "?as=list&on=2099-06-01")
    rows = page.locator(".calendar-body .rolling li")
    if rows.count() > 60:
        faults.append(f"the list draws {rows.count()} rows")
    took = page.evaluate("""async () => {
        const box = document.querySelector(".rolling"), frame = () => new Promise(requestAnimationFrame);
        let slowest = 0;
        for (let at = 0; at < 40; at += 1) {
            const began = performance.now();
            box.scrollTop += 3000;
            await frame();
            await frame();
            slowest = Math.max(slowest, document.querySelectorAll(".rolling li").length);
        }
        return slowest;
    }""")
    if took > 60:
        faults.append(f"the list draws {took} rows while it is scrolled")
    look(page, "the calendar as a list")


def narrow(page):
    """On a phone a day says how much it has, and opens it; what is planned is moved there, too."""
    go(page, "?on=2099-01-15")
    page.set_viewport_size({"width": 375, "height": 740})
    expect(entry(page, "Spring is here")).to_be_hidden()
    day(page, "2099-01-27").get_by_role("button").click()
    dialog = opened(page, "Tuesday 27 January")
    expect(dialog.get_by_role("link", name="Spring is here", exact=True)).to_be_visible()
    look(page, "a day of the calendar")
    page.set_viewport_size({"width": 375, "height": 740})
    press(dialog, "Move: Spring is here")
    move = opened(page, "Move Spring is here")
    move.get_by_label("Day and time", exact=True).fill("2020-01-01T10:00")
    press(move, "Move")
    expect(page.get_by_role("alert")).to_contain_text("Spring is here was not moved.")
    page.get_by_text("Filters", exact=True).click()
    expect(page.get_by_label("Kind", exact=True)).to_be_visible()
    looking.look(page, "the calendar on a phone", widths)




walks = [by_mouse, by_keyboard, stale, stays, shows, by_week, many, narrow]
with browsing() as browser:
    walk_through(browser, walks, timezone_id="America/New_York")
    # Refused requests are tried here.
    faults[:] = [fault for fault in faults if "the server responded with a status of 4" not in fault]
