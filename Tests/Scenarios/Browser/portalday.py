"""The day of a client in the portal, as days.py takes it."""
from playwright.sync_api import expect

import days
from looking import let_in, plan, press, staff
from portalpage import to_approve


def of_client(page):
    """A client approves what waits, wants something else changed, writes, asks for something, reads a report and an
    invoice, and says how often to be told, on a phone and on a tablet."""
    made, other, main = f"A flag at {days.width(page)}", f"A sign at {days.width(page)}", page.locator("main")
    for name in (made, other):
        to_approve(name, staff("/v1/deliverables/" + plan["change"])["project_id"])
    page.goto(f"{plan['url']}/portal/?agency={plan['agency']}#/")
    let_in(page.locator("form").first)
    days.arrive(page, "Home")
    days.look(page, "Home of a client")
    waiting = page.locator(".waiting li").filter(has_text=f"Deliverable: {made}")
    waiting.get_by_role("button", name="Approve").click()
    expect(waiting.locator(".looked-at")).to_contain_text(f"{made} as it is.")
    days.look(page, "about to approve")
    waiting.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"{made} approved.")).to_be_visible()
    expect(waiting).to_have_count(0)
    waiting = page.locator(".waiting li").filter(has_text=f"Deliverable: {other}")
    waiting.get_by_role("button", name="Request changes").click()
    waiting.get_by_label("What should change?").fill("Taller, please")
    days.look(page, "what should change")
    waiting.get_by_role("button", name="Request changes", exact=True).click()
    expect(main.get_by_role("status").filter(has_text="Sent to the agency.")).to_be_visible()
    expect(waiting).to_have_count(0)

    def entry(name, heading):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
        days.arrive(page, heading)

    entry("Messages", "Messages")
    page.get_by_label("Your message", exact=True).fill(f"Written at {days.width(page)}")
    press(main, "Send")
    expect(page.locator(".talk li.mine").last).to_contain_text(f"Written at {days.width(page)}")
    entry("Requests", "Requests")
    main.get_by_role("link", name="New request", exact=True).click()
    subject = f"A banner of {days.width(page)} px"
    page.get_by_label("Subject", exact=True).fill(subject)
    page.get_by_label("How can we help?").fill("In red.")
    press(main, "Send")
    days.arrive(page, subject)
    days.look(page, "a request")
    entry("Billing", "Invoices")
    page.locator(".cards").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Download as PDF")).to_be_visible()
    days.look(page, "an invoice of a client")
    entry("Reports", "Reports")
    days.look(page, "the reports of a client")
    page.locator(".cards").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Download as PDF")).to_be_visible()
    days.look(page, "a report of a client")
    page.get_by_text("Account", exact=True).click()
    page.get_by_role("link", name="Preferences", exact=True).click()
    days.arrive(page, "Preferences")
    wishes = page.get_by_role("region", name="Notifications", exact=True)
    wishes.get_by_label("Notification frequency").select_option("daily")
    press(wishes, "Save")
    expect(wishes.get_by_text("Saved.")).to_be_visible()
    days.look(page, "the preferences of a client")
