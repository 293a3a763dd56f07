"""Looks at what clients bring and what is expected of them: opportunities, referrals, outlook, portfolio, case studies.

Usage: success.py PLAN, a file of JSON: {url, email, password, client (its name), clientID, approved and draft (case
studies), browser}. The client has an upgrade, a cross-sale and a renewal open. Prints JSON: {violations, faults}; both
are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking, nurturing
from looking import (
    begin_by_keys, browsing, faults, fill_by_keys, go, opened, plan, press, reach, settle, told, walk_alone,
    walk_through, wide)

base, name = plan["url"], plan["client"]
widths = (320, 360, 768, 1360)


def look(page, what):
    settle(page)
    looking.look(page, what, widths)
    wide(page)


def column(page, status):
    return page.get_by_role("list", name=status, exact=True)


def opportunities(page):
    """One is offered by the menu of its card, what only the client decides stays, another one is dismissed."""
    go(page, "#/opportunities", "Opportunities")
    expect(page.get_by_role("table", name="Opportunities").get_by_role("link", name="Upgrade")).to_be_visible()
    look(page, "the list of opportunities")
    go(page, "#/opportunities?as=board")
    card = f"Upgrade: {name}"
    expect(column(page, "Open").get_by_role("link", name=card)).to_be_visible()
    look(page, "the board of opportunities")
    page.get_by_role("button", name=f"Move {card}", exact=True).press("Enter")
    page.keyboard.type("Offer")
    page.keyboard.press("Enter")
    dialog = opened(page, "Offer this?")
    look(page, "an offer")
    press(dialog, "Draft proposal")
    told(page, "Proposal drafted")
    expect(column(page, "Offered").get_by_role("link", name=card)).to_be_visible()
    column(page, "Offered").get_by_role("listitem").first.drag_to(column(page, "Won"))
    expect(column(page, "Offered").get_by_role("link", name=card)).to_be_visible()
    # A failure stands until it is closed, and the keyboard goes on at the heading.
    alarm = page.get_by_role("alert").filter(has_text="Not moved")
    expect(alarm).to_be_visible()
    look(page, "what could not be done")
    press(alarm, "Close")
    expect(alarm).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    column(page, "Open").get_by_role("link", name=f"Cross-sale: {name}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cross-sale")
    settle(page)
    look(page, "an opportunity")
    press(page, "Dismiss opportunity")
    dialog = opened(page, "Dismiss opportunity?")
    dialog.get_by_label("Reason", exact=True).fill("They have it from another agency")
    press(dialog, "Dismiss opportunity")
    told(page, "Opportunity dismissed")
    expect(page.locator("main").get_by_text("They have it from another agency")).to_be_visible()
    expect(page.locator("main .heading").get_by_role("button", name="Dismiss opportunity")).to_have_count(0)


def referrals(page):
    """Somebody is named by word; the client's page has them, and the link by which the client names others."""
    go(page, "#/referrals", "Referrals")
    expect(page.get_by_text("No referrals yet")).to_be_visible()
    look(page, "no referrals yet")
    page.set_viewport_size({"width": 360, "height": 740})
    reach(page, page.locator("main [data-key=n]"))
    page.keyboard.press("Enter")
    dialog = opened(page, "New referral")
    reach(page, dialog.get_by_role("combobox", name="Named by", exact=True))
    page.keyboard.type(name)
    expect(dialog.get_by_role("option", name=name)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    fill_by_keys(page, dialog, Name="Nora New", Email="nora@new.example", Company="New Ltd")
    look(page, "a new referral")
    page.keyboard.press("Control+Enter")
    told(page, "Referral created")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora New")
    expect(page.get_by_role("region", name="Person named")).to_contain_text("New Ltd")
    look(page, "a referral")
    go(page, f"#/clients/{plan['clientID']}?tab=referrals", name)
    expect(page.get_by_role("link", name="Nora New")).to_be_visible()
    expect(page.get_by_label("Link to recommend us by")).to_have_value(re.compile("^http.*/r/"))
    look(page, "a client's referrals")


def expectations(page):
    """The outlook on one client has its range and its reasons; all of them together have their weeks."""
    go(page, f"#/clients/{plan['clientID']}", name)
    outlook = page.get_by_role("region", name="Outlook", exact=True)
    expect(outlook).to_contain_text(re.compile(r"Leaves within a year\s*\d+% \d+% to \d+%"))
    expect(outlook.get_by_text("Makes leaving likelier").first).to_be_visible()
    expect(outlook).to_contain_text(re.compile(r"Buys more within a year\s*\d+% \d+% to \d+%"))
    expect(outlook.get_by_text("Makes them less likely to buy more").first).to_be_visible()
    outlook.get_by_text("How this was checked").click()
    expect(outlook.get_by_text(re.compile("^By rules"))).to_be_visible()
    go(page, "#/insights", "Insights")
    page.locator("main").get_by_role("link", name="Portfolio", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Portfolio")
    settle(page)
    expect(page.get_by_role("table", name="Capacity by week").get_by_role("row")).to_have_count(9)
    spread = page.get_by_role("table", name="Concentration").get_by_role("row")
    expect(spread.filter(has_text="Clients")).to_contain_text("100%")
    look(page, "the portfolio")
    go(page, "#/insights/nurture", "Nurture figures")
    page.get_by_role("navigation", name="What is hoped for").get_by_role("link", name="Answered").click()
    expect(page).to_have_url(re.compile("goal=replied"))
    settle(page)
    expect(page.get_by_role("table", name="Sequences").get_by_role("rowheader", name="New lead")).to_be_visible()
    look(page, "what keeping in touch brings")


def tell(page):
    """A case study that the client has agreed to is published and withdrawn; another is drafted and put to them."""
    go(page, f"#/settings/case-studies/{plan['approved']}")
    expect(page.get_by_role("table", name="Figures").get_by_role("rowheader", name="Enquiries")).to_be_visible()
    look(page, "a case study")
    for action, title, said in (
            ("Publish", "Publish case study?", "Case study published"),
            ("Withdraw", "Withdraw case study?", "Case study withdrawn"),
            ("Use again", "Use the case study again?", "Case study in use")):
        press(page, action)
        press(opened(page, title), action)
        told(page, said)
    expect(page.get_by_text(re.compile("^Published"))).not_to_have_count(0)
    go(page, f"#/settings/case-studies/{plan['draft']}")
    press(page, "Ask the client")
    press(opened(page, "Ask the client?"), "Ask the client")
    told(page, "The client is asked")
    expect(page.get_by_text(re.compile("^With the client since"))).to_be_visible()
    go(page, f"#/clients/{plan['clientID']}", name)
    press(page, "More")
    page.get_by_role("menuitem", name="Draft case study", exact=True).click()
    dialog = opened(page, "Draft case study")
    expect(dialog.get_by_role("combobox", name="Client", exact=True)).to_have_value(name)
    press(dialog, "Draft from figures")
    told(page, "Case study drafted")
    go(page, "#/settings/sales-material")
    expect(page.get_by_role("button", name="Draft from figures")).to_be_visible()
    look(page, "sales material")


def offer_by_keyboard(page):
    """From signing in to the drafted proposal without a mouse."""
    begin_by_keys(page, "Clients", "g", "c")
    for target, heading in ((page.locator("main .heading").get_by_role("link", name="Opportunities"), "Opportunities"),
                            (page.locator("main").get_by_role("link", name="Renewal", exact=True), "Renewal")):
        reach(page, target)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        settle(page)
    reach(page, page.locator("main .heading").get_by_role("button", name="Offer", exact=True))
    page.keyboard.press("Enter")
    reach(page, opened(page, "Offer this?").get_by_role("button", name="Draft proposal"))
    page.keyboard.press("Enter")
    told(page, "Proposal drafted")
    expect(page.get_by_role("dialog")).to_have_count(0)


walks = [opportunities, referrals, expectations, tell, *nurturing.walks]
with browsing() as browser:
    walk_through(browser, walks)
    # A frequency cap that cannot be is refused.
    faults[:] = [fault for fault in faults if "sending-rules: Failed to load resource" not in fault]
    walk_alone(browser, offer_by_keyboard)
