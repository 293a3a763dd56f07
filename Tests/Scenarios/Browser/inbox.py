"""A supporter's day in a headless browser: conversations, tickets, articles, the outbox and the figures, by the page
only.

Usage: inbox.py PLAN, a file of JSON: {url, email, password, key (the public key of the chat), visitor, colleague (a name),
canned (a canned reply that greets by name), macro, tickets: [subject, …] (three of one client), article, reader: {email,
password}, gaps: {email, password, questions (two that no article answers)}, browser}. Prints JSON: {violations, faults};
both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import clientdays, days, looking
from knowledge import fill_gaps, write_articles
from looking import attempt, browsing, faults, plan, says, settle, sign_in, told, watch

base = plan["url"]
widths = (360, 768, 1360)


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def look(page, name):
    """Axe by day and by night, and whether it fits; what is open stays as it is."""
    looking.look(page, name, widths)
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def menu(page, button, item):
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def conversations(page):
    return page.get_by_role("list", name="Conversations")


def answer_conversations(page):
    """Found, opened, answered with a canned reply, noted, assigned, put off, closed, found again."""
    sign_in(page, plan)
    keys = page.keyboard
    page.evaluate("document.activeElement?.blur()")
    keys.press("g")
    keys.press("i")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    settle(page)
    expect(conversations(page).get_by_role("listitem")).to_have_count(2)
    look(page, "inbox")
    # The keyboard alone: the first row, open it, reply.
    page.evaluate("document.activeElement?.blur()")
    keys.press("j")
    expect(conversations(page).get_by_role("link").first).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Web chat with")
    settle(page)
    who = page.get_by_role("heading", level=1).inner_text().split(" with ")[1]
    page.evaluate("document.activeElement?.blur()")
    keys.press("r")
    reply = page.get_by_role("textbox", name="Reply", exact=True)
    expect(reply).to_be_focused()
    keys.type("/" + plan["canned"][:4])
    expect(page.get_by_role("option", name=re.compile(re.escape(plan["canned"])))).to_be_visible()
    look(page, "suggestions")
    reply.focus()
    keys.press("Enter")
    expect(reply).to_have_value(re.compile(re.escape(who)))
    page.reload()
    settle(page)
    expect(reply).to_have_value(re.compile(re.escape(who)))
    reply.focus()
    keys.press("Control+Enter")
    thread = page.get_by_role("list", name="Messages, oldest first")
    expect(thread).to_contain_text(f"Dear {who}")
    expect(reply).to_have_value("")
    # A note for a colleague, which the visitor never sees, with what it is about.
    page.get_by_role("button", name="Internal note").click()
    note = page.get_by_role("textbox", name="Note", exact=True)
    note.press_sequentially("@" + plan["colleague"][:3])
    page.get_by_role("option", name=re.compile(plan["colleague"])).click()
    note.press_sequentially("please look <b>at this</b>")
    page.get_by_role("button", name="Add note").click()
    expect(thread).to_contain_text(f"@{plan['colleague']} please look <b>at this</b>")
    page.get_by_role("button", name="Reply", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach file").click()
    chooser.value.set_files({"name": "prices.txt", "mimeType": "text/plain", "buffer": b"All prices"})
    expect(page.get_by_role("list", name="Attached files")).to_contain_text("prices.txt")
    reply.fill("Here are the prices.")
    page.get_by_role("button", name="Send", exact=True).click()
    shown = thread.get_by_role("button", name=re.compile("prices.txt"))
    expect(shown).to_be_visible()
    shown.click()
    preview = page.get_by_role("dialog", name="prices.txt")
    expect(preview).to_contain_text("All prices")
    keys.press("Escape")
    expect(preview).to_have_count(0)
    look(page, "conversation")
    # Somebody else's, put off, and closed.
    menu(page, "More", "Assign to…")
    dialog = page.get_by_role("dialog", name="Assign conversation")
    dialog.get_by_role("combobox", name="Person").fill(plan["colleague"])
    dialog.get_by_role("option", name=plan["colleague"]).click()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    told(page, "Conversation assigned")
    page.get_by_role("button", name="Assign to me", exact=True).click()
    told(page, "Assigned to you")
    menu(page, "More", "Hand back to the agent")
    told(page, "The agent takes over")
    page.get_by_role("button", name="Assign to me", exact=True).click()
    told(page, "Assigned to you")
    menu(page, "Snooze", "For an hour")
    told(page, "Snoozed")
    page.get_by_role("button", name="Reopen", exact=True).click()
    told(page, "Conversation reopened")
    menu(page, "More", "Mark as unread")
    told(page, "Marked as unread")
    menu(page, "More", "Edit tags and category…")
    dialog = page.get_by_role("dialog", name="Edit conversation")
    dialog.get_by_label("Category", exact=True).fill("prices")
    dialog.get_by_role("button", name="Save", exact=True).click()
    told(page, "Conversation saved")
    menu(page, "More", "Set priority…")
    dialog = page.get_by_role("dialog", name="Set priority")
    dialog.get_by_label("Priority", exact=True).select_option(label="Urgent")
    dialog.get_by_role("button", name="Save", exact=True).click()
    told(page, "Priority set")
    expect(page.get_by_text("Urgent priority").first).to_be_visible()
    page.get_by_label("Show", exact=True).select_option(label="Unassigned")
    expect(conversations(page).get_by_role("listitem")).to_have_count(1)
    page.get_by_label("Show", exact=True).select_option(label="All open")
    expect(conversations(page).get_by_role("listitem")).to_have_count(2)
    page.evaluate("document.activeElement?.blur()")
    keys.press("c")
    told(page, "Conversation closed")
    page.get_by_label("Show", exact=True).select_option(label="Closed")
    expect(conversations(page).get_by_role("listitem")).to_have_count(1)
    page.get_by_label("Show", exact=True).select_option(label="All open")
    expect(conversations(page).get_by_role("listitem")).to_have_count(1)


def assign_at_once(page):
    """A conversation is mine before the server has said so, and is not when it refuses."""
    sign_in(page, plan)
    go(page, "#/inbox")
    conversations(page).get_by_role("link").first.click()
    settle(page)
    mine = page.get_by_role("button", name="Assign to me", exact=True)
    expect(mine).to_be_visible()
    held = []
    page.route("**/claim", lambda route: held.append(route))
    mine.click()
    expect(mine).to_have_count(0)
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    problem = {"status": 409, "code": "conflict", "title": "Not now", "detail": "A colleague was faster."}
    for route in held:
        route.fulfill(status=409, content_type="application/problem+json", json=problem)
    expect(page.get_by_role("alert").filter(has_text="A colleague was faster.").first).to_be_visible()
    expect(mine).to_be_visible()
    # The browser's console tells of the refusal, too.
    faults[:] = [one for one in faults if "409" not in one]


def hear_and_clear(page):
    """A conversation that comes meanwhile is on top and unread; several are closed at once; a ticket is made of one."""
    sign_in(page, plan)
    go(page, "#/inbox")
    says("Nora New", "Is anybody there?")
    first = conversations(page).get_by_role("listitem").first
    expect(first).to_contain_text("Nora New")
    expect(first).to_contain_text("1 unread")
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Web chat with Nora New")
    settle(page)
    says("Nora New", "I have a second question.")
    expect(page.get_by_role("list", name="Messages, oldest first")).to_contain_text("I have a second question.")
    menu(page, "More", "Make a ticket…")
    dialog = page.get_by_role("dialog", name="New ticket")
    dialog.get_by_label("Subject", exact=True).fill("Nora asks something")
    dialog.get_by_role("button", name="Save", exact=True).click()
    told(page, "Ticket created")
    page.get_by_role("link", name="Open", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora asks something")
    settle(page)
    expect(page.get_by_role("link", name="View conversation")).to_be_visible()
    go(page, "#/inbox")
    boxes = conversations(page).get_by_role("checkbox")
    for index in range(boxes.count()):
        boxes.nth(index).check()
    page.get_by_role("toolbar", name="Selection").get_by_role("button", name="Close selected").click()
    told(page, "conversations changed")
    expect(page.get_by_text("No open conversations")).to_be_visible()
    look(page, "empty inbox")


def on_a_phone(page):
    """One pane at a time, each with a way back."""
    sign_in(page, plan)
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, "#/inbox?show=all")
    conversations(page).get_by_role("link").first.click()
    settle(page)
    expect(conversations(page)).to_be_hidden()
    page.get_by_role("button", name="Contact details").click()
    expect(page.get_by_role("region", name="About the contact")).to_be_visible()
    expect(page.get_by_role("textbox", name="Reply", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Back to conversation").click()
    expect(page.get_by_role("textbox", name="Reply", exact=True)).to_be_visible()
    page.locator("main").get_by_role("link", name="Inbox", exact=True).click()
    expect(conversations(page)).to_be_visible()


def work_on_tickets(page):
    """Answered, noted, moved, escalated, split, linked, merged, resolved; each by the page."""
    one, two, three = plan["tickets"]
    sign_in(page, plan)
    go(page, "#/tickets")
    looking.look_everywhere(page, "tickets")
    page.get_by_role("link", name=one).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(one)
    settle(page)
    expect(page.get_by_role("region", name="SLA targets")).to_contain_text("left")
    reply = page.get_by_role("textbox", name="Reply", exact=True)
    expect(page.get_by_role("region", name="Suggested answers")).to_contain_text(plan["article"])
    page.get_by_role("button", name=re.compile(f"Use in reply.*{re.escape(plan['article'])}")).click()
    expect(reply).not_to_have_value("")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(reply).to_have_value("")
    expect(page.get_by_role("region", name="SLA targets")).to_contain_text("Met")
    page.get_by_role("button", name="Internal note").click()
    page.get_by_role("textbox", name="Note", exact=True).fill("Seen before")
    page.get_by_role("button", name="Add note").click()
    thread = page.get_by_role("list", name="Messages, oldest first")
    expect(thread).to_contain_text("Seen before")
    page.get_by_label("Priority", exact=True).select_option(label="High")
    told(page, "Ticket saved")
    page.get_by_label("Assignee", exact=True).select_option(label=plan["colleague"])
    expect(page.get_by_label("Assignee", exact=True)).to_have_value(re.compile("^user_"))
    page.get_by_role("button", name="Apply macro…").click()
    dialog = page.get_by_role("dialog", name="Apply macro")
    expect(dialog).to_contain_text(plan["macro"])
    dialog.get_by_role("button", name="Apply macro", exact=True).click()
    told(page, "Macro applied")
    menu(page, "More", "Escalate…")
    dialog = page.get_by_role("dialog", name="Escalate ticket")
    dialog.get_by_label("Reason", exact=True).fill("It takes too long")
    dialog.get_by_role("button", name="Escalate ticket").click()
    expect(page.get_by_role("region", name="Escalated")).to_contain_text("It takes too long")
    watchers = page.get_by_role("region", name="Watchers")
    watchers.get_by_role("button", name="Watch", exact=True).click()
    told(page, "You watch this ticket")
    watchers.get_by_role("button", name="Add a colleague…").click()
    page.get_by_role("dialog", name="Add a watcher").get_by_role("button", name="Add", exact=True).click()
    told(page, "Watcher added")
    expect(watchers.get_by_role("listitem")).to_have_count(2)
    look(page, "ticket")
    menu(page, "More", "Link a related ticket…")
    pick(page, page.get_by_role("dialog", name="Link ticket"), "Belongs together with", two, "Link tickets")
    expect(page.get_by_role("region", name="Related tickets")).to_contain_text(two)
    menu(page, "More", "Split off a message…")
    dialog = page.get_by_role("dialog", name="Split ticket")
    dialog.get_by_label("Subject", exact=True).fill("Another matter")
    dialog.get_by_role("button", name="Create ticket").click()
    told(page, "Ticket created")
    page.get_by_role("button", name="Resolve", exact=True).click()
    dialog = page.get_by_role("dialog", name="Resolve ticket")
    dialog.get_by_label("Resolution", exact=True).fill("The invoice was sent again")
    dialog.get_by_role("button", name="Resolve ticket").click()
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
    page.get_by_role("button", name="Reopen", exact=True).click()
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    # The third goes on in the second, after it has been seen which that is.
    go(page, "#/tickets")
    page.get_by_role("link", name=three).click()
    settle(page)
    menu(page, "More", "Merge into another ticket…")
    dialog = page.get_by_role("dialog", name="Merge ticket")
    pick(page, dialog, "Merge into", two, "Merge tickets", seen=two)
    expect(page.get_by_role("heading", level=1)).to_have_text(two)


def pick(page, dialog, label, text, action, seen=None):
    dialog.get_by_role("combobox", name=label).fill(text)
    dialog.get_by_role("option").filter(has_text=text).first.click()
    if seen:
        expect(dialog.get_by_role("status").filter(has_text=seen)).to_be_visible()
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_have_count(0)


def move_on_the_board(page):
    """By the menu of the card, without a mouse, and the focus stays with it; then carried."""
    two = plan["tickets"][1]
    sign_in(page, plan)
    go(page, "#/tickets?as=board")
    look(page, "board of tickets")
    card = page.get_by_role("button", name=f"Move {two}")
    card.press("Enter")
    page.get_by_role("menuitem", name="On hold").press("Enter")
    held = page.get_by_role("list", name="On hold")
    expect(held.get_by_role("link", name=two)).to_be_visible()
    expect(page.get_by_role("button", name=f"Move {two}")).to_be_focused()
    held.get_by_role("listitem").filter(has_text=two).drag_to(page.get_by_role("list", name="Open", exact=True))
    expect(page.get_by_role("list", name="Open", exact=True).get_by_role("link", name=two)).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_role("list", name="Open", exact=True).get_by_role("link", name=two)).to_be_visible()
    page.get_by_label("Whose", exact=True).select_option("mine")
    page.get_by_label("Priority", exact=True).select_option("low")
    expect(page.get_by_text("No tickets match.")).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_label("Whose", exact=True)).to_have_value("mine")
    expect(page.get_by_label("Priority", exact=True)).to_have_value("low")
    expect(page.get_by_text("No tickets match.")).to_be_visible()


def see_the_rest(page):
    """The outbox names people and not their addresses of machines; a figure leads to its records; every page fits."""
    sign_in(page, plan)
    go(page, "#/outbox?show=")
    expect(page.get_by_role("table", name="Messages")).to_contain_text("Web chat message")
    look(page, "outbox")
    go(page, "#/insights/support")
    look(page, "figures")
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("table", name="Tickets by day")).to_be_visible()
    page.locator(".figures").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")
    for place in ("#/coaching", "#/satisfaction", "#/service-incidents", "#/surveys", "#/survey-responses",
                  "#/form-submissions", "#/improvements", "#/support-reports"):
        go(page, place)
        look(page, place)
        if page.locator("main [role=alert]").count():
            faults.append(f"{place}: {page.locator('main [role=alert]').first.inner_text()}")


def read_only(page):
    """Somebody who may only read conversations and tickets finds nothing to change."""
    sign_in(page, plan["reader"])
    go(page, "#/inbox?show=all")
    conversations(page).get_by_role("link").first.click()
    settle(page)
    for name in ("Send", "Close", "Snooze", "Assign to me", "Reopen"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    go(page, "#/tickets")
    page.get_by_role("link", name=plan["tickets"][1]).click()
    settle(page)
    for name in ("Send", "Resolve", "Edit"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


with browsing() as browser:
    for walk in (answer_conversations, assign_at_once, hear_and_clear, on_a_phone, work_on_tickets, move_on_the_board, write_articles,
                 fill_gaps, see_the_rest, read_only):
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
    days.take(browser, clientdays.of_supporter, "light", "dark", "light")
