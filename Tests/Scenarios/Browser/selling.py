"""A seller's day in a headless browser: a lead is scored, qualified and made a deal, papers are sent, sales measured.

Usage: selling.py PLAN, a file of JSON: {url, email, password, approvals (titles of two that wait), browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import clientdays, days, looking, small
from looking import (
    begin_by_keys, browsing, call, choose, faults, fill_by_keys, go, opened, plan, press, press_keys, reach,
    sent_by_keys, settle, told, walk_alone, walk_through, watch, wide)

widths = (360, 768, 1360)


def look(page, name):
    settle(page)
    looking.look(page, name, widths)
    wide(page)


def menu(page, name):
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def make_lead(page, company, email):
    go(page, "#/leads")
    press(page, "New lead")
    dialog = opened(page, "New lead")
    dialog.get_by_label("Company", exact=True).fill(company)
    dialog.get_by_label("Contact name", exact=True).fill("Ida Seel")
    dialog.get_by_label("Email", exact=True).fill(email)
    dialog.get_by_text("More fields").click()
    dialog.get_by_label("Budget", exact=True).fill("5000")
    press(dialog, "Save")
    told(page, "Lead created")
    go(page, "#/leads")
    page.get_by_role("link", name=company, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(company)
    settle(page)


def understand_a_lead(page):
    """Why a lead has its score, in a salesperson's words; what a person says instead counts."""
    make_lead(page, "Seel GmbH", "ida@seel.example")
    lead = page.url.rsplit("/", 1)[1].split("?")[0]
    contact = call(page, "GET", f"/v1/leads/{lead}")["contact_id"]
    for kind in ("calendly_book", "demo_request"):
        call(page, "POST", f"/v1/contacts/{contact}/activities", {"type": kind})
    press(page, "Score now")
    why = page.get_by_role("region", name="Why this score")
    expect(why.get_by_text(re.compile(r"Budget named raises the score by \d"))).to_be_visible()
    # The score goes by the figure that the page tells.
    expect(why.get_by_text(re.compile("engagement of 70 in 100 over 30 days", re.IGNORECASE))).to_be_visible()
    for place in ("#/leads", f"#/leads/{lead}"):
        go(page, place)
    engagement = page.get_by_role("region", name="Engagement", exact=True)
    expect(engagement.get_by_text("70", exact=True)).to_be_visible()
    expect(engagement.get_by_text("2 activities in 30 days", exact=True)).to_be_visible()
    why.get_by_text("Show the figures").click()
    expect(why.get_by_role("table", name="Figures of the score")).to_be_visible()
    for said in ("Log-odds", "log-odds", "annual_revenue", "employee_count"):
        expect(page.get_by_text(said)).to_have_count(0)
    press(why, "Override score")
    dialog = opened(page, "Override score")
    dialog.get_by_label("Score (0 to 100)").fill("77")
    press(dialog, "Override score")
    expect(dialog.get_by_text("Fill this in.")).to_be_visible()
    dialog.get_by_label("Reason", exact=True).fill("I know them well")
    press(dialog, "Override score")
    expect(why.get_by_text("I know them well")).to_be_visible()
    expect(why.get_by_text("77", exact=True)).to_be_visible()
    press(page, "Qualify now")
    qualification = page.get_by_role("region", name="Qualification")
    expect(qualification.get_by_role("heading", name="Open questions")).to_be_visible()
    expect(qualification.get_by_text("Has the budget")).to_be_visible()
    look(page, "a lead")


def merge_duplicates(page):
    """Two leads that are one are merged from the list of duplicates, and the merge is taken back."""
    make_lead(page, "Seel G.m.b.H.", "ida@seel.example")
    go(page, "#/leads/duplicates")
    expect(page.get_by_role("region", name=re.compile("Seel"))).to_be_visible()
    look(page, "duplicates")
    page.get_by_role("button", name=re.compile("^Keep this one: Seel GmbH")).click()
    told(page, "Leads merged")
    expect(page.get_by_text("No duplicates")).to_be_visible()
    press(page, "Undo")
    told(page, "Merge undone")


def know_people(page):
    """A company and somebody of it are made, corrected and found from each other; what is not wanted is deleted."""
    go(page, "#/companies")
    press(page, "New company")
    dialog = opened(page, "New company")
    dialog.get_by_label("Name", exact=True).fill("Kontor Nord")
    dialog.get_by_label("Website", exact=True).fill("https://kontor.example")
    press(dialog, "Save")
    told(page, "Company created")
    go(page, "#/contacts")
    for name in ("Nele Nord", "Nobody Known"):
        press(page, "New contact")
        dialog = opened(page, "New contact")
        dialog.get_by_label("Name", exact=True).fill(name)
        dialog.get_by_label("Email", exact=True).fill(f"{name.split()[1].lower()}@kontr.example")
        choose(dialog, "Company", "Kontor Nord")
        press(dialog, "Save")
        told(page, "Contact created")
        expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Nele Nord", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nele Nord")
    settle(page)
    press(page, "Edit")
    dialog = opened(page, "Edit contact")
    dialog.get_by_label("Email", exact=True).fill("nord@kontor.example")
    press(dialog, "Save")
    told(page, "Contact saved")
    expect(page.get_by_role("link", name="nord@kontor.example").first).to_be_visible()
    look(page, "a contact")
    page.locator("main").get_by_role("link", name="Kontor Nord", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontor Nord")
    settle(page)
    tab = page.get_by_role("tab", name=re.compile("^Contacts"))
    if tab.count():
        tab.click()
    expect(page.locator("main").get_by_role("link", name="Nele Nord").first).to_be_visible()
    look(page, "a company")
    go(page, "#/contacts?q=Nobody")
    page.get_by_role("link", name="Nobody Known", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody Known")
    settle(page)
    menu(page, "Delete")
    press(opened(page, "Delete contact?"), "Delete")
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")
    settle(page)
    expect(page.get_by_role("link", name="Nobody Known", exact=True)).to_have_count(0)


def work_on_a_deal(page):
    """A deal is made of a lead, moved on the board by mouse and by menu, met about, and a concession made."""
    go(page, "#/leads")
    page.get_by_role("link", name="Seel GmbH", exact=True).first.click()
    settle(page)
    page.locator("main .heading").get_by_role("button", name="New deal").click()
    dialog = opened(page, "New deal")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Seel GmbH")
    dialog.get_by_label("Value", exact=True).fill("5000")
    press(dialog, "Save")
    told(page, "Deal created")
    go(page, "#/deals?as=board")
    column = page.get_by_role("list", name="Proposal created", exact=True)
    card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Seel GmbH")).last
    card.drag_to(column.locator("xpath=.."))
    expect(column.get_by_role("link", name="Seel GmbH")).to_be_visible()
    page.reload()
    settle(page)
    expect(column.get_by_role("link", name="Seel GmbH")).to_be_visible()
    page.get_by_role("button", name="Move Seel GmbH").click()
    page.get_by_role("menuitem", name="Negotiation", exact=True).click()
    column = page.get_by_role("list", name="Negotiation", exact=True)
    expect(column.get_by_role("link", name="Seel GmbH")).to_be_visible()
    looking.look_everywhere(page, "the board of deals")
    column.get_by_role("link", name="Seel GmbH").click()
    settle(page)
    press(page, "New meeting")
    dialog = opened(page, "New meeting")
    dialog.get_by_label("Title", exact=True).fill("First talk")
    dialog.get_by_label("Starts at", exact=True).fill("2030-01-31T10:00")
    press(dialog, "Save")
    meetings = page.get_by_role("region", name="Meetings")
    expect(meetings.get_by_text("First talk").first).to_be_visible()
    meetings.get_by_role("button", name="Change: First talk").click()
    page.get_by_role("menuitem", name="Mark as held").click()
    expect(meetings.get_by_text("Done", exact=True)).to_be_visible()
    press(page, "Make a concession")
    dialog = opened(page, "Make a concession")
    dialog.get_by_label("Discount in percent").fill("90")
    press(dialog, "Make a concession")
    expect(page.get_by_role("region", name="Negotiation").get_by_role("link", name="See approval")).to_be_visible()
    look(page, "a deal")


def send_papers(page):
    """A proposal is read, sent after a question and revised; what holds its mail stands beside it."""
    go(page, "#/leads")
    page.get_by_role("link", name="Seel GmbH", exact=True).first.click()
    settle(page)
    page.locator("main .heading").get_by_role("button", name="New proposal").click()
    dialog = opened(page, "New proposal")
    # A missing record can be made from where it is missed.
    dialog.get_by_role("combobox", name="Package", exact=True).fill("Nothing like it")
    expect(dialog.get_by_role("option", name="New package…", exact=True)).to_be_visible()
    choose(dialog, "Package", "Starter")
    press(dialog, "Save")
    told(page, "Proposal created")
    go(page, "#/proposals")
    page.locator("main table").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="As the client sees it")).to_be_visible()
    expect(page.get_by_text("Nobody outside sees this draft.")).to_be_visible()
    look(page, "a proposal")
    press(page, "Send proposal")
    press(opened(page, "Send proposal?"), "Send")
    told(page, "Proposal sent")
    expect(page.get_by_text("Waiting for the client to open it.")).to_be_visible()
    expect(page.get_by_text("The email is not sent yet:")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name=re.compile("Connect one|Enter it"))).to_be_visible()
    press(page, "View")
    expect(page.get_by_role("menuitem", name="Copy public link")).to_be_visible()
    page.keyboard.press("Escape")
    menu(page, "Withdraw")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason", exact=True).fill("The price was wrong")
    press(dialog, "Withdraw")
    told(page, "Withdrawn")
    expect(page.get_by_text("it can be answered no more.")).to_be_visible()
    menu(page, "Revise")
    page.get_by_role("dialog").get_by_role("button", name="Make a new draft").click()
    told(page, "Draft created")
    expect(page.get_by_role("button", name="Send proposal")).to_be_visible()


def agree(page):
    """A proposal is accepted on its client's page; the contract is made of it, sent, and waits for the signature."""
    press(page, "Send proposal")
    press(opened(page, "Send proposal?"), "Send")
    told(page, "Proposal sent")
    press(page, "View")
    link = page.get_by_role("menuitem", name="Client's page").get_attribute("href")
    page.keyboard.press("Escape")
    client = page.context.browser.new_context(locale="en-GB").new_page()
    watch(client)
    client.goto(link)
    client.get_by_label("Your name").first.fill("Ida Seel")
    client.get_by_label("I accept this proposal, for my company, and may do so.").check()
    client.get_by_role("button", name="Accept the proposal").click()
    expect(client.get_by_role("button", name="Accept the proposal")).to_have_count(0)
    client.close()
    page.reload()
    settle(page)
    expect(page.get_by_text(re.compile("^Accepted by Ida Seel"))).to_be_visible()
    press(page, "New contract")
    press(opened(page, "New contract"), "Save")
    told(page, "Contract created")
    go(page, "#/contracts")
    page.locator("main table").get_by_role("link").first.click()
    expect(page.get_by_text("Sending fixes its text.")).to_be_visible()
    press(page, "Send contract")
    press(opened(page, "Send contract?"), "Send")
    told(page, "Contract sent")
    expect(page.get_by_text(re.compile("Waiting for the signature"))).to_be_visible()
    look(page, "a contract")


def enroll(page):
    """A sequence with a task is made; a lead is enrolled, and its task waits for a person."""
    go(page, "#/sequences")
    press(page, "New sequence")
    dialog = opened(page, "New sequence")
    dialog.get_by_label("Name", exact=True).fill("Calls")
    dialog.get_by_label("Kind of step").select_option("task")
    dialog.get_by_label("What is to be done").fill("Call them")
    press(dialog, "Save")
    told(page, "Sequence created")
    go(page, "#/sequences")
    page.get_by_role("link", name="Calls", exact=True).click()
    settle(page)
    press(page, "Enroll")
    dialog = opened(page, "Enroll in sequence")
    choose(dialog, "Lead", "Seel GmbH")
    press(dialog, "Enroll")
    expect(page.get_by_role("table", name="Enrolled").get_by_role("link", name="Seel GmbH").first).to_be_visible()
    look(page, "a sequence")
    page.get_by_label("Show", exact=True).select_option("finished")
    page.reload()
    settle(page)
    expect(page.get_by_label("Show", exact=True)).to_have_value("finished")
    expect(page.get_by_text("No one is enrolled.")).to_be_visible()
    page.get_by_role("tab", name="Countries", exact=True).click()
    countries = page.get_by_role("table", name="Countries")
    expect(countries.get_by_role("row")).to_have_count(2)
    expect(countries).to_contain_text("Whose rule")
    look(page, "the countries of a sequence")
    page.get_by_role("button", name="Edit", exact=True).click()
    look(page, "a sequence's steps")
    page.keyboard.press("Escape")


def decide(page):
    """Approvals are decided by keyboard and together, and what became of each is said."""
    go(page, "#/approvals")
    one, other = plan["approvals"]
    expect(page.get_by_role("region", name="Steps of workflows")).to_be_visible()
    look(page, "approvals")
    page.evaluate("document.activeElement?.blur()")
    # "g a" leads here, and approves nothing; "a" alone does.
    sent = []
    page.on("request", lambda asked: asked.method == "POST" and "/approvals" in asked.url and sent.append(asked.url))
    press_keys(page, "j", "g", "a")
    page.wait_for_timeout(500)
    if sent:
        faults.append(f"going to the approvals sends {sent}")
    page.keyboard.press("a")
    done = page.get_by_role("status").filter(has_text="Just decided")
    expect(done.get_by_text("Approved").first).to_be_visible()
    page.get_by_role("checkbox", name=re.compile(f"Select ({re.escape(one)}|{re.escape(other)})")).first.check()
    press(page, "Reject selected…")
    page.get_by_role("textbox", name="Reason").fill("Not now")
    press(page, "Reject selected")
    expect(done.get_by_text("Rejected")).to_be_visible()


def stop_a_channel(page):
    """One channel is stopped, told on every view by its name, and resumed."""
    go(page, "#/outbox")
    press(page, "Stop a channel")
    dialog = opened(page, "Stop a channel?")
    dialog.get_by_label("Channel", exact=True).select_option("whatsapp")
    dialog.get_by_label("Reason", exact=True).fill("Wrong number")
    press(dialog, "Stop sending")
    stopped = page.get_by_role("region", name="Sending is stopped")
    expect(stopped).to_contain_text("WhatsApp: Wrong number")
    press(stopped, "Resume sending")
    press(opened(page, "Resume sending?"), "Resume sending")
    expect(stopped).to_have_count(0)


def measure(page):
    """The figures of sales lead to the records that they count."""
    go(page, "#/insights")
    page.get_by_role("link", name="Sales figures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sales figures")
    look(page, "sales figures")
    page.get_by_role("link", name=re.compile("^Added: ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    expect(page.get_by_role("link", name="Seel GmbH", exact=True).first).to_be_visible()


def sell_by_keyboard(page):
    """A lead becomes a deal, which moves on the board and is corrected, without a mouse from signing in on."""
    keys = page.keyboard
    begin_by_keys(page, "Leads", "g", "l")
    keys.press("n")
    fill_by_keys(page, opened(page, "New lead"), Company="Tastatur AG", Email="tim@tastatur.example")
    sent_by_keys(page, "Lead created")
    press_keys(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tastatur AG")
    settle(page)
    reach(page, page.locator("main .heading").get_by_role("button", name="New deal"))
    keys.press("Enter")
    fill_by_keys(page, opened(page, "New deal"), Value="700")
    sent_by_keys(page, "Deal created")
    press_keys(page, "g", "d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deals")
    settle(page)
    if page.get_by_role("tab", name="Board").get_attribute("aria-selected") != "true":
        reach(page, page.get_by_role("tab", selected=True).first)
        keys.press("ArrowRight")
        keys.press("Enter")
    reach(page, page.get_by_role("button", name="Move Tastatur AG"))
    keys.press("Enter")
    keys.type("Negotiation")
    keys.press("Enter")
    deal = page.get_by_role("list", name="Negotiation", exact=True).get_by_role("link", name="Tastatur AG")
    expect(deal).to_be_visible()
    reach(page, deal)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tastatur AG")
    settle(page)
    keys.press("e")
    dialog = opened(page, "Edit deal")
    reach(page, dialog.get_by_label("Name", exact=True))
    keys.press("Control+a")
    keys.type("Tastatur AG, spring")
    keys.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tastatur AG, spring")


walks = [understand_a_lead, merge_duplicates, know_people, work_on_a_deal, send_papers, agree, enroll, decide,
         stop_a_channel, measure]
with browsing() as browser:
    walk_through(browser, walks)
    walk_alone(browser, sell_by_keyboard)
    days.take(browser, clientdays.of_seller, "dark", "light", "dark")
    days.take(browser, small.of_duplicates, "light")
