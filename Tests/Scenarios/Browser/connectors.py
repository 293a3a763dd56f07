"""Looks at the console's page of integrations in a headless browser, as whoever looks after the services does.

Usage: connectors.py PLAN, a file of JSON: {url, email, password, token, failing and limited: ids of integrations, young,
reader and stranger: {email, password}, browser}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, let_in, plan, staff, watch

base = plan["url"]


def look(page, name):
    expect(page.locator("main [aria-busy]")).to_have_count(0)
    expect(page.get_by_text("Loading…")).to_have_count(0)
    looking.look(page, name, (320, 375, 720, 970, 1280))


def sign_in(page, who):
    page.goto(f"{base}/#/settings/integrations")
    let_in(page, who["email"], who["password"])


def card(page, name):
    return page.locator("article.card").filter(has=page.get_by_role("heading", name=name, exact=True))


def fact(card, label):
    return card.locator("dl > div").filter(has=card.page.locator("dt", has_text=label)).locator("dd").first


def see(page):
    """Which service works, what it is used for, what it costs and what limits it."""
    sign_in(page, plan)
    expect(page.get_by_role("heading", level=1)).to_have_text("Integrations")
    expect(page.get_by_role("navigation", name="Settings").get_by_role("link", name="Integrations")).to_have_attribute(
        "aria-current", "page")
    failing, limited = card(page, "Postmark"), card(page, "Mailgun")
    # A minute after its failures the service is tried again.
    expect(failing).to_contain_text(re.compile("Paused after failures|Retrying"))
    month = staff(f"/v1/integrations/{plan['failing']}/use")["month"]
    expect(fact(failing, "This month")).to_have_text(f"{month['calls']} calls, {month['failures']} failed")
    month = staff(f"/v1/integrations/{plan['limited']}/use")["month"]
    expected = int(re.match(r"([\d,]+) calls", fact(limited, "Forecast").inner_text())[1].replace(",", ""))
    # The day goes on meanwhile.
    if abs(expected - month["expected_calls"]) > 1:
        faults.append(f"{expected} calls are expected on the page, {month['expected_calls']} by the API")
    expect(fact(limited, "Response time")).to_have_text(re.compile(r"^\d+ ms$"))
    expect(fact(limited, "This month")).to_contain_text(f"{month['calls']} calls")
    expect(fact(limited, "Plan")).to_contain_text("Basic")
    expect(fact(limited, "Included calls left")).to_have_text(str(month["included_left"]))
    meter = limited.get_by_role("meter", name="Your limit per hour: Mailgun")
    # An hour may have begun since the mails were sent.
    [quota] = staff(f"/v1/integrations/{plan['limited']}")["quota"]
    expect(meter).to_have_attribute("aria-valuenow", str(quota["used"] * 5))
    expect(limited).to_contain_text(f"Your limit per hour: {quota['left']} of 20 left")
    total = staff("/v1/costs/summary")["by"]["integrations"]
    expect(page.get_by_role("region", name="This month")).to_contain_text(
        f"{sum(one['calls'] for one in total)} calls")
    costs = page.get_by_role("region", name="This month")
    expect(fact(costs, "Plan fees")).to_have_text("US$5")
    expect(fact(costs, "Forecast")).to_contain_text("US$")
    expect(fact(limited, "Trend")).to_have_count(0)
    look(page, "integrations")


def see_trend(page):
    """A week's use is shown beside the one before, and what came of a year's; an agency of today has neither yet."""
    def grown(route):
        use = route.fetch().json()
        use["trend"]["calls"] = 0.5 if plan["limited"] in route.request.url else -0.25
        use["return"] |= {"leads": 3, "score": 61.5, "qualified": 2, "converted": 1,
            "won": {"amount": 5000, "currency": "USD"}}
        route.fulfill(json=use)

    page.route(re.compile(r"/v1/integrations/[^/]+/use$"), grown)
    sign_in(page, plan)
    expect(fact(card(page, "Mailgun"), "Trend")).to_have_text("+50% calls over the week before")
    expect(fact(card(page, "Postmark"), "Trend")).to_have_text("-25% calls over the week before")
    expect(fact(card(page, "Mailgun"), "Return in a year")).to_contain_text(
        ", 3 leads, average score 61.5, 2 qualified, 1 won, US$50 won")


def change(page):
    """A service is tested, limited and given new credentials where it is looked at."""
    sign_in(page, plan)
    limited = card(page, "Mailgun")
    limited.get_by_role("button", name="Test", exact=True).click()
    expect(limited).to_contain_text("Works")
    # The test has changed its integration; what it has told stays nevertheless.
    page.wait_for_timeout(2500)
    expect(limited).to_contain_text("Works")
    limited.get_by_role("button", name="Set limits").click()
    hour = limited.get_by_label("Calls per hour")
    expect(hour).to_be_visible()
    expect(limited.get_by_label("Calls per minute")).to_be_focused()
    hour.fill("many")
    limited.get_by_role("button", name="Save").click()
    expect(hour).to_have_attribute("aria-invalid", "true")
    expect(limited).to_contain_text("Enter a whole number of 0 or more.")
    look(page, "a limit that cannot be")
    hour.fill("50")
    limited.get_by_role("button", name="Save").click()
    expect(limited).to_contain_text("of 50 left")
    if staff(f"/v1/integrations/{plan['limited']}")["limits"]["hour"] != 50:
        faults.append("the limit was not kept")
    limited.get_by_role("button", name="Change credentials").click()
    look(page, "a change of credentials")
    limited.get_by_label("API key").fill("k2")
    limited.get_by_label("Keep old credentials valid for").select_option("P1D")
    limited.get_by_role("button", name="Save", exact=True).click()
    expect(fact(limited, "Old credentials valid until")).to_contain_text("in ")
    if staff(f"/v1/integrations/{plan['limited']}")["former_credentials_until"] is None:
        faults.append("the former credentials were forgotten at once")


def read_only(page):
    """A reader is offered nothing that is refused."""
    sign_in(page, plan["reader"])
    expect(card(page, "Mailgun")).to_be_visible()
    expect(page.get_by_role("button", name="Test", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Set limits")).to_have_count(0)
    look(page, "integrations for readers")


def begin(page):
    """An agency that has connected nothing yet is told what comes here."""
    sign_in(page, plan["young"])
    expect(page.get_by_text("No integrations yet.")).to_be_visible()
    look(page, "no integrations")


def stay_out(page):
    """Somebody who may not read integrations is not led there."""
    sign_in(page, plan["stranger"])
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Leads")).to_be_visible()
    menu = page.get_by_role("navigation", name="Settings")
    expect(menu.get_by_role("link", name="Profile")).to_be_visible()
    expect(menu.get_by_role("link", name="Integrations")).to_have_count(0)


with browsing() as browser:
    for walk in (see, see_trend, change, read_only, begin, stay_out):
        page = browser.new_context(locale="en-GB").new_page()
        if walk != stay_out:
            watch(page)
        attempt(walk, page)
