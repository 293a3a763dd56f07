"""Shows a post for money: asks for it on the post's page, starts it once it is ready, reads what it brings, and
stops it.

Usage: promoting.py PLAN, a file of JSON: {url, email, password, post (which stands at Facebook), ad (the name of a campaign
of Meta Ads), end (when it ends), browser}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
from playwright.sync_api import expect

from looking import browsing, choose, fits, go, look, opened, plan, press, settle, told, walk_through, wide


def promote(page):
    """A missing value is told beside its field; the promotion is prepared, and rests."""
    go(page, f"#/social-posts/{plan['post']}")
    press(page, "Promote")
    dialog = opened(page, "Promote post")
    press(dialog, "Prepare")
    expect(dialog.get_by_text("Fill this in.")).to_have_count(4)
    currency = dialog.get_by_label("Currency of budget in all", exact=True)
    expect(currency).to_have_value("USD")
    dialog.get_by_role("combobox", name="Ad campaign", exact=True).fill(plan["ad"])
    dialog.get_by_role("option", name=plan["ad"], exact=True).click()
    # The agency's own until the campaign is known, whose account spends in another.
    expect(currency).to_have_value("EUR")
    dialog.get_by_label("Budget in all", exact=True).fill("50")
    dialog.get_by_label("Ends", exact=True).fill(plan["end"])
    for name in ("Germany", "Austria", "France"):
        choose(dialog, "Countries", name)
    press(dialog, "Remove France")
    look(page, "a promotion that is asked for")
    wide(page)
    press(dialog, "Prepare")
    told(page, "The advertisement is being prepared")


def run(page):
    """It is among the promoted posts; its page has what it may spend, and what it brings."""
    go(page, "#/post-promotions", "Promoted posts")
    expect(page.get_by_role("cell", name="Ready").first).to_be_visible()
    look(page, "promoted posts")
    wide(page)
    page.get_by_role("table", name="Promoted posts").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    settle(page)
    press(page, "Start")
    press(opened(page, "Show the post for money?"), "Start")
    told(page, "The advertisement is being started")
    expect(page.locator("main").get_by_text("Running").first).to_be_visible()
    expect(page.get_by_role("table", name="Results")).to_be_visible()
    look(page, "a promoted post")
    wide(page)
    press(page, "Stop")
    press(opened(page, "Stop showing the post for money?"), "Stop")
    told(page, "The advertisement is being stopped")


def lists(page):
    """The networks' news beside posts has pages, which say what would be there."""
    for place, heading in (("network-trends", "Trends on networks"), ("network-spaces", "Live talks"),
                           ("lead-forms", "Lead forms"), ("lead-form-responses", "Filled-in forms")):
        go(page, f"#/{place}", heading)
        expect(page.locator("main .empty").get_by_text("listed here")).to_be_visible()
        fits(page, heading)


with browsing() as browser:
    walk_through(browser, [promote, run, lists])
