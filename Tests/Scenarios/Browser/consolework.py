"""Walks of console.py: records are made, edited, imported and decided about, and everything is stopped."""
import re

from playwright.sync_api import expect

import looking
from consolepage import go, sign_in
from looking import begin_by_keys, faults, plan, press_keys, settle

# Kinds that can be made, but have no list of their own: where each is made, or None where that is a part of
# another's page.
ELSEWHERE = {
    "users": ("#/settings/people", "Invite"), "invitations": ("#/settings/people", "Invite"),
    "integrations": ("#/settings/integrations", "Connect SMTP"), "workflows": ("#/workflows", "New workflow"),
    "lead-sources": ("#/lead-sources", "New source"), "content-calendar-feeds": ("#/calendar/links", "New calendar link"),
    # With a conversation, a campaign, a file's page, the stop of everything, a lead, a deal, a client, a list.
    "messages": None, "files": None, "documents": None, "brakes": None, "crawls": None, "deal-objections": None,
    "meetings": None, "metrics": None, "views": None, "connectors": None, "data-reports": None,
}
# Lists whose records are made in another way, which their pages say.
MADE = {"referrals": "New referral", "social-posts": "New post", "support-reports": "Make report",
        "experiments": "Start one on a sequence", "change-sets": "agents and corrections make them"}


def makes_of_every_kind(page):
    """Every kind that can be made has "New …" on its list, whose form opens there and by its address, tells what it
    needs, and is one in which axe finds nothing."""
    sign_in(page, plan)
    kinds = page.evaluate("""async () => {
        const { addressOfNew, declared } = await import("/app/records/meta.js");
        return [...(await declared()).values()].filter(({ operations }) => operations?.create).map((kind) => ({
            plural: kind.plural, singular: kind.singular, page: kind.page, address: addressOfNew(kind),
            required: [...kind.fields.values()].some(({ required, read_only }) => required && !read_only) }));
    }""")
    if len(kinds) < 70:
        faults.append(f"only {len(kinds)} kinds can be made")
    for kind in kinds:
        name = kind["plural"]
        if name in ELSEWHERE:
            if ELSEWHERE[name]:
                go(page, ELSEWHERE[name][0])
                expect(page.get_by_role("button", name=ELSEWHERE[name][1], exact=True)).to_be_visible()
            continue
        if not kind["page"]:
            faults.append(f"{name} can be made, but has no list, and nothing says where")
            continue
        go(page, kind["page"])
        if name in MADE:
            expect(page.locator("main")).to_contain_text(MADE[name])
            continue
        page.locator("main").get_by_role("button", name=f"New {kind['singular']}", exact=True).first.click()
        dialog = page.get_by_role("dialog", name=f"New {kind['singular']}", exact=True)
        expect(dialog).to_be_visible()
        settle(page)
        looking.judge(page, f"new {kind['singular']}", 1280, isSamePage=True)
        if kind["required"]:
            dialog.locator("button[type=submit]").click()
            told = dialog.locator(".fault:not(:empty), [role=alert]").first
            try:
                expect(told).to_be_visible(timeout=20_000)
            except AssertionError:
                faults.append(f"the form of a new {kind['singular']} does not tell what it needs")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        go(page, kind["address"])
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def tells_limits_as_entered(page):
    """Limits of percents are told in percent, those of money in its units, though the server counts in others."""
    sign_in(page, plan)
    go(page, "#/settings/invoices-and-concessions")
    invoices = page.get_by_role("region", name="Invoices")
    rate = invoices.get_by_label("Tax rate", exact=True)
    for said, told in (("200", "Tax rate must be from 0 to 100."), ("7.7", None)):
        rate.fill(said)
        invoices.get_by_role("button", name="Save", exact=True).click()
        expect(invoices.get_by_text(told) if told
               else page.get_by_role("status").filter(has_text="Settings saved").first).to_be_visible()
    go(page, "#/settings/invoices-and-concessions")
    expect(rate).to_have_value("7.7")
    go(page, "#/deals/new")
    dialog = page.get_by_role("dialog", name="New deal", exact=True)
    dialog.get_by_label("Name", exact=True).fill("A share of it")
    dialog.get_by_text("More fields", exact=True).click()
    dialog.get_by_label("Probability", exact=True).fill("250")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Probability must be from 0 to 100.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel", exact=True).click()
    go(page, "#/enrichment")
    page.get_by_role("button", name=re.compile("^Edit ")).first.click()
    dialog = page.get_by_role("dialog").first
    dialog.get_by_label("Sure enough from", exact=True).fill("101")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Sure enough from must be from 0 to 100.")).to_be_visible()
    page.keyboard.press("Escape")


def switch_keys_off(page):
    """Single keys do nothing once a person has switched them off in the profile, and again when they are on."""
    begin_by_keys(page, "Today")
    for isOn in (False, True):
        go(page, "#/settings/profile")
        own = page.get_by_role("region", name="This browser")
        own.get_by_role("checkbox", name="Single keys act as shortcuts").set_checked(isOn)
        own.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="saved").first).to_be_visible()
        page.evaluate("document.activeElement?.blur()")
        press_keys(page, "g", "l")
        if not isOn:
            page.wait_for_timeout(500)
        expect(page.get_by_role("heading", level=1)).to_have_text("Leads" if isOn else "Profile")


def edit_while_read_anew(page):
    """A value that is opened while the record is on its way anew stays open, with what was typed into it."""
    sign_in(page, plan)
    go(page, f"#/leads/{plan['lead']}")
    path, held = f"/v1/leads/{plan['lead']}", []
    page.route(f"**{path}", lambda route: held.append(route) if route.request.method == "GET" else route.fallback())
    # Somebody else changes the record, and the page begins to read it anew.
    with page.expect_request(lambda asked: asked.method == "GET" and asked.url.endswith(path)):
        page.evaluate("""async ([path, name]) => {
            const { call } = await import("/app/api.js");
            await call(path, { method: "PATCH", body: { contact_name: name } });
        }""", [path, "Somebody Else"])
    details = page.get_by_role("region", name="Details")
    details.get_by_role("button", name="Edit contact title").press("Enter")
    box = details.get_by_label("Contact title", exact=True)
    box.fill("Written meanwhile")
    with page.expect_response(lambda answer: answer.url.endswith(path)):
        for route in held:
            route.continue_()
        page.unroute(f"**{path}")
    page.wait_for_timeout(500)
    expect(box).to_have_value("Written meanwhile")
    box.press("Escape")
    expect(details.get_by_text("Somebody Else").first).to_be_visible()


def brings_in_a_file(page):
    """Columns of any name are mapped by hand, one to a custom field, seen before, brought in, taken back as one."""
    sign_in(page, plan)
    looking.call(page, "POST", "/v1/custom-fields", {"resource": "lead", "key": "shop_system", "label": "Shop system"})
    go(page, "#/leads")
    page.get_by_role("button", name="Import", exact=True).or_(page.get_by_role("link", name="Import", exact=True)).click()
    rows = "Spalte A;Spalte B;Spalte C\nSeel & Söhne;ida@sons.example;Shopify\nMuster AG;hans@gmial.com;Oxid\n"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_label("Field for Spalte A", exact=True).select_option(label="Company")
    page.get_by_label("Field for Spalte B", exact=True).select_option(label="Email")
    page.get_by_label("Field for Spalte C", exact=True).select_option(label="Shop system")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("table", name="Preview").get_by_text("Seel & Söhne")).to_be_visible()
    looking.look(page, "the preview of an import", (360, 768))
    page.get_by_role("button", name="Import 2 leads", exact=True).click()
    expect(page.get_by_role("button", name="Undo import", exact=True)).to_be_visible()
    expect(page.get_by_text("1 row was brought in with a warning.")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("button", name="Download rows with warnings", exact=True).click()
    if "hans@gmail.com" not in file.value.path().read_text():
        faults.append("the rows with warnings do not say what the address may have been meant to be")
    go_on = page.url
    go(page, "#/leads?q=Muster")
    expect(page.get_by_role("link", name="Muster AG", exact=True)).to_be_visible()
    go(page, "#/leads?custom.shop_system=Oxid&columns=custom.shop_system")
    expect(page.get_by_role("row").filter(has_text="Muster AG")).to_contain_text("Oxid")
    expect(page.get_by_role("row").filter(has_text="Seel & Söhne")).to_have_count(0)
    page.goto(go_on)
    settle(page)
    page.get_by_role("button", name="Undo import", exact=True).click()
    page.get_by_role("dialog", name="Undo import?").get_by_role("button", name="Undo import", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Import taken back")).to_be_visible()
    expect(page.get_by_role("button", name="Undo import", exact=True)).to_have_count(0)
    looking.look(page, "an import that was taken back", (360, 768))
    left = page.evaluate("""async () => {
        const { get } = await import("/app/api.js");
        return (await get("/v1/leads?limit=200")).data.filter(({ status }) => status !== "archived")
            .map(({ company }) => company);
    }""")
    if "Muster AG" in left or "Seel & Söhne" in left:
        faults.append(f"after the undo there are {left}")


def stop_and_resume(page):
    """Everything is stopped from a page of the settings; every view says so until it is resumed."""
    sign_in(page, plan)
    go(page, "#/settings/macros")
    page.get_by_role("button", name="Emergency stop").click()
    dialog = page.get_by_role("dialog", name="Stop all sending?")
    dialog.get_by_label("Reason").fill("A wrong price went out")
    dialog.get_by_role("button", name="Stop sending").click()
    stopped = page.get_by_role("region", name="Sending is stopped")
    expect(stopped).to_contain_text("A wrong price went out")
    go(page, "#/clients")
    expect(stopped).to_be_visible()
    looking.look(page, "stopped")
    stopped.get_by_role("button", name="Resume sending").click()
    page.get_by_role("dialog", name="Resume sending?").get_by_role("button", name="Resume sending").click()
    expect(stopped).to_have_count(0)


def approve_without_mail(page):
    """An answer is approved in other words; beside it stands that it is not sent, why, and the way to what is
    missing."""
    sign_in(page, plan["asked"])
    go(page, "#/approvals")
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("j")
    page.keyboard.press("e")
    text = page.get_by_role("textbox").filter(visible=True).last
    text.fill("Open Settings, then Branding, and upload the picture. Ask us if it stays as it was.")
    page.get_by_role("button", name="Approve with changes", exact=True).click()
    done = page.get_by_role("status").filter(has_text="Just decided")
    expect(done.get_by_text("Approved, not sent:")).to_be_visible()
    expect(done).to_contain_text("no mail service")
    looking.look(page, "approved, and not sent", (360, 768))
    done.get_by_role("link", name="Connect one", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Integrations")


def says_what_was_refused(page):
    """An agent whose tool is switched off does not act: its page and its run tell what was refused, why, and what to
    do."""
    sign_in(page, plan["asked"])
    go(page, "#/settings/tools/send_message")
    page.get_by_role("button", name="Switch off", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Tool switched off").first).to_be_visible()
    go(page, "#/tickets")
    page.get_by_role("button", name="New ticket", exact=True).click()
    dialog = page.get_by_role("dialog", name="New ticket", exact=True)
    dialog.get_by_label("Subject", exact=True).fill("The logo again")
    dialog.get_by_label("Text", exact=True).fill("How do I change my logo?")
    dialog.get_by_text("More fields", exact=True).click()
    dialog.get_by_label("Contact", exact=True).fill("Jane")
    page.get_by_role("option", name="Jane Doe").click()
    dialog.get_by_label("Source", exact=True).fill("email")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    told = re.compile("Tool disabled: .*is switched off")
    refused = page.get_by_role("region", name="Refused", exact=True).get_by_role("listitem").filter(has_text=told)
    for _ in range(60):
        go(page, "#/agents/customer_service?tab=decisions")
        if refused.count():
            break
        page.wait_for_timeout(1000)
    expect(refused.first).to_be_visible()
    expect(refused.first).to_contain_text("send message")
    looking.look(page, "what an agent was refused", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    # The run that was refused says so, too, beside what it has done.
    refused.first.get_by_role("link", name="View run", exact=True).click()
    settle(page)
    for name in ("Decided", "Did", "Would do, if you approve"):
        expect(page.get_by_role("region", name=name, exact=True)).to_be_visible()
    expect(refused.first).to_be_visible()
    # The way to what is missing, and back to work.
    refused.first.get_by_role("link", name="Switch the tool on", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Switch on", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Tool switched on").first).to_be_visible()
