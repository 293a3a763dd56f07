"""A day of each role on a phone and on a tablet, by the page alone: what its walk does on a desk, in fewer steps, with
axe at each stop by the light of the screen. What is worked on is made on the way, so that a day needs nothing which
another walk has left."""
import re

from playwright.sync_api import expect

import fitting
from looking import attempt, choose, faults, judge, let_in, opened, plan, press, says, settle, told, watch

SCREENS = ((360, 740), (768, 1024))


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


def of_owner(page):
    """An owner says where the agency is, invites somebody, and stops and resumes all sending."""
    come_in(page)
    look(page, "Today of an owner")
    entry(page, "Settings")
    setting(page, "Agency")
    agency = page.get_by_role("region", name="Agency", exact=True)
    agency.get_by_label("Postal address", exact=True).first.fill(f"{width(page)} Example Street")
    press(agency, "Save")
    told(page, "Settings saved")
    look(page, "agency")
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


def setting(page, name):
    page.get_by_role("navigation", name="Settings").get_by_role("link", name=name, exact=True).click()
    arrive(page, name)


def of_seller(page):
    """A seller makes a lead, a deal of it and a proposal, sends this, and moves the deal on the board."""
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


def of_supporter(page):
    """A supporter answers a visitor, closes the conversation, and notes and resolves a ticket."""
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
    press(page, "Resolve")
    dialog = opened(page, "Resolve ticket")
    dialog.get_by_label("Resolution", exact=True).fill("It is sent now")
    press(dialog, "Resolve ticket")
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()


def of_project_lead(page):
    """A project lead makes a client and a project of it, finishes a task, and sends an invoice."""
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
    entry(page, "Clients")
    page.locator("main").get_by_role("link", name=client, exact=True).first.click()
    arrive(page, client)
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


def of_operator(page):
    """An operator limits an agency, and looks at the health of the installation and its backups."""
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
    entry(page, "Health")
    expect(page.get_by_role("region", name="Installation")).to_contain_text("Jobs waiting")
    press(page, "Check again")
    look(page, "health")
    entry(page, "Backups")
    look(page, "backups")
