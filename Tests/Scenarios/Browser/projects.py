"""A project lead's day in a headless browser: a client, its project and tasks, what is delivered, told and paid.

Usage: projects.py PLAN, a file of JSON: {url, email, password, colleague (a member's name), browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import clientdays, days, looking
from looking import (
    begin_by_keys, browsing, fill_by_keys, go, opened, pass_review, plan, press, press_keys, reach, sent_by_keys,
    settle, told, walk_alone, walk_through, watch, wide)

widths = (360, 768, 1360)


def look(page, name):
    settle(page)
    looking.look(page, name, widths)
    wide(page)


def menu(page, name):
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def follow(page, name):
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


def client(page):
    go(page, "#/clients")
    follow(page, "Cedar & Pike")


def look_after_a_client(page):
    """A client is made; somebody of it is invited to the portal, once more, and not any longer; the next one comes by
    the link, may less, and is removed."""
    go(page, "#/clients")
    press(page, "New client")
    dialog = opened(page, "New client")
    dialog.get_by_label("Name", exact=True).fill("Cedar & Pike")
    dialog.get_by_label("Contact email", exact=True).fill("daniel@cedar.example")
    press(dialog, "Save")
    told(page, "Client created")
    client(page)
    expect(page.get_by_role("region", name="Health")).to_be_visible()
    page.get_by_role("tab", name="Portal people").click()
    press(page, "Invite to the portal")
    dialog = opened(page, "Invite to the portal")
    expect(dialog.get_by_label("Email", exact=True)).to_have_value("daniel@cedar.example")
    press(dialog, "Send invitation")
    told(page, "Invitation sent")
    people = page.get_by_role("table", name="Portal people")
    expect(people.get_by_text("daniel@cedar.example")).to_be_visible()
    look(page, "a client")
    for item, dialog, action in (("Send again", "Send the invitation again?", "Send invitation"),
                                 ("Revoke", "Revoke the invitation?", "Revoke")):
        people.get_by_role("button", name="Change: daniel@cedar.example").click()
        page.get_by_role("menuitem", name=item).click()
        press(opened(page, dialog), action)
    nobody = page.get_by_text("Nobody of this client can sign in to the portal yet.")
    expect(nobody).to_be_visible()
    # Messages about the invitations that were taken back offer their links, too.
    page.reload()
    settle(page)
    press(page, "Invite to the portal")
    press(opened(page, "Invite to the portal"), "Send invitation")
    page.get_by_role("button", name="Copy link").click()
    told(page, "Link copied")
    accept(page, page.evaluate("navigator.clipboard.readText()"))
    page.reload()
    settle(page)
    of_daniel = people.get_by_role("button", name="Change: Daniel Pike")
    of_daniel.click()
    page.get_by_role("menuitem", name="Change what they may do").click()
    dialog = opened(page, "Portal: Daniel Pike")
    expect(dialog.get_by_label("May", exact=True)).to_have_value("admin")
    dialog.get_by_label("May", exact=True).select_option("viewer")
    press(dialog, "Save")
    expect(people.get_by_role("row").filter(has_text="Daniel Pike")).to_contain_text("Viewer")
    of_daniel.click()
    page.get_by_role("menuitem", name="Remove").click()
    press(opened(page, "Remove Daniel Pike?"), "Remove")
    expect(nobody).to_be_visible()


def accept(page, link):
    """The invited person opens the link in a browser of their own, and is in the portal."""
    context = page.context.browser.new_context(locale="en-GB")
    theirs = context.new_page()
    watch(theirs)
    theirs.goto(link)
    theirs.get_by_label("Your name", exact=True).fill("Daniel Pike")
    theirs.get_by_label("Password", exact=True).fill("correct horse battery")
    theirs.locator("form").get_by_role("button").last.click()
    expect(theirs.get_by_role("link", name="People", exact=True).first).to_be_visible()
    context.close()


def measure(page):
    """Numbers are added by hand, seen as a line and as a table."""
    client(page)
    page.get_by_role("tab", name="Metrics").click()
    for day, value in (("2030-01-01", "10"), ("2030-01-02", "14")):
        press(page, "Add value")
        dialog = opened(page, "Add value")
        for name, said in (("Source", "shop"), ("Metric", "orders"), ("Day", day), ("Value", value)):
            dialog.get_by_label(name, exact=True).fill(said)
        press(dialog, "Save")
        told(page, "Value added")
        expect(dialog).to_have_count(0)
    figure = page.get_by_role("img", name=re.compile("Orders, from Shop"))
    expect(figure).to_be_visible()
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("row", name=re.compile("14"))).to_be_visible()
    look(page, "metrics")
    press(page, "Delete value: Orders")
    dialog = opened(page, "Delete value?")
    expect(dialog.get_by_label("Value", exact=True).locator("option")).to_have_count(2)
    press(dialog, "Delete value")
    told(page, "Value deleted")
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("row", name=re.compile("10"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("14"))).to_have_count(0)


def run_a_project(page):
    """Tasks are added in a line, moved by menu and by hand, assigned; the project says how far it is."""
    client(page)
    page.locator("main .heading").get_by_role("button", name="New project").click()
    dialog = opened(page, "New project")
    dialog.get_by_label("Name", exact=True).fill("Spring shop")
    press(dialog, "Save")
    told(page, "Project created")
    go(page, "#/projects")
    follow(page, "Spring shop")
    for title in ("Draw the page", "Write the texts"):
        page.get_by_label("New task", exact=True).fill(title)
        page.keyboard.press("Enter")
        expect(page.get_by_role("list", name="To do").get_by_role("link", name=title)).to_be_visible()
    page.get_by_role("button", name="Move Draw the page").press("Enter")
    page.keyboard.type("Done")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Done").get_by_role("link", name="Draw the page")).to_be_visible()
    expect(page.get_by_role("region", name="Progress").get_by_text("1 of 2 tasks done")).to_be_visible()
    page.get_by_role("list", name="To do").get_by_role("listitem").first.drag_to(page.get_by_role("list", name="Doing"))
    expect(page.get_by_role("list", name="Doing").get_by_role("link", name="Write the texts")).to_be_visible()
    page.get_by_role("button", name="Assign Write the texts").click()
    page.get_by_role("menuitem", name=plan["colleague"]).click()
    told(page, f"Assigned to {plan['colleague']}")
    expect(page.get_by_role("list", name="Doing").get_by_text(plan["colleague"])).to_be_visible()
    look(page, "a project")
    go(page, "#/tasks?as=board")
    looking.look_everywhere(page, "the board of tasks")


def deliver(page):
    """A deliverable goes from its text over a colleague's check to the client's yes, which is entered here."""
    go(page, "#/projects")
    follow(page, "Spring shop")
    page.locator("main .heading").get_by_role("button", name="New deliverable").click()
    dialog = opened(page, "New deliverable")
    dialog.get_by_label("Name", exact=True).fill("The page")
    dialog.get_by_label("Text", exact=True).fill("**Boots** that have seen rain.")
    press(dialog, "Save")
    told(page, "Deliverable created")
    go(page, "#/deliverables")
    follow(page, "The page")
    expect(page.get_by_role("region", name="As the client sees it").locator("strong")).to_have_text("Boots")
    menu(page, "Upload file")
    dialog = opened(page, "Upload file")
    dialog.get_by_label("File").set_input_files({"name": "page.txt", "mimeType": "text/plain", "buffer": b"A page"})
    press(dialog, "Upload")
    expect(page.get_by_text("page.txt")).to_be_visible()
    pass_review(page, "Review deliverable")
    look(page, "a deliverable")
    menu(page, "Approve for the client")
    dialog = opened(page, "Approve for the client?")
    dialog.get_by_label("Who said so").fill("Daniel Pike")
    press(dialog, "Approve")
    expect(page.get_by_text("Approved just now.")).to_be_visible()


def report(page):
    """A report is composed, read as its client reads it, given a summary and marked as ready."""
    client(page)
    page.locator("main .heading").get_by_role("button", name="New report").click()
    dialog = opened(page, "New report")
    press(dialog, "Save")
    told(page, "Report created")
    go(page, "#/reports")
    page.locator("main table").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="As the client sees it")).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog = opened(page, "Edit report")
    dialog.get_by_label("Summary", exact=True).fill("A good month.")
    press(dialog, "Save")
    expect(page.get_by_role("region", name="As the client sees it").get_by_text("A good month.")).to_be_visible()
    look(page, "a report")
    menu(page, "Mark as ready")
    expect(page.get_by_text("Ready to be sent.")).to_be_visible()
    press(page, "Send report")
    press(opened(page, "Send report?"), "Send")
    expect(page.get_by_text(re.compile("^Sent just now"))).to_be_visible()


def bill(page):
    """An invoice is sent, paid in part, credited, and another voided; a statement finds another one's payment; a payment is refunded."""
    for _ in range(3):
        client(page)
        page.locator("main .heading").get_by_role("button", name="New invoice").click()
        dialog = opened(page, "New invoice")
        item = dialog.get_by_role("group", name="Item 1")
        item.get_by_label("Description").fill("Website")
        item.get_by_label("Unit price").fill("500")
        press(dialog, "Save")
        told(page, "Invoice created")
        go(page, "#/invoices?status=draft")
        page.locator("main table tbody th").get_by_role("link").first.click()
        expect(page.get_by_text("A draft has no number and is not owed.")).to_be_visible()
        press(page, "Send invoice")
        press(opened(page, "Send invoice?"), "Send")
        expect(page.get_by_text(re.compile("^Waiting for "))).to_be_visible()
    number = page.get_by_role("heading", level=1).inner_text()
    press(page, "Record payment")
    dialog = opened(page, "Record payment")
    dialog.get_by_label("Amount", exact=True).fill("200")
    press(dialog, "Save")
    payments = page.get_by_role("region", name="Payments")
    press(payments, "Refund")
    dialog = opened(page, "Refund payment?")
    dialog.get_by_label("Amount", exact=True).fill("50")
    press(dialog, "Refund")
    expect(payments.get_by_text("Partially refunded")).to_be_visible()
    # One that was sent by mistake is not owed any more.
    go(page, "#/invoices?status=open")
    first = page.locator("main table tbody th").get_by_role("link").filter(has_not_text=number)
    wrong = first.first.inner_text()
    first.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wrong)
    menu(page, "Void")
    press(opened(page, f"Void {wrong}?"), "Void")
    told(page, "Invoice voided")
    expect(page.get_by_text(re.compile("^Voided just now"))).to_be_visible()
    go(page, "#/invoices?status=open")
    follow(page, number)
    menu(page, "Create credit note")
    dialog = opened(page, f"Credit note for {number}")
    dialog.get_by_label("What is credited").fill("A late start")
    dialog.get_by_label("Amount", exact=True).fill("100")
    press(dialog, "Create credit note")
    told(page, "Credit note created")
    look(page, "an invoice")
    go(page, "#/invoices?status=open")
    other = page.locator("main table tbody th").get_by_role("link").filter(has_not_text=number).last.inner_text()
    go(page, "#/payments/import")
    lines = ("date,amount,reference,payer", f"2026-01-05,500.00,{other},Cedar", "2026-01-06,77.00,unknown,Pike")
    page.get_by_label("File").set_input_files(
        {"name": "bank.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()})
    press(page, "Import statement")
    expect(page.get_by_text("1 payment was recorded.")).to_be_visible()
    expect(page.get_by_role("region", name="Not matched").get_by_text("77.00")).to_be_visible()
    look(page, "a statement")
    go(page, "#/invoices?status=paid")
    follow(page, other)
    expect(page.get_by_text(re.compile("^Paid just now"))).to_be_visible()


def subscribe(page):
    """A subscription is started, paused, resumed and cancelled; a client is granted a credit."""
    go(page, "#/subscriptions")
    press(page, "New subscription")
    dialog = opened(page, "New subscription")
    box = dialog.get_by_role("combobox", name="Client", exact=True)
    box.click()
    dialog.get_by_role("option", name="Cedar & Pike").click()
    dialog.get_by_label("Description", exact=True).fill("Growth, a month")
    dialog.get_by_label("Price", exact=True).fill("100")
    dialog.get_by_label("Starts on", exact=True).fill("2099-01-01")
    press(dialog, "Save")
    told(page, "Subscription created")
    go(page, "#/subscriptions")
    follow(page, "Growth, a month")
    for first, title, action, said in (
            ("Pause", "Pause subscription?", "Pause subscription", "Paused: nothing is invoiced"),
            ("Resume", "Resume subscription?", "Resume subscription", "each month"),
            ("Cancel subscription", "Cancel subscription?", "Cancel subscription", "Over: nothing is invoiced")):
        press(page, first)
        press(opened(page, title), action)
        expect(page.get_by_text(said).first).to_be_visible()
    look(page, "a subscription")
    go(page, "#/credits")
    press(page, "New service credit")
    dialog = opened(page, "New service credit")
    dialog.get_by_role("combobox", name="Client", exact=True).click()
    dialog.get_by_role("option", name="Cedar & Pike").click()
    dialog.get_by_label("Amount", exact=True).fill("25")
    dialog.get_by_label("Reason", exact=True).fill("A slow week")
    press(dialog, "Save")
    told(page, "Service credit created")


def lead_by_keyboard(page):
    """A project of a client is made, its tasks are added, moved and finished, without a mouse from signing in on."""
    keys = page.keyboard
    begin_by_keys(page, "Clients", "g", "c")
    keys.press("n")
    fill_by_keys(page, opened(page, "New client"), Name="Keys & Sons")
    sent_by_keys(page, "Client created")
    press_keys(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys & Sons")
    settle(page)
    reach(page, page.locator("main .heading").get_by_role("button", name="New project"))
    keys.press("Enter")
    fill_by_keys(page, opened(page, "New project"), Name="Autumn shop")
    sent_by_keys(page, "Project created")
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    keys.type("Autumn")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Autumn shop")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Autumn shop")
    settle(page)
    reach(page, page.get_by_label("New task", exact=True))
    keys.type("Choose the pictures")
    keys.press("Enter")
    expect(page.get_by_role("list", name="To do").get_by_role("link", name="Choose the pictures")).to_be_visible()
    reach(page, page.get_by_role("button", name="Move Choose the pictures"))
    keys.press("Enter")
    keys.type("Done")
    keys.press("Enter")
    task = page.get_by_role("list", name="Done").get_by_role("link", name="Choose the pictures")
    expect(task).to_be_visible()
    expect(page.get_by_role("region", name="Progress").get_by_text("1 of 1 tasks done")).to_be_visible()
    reach(page, task)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose the pictures")


walks = [look_after_a_client, measure, run_a_project, deliver, report, bill, subscribe]
with browsing() as browser:
    walk_through(browser, walks, permissions=["clipboard-read", "clipboard-write"])
    walk_alone(browser, lead_by_keyboard)
    days.take(browser, clientdays.of_project_lead, "dark", "light", "dark")
