"""Looks at the pages of sources, searches, facts, data quality, the market and syncs, as whoever works with them
does.

Usage: data.py PLAN, a file of JSON: {finding, knowing, cleaning, syncing: {url, email, password, …}, browser}. `finding`
has the address of a directory and two of its firms, `knowing` a lead's id, `cleaning` how many addresses have a slip,
`syncing` a sync's id and a person who is new in the service. Prints JSON: {violations, faults}.
"""
from playwright.sync_api import expect

import looking
from looking import attempt, browsing, choose, let_in, plan, told, watch

widths = (320, 360, 768, 1360)


def look(page, name):
    settle(page)
    looking.look(page, name, widths)
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def settle(page):
    looking.settle(page, f"{looking.BUSY}, main [data-loading]", "")


def sign_in(page, who):
    page.set_viewport_size({"width": 1360, "height": 900})
    page.goto(f"{who['url']}/")
    let_in(page, who["email"], who["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def go(page, who, place, heading=None):
    page.goto(f"{who['url']}/{place}")
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settle(page)


def find(page):
    """A directory is declared and looked at, a search goes through it, and what came of it is told by source."""
    who = plan["finding"]
    sign_in(page, who)
    go(page, who, "#/lead-sources", "Lead sources")
    look(page, "lead sources")
    page.get_by_role("button", name="New source").click()
    dialog = page.get_by_role("dialog", name="New source")
    dialog.get_by_label("Short name").fill("firms")
    dialog.get_by_label("Name", exact=True).fill("Firms of the town")
    dialog.get_by_label("Type").select_option("directory")
    dialog.get_by_label("Address").fill(who["address"])
    dialog.get_by_text("More fields").click()
    for label, text in (("Entries", "//li[@class='firm']"), ("Company", "h2"), ("Website", "a/@href"),
                        ("Next page", "//a[@class='next']/@href")):
        dialog.get_by_label(label, exact=True).fill(text)
    look(page, "a new source")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Firms of the town").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Firms of the town")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text(who["firms"][0])
    look(page, "a source, with a preview")
    go(page, who, "#/searches/new")
    dialog = page.get_by_role("dialog", name="New search")
    dialog.get_by_label("Name", exact=True).fill("All firms")
    dialog.get_by_label("Sources").fill("firms")
    look(page, "a new search")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="All firms").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All firms")
    page.get_by_role("button", name="Search now").click()
    told(page, "3 new leads")
    row = page.get_by_role("table", name="Last search").get_by_role("row").filter(has_text="irms")
    expect(row.get_by_role("cell").nth(1)).to_have_text("3")
    look(page, "a search that has run")
    # Countries are chosen by name, several of them, where they stand.
    details = page.get_by_role("region", name="Details")
    details.get_by_role("button", name="Edit countries").click()
    for name in ("Germany", "Austria"):
        choose(details, "Countries", name)
    details.get_by_role("button", name="Remove Germany").click()
    details.get_by_role("combobox", name="Countries").press("Control+Enter")
    expect(details.get_by_role("combobox")).to_have_count(0)
    expect(details.get_by_text("Austria", exact=True)).to_be_visible()
    go(page, who, "#/leads", "Leads")
    for firm in who["firms"]:
        expect(page.get_by_role("link", name=firm)).to_be_visible()


def know(page):
    """A lead's page tells who says what of it, in which words; a person's word ends it; which sources are asked, and
    for how much."""
    who = plan["knowing"]
    sign_in(page, who)
    go(page, who, f"#/leads/{who['lead']}?tab=facts")
    phone = page.get_by_role("region", name="Phone")
    expect(phone).to_contain_text("+4930901820")
    expect(phone).to_contain_text("the company's website")
    expect(phone.locator("blockquote")).to_have_text("+49 30 901820")
    look(page, "who says what of a lead")
    phone.get_by_role("button", name="Reject value").click()
    dialog = page.get_by_role("dialog", name="Reject value")
    dialog.get_by_label("Reason").fill("It is the number of the janitor")
    dialog.get_by_role("button", name="Reject value").click()
    told(page, "The value does not come back")
    expect(page.get_by_role("region", name="Phone").get_by_text("Rejected")).to_be_visible()
    page.get_by_role("region", name="Phone").get_by_role("button", name="Use this value").click()
    told(page, "The record shows this value now")
    go(page, who, "#/enrichment", "Enrichment plan")
    sources = page.get_by_role("table", name="Sources", exact=True)
    for source, state, price in (("Website", "Ready", "free"), ("Abstract company enrichment", "Ready", "0.05")):
        row = sources.get_by_role("row").filter(has=page.get_by_role("rowheader", name=source, exact=True))
        expect(row).to_contain_text(state)
        expect(row.get_by_role("cell").nth(1)).to_contain_text(price)
    row = page.get_by_role("table", name="Order of sources").get_by_role("row").filter(
        has=page.get_by_role("rowheader", name="Phone", exact=True))
    expect(row).to_contain_text("60%")
    expect(row).to_contain_text("90 d")
    look(page, "the enrichment plan")
    row.get_by_role("button", name="Edit Phone").click()
    dialog = page.get_by_role("dialog", name="Phone")
    dialog.get_by_label("Sure enough from").fill("75")
    look(page, "a field's sources")
    dialog.get_by_role("button", name="Save").click()
    told(page, "Saved")
    expect(row).to_contain_text("75%")
    go(page, who, "#/change-sets", "Change sets")
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").first.click()
    look(page, "a change set")


def clean(page):
    """Faults of records, their remedies, and the way back; rules and issues in words; reports; the market."""
    who = plan["cleaning"]
    sign_in(page, who)
    go(page, who, "#/insights/quality", "Data quality")
    page.get_by_role("button", name="Check all records").click()
    told(page, "All records are checked")
    slip = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Lead email slip"))
    expect(slip).to_contain_text(f"{who['slips']} records")
    expect(page.locator("main")).not_to_contain_text("lead_")
    look(page, "data quality")
    slip.get_by_role("button", name="Preview the changes").click()
    dialog = page.get_by_role("dialog", name="Changes of Lead email slip")
    expect(dialog.get_by_role("table", name="Changes")).to_contain_text("q1@gmail.com")
    look(page, "changes before they are made")
    dialog.get_by_role("button", name="Apply the changes").click()
    told(page, "The changes are applied")
    expect(slip).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    told(page, "The changes are taken back")
    expect(slip).to_be_visible()
    page.get_by_role("button", name="Make report").click()
    page.get_by_role("menuitem", name="Executive").click()
    told(page, "Report made")
    for place, heading in (("#/quality-issues", "Quality issues"), ("#/quality-rules", "Quality rules"),
                           ("#/change-sets", "Change sets")):
        go(page, who, place, heading)
        expect(page.locator("main table")).not_to_contain_text("lead_")
        look(page, heading)
    go(page, who, "#/competitors/new")
    dialog = page.get_by_role("dialog", name="New competitor")
    dialog.get_by_label("Name", exact=True).fill("Rival Ltd")
    dialog.get_by_role("button", name="Save").click()
    told(page, "Competitor created")
    for place, heading in (("#/competitors", "Competitors"), ("#/market-findings", "Market findings"),
                           ("#/market-reports", "Market reports"), ("#/market-activity", "Competitors' activity"),
                           ("#/metric-reads", "Values read from services")):
        go(page, who, place, heading)
        look(page, heading)


def keep_in_step(page):
    """A person decides what both sides have changed; a run is previewed, made, and taken back; a sync is paused."""
    who = plan["syncing"]
    sign_in(page, who)
    go(page, who, "#/sync-conflicts?status=open", "Sync conflicts")
    look(page, "sync conflicts")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    for value in ("Base", "Local", "Remote"):
        expect(page.get_by_role("region", name="Both sides have changed it")).to_contain_text(value)
    look(page, "a sync conflict")
    page.get_by_role("button", name="Take the value there").click()
    expect(page.get_by_role("button", name="Take the value there")).to_have_count(0)
    go(page, who, f"#/syncs/{who['sync']}")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="What a run would do")).to_contain_text(who["new"])
    look(page, "a sync, with a preview")
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("link", name="Watch it").click()
    undo = page.get_by_role("button", name="Undo", exact=True)
    for _ in range(240):
        if undo.count():
            break
        page.wait_for_timeout(500)
        page.reload()
        settle(page)
    look(page, "a run of a sync")
    undo.click()
    told(page, "What the run changed here is taken back")
    go(page, who, f"#/syncs/{who['sync']}")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    go(page, who, "#/syncs", "Syncs")
    look(page, "syncs")


with browsing() as browser:
    for walk in (find, know, clean, keep_in_step):
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
