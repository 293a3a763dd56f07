"""Walks of success.py: what keeps in touch with people, the doors by which they write, and a client from yes to
renewal. Each page is looked at on a phone and on a desk, and what it is for is done by keyboard on a phone's width."""
import re

from playwright.sync_api import expect

import looking
from looking import call, faults, fits, held, opened, plan, settle, told, walk_to

base, name = plan["url"], plan["client"]
PHONE = {"width": 360, "height": 740}
client = f"#/clients/{plan['clientID']}"


def go(page, place, heading=None):
    page.set_viewport_size(PHONE)
    page.goto(f"{base}/{place}")
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settle(page)


def look(page, what):
    """By day on a desk and by night on a phone."""
    settle(page)
    place = page.evaluate("scrollY")
    for width, scheme in ((1360, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        looking.judge(page, what, width, isSamePage=width == 360)
    fits(page, what, (320, 360, 1360))
    page.set_viewport_size(PHONE)
    page.evaluate("place => scrollTo(0, place)", place)


def push(page, target):
    walk_to(page, target)
    page.keyboard.press("Enter")


def button(place, text):
    return place.get_by_role("button", name=text, exact=True)


def write(page, place, **fields):
    """Reaches each control by its label, with _ for spaces, and types into it, or the first letters of a choice."""
    for label, text in fields.items():
        walk_to(page, place.get_by_label(label.replace("_", " "), exact=True))
        page.keyboard.type(text)


def sent(page, said):
    """Sends the dialog that is open; the keyboard is back on the page."""
    page.keyboard.press("Control+Enter")
    told(page, said)
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    held(page, said)


def agreed(page, title, action, said):
    """Says yes to a dialog."""
    push(page, button(opened(page, title), action))
    told(page, said)
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    held(page, said)


def made(page, place, heading, one, fields, said):
    """Makes a record of a list by the form of its kind."""
    go(page, place, heading)
    look(page, f"the list of {heading}")
    push(page, page.locator("main [data-key=n]"))
    dialog = opened(page, f"New {one}")
    settle(page)
    look(page, f"a new {one}")
    for label, text in fields.items():
        if label in ("Client", "Package"):
            walk_to(page, dialog.get_by_role("combobox", name=label, exact=True))
            page.keyboard.type(text)
            expect(dialog.get_by_role("option", name=re.compile(re.escape(text))).first).to_be_visible()
            page.keyboard.press("Enter")
        else:
            write(page, dialog, **{label: text})
    sent(page, said)


def people(page):
    """A lead and a contact say how engaged they are; what the contact likes is stated."""
    made(page, "#/leads", "Leads", "lead", {"Company": "Kept in touch", "Email": "ada@touch.example"}, "Lead created")
    push(page, page.locator("main").get_by_role("link", name="Kept in touch", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept in touch")
    expect(page.get_by_role("region", name="Engagement", exact=True)).to_contain_text("of 100")
    look(page, "a lead and its engagement")
    lead = call(page, "GET", "/v1/leads?q=Kept")["data"][0]
    for _ in range(4):
        call(page, "POST", f"/v1/contacts/{lead['contact_id']}/activities",
             {"type": "message_reply", "channel": "whatsapp"})
    figure = call(page, "GET", f"/v1/contacts/{lead['contact_id']}/engagement")
    go(page, "#/leads")
    for place in (f"#/leads/{lead['id']}", f"#/contacts/{lead['contact_id']}"):
        go(page, place)
        engagement = page.get_by_role("region", name="Engagement", exact=True)
        expect(engagement.locator(".big")).to_have_text(str(round(figure["score"])))
        expect(engagement).to_contain_text(f"{figure['activities']} activities in {figure['days']} days")
    expect(engagement.get_by_role("listitem")).to_have_count(4)
    push(page, button(engagement, "Log a call"))
    expect(opened(page, "Log a call").get_by_label("When", exact=True)).not_to_have_value("")
    sent(page, "Logged")
    expect(engagement.get_by_role("listitem").filter(has_text="Phone call")).to_have_count(1)
    expect(engagement).to_contain_text("5 activities")
    look(page, "a contact with its engagement and preferences")
    push(page, button(page.locator("main"), "State preferences"))
    dialog = opened(page, "State preferences")
    look(page, "stated preferences")
    write(page, dialog, Channel="Em", Length="Sh", Day_of_the_week="Tu")
    sent(page, "Preferences saved")
    table = page.get_by_role("table", name="Preferences")
    expect(table.get_by_role("row").filter(has_text="Length")).to_contain_text("Short")
    channel = table.get_by_role("row").filter(has_text="Channel")
    for text in ("Email", "Stated", "Their answers suggest: WhatsApp.", "sure, 4 answers"):
        expect(channel).to_contain_text(text)
    expect(table.get_by_role("row").filter(has_text="Day of the week")).to_contain_text("Tuesday")
    # The page is drawn anew while the keyboard is in a part of it that is drawn once.
    call(page, "PATCH", f"/v1/contacts/{lead['contact_id']}", {"name": "Ada of Touch"})
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada of Touch")
    expect(button(page.locator("main"), "State preferences")).to_be_focused()


def stages(page):
    """An agency's own bounds of the stages, and what is refused told at its field."""
    go(page, "#/settings/lifecycle-stages")
    look(page, "lifecycle stages")
    push(page, button(page.locator("main"), "Edit stage: Warm"))
    dialog = opened(page, "Edit stage")
    walk_to(page, dialog.get_by_label("Days between touches", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    look(page, "a lifecycle stage")
    sent(page, "Stage saved")
    expect(page.locator("article").filter(has_text="Warm")).to_contain_text("In touch every 9 days")


def sequences(page):
    """A sequence is paused and resumed; what it brings is read against doing nothing."""
    go(page, "#/sequences", "Sequences")
    look(page, "the list of sequences")
    push(page, page.locator("main table.records").get_by_role("link").first)
    expect(button(page.locator("main .heading"), "Pause")).to_be_visible()
    settle(page)
    look(page, "a nurture sequence")
    for action, title, said in (("Pause", "Pause sequence?", "Paused"), ("Resume", "Resume sequence?", "Resumed")):
        push(page, button(page.locator("main .heading"), action))
        agreed(page, title, action, said)
    go(page, "#/insights/nurture", "Nurture figures")
    expect(page.get_by_role("table", name="Lifecycle stages")).to_be_visible()
    look(page, "the lift over doing nothing")
    push(page, page.get_by_role("navigation", name="What is hoped for").get_by_role("link", name="Named somebody"))
    expect(page).to_have_url(re.compile("goal=referred"))
    settle(page)
    held(page, "another goal")


def segment(page):
    """A segment is built, condition by condition."""
    go(page, "#/segments", "Segments")
    look(page, "the list of segments")
    push(page, page.locator("main [data-key=n]"))
    dialog = opened(page, "New segment")
    write(page, dialog, Name="By keys")
    first = dialog.get_by_role("group", name="Condition 1", exact=True)
    write(page, first, Field="Company")
    write(page, first, Comparison="contains")
    write(page, first, Value="Kept")
    expect(dialog).to_contain_text("1 lead matches.")
    push(page, button(dialog, "Add group"))
    group = dialog.get_by_role("group", name="Group 2", exact=True)
    write(page, group, Match="None")
    second = group.get_by_role("group", name="Condition 2.1", exact=True)
    write(page, second, Field="Company")
    write(page, second, Comparison="is")
    write(page, second, Value="Somebody else")
    expect(dialog).to_contain_text("1 lead matches.")
    look(page, "a segment that is built by keyboard")
    sent(page, "Segment created")
    expect(page.get_by_role("region", name="Filter", exact=True).or_(
        page.locator("main").get_by_role("link", name="By keys", exact=True)).first).to_be_visible()
    look(page, "a segment by keyboard")


def content(page):
    """A piece with its variants, from its form to its preview; a rule of the calendar, whose slot the calendar
    shows."""
    item = call(page, "POST", "/v1/content-items", {
        "title": "Seven ways", "type": "educational", "subject": "Seven", "body": "Seven ways.", "status": "approved",
        "variants": [{"name": "short"}, {"name": "long", "subject": "All seven"}]})
    go(page, f"#/content-items/{item['id']}", "Seven ways")
    look(page, "a content item by keyboard")
    push(page, button(page.locator("main .heading"), "Send content"))
    dialog = opened(page, "Send content?")
    push(page, button(dialog, "Preview readers"))
    expect(dialog).to_contain_text("would get it")
    look(page, "a preview by keyboard")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button(page.locator("main .heading"), "Send content")).to_be_focused()
    go(page, "#/distributions", "Distributions")
    look(page, "the list of distributions")
    made(page, "#/content-calendar-rules", "Content calendar rules", "calendar rule",
         {"Theme": "Keys of the week", "Rhythm": "Week", "Weekday, from 1": "2", "Type": "Ed"}, "Calendar rule created")
    go(page, "#/calendar", "Calendar")
    look(page, "the calendar with a rule")


def caps(page):
    """The limits of writing to a person: one more is kept, and a wrong one told beside it."""
    go(page, "#/settings/sending-rules")
    section = page.get_by_role("region", name="How often one person is written to", exact=True)
    expect(section.get_by_role("group", name="Limit 2", exact=True)).to_be_visible()
    look(page, "frequency caps")
    push(page, button(section, "Add limit"))
    third = section.get_by_role("group", name="Limit 3", exact=True)
    expect(third.get_by_label("What counts", exact=True)).to_be_focused()
    write(page, third, What_counts="Keep", Channel="Em", At_most="3", In_days="0")
    push(page, button(section, "Save"))
    expect(third.locator(".fault").filter(has_text=re.compile(r"\w")).first).to_be_visible()
    held(page, "a fault of a frequency cap")
    look(page, "a frequency cap that cannot be")
    walk_to(page, third.get_by_label("In days", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type("30")
    push(page, button(section, "Save"))
    told(page, "Settings saved")
    settle(page)
    held(page, "Settings saved")
    kept = call(page, "GET", "/v1/settings")["frequency_caps"]
    if kept[-1] != {"purpose": "nurture", "channel": "email", "max": 3, "per": "P30D"} or len(kept) != 3:
        faults.append(f"the frequency caps are {kept}")
    push(page, button(section, "Remove Limit 3"))
    expect(button(section, "Add limit")).to_be_focused()
    push(page, button(section, "Save"))
    told(page, "Settings saved")


def doors(page):
    """Messenger, Instagram, SMS and Slack: what each asks for, one of them connected, and who decides at Slack."""
    go(page, "#/settings/integrations", "Integrations")
    look(page, "integrations")
    for service in ("Messenger", "Instagram", "Twilio (SMS)", "Slack"):
        push(page, button(page.locator("main"), f"Connect {service}"))
        dialog = opened(page, f"Connect {service}")
        expect(dialog).to_contain_text("Where to find it:")
        look(page, f"connect {service}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(button(page.locator("main"), f"Connect {service}")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = opened(page, "Connect Slack")
    given = {"Workspace ID": "T0001", "Bot token": "xoxb-1", "Signing secret": "s3cret", "Staff's channel": "C0001"}
    for label, text in given.items():
        if dialog.get_by_label(label, exact=True).filter(visible=True).count():
            write(page, dialog, **{label: text})
    page.keyboard.press("Control+Enter")
    told(page, "Slack connected")
    if dialog.count():
        look(page, "Slack is connected")
        push(page, button(dialog, "Done"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    held(page, "Slack connected")
    push(page, page.locator("main").get_by_role("link", name="Slack", exact=True).first)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    look(page, "Slack")
    go(page, "#/settings/slack-users")
    look(page, "people at Slack")
    push(page, page.locator("main [data-key=n]"))
    look(page, "a new person at Slack")
    page.keyboard.press("Escape")


def onboarding(page):
    """A client's beginning: a template of its project, a step that is done, one that is skipped, and a goal."""
    made(page, "#/project-templates", "Project templates", "project template", {"Name": "By keys"}, "Project template created")
    go(page, "#/onboardings", "Onboardings")
    look(page, "the list of onboardings")
    push(page, page.locator("main table.records").get_by_role("link").first)
    steps = page.get_by_role("region", name="Steps", exact=True)
    expect(steps).to_be_visible()
    look(page, "an onboarding")
    push(page, button(steps, "Done").first)
    agreed(page, "Complete this step?", "Done", "Step completed")
    push(page, button(steps, "Skip").first)
    write(page, opened(page, "Skip this step?"), Reason="They came by mail")
    look(page, "a step that is skipped")
    sent(page, "Step skipped")
    expect(steps).to_contain_text("They came by mail")
    made(page, "#/goals", "Goals", "goal", {"Client": name, "Metric": "crm.enquiries", "Target": "200", "Until":
                                            "01012099"}, "Goal created")
    go(page, f"{client}?tab=goals", name)
    panel = page.get_by_role("tabpanel", name="Goals", exact=True)
    push(page, button(panel, "New goal"))
    expect(opened(page, "New goal").get_by_role("combobox", name="Client", exact=True)).to_have_value(name)
    page.keyboard.press("Escape")
    expect(button(panel, "New goal")).to_be_focused()
    walk_to(page, panel.get_by_role("link").first)
    look(page, "a client's goals")


def relationship(page):
    """The successes and thanks, the outlook, and the offers: read, unfolded, dismissed."""
    go(page, f"{client}?tab=history", name)
    look(page, "a client's activity")
    outlook = page.get_by_role("region", name="Outlook", exact=True)
    push(page, outlook.get_by_text("How this was checked"))
    expect(outlook.get_by_text(re.compile("^By rules"))).to_be_visible()
    look(page, "a client's outlook")
    go(page, f"{client}?tab=referrals", name)
    link = page.get_by_label("Link to recommend us by").input_value()
    other = page.context.new_page()
    other.set_viewport_size(PHONE)
    other.goto(base + re.sub("^https?://[^/]*", "", link))
    fields = other.get_by_role("textbox")
    for number, text in enumerate(("Nick Named", "nick@named.example")):
        walk_to(other, fields.nth(number))
        other.keyboard.type(text)
    walk_to(other, other.get_by_role("button").first)
    looking.look(other, "the page of a referral link", (320, 360, 1360))
    other.close()
    go(page, f"{client}?tab=opportunities", name)
    look(page, "a client's opportunities")
    go(page, "#/insights/portfolio", "Portfolio")
    look(page, "the portfolio")
    push(page, page.locator("main .heading").get_by_role("link", name="Opportunities", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Opportunities")
    made_one = call(page, "POST", "/v1/opportunities", {
        "client_id": plan["clientID"], "kind": "cross_sell", "reason": "They asked for more.", "due_on": "2099-02-01",
        "package_id": call(page, "GET", "/v1/packages?limit=1")["data"][0]["id"]})
    go(page, f"#/opportunities/{made_one['id']}", "Cross-sale")
    push(page, button(page.locator("main .heading"), "Dismiss opportunity"))
    write(page, opened(page, "Dismiss opportunity?"), Reason="Not now")
    look(page, "an opportunity that is dismissed by keyboard")
    sent(page, "Opportunity dismissed")


def story(page):
    """A case study is put to the client, who says yes by the link of the mail; it is published and withdrawn."""
    known = {plan["approved"], plan["draft"]}
    [study] = [one for one in call(page, "GET", "/v1/case-studies?limit=50")["data"] if one["id"] not in known]
    go(page, f"#/settings/case-studies/{study['id']}")
    look(page, "a case study that was drafted")
    before = {one["id"] for one in call(page, "GET", "/v1/messages?direction=outbound&limit=100")["data"]}
    push(page, button(page.locator("main"), "Ask the client"))
    agreed(page, "Ask the client?", "Ask the client", "The client is asked")
    link = None
    for _ in range(100):
        mails = call(page, "GET", "/v1/messages?direction=outbound&limit=100")["data"]
        link = next((found[0] for one in mails if one["id"] not in before
                     for found in [re.search(r"/c/[^\s)>\"\]]+", one["text"] or "")] if found), None)
        if link:
            break
        page.wait_for_timeout(200)
    other = page.context.new_page()
    other.set_viewport_size(PHONE)
    other.goto(base + link)
    look(other, "a case study as its client reads it")
    yes = other.get_by_role("button").filter(has_text=re.compile("agree|approve|publish|yes", re.I)).first
    push(other, yes)
    other.wait_for_load_state()
    look(other, "a case study that its client has agreed to")
    other.close()
    go(page, f"#/settings/case-studies/{study['id']}")
    page.reload()
    settle(page)
    expect(page.get_by_text(re.compile("^The client agreed"))).to_be_visible()
    for action, title, said in (("Publish", "Publish case study?", "Case study published"),
                                ("Withdraw", "Withdraw case study?", "Case study withdrawn")):
        push(page, button(page.locator("main"), action))
        agreed(page, title, action, said)


walks = [people, stages, sequences, segment, content, caps, doors, onboarding, relationship, story]
