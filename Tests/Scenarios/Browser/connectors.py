"""Looks at the console's page of connectors in a headless browser as an owner does.

Usage: connectors.py PLAN, a file of JSON: {url, email, password, name, month (what /use says), quota, young: {email,
password}, browser}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, plan, watch

base, name = plan["url"], plan["name"]
expect.set_options(timeout=20_000)


def settle(page):
    expect(page.locator("main [aria-busy]")).to_have_count(0)
    expect(page.get_by_text("Loading…")).to_have_count(0)


def sign_in(page, who):
    page.goto(f"{base}/#/connectors")
    page.get_by_label("E-mail").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("button", name="Sign in").click()


def fact(part, label):
    return part.locator(".facts > div").filter(has=part.page.get_by_text(label, exact=True)).locator("dd")


def see(page):
    """Use, what is left and what is to come, as the API says."""
    sign_in(page, plan)
    expect(page.get_by_role("heading", level=1)).to_have_text("Connectors")
    settle(page)
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name=name, exact=True))
    month, quota = plan["month"], plan["quota"]
    cost = f"{month['cost']['amount'] / 100:.2f}"
    said = f"{month['calls']} calls, {month['failures']} failed"
    for label in ("Today", "This month"):
        expect(fact(card, label)).to_contain_text(said)
        expect(fact(card, label)).to_contain_text(cost)
    expect(fact(card, "Answer time")).to_have_text(re.compile(r"^\d+ ms$"))
    expected = int(re.match(r"([\d,]+) calls", fact(card, "Expected").inner_text())[1].replace(",", ""))
    # The day goes on meanwhile.
    if abs(expected - month["expected_calls"]) > 1:
        faults.append(f"{expected} calls are expected on the page, {month['expected_calls']} by the API")
    meter = card.get_by_role("meter", name=f"Your limit for a month: {name}")
    expect(meter).to_have_attribute("aria-valuenow", str(quota["used"] * 100 // quota["limit"]))
    expect(card).to_contain_text(f"{quota['left']} of {quota['limit']} left")
    costs = page.get_by_role("region", name="This month")
    expect(fact(costs, "Spent")).to_contain_text(cost)
    expect(fact(costs, "Services")).to_have_text(f"{month['calls']} calls")
    expect(fact(costs, "Expected")).to_have_count(1)
    looking.look(page, "connectors")
    # What a test has told stays, though the integration has changed by it.
    card.get_by_role("button", name=f"Test: {name}").click()
    expect(card).to_contain_text("Works.")
    page.wait_for_timeout(2500)
    expect(card).to_contain_text("Works.")


def begin(page):
    """An agency that has connected nothing yet."""
    sign_in(page, plan["young"])
    expect(page.get_by_text("No outside services yet.")).to_be_visible()
    settle(page)
    looking.look(page, "connectors without a service")


with browsing() as browser:
    for walk in (see, begin):
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
