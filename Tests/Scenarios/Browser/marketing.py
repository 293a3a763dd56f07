"""Writes posts for several accounts, leads a campaign and an email campaign, nests conditions, and decides as a
client.

Usage: marketing.py PLAN, a file of JSON: {url, email, password, campaign (planned, with a budget), film (the path of one
of four seconds), by_hand (a film that a person is to publish), effect (one of the camera, with which it stands then),
mailing (a draft of two variants), pieces (addresses of two pages at which a client decides), browser}; the
accounts are on X, which has a queue on Tuesdays at 9, LinkedIn and Instagram, and there are three leads. Prints JSON:
{violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import ask, browsing, faults, opened, plan, press, reach, settle, told, walk_alone, walk_through, wide

base = plan["url"]
widths = (320, 360, 768, 1360)


def go(page, place, heading):
    wide(page)
    page.goto("about:blank")
    page.goto(f"{base}/{place}")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settle(page)


def look(page, what):
    looking.look(page, what, widths)
    wide(page)


def preview(page, name):
    return page.get_by_role("article", name=re.compile(f"^{name},"))


def account(page, network):
    return page.get_by_role("checkbox", name=re.compile(f"^Acme on {network}"))


def compose(page):
    """A text that does not fit one network is told at its field and in its preview; one that fits all is planned for
    all."""
    go(page, "#/social-posts", "Posts")
    page.get_by_role("link", name="New post", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New post")
    settle(page)
    for name in ("x", "linkedin"):
        account(page, name).check()
    text = page.get_by_label("Text", exact=True)
    text.fill("Gardens " + "a" * 300)
    field = page.locator(".field[data-name=text]")
    expect(field).to_contain_text("X: 308 of 280")
    expect(field).to_contain_text("LinkedIn: 308 of 3,000")
    expect(field.locator(".fault")).to_contain_text("takes 280 of its characters")
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(preview(page, "Acme on x").get_by_role("listitem")).to_have_count(1)
    expect(preview(page, "Acme on linkedin")).to_contain_text("It fits.")
    look(page, "the composer with a fault")
    press(page, "Add to queue")
    expect(text).to_be_focused()
    expect(page).to_have_url(re.compile("#/social-posts/new"))
    text.fill("Gardens are open.")
    expect(field.locator(".fault")).to_be_empty()
    expect(preview(page, "Acme on x")).to_contain_text("Gardens are open.")
    expect(page.get_by_text("Acme on linkedin has no queue yet")).to_be_visible()
    kept(page)
    page.get_by_label("At a time", exact=True).check()
    expect(page.get_by_text("Usual hours of the network:")).to_be_visible()
    time = page.get_by_label("Day and time", exact=True)
    time.fill("2020-01-01T10:00")
    expect(page.locator(".when .field .fault")).to_contain_text("passed")
    time.fill("2099-01-12T10:00")
    expect(page.locator(".when .field .fault")).to_be_empty()
    look(page, "the composer with previews")
    press(page, "Schedule post")
    told(page, "2 posts are planned")
    expect(page.get_by_role("heading", level=1)).to_have_text("Posts")


def kept(page):
    """A post that was begun is there again when the page has been left."""
    page.goto(f"{base}/#/campaigns")
    expect(page.get_by_role("heading", level=1)).to_have_text("Campaigns")
    page.goto(f"{base}/#/social-posts/new")
    expect(page.get_by_text("What you had begun is here again.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Gardens are open.")
    expect(account(page, "linkedin")).to_be_checked()
    expect(preview(page, "Acme on linkedin")).to_contain_text("Gardens are open.")


def thread(page):
    """A thread has its parts, and a draft keeps them; Instagram wants a picture, which is said at its field."""
    go(page, "#/social-posts/new", "New post")
    account(page, "instagram").check()
    page.get_by_label("Text", exact=True).fill("First of two")
    expect(page.locator(".media-field .fault")).not_to_be_empty()
    account(page, "instagram").uncheck()
    account(page, "x").check()
    expect(page.locator(".media-field .fault")).to_be_empty()
    page.get_by_label("Format", exact=True).select_option(label="Thread")
    press(page, "Add part")
    part = page.get_by_label("Part 2", exact=True)
    expect(part).to_be_focused()
    part.fill("Second of them")
    expect(preview(page, "Acme on x")).to_contain_text("Second of them")
    press(page, "Add part")
    page.get_by_label("Part 3", exact=True).fill("Not this")
    press(page, "Remove Part 3")
    expect(page.get_by_label("Part 3", exact=True)).to_have_count(0)
    look(page, "a thread in the composer")
    page.get_by_label("Keep as a draft", exact=True).check()
    press(page, "Save draft")
    told(page, "Draft saved")
    expect(page.get_by_role("heading", level=1)).to_have_text("First of two")


def film(page):
    """Of a film a part is shown: what the network gets is told before it is made."""
    go(page, "#/social-posts/new", "New post")
    account(page, "x").check()
    page.get_by_label("Text", exact=True).fill("Our garden moves")
    press(page, "Add picture or film")
    dialog = opened(page, "Add picture or film")
    dialog.get_by_label("File", exact=True).set_input_files(plan["film"])
    dialog.get_by_label("From second", exact=False).fill("1")
    dialog.get_by_label("To second", exact=False).fill("3")
    look(page, "a part of a film")
    press(dialog, "Add")
    expect(page.locator(".media-list")).to_contain_text("Seconds 1 to 3")
    expect(preview(page, "Acme on x")).to_contain_text("It fits.")
    page.get_by_label("Keep as a draft", exact=True).check()
    press(page, "Save draft")
    told(page, "Draft saved")
    expect(page.get_by_role("heading", level=1)).to_have_text("Our garden moves")
    expect(page.get_by_role("region", name="Pictures and films", exact=True)).to_contain_text("Seconds 1 to 3")
    shown = page.get_by_role("region", name="On the network", exact=True)
    expect(shown).to_contain_text("Made for the network: 160 × 120, 2 s")


def by_hand(page):
    """A film that stands is told with its sound and effect: each is found among its own."""
    go(page, f"#/social-posts/{plan['by_hand']}", "Tulips open")
    press(page, "It is published")
    dialog = opened(page, "Where is the post published?")
    dialog.get_by_label("Address", exact=True).fill("https://www.instagram.com/reel/1")
    for name, mine, other in (("Sound", "Green song", "Green room"), ("Camera effect", "Green room", "Green song")):
        dialog.get_by_role("combobox", name=name, exact=True).fill("Green")
        found = dialog.get_by_role("option", name=mine, exact=True)
        expect(found).to_be_visible()
        expect(dialog.get_by_role("option", name=other, exact=True)).to_have_count(0)
        found.click()
    press(dialog, "Save")
    told(page, "Post is published")
    go(page, f"#/settings/sounds/{plan['effect']}", "Sounds")
    expect(page.get_by_role("heading", level=2, name="Green room", exact=True)).to_be_visible()


def campaign(page):
    """A campaign is started, spends, is paused, goes on and is completed."""
    go(page, f"#/campaigns/{plan['campaign']}", "Spring")
    budget = page.get_by_role("region", name="Budget", exact=True)
    expect(budget).to_contain_text("of US$1,000 spent")
    expect(page.get_by_role("region", name="Milestones", exact=True)).to_contain_text("Kick-off")
    expect(page.get_by_role("table", name="Results")).to_contain_text("40")
    press(page, "Start campaign")
    press(opened(page, "Start campaign?"), "Start campaign")
    told(page, "Campaign started")
    settle(page)
    press(page, "Record spending")
    dialog = opened(page, "Record spending")
    dialog.get_by_label("Channel", exact=True).fill("google_ads")
    dialog.get_by_label("Day", exact=True).fill("2026-01-02")
    dialog.get_by_label("Amount", exact=True).fill("250")
    press(dialog, "Record spending")
    told(page, "Spending recorded")
    expect(budget).to_contain_text("US$250")
    expect(page.get_by_role("table", name="Channels").get_by_role("row", name=re.compile("Google", re.I))).to_contain_text("US$250")
    expect(page.get_by_role("meter", name="Spent")).to_have_attribute("aria-valuenow", "25")
    settle(page)
    look(page, "a campaign")
    press(page, "Pause")
    press(opened(page, "Pause campaign?"), "Pause")
    told(page, "Campaign paused")
    settle(page)
    press(page, "Resume")
    press(opened(page, "Resume campaign?"), "Resume")
    told(page, "Campaign resumed")
    settle(page)
    page.locator("main .heading").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Complete campaign", exact=True).click()
    press(opened(page, "Complete campaign?"), "Complete campaign")
    told(page, "Campaign completed")
    settle(page)
    expect(page.locator("main .badges")).to_contain_text("Completed")


def mailing(page):
    """Before it is sent the page says who does not get it and why; it is scheduled, and held."""
    go(page, f"#/email-campaigns/{plan['mailing']}", "Invitation")
    people = page.get_by_role("region", name="People", exact=True)
    expect(people).to_contain_text("would get it")
    expect(people.get_by_role("rowheader", name="Unsubscribed", exact=True)).to_be_visible()
    people.get_by_text("Some of those who are left out", exact=True).click()
    expect(people.get_by_role("listitem").filter(has_text="Unsubscribed").get_by_role("link")).to_be_visible()
    look(page, "an email campaign")
    press(page, "Schedule")
    dialog = opened(page, "Schedule email campaign?")
    dialog.get_by_label("Not before", exact=True).fill("2099-01-05T09:00")
    press(dialog, "Schedule")
    told(page, "Email campaign scheduled")
    settle(page)
    press(page, "Pause")
    press(opened(page, "Pause email campaign?"), "Pause")
    told(page, "Email campaign paused")
    expect(page.get_by_role("region", name="Results", exact=True)).to_contain_text("Nothing has left yet.")


def segment(page):
    """Groups nest, each joined in its way, with the count of whom they find; as deep as the API takes."""
    go(page, "#/segments", "Segments")
    press(page, "New segment")
    dialog = opened(page, "New segment")
    dialog.get_by_label("Name", exact=True).fill("Nested")
    ask(dialog.get_by_role("group", name="Condition 1", exact=True), "Company", "contains", "Example")
    expect(dialog).to_contain_text("3 leads match.")
    dialog.get_by_role("button", name="Add group", exact=True).click()
    group = dialog.get_by_role("group", name="Group 2", exact=True)
    ask(group.get_by_role("group", name="Condition 2.1", exact=True), "Company", "contains", "1")
    expect(dialog).to_contain_text("1 lead matches.")
    group.get_by_role("button", name="Add group", exact=True).click()
    inner = group.get_by_role("group", name="Group 2.2", exact=True)
    inner.get_by_label("Match", exact=True).first.select_option(label="None of these")
    ask(inner.get_by_role("group", name="Condition 2.2.1", exact=True), "Company", "contains", "Company")
    expect(dialog).to_contain_text("1 lead matches.")
    look(page, "nested conditions")
    name = "2.2"
    for depth in range(4, 10):
        place = dialog.get_by_role("group", name=f"Group {name}", exact=True)
        place.get_by_role("button", name="Add group", exact=True).last.click()
        name += ".2"
    deepest = dialog.get_by_role("group", name=f"Group {name}", exact=True)
    expect(deepest.get_by_role("button", name="Add group", exact=True)).to_have_count(0)
    press(dialog, "Remove Group 2.2.2")
    expect(dialog).to_contain_text("1 lead matches.")
    press(dialog, "Save")
    told(page, "Segment created")


def adapt(page):
    """A piece is cut for the networks of the accounts, and written on where it is posted."""
    go(page, "#/content-items", "Content")
    page.get_by_role("link", name="Approved words", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approved words")
    settle(page)
    page.locator("main .heading").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Make posts of it", exact=True).click()
    dialog = opened(page, "Posts of Approved words")
    one = dialog.get_by_role("article", name="LinkedIn", exact=True)
    expect(one).to_contain_text("We have news about gardens.")
    look(page, "the posts of a piece")
    press(one, "Write this post")
    expect(page.get_by_role("heading", level=1)).to_have_text("New post")
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("We have news about gardens."))
    expect(account(page, "linkedin")).to_be_checked()
    expect(account(page, "x")).not_to_be_checked()
    press(page, "Discard")
    expect(page.get_by_role("heading", level=1)).to_have_text("Posts")


def rules(page):
    """The checks of reviews are written down, and the trend of their results is told by month."""
    go(page, "#/review-rules", "Review rules")
    press(page, "New review rule")
    dialog = opened(page, "New review rule")
    dialog.get_by_label("Deliverables have", exact=True).fill("A call to action")
    press(dialog, "Save")
    told(page, "Review rule created")
    expect(page.get_by_role("link", name="A call to action", exact=True)).to_be_visible()
    look(page, "review rules")
    page.get_by_role("link", name="Quality trend", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality of deliverables")
    expect(page.get_by_text("Nothing was reviewed yet.")).to_be_visible()
    look(page, "the quality of deliverables")


def decide(page):
    """A client looks at a piece, approves it or asks for changes; whoever only looks has decided nothing."""
    first, second = (base + re.sub("^https?://[^/]*", "", address) for address in plan["pieces"])
    for address, title in ((first, "Approved words"), (second, "Words to change")):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        look(page, f"the page at which a client decides: {title}")
    page.goto(first)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    look(page, "a piece that was approved")
    page.goto(second)
    box = page.get_by_role("textbox")
    reach(page, box)
    page.keyboard.type("Warmer, please")
    page.get_by_role("button", name="Request changes", exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    look(page, "a piece whose changes were asked for")


walks = [compose, thread, film, by_hand, adapt, campaign, mailing, segment, rules]
with browsing() as browser:
    walk_through(browser, walks, timezone_id="America/New_York")
    walk_alone(browser, decide)
    # Refused requests are tried here.
    faults[:] = [fault for fault in faults if "the server responded with a status of 4" not in fault]
