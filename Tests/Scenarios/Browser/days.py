"""A day of each role on a phone and on a tablet, by the page alone: what its walk does on a desk, without what is tried
there in more than one way, refused or taken back, with axe at each stop by the light of the screen. What is worked on
is made on the way, so that a day needs nothing which another walk has left."""
import re

from playwright.sync_api import expect

import fitting
from looking import (
    attempt, choose, faults, judge, let_in, opened, pass_review, plan, press, says, settle, told, watch)

SCREENS = ((360, 740), (768, 1024))
# Controls that a finger has to find on a phone, and that are less than 44 px high; words of a sentence are as
# high as their line.
SMALL = """() => [...document.querySelectorAll(`button:not(.link, .sorter), .button, select, summary, label.tick,
    input:not([type=checkbox], [type=radio]), .top nav a, .tabs a, .links > a, :is(.menu, .account-menu) > *,
    .settings-nav a, [role=option]`)]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
    .map((one) => one.getAttribute("aria-label") || one.textContent || one.name)"""


def take(browser, day, *schemes):
    """Has the day on either screen, each in its scheme; a fault says which it was."""
    for (width, height), scheme in zip(SCREENS, schemes):
        page = browser.new_context(
            locale="en-GB", viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce",
        ).new_page()
        watch(page)
        before = len(faults)
        attempt(day, page)
        faults[before:] = [f"{width} px, {scheme}: {fault}" for fault in faults[before:]]
        page.context.close()


def width(page):
    return page.viewport_size["width"]


def look(page, name):
    """Has axe check the page as it is, and that all of it fits its screen."""
    settle(page)
    judge(page, f"{name}, in a day", width(page))
    faults.extend(f"{name} {one}" for one in fitting.misfits(page))
    if width(page) < 700:
        faults.extend(f"{name} has a control too small for a finger: {one}" for one in page.evaluate(SMALL))


def arrive(page, name):
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


def come_in(page):
    page.goto(f"{plan['url']}/")
    let_in(page)
    arrive(page, "Today")


def entry(page, name):
    """Goes to an entry of the sidebar, which is folded behind its button; a count may follow its name."""
    page.get_by_role("button", name="Menu", exact=True).click()
    side = page.get_by_role("navigation", name="Main")
    side.get_by_role("link", name=re.compile(rf"^{name}\s*\d*$")).click()
    arrive(page, name)


def follow(page, said, name=None):
    """Goes to what was just made, by the link of what is told."""
    note = page.locator(".toast").filter(has_text=said).last
    note.get_by_role("link", name="Open", exact=True).click()
    if name:
        arrive(page, name)


def begin(page, name):
    """Presses a button of the record that is shown."""
    page.locator("main .heading").get_by_role("button", name=name, exact=True).click()
    return opened(page, name)


def menu(page, button, item):
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def of_owner(page):
    """An owner says where the agency is and when it works, invites somebody, makes a key, looks after agents, and stops
    and resumes all sending."""
    come_in(page)
    look(page, "Today of an owner")
    entry(page, "Settings")
    setting(page, "Agency")
    agency = page.get_by_role("region", name="Agency", exact=True)
    agency.get_by_label("Postal address", exact=True).first.fill(f"{width(page)} Example Street")
    press(agency, "Save")
    told(page, "Settings saved")
    look(page, "agency")
    setting(page, "Hours and holidays")
    hours = page.get_by_role("region", name="Business hours", exact=True)
    hours.get_by_role("checkbox", name="Monday").check()
    hours.get_by_label("From", exact=True).first.fill("08:00" if width(page) < 700 else "08:30")
    hours.get_by_label("To", exact=True).first.fill("17:00")
    press(hours, "Save")
    told(page, "Settings saved")
    look(page, "hours")
    setting(page, "People")
    press(page, "Invite")
    invite = opened(page, "Invite")
    email = f"kim{width(page)}@example.com"
    invite.get_by_label("Email", exact=True).fill(email)
    press(invite, "Send invitation")
    expect(invite.get_by_role("textbox", name="Link to join")).to_be_visible()
    look(page, "an invitation")
    press(invite, "Done")
    expect(page.get_by_role("region", name="Invitations", exact=True)).to_contain_text(email)
    make_key(page)
    look_after_agents(page)
    press(page, "Emergency stop")
    stop = opened(page, "Stop all sending?")
    stop.get_by_label("Reason").fill("Tried on a small screen")
    press(stop, "Stop sending")
    stopped = page.get_by_role("region", name="Sending is stopped")
    expect(stopped).to_contain_text("Tried on a small screen")
    look(page, "stopped")
    press(stopped, "Resume sending")
    press(opened(page, "Resume sending?"), "Resume sending")
    expect(stopped).to_have_count(0)


def make_key(page):
    setting(page, "API keys")
    press(page, "New API key")
    key, name = opened(page, "New API key"), f"Shop {width(page)}"
    key.get_by_label("Name", exact=True).first.fill(name)
    key.get_by_role("checkbox", name="Leads: See", exact=True).check()
    look(page, "a new API key")
    press(key, "Create")
    expect(key.get_by_role("textbox", name="API key")).to_have_value(re.compile("^bk_"))
    press(key, "Done")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def look_after_agents(page):
    """Several are switched at once, and one asks before it acts, or does not."""
    entry(page, "Agents")
    picked = page.get_by_role("toolbar", name="Selection")
    for action in ("Switch on", "Switch off"):
        page.get_by_role("checkbox", name="Select Budget allocation", exact=True).check()
        look(page, f"agents before {action}")
        press(picked, action)
        switched = page.get_by_role("region", name="Just switched", exact=True)
        expect(switched).to_contain_text(f"Budget allocation: {action.replace('Switch', 'Switched')}")
    page.get_by_role("table", name="Active agents").get_by_role("link", name="Lead scoring", exact=True).click()
    arrive(page, "Lead scoring")
    may = page.get_by_role("region", name="Automatic actions", exact=True)
    may.get_by_label("Autonomy", exact=True).select_option("approve" if width(page) < 700 else "autopilot")
    press(may, "Save")
    told(page, "Agent saved")
    look(page, "an agent")


def setting(page, name):
    page.get_by_role("navigation", name="Settings").get_by_role("link", name=name, exact=True).click()
    arrive(page, name)


def of_seller(page):
    """A seller makes a lead and has it scored, makes a deal of it and a proposal, moves the deal, meets about it, notes
    somebody who belongs to it, and sends the contract to which the client has said yes."""
    company = f"Kontor {width(page)}"
    come_in(page)
    entry(page, "Leads")
    press(page, "New lead")
    dialog = opened(page, "New lead")
    dialog.get_by_label("Company", exact=True).fill(company)
    dialog.get_by_label("Email", exact=True).fill(f"ida@kontor{width(page)}.example")
    look(page, "a new lead")
    press(dialog, "Save")
    follow(page, "Lead created", company)
    look(page, "a lead")
    press(page, "Score now")
    why = page.get_by_role("region", name="Why this score")
    expect(why.get_by_text("Show the figures")).to_be_visible()
    press(page, "Qualify now")
    qualification = page.get_by_role("region", name="Qualification")
    expect(qualification.get_by_role("heading", name="Open questions")).to_be_visible()
    look(page, "a lead with its score")
    dialog = begin(page, "New deal")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value(company)
    dialog.get_by_label("Value", exact=True).fill("5000")
    press(dialog, "Save")
    told(page, "Deal created")
    expect(dialog).to_have_count(0)
    settle(page)
    dialog = begin(page, "New proposal")
    choose(dialog, "Package", "Starter")
    press(dialog, "Save")
    follow(page, "Proposal created")
    expect(page.get_by_role("region", name="As the client sees it")).to_be_visible()
    press(page, "Send proposal")
    press(opened(page, "Send proposal?"), "Send")
    told(page, "Proposal sent")
    expect(page.get_by_text("Waiting for the client to open it.")).to_be_visible()
    look(page, "a proposal that was sent")
    entry(page, "Deals")
    page.get_by_role("tab", name="Board", exact=True).click()
    page.get_by_role("button", name=f"Move {company}").click()
    page.get_by_role("menuitem", name="Negotiation", exact=True).click()
    card = page.get_by_role("list", name="Negotiation", exact=True).get_by_role("link", name=company, exact=True)
    expect(card).to_be_visible()
    look(page, "the board of deals")
    card.click()
    arrive(page, company)
    press(page, "New meeting")
    dialog = opened(page, "New meeting")
    dialog.get_by_label("Title", exact=True).fill("First talk")
    dialog.get_by_label("Starts at", exact=True).fill("2030-01-31T10:00")
    press(dialog, "Save")
    expect(page.get_by_role("region", name="Meetings").get_by_text("First talk").first).to_be_visible()
    look(page, "a deal")
    know_somebody(page)
    agree(page)


def know_somebody(page):
    """Somebody is made, and corrected."""
    name, host = f"Nele {width(page)}", f"kontor{width(page)}.example"
    entry(page, "Contacts")
    press(page, "New contact")
    dialog = opened(page, "New contact")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Email", exact=True).fill(f"nele@{host}")
    press(dialog, "Save")
    follow(page, "Contact created", name)
    press(page, "Edit")
    dialog = opened(page, "Edit contact")
    dialog.get_by_label("Email", exact=True).fill(f"nele.nord@{host}")
    press(dialog, "Save")
    told(page, "Contact saved")
    expect(page.get_by_role("link", name=f"nele.nord@{host}").first).to_be_visible()
    look(page, "a contact")


def agree(page):
    """The client accepts the newest proposal on its page, on a screen of this size; the contract is made and sent."""
    entry(page, "Proposals")
    page.locator("main table").get_by_role("link").first.click()
    expect(page.get_by_text("Waiting for the client to open it.")).to_be_visible()
    press(page, "View")
    link = page.get_by_role("menuitem", name="Client's page").get_attribute("href")
    page.keyboard.press("Escape")
    client = page.context.new_page()
    watch(client)
    client.goto(link)
    client.get_by_label("Your name").first.fill("Ida Seel")
    client.get_by_label("I accept this proposal, for my company, and may do so.").check()
    press(client, "Accept the proposal")
    expect(client.get_by_role("button", name="Accept the proposal")).to_have_count(0)
    client.close()
    page.reload()
    settle(page)
    expect(page.get_by_text(re.compile("^Accepted by Ida Seel"))).to_be_visible()
    press(page, "New contract")
    press(opened(page, "New contract"), "Save")
    told(page, "Contract created")
    entry(page, "Contracts")
    page.locator("main table").get_by_role("link").first.click()
    expect(page.get_by_text("Sending fixes its text.")).to_be_visible()
    press(page, "Send contract")
    press(opened(page, "Send contract?"), "Send")
    told(page, "Contract sent")
    look(page, "a contract")


def of_supporter(page):
    """A supporter answers a visitor, puts the conversation off and closes it, notes, resolves and moves a ticket, and
    writes an article."""
    visitor, subject = f"Nora{width(page)} New", f"Nothing is sent at {width(page)}"
    says(visitor, "Is anybody there?")
    come_in(page)
    entry(page, "Inbox")
    row = page.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=visitor)
    row.get_by_role("link").first.click()
    arrive(page, f"Web chat with {visitor}")
    reply = page.get_by_role("textbox", name="Reply", exact=True)
    reply.fill("We are. How can we help?")
    press(page, "Send")
    thread = page.get_by_role("list", name="Messages, oldest first")
    expect(thread).to_contain_text("We are. How can we help?")
    expect(reply).to_have_value("")
    look(page, "a conversation")
    menu(page, "More", "Set priority…")
    dialog = opened(page, "Set priority")
    dialog.get_by_label("Priority", exact=True).select_option(label="Urgent")
    press(dialog, "Save")
    told(page, "Priority set")
    menu(page, "Snooze", "For an hour")
    told(page, "Snoozed")
    press(page, "Reopen")
    told(page, "Conversation reopened")
    press(page, "Close")
    told(page, "Conversation closed")
    entry(page, "Tickets")
    press(page, "New ticket")
    dialog = opened(page, "New ticket")
    dialog.get_by_label("Subject", exact=True).fill(subject)
    dialog.get_by_label("Text", exact=True).fill("It stays in the outbox.")
    press(dialog, "Save")
    follow(page, "Ticket created", subject)
    press(page, "Internal note")
    page.get_by_role("textbox", name="Note", exact=True).fill("The service was away")
    press(page, "Add note")
    expect(thread).to_contain_text("The service was away")
    look(page, "a ticket")
    page.get_by_label("Priority", exact=True).select_option(label="High")
    told(page, "Ticket saved")
    press(page, "Resolve")
    dialog = opened(page, "Resolve ticket")
    dialog.get_by_label("Resolution", exact=True).fill("It is sent now")
    press(dialog, "Resolve ticket")
    press(page, "Reopen")
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    entry(page, "Tickets")
    page.get_by_role("tab", name="Board", exact=True).click()
    menu(page, f"Move {subject}", "On hold")
    held = page.get_by_role("list", name="On hold", exact=True)
    expect(held.get_by_role("link", name=subject)).to_be_visible()
    look(page, "the board of tickets")
    write(page)


def write(page):
    """An article is written, looked at and published."""
    title = f"Hours {width(page)}"
    entry(page, "Knowledge")
    press(page, "New article")
    dialog = opened(page, "New article")
    dialog.get_by_label("Title", exact=True).fill(title)
    dialog.get_by_label("Text", exact=True).fill("We are open **every day** from nine to five.")
    press(dialog, "Preview")
    expect(dialog.get_by_role("group", name="Preview").locator("strong")).to_have_text("every day")
    look(page, "a new article")
    press(dialog, "Preview")
    press(dialog, "Save")
    follow(page, "Article created", title)
    press(page, "Publish article")
    told(page, "Article published")
    look(page, "an article")


def of_project_lead(page):
    """A project lead makes a client and a project of it, finishes a task, delivers, reports, and is paid an invoice."""
    client, project = f"Harbour {width(page)}", f"Shop {width(page)}"
    come_in(page)
    entry(page, "Clients")
    press(page, "New client")
    dialog = opened(page, "New client")
    dialog.get_by_label("Name", exact=True).fill(client)
    dialog.get_by_label("Contact email", exact=True).fill(f"hanna{width(page)}@harbour.example")
    press(dialog, "Save")
    follow(page, "Client created", client)
    look(page, "a client")
    dialog = begin(page, "New project")
    dialog.get_by_label("Name", exact=True).fill(project)
    press(dialog, "Save")
    follow(page, "Project created", project)
    page.get_by_label("New task", exact=True).fill("Draw the page")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="To do").get_by_role("link", name="Draw the page")).to_be_visible()
    page.get_by_role("button", name="Move Draw the page").click()
    page.get_by_role("menuitem", name="Done", exact=True).click()
    expect(page.get_by_role("list", name="Done").get_by_role("link", name="Draw the page")).to_be_visible()
    expect(page.get_by_role("region", name="Progress").get_by_text("1 of 1 tasks done")).to_be_visible()
    look(page, "a project")
    deliver(page)
    to_client(page, client)
    report(page)
    to_client(page, client)
    dialog = begin(page, "New invoice")
    item = dialog.get_by_role("group", name="Item 1")
    item.get_by_label("Description").fill("Website")
    item.get_by_label("Unit price").fill("500")
    look(page, "a new invoice")
    press(dialog, "Save")
    follow(page, "Invoice created")
    expect(page.get_by_text("A draft has no number and is not owed.")).to_be_visible()
    press(page, "Send invoice")
    press(opened(page, "Send invoice?"), "Send")
    expect(page.get_by_text(re.compile("^Waiting for "))).to_be_visible()
    press(page, "Record payment")
    press(opened(page, "Record payment"), "Save")
    expect(page.get_by_text(re.compile("^Paid just now"))).to_be_visible()
    look(page, "an invoice that is paid")


def to_client(page, client):
    entry(page, "Clients")
    page.locator("main").get_by_role("link", name=client, exact=True).first.click()
    arrive(page, client)


def deliver(page):
    """A deliverable of the project that is shown goes over a colleague's check to the client's yes."""
    name = f"The page {width(page)}"
    dialog = begin(page, "New deliverable")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Text", exact=True).fill("**Boots** that have seen rain.")
    press(dialog, "Save")
    follow(page, "Deliverable created", name)
    pass_review(page, "Review deliverable")
    look(page, "a deliverable")
    menu(page, "More", "Approve for the client")
    dialog = opened(page, "Approve for the client?")
    dialog.get_by_label("Who said so").fill("Hanna Harbour")
    press(dialog, "Approve")
    expect(page.get_by_text("Approved just now.")).to_be_visible()


def report(page):
    """A report of the client that is shown is composed and sent."""
    press(begin(page, "New report"), "Save")
    follow(page, "Report created")
    expect(page.get_by_role("region", name="As the client sees it")).to_be_visible()
    look(page, "a report")
    menu(page, "More", "Mark as ready")
    expect(page.get_by_text("Ready to be sent.")).to_be_visible()
    press(page, "Send report")
    press(opened(page, "Send report?"), "Send")
    expect(page.get_by_text(re.compile("^Sent just now"))).to_be_visible()


def of_operator(page):
    """An operator limits an agency and makes another, looks at the health of the installation, pauses a queue, and
    makes a backup."""
    come_in(page)
    look(page, "Today of an operator")
    entry(page, "Agencies")
    page.get_by_label("Search agencies").fill(plan["agency"][:5])
    page.get_by_role("link", name=plan["agency"]).click()
    expect(page.get_by_role("heading", level=2, name=plan["agency"])).to_be_visible()
    press(page, "Set limits")
    limits = opened(page, "Set limits")
    limits.get_by_label("Requests a minute").fill(f"3{width(page)}")
    press(limits, "Save")
    expect(limits).to_have_count(0)
    expect(page.get_by_text(f"3,{width(page)}")).to_be_visible()
    look(page, "an agency")
    entry(page, "Agencies")
    press(page, "New agency")
    form, name = opened(page, "New agency"), f"Harbour {width(page)}"
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Owner's email").fill(f"hanna@harbour{width(page)}.example")
    press(form, "Create agency")
    expect(form.get_by_label("Link for the owner")).to_have_value(re.compile("/#/"))
    look(page, "the link for an owner")
    press(form, "Done")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    entry(page, "Health")
    expect(page.get_by_role("region", name="Installation")).to_contain_text("Jobs waiting")
    press(page, "Check again")
    look(page, "health")
    press(page, "Pause: Imports")
    press(opened(page, "Pause Imports?"), "Pause")
    told(page, "Queue paused")
    press(page, "Resume: Imports")
    told(page, "Queue resumed")
    entry(page, "Backups")
    if not plan["onServer"]:
        press(page, "Back up now")
        told(page, "The backup is made and checked")
    look(page, "backups")
