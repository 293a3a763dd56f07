"""Runs an agency from the console in a headless browser: its records, its settings, the stop of everything.

Usage: console.py PLAN, a file of JSON: {url, email, password, lead (the id of one), reader: {email, password}, asked:
{email, password} (who decides about a mail), limited: {email, password, client (the name of the one)}, browser,
only (names of walks)}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import (
    attempt, begin_by_keys, browsing, faults, fill_by_keys, fits, let_in, plan, press_keys, reach, sent_by_keys,
    settle, watch)

base = plan["url"]


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def sign_in(page, who):
    page.goto(f"{base}/")
    let_in(page, who["email"], who["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def see_every_page(page):
    """Each entry and each page of the settings has a heading, a title of its own, and fits a phone; axe looks at one of
    each template."""
    sign_in(page, plan)
    links = page.get_by_role("navigation", name="Main").get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    go(page, "#/settings")
    links += page.get_by_role("navigation", name="Settings").get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    if len(links) < 45:
        faults.append(f"only {len(links)} pages")
    titles = {}
    for place in links:
        page.set_viewport_size({"width": 1280, "height": 800})
        go(page, place)
        other = titles.setdefault(page.title(), place)
        if other != place:
            faults.append(f"{place} and {other} have one title: {page.title()}")
        if page.locator("main [role=alert]").count():
            faults.append(f"{place}: {page.locator('main [role=alert]').first.inner_text()}")
        if page.locator("main .primary:visible").count() > 1:
            faults.append(f"{place} has several primary buttons")
        fits(page, place, (320, 768))
    for place in ("#/", "#/leads", f"#/leads/{plan['lead']}", "#/deals?as=board", "#/settings/agency", "#/leads/new"):
        page.set_viewport_size({"width": 1280, "height": 800})
        go(page, place)
        looking.look(page, place)


def see_empty_boards(page):
    """A board without cards says what would be on it and what to do first, and comes to life with the first one."""
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, plan)
    for kind, what in (("deals", "A deal is a sale on its way"), ("tickets", "Tickets come from the portal"),
                       ("tasks", "Tasks belong to a project")):
        go(page, f"#/{kind}?as=board")
        expect(page.get_by_text(f"No {kind} yet")).to_be_visible()
        expect(page.get_by_text(what)).to_be_visible()
        expect(page.get_by_role("link", name="Add the first one")).to_be_visible()
        expect(page.get_by_role("region", name="by st")).to_have_count(0)
        looking.look(page, f"the empty board of {kind}")
    go(page, "#/tickets?as=board")
    page.get_by_label("Priority", exact=True).select_option("high")
    expect(page.get_by_text("No tickets match.")).to_be_visible()
    page.get_by_label("Priority", exact=True).select_option("")
    page.get_by_role("link", name="Add the first one").click()
    dialog = page.get_by_role("dialog", name="New ticket", exact=True)
    dialog.get_by_label("Subject", exact=True).fill("The first one")
    dialog.get_by_label("Text", exact=True).fill("It does not work.")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    go(page, "#/tickets?as=board")
    expect(page.get_by_role("region", name="Tickets by status").get_by_role("link", name="The first one")).to_be_visible()


def work_by_keyboard(page):
    """A lead is made, found, corrected and deleted without a mouse."""
    begin_by_keys(page, "Leads", "g", "l")
    keys = page.keyboard
    keys.press("n")
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    expect(dialog.get_by_label("Company", exact=True)).to_be_focused()
    keys.type("Keys <b>Only</b> Ltd")
    page.reload()
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("Keys <b>Only</b> Ltd")
    sent_by_keys(page, "Lead created")
    keys.press("Control+k")
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    keys.type("Keys")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Keys <b>Only</b> Ltd")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys <b>Only</b> Ltd")
    settle(page)
    keys.press("e")
    fill_by_keys(page, page.get_by_role("dialog", name="Edit lead"), Email="ida@keys.example")
    sent_by_keys(page, "Lead saved")
    expect(page.get_by_role("link", name="ida@keys.example").first).to_be_visible()
    reach(page, page.get_by_role("button", name="More", exact=True))
    press_keys(page, "Enter", "End")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    keys.press("Enter")
    reach(page, page.get_by_role("dialog", name="Delete lead?").get_by_role("button", name="Delete"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")


def finds_its_way(page):
    """The search leads to pages and does things, ? lists the keys, and a filter stands in the address, all by keys."""
    keys = page.keyboard
    begin_by_keys(page, "Leads", "g", "l")
    press_keys(page, "?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts", exact=True)
    expect(listed).to_contain_text("Search everything")
    expect(listed).to_contain_text("Leads (here)")
    looking.look(page, "the list of keys", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    keys.press("Escape")
    expect(listed).to_have_count(0)
    for asked, kind, reached in (
            ("Webhooks", "Settings", page.locator("main h1").get_by_text("Webhooks", exact=True)),
            ("New company", "Action", page.get_by_role("dialog", name="New company", exact=True))):
        keys.press("Control+k")
        expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
        keys.type(asked)
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_contain_text(asked)
        expect(chosen).to_contain_text(kind)
        keys.press("Enter")
        expect(reached).to_be_visible()
        settle(page)
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # A filter is chosen, survives a reload, and is taken away.
    go(page, "#/leads")
    reach(page, page.get_by_role("button", name="Add filter", exact=True))
    keys.press("Enter")
    keys.type("Country")
    expect(page.get_by_role("menuitem", name="Country", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_label("Country", exact=True)).to_be_focused()
    keys.type("France")
    reach(page, page.get_by_role("button", name="Apply filter", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("button", name="Country: France", exact=True)).to_be_visible()
    expect(page.get_by_text("No leads match.")).to_be_visible()
    expect(page).to_have_url(re.compile("country=FR"))
    page.reload()
    settle(page)
    expect(page.get_by_text("No leads match.")).to_be_visible()
    reach(page, page.get_by_role("button", name="Remove filter Country", exact=True))
    keys.press("Enter")
    expect(page.get_by_text("No leads match.")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("country="))
    expect(page.get_by_role("table", name="Leads")).to_be_visible()


# People's words, and the place or the action that they mean by them: none of them has these words in its
# name.
MEANT = (("invite", "Invite somebody"), ("add user", "Invite somebody"), ("colleagues", "People"), ("password", "Change password"),
         ("billing", "Invoices"), ("tax", "Invoices and concessions"), ("nothing like it", None), ("developer", "API keys"),
         ("hooks", "Webhooks"), ("vacation", "Hours and holidays"), ("logo", "Brand"), ("gdpr", "Privacy requests"),
         ("time zone", "Agency"), ("smtp", "Integrations"), ("dkim", "Sending domains"), ("llm", "Models"),
         ("unsubscribed", "Suppressions"), ("customers", "Clients"), ("quotes", "Proposals"), ("help desk", "Tickets"),
         ("csv", "Import leads"), ("log out", "Sign out"), ("new macro", "New macro"), ("new webhook", "New webhook"))


def finds_what_is_meant(page):
    """The search finds pages and actions by the words that people have for them, and does what is asked for."""
    sign_in(page, plan)
    box = page.get_by_role("combobox", name="Search everything")
    page.keyboard.press("Control+k")
    for said, meant in MEANT:
        box.fill(said)
        if meant:
            expect(page.get_by_role("option").filter(has_text=re.compile(f"^{meant}(Page|Settings|Action)$"))).to_be_visible()
        else:
            expect(page.get_by_role("option")).to_have_count(0)
            expect(page.get_by_role("status").filter(has_text=f"Nothing is called “{said}”.")).to_be_visible()
            page.get_by_role("button", name="Clear search", exact=True).click()
            expect(box).to_be_focused()
            expect(page.get_by_role("option")).not_to_have_count(0)
            expect(page.get_by_text("Nothing is called")).to_have_count(0)
    for said, reached in (("invite", page.get_by_role("dialog", name="Invite", exact=True)),
                          ("change password", page.get_by_label("Current password", exact=True)),
                          ("new canned reply", page.get_by_role("dialog", name="New canned reply", exact=True))):
        if not box.count():
            page.keyboard.press("Control+k")
        box.fill(said)
        expect(page.locator("[role=option][aria-selected=true]")).to_contain_text(re.compile(said, re.I))
        box.press("Enter")
        expect(reached).to_be_visible()
        settle(page)
        if said == "new canned reply":
            languages = reached.get_by_label("Language", exact=True).locator("option").all_inner_texts()
            if not {"English", "German"} <= set(languages):
                faults.append(f"the languages of a form are {languages[:5]}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    # Words for pages that are not there would be kept in vain.
    unknown = page.evaluate("""async () => {
        const [{ entryGroups }, { settingGroups }, { wordsFor }, { default: more }] = await Promise.all([
            import("/app/frame/entries.js"), import("/app/settings/groups.js"), import("/app/frame/otherwords.js"),
            import("/slices/pages/index.js")]);
        const known = [...entryGroups().flatMap(([, list]) => list.map(({ path }) => `#${path}`)),
            ...settingGroups().flatMap(([, list]) => list.map(([, href]) => href)),
            ...more.flatMap((list) => list()).map(({ path }) => `#${path}`)];
        return wordsFor().filter((href) => !known.includes(href));
    }""")
    ofOperators = ["#/settings/agencies", "#/settings/backups", "#/settings/health"]
    if unknown != ofOperators:
        faults.append(f"the search has words for pages that are not there: {unknown}")


def asks_for_what_people_know(page):
    """No list offers a filter or a column by an id, or two that are called alike; codes are told by their names."""
    sign_in(page, plan)
    found = page.evaluate("""async () => {
        const [{ declared }, { filterMenu }] = await Promise.all(
            [import("/app/records/meta.js"), import("/app/records/filterbar.js")]);
        return [...(await declared()).values()].filter(({ page }) => page).flatMap((kind) => {
            const offered = filterMenu(kind).map(({ label }) => label), all = [...kind.fields.values()]
                .filter(({ isForPrograms }) => !isForPrograms).map(({ label }) => label);
            const twice = (list) => list.filter((label, at) => list.indexOf(label) !== at);
            return [...twice(offered), ...twice(all), ...offered.filter((label) => /\\bids?$/i.test(label))]
                .map((label) => `${kind.plural}: ${label}`);
        });
    }""")
    if found:
        faults.append(f"fields that cannot be told apart, or are ids: {found}")
    go(page, "#/leads")
    page.get_by_role("button", name="Add filter", exact=True).click()
    for name, count in (("Company", 1), ("Linked company", 1), ("ID", 0)):
        expect(page.get_by_role("menuitem", name=name, exact=True)).to_have_count(count)


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
    """Whatever can be made has "New …" on its list, whose form opens there and by its address, and tells what it needs."""
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
    """Who enters percent is told limits in percent, who enters money in its units, though the server counts in others."""
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


def answer_at_once(page):
    """What is pressed says so before the server answers, and is sent once; a card that is moved is there at once."""
    sign_in(page, plan)
    go(page, "#/leads")
    held = []

    def hold(route):
        return route.fallback() if route.request.method == "GET" else held.append(route)

    page.route("**/v1/leads", hold)
    page.get_by_role("button", name="New lead", exact=True).click()
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    dialog.get_by_label("Company", exact=True).fill("At Once Ltd")
    button = dialog.get_by_role("button", name="Save", exact=True)
    took = button.evaluate("""button => new Promise((resolve) => {
        const start = performance.now();
        new MutationObserver(() => button.textContent === "Saving…" && resolve(performance.now() - start))
            .observe(button, { attributes: true, characterData: true, childList: true, subtree: true });
        button.click();
        button.click();
    })""")
    if took > 100:
        faults.append(f"it takes {took:.0f} ms until a button says that it was pressed")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    if len(held) != 1:
        faults.append(f"what was pressed three times is sent {len(held)} times")
    for route in held:
        route.continue_()
    expect(page.get_by_role("status").filter(has_text="Lead created")).to_be_visible()
    page.unroute("**/v1/leads")

    page.evaluate("""async (lead) => {
        const { call } = await import("/app/api.js");
        await call("/v1/deals", { method: "POST", body: { name: "Moved at once", lead_id: lead } });
    }""", plan["lead"])
    go(page, "#/deals?as=board")
    held.clear()
    page.route("**/v1/deals/**", hold)
    page.get_by_role("button", name="Move Moved at once").click()
    page.get_by_role("menuitem", name="Negotiation", exact=True).click()
    there = page.get_by_role("list", name="Negotiation", exact=True).get_by_role("link", name="Moved at once")
    expect(there).to_be_visible()
    expect(page.get_by_role("button", name="Move Moved at once")).to_be_focused()
    # A refused move goes back to where it was, and is told; whoever has gone on meanwhile stays there.
    tab = page.get_by_role("tab", name="Board")
    tab.focus()
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    problem = {"status": 409, "code": "invalid_transition", "title": "Not now", "detail": "It cannot be moved now."}
    for route in held:
        route.fulfill(status=409, content_type="application/problem+json", json=problem)
    expect(there).to_have_count(0)
    expect(page.get_by_text("It cannot be moved now.").first).to_be_visible()
    page.wait_for_timeout(500)
    expect(tab).to_be_focused()
    page.unroute("**/v1/deals/**")


def tell_what_failed(page):
    """A list that the server does not give says so, with a way to try again; the rest of the page works meanwhile."""
    sign_in(page, plan)
    problem = {"status": 503, "code": "unavailable", "title": "The server is busy", "detail": "It is being restarted."}
    page.route(re.compile(r"/v1/leads(\?|$)"), lambda route: route.fulfill(
        status=503, content_type="application/problem+json", json=problem))
    page.goto(f"{base}/#/leads")
    alert = page.locator("main").get_by_role("alert")
    expect(alert).to_contain_text("It is being restarted.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads")
    looking.look(page, "a list that did not come", (360, 768, 1360))
    page.set_viewport_size({"width": 1280, "height": 800})
    settle(page)
    expect(alert).to_be_visible()
    page.unroute_all()
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="Leads")).to_be_visible()
    expect(alert).to_have_count(0)


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
    """Columns of any name are mapped by hand, seen before, brought in, and taken back as one."""
    sign_in(page, plan)
    go(page, "#/leads")
    page.get_by_role("button", name="Import", exact=True).or_(page.get_by_role("link", name="Import", exact=True)).click()
    rows = "Spalte A;Spalte B;Spalte C\nSeel & Söhne;ida@sons.example;x\nMuster AG;hans@muster.example;y\n"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_label("Field for Spalte A", exact=True).select_option(label="Company")
    page.get_by_label("Field for Spalte B", exact=True).select_option(label="Email")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("table", name="Preview").get_by_text("Seel & Söhne")).to_be_visible()
    looking.look(page, "the preview of an import", (360, 768))
    page.get_by_role("button", name="Import 2 leads", exact=True).click()
    expect(page.get_by_role("button", name="Undo import", exact=True)).to_be_visible()
    go_on = page.url
    go(page, "#/leads?q=Muster")
    expect(page.get_by_role("link", name="Muster AG", exact=True)).to_be_visible()
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


def tells_how_far(page):
    """What lasts says so and how far it is until its end: an import, an export, a change of many, the copy of an agency.
    An export that fails is told where it was asked for, with a way to try again."""
    sign_in(page, plan)
    busy = {"status": 503, "code": "unavailable", "title": "The server is busy", "detail": "It is being restarted."}
    held = []

    def hold(method):
        return lambda route: held.append(route) if route.request.method == method else route.fallback()

    def wait_for(count):
        for _ in range(600):
            if len(held) >= count:
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{len(held)} of {count} requests are made")

    def let_go(**answer):
        routes = list(held)
        held.clear()
        for route in routes:
            route.fulfill(**answer) if answer else route.continue_()

    # An import that is at two fifths.
    def halfway(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "status": "running", "progress": 0.4})

    page.route(re.compile(r"/v1/imports/\w+$"), halfway)
    go(page, "#/import")
    rows = "Company,Email\n" + "".join(f"Lasting {one},l{one}@lasting.example\n" for one in range(3))
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_role("button", name="Import 3 leads", exact=True).click()
    bar = page.get_by_role("progressbar", name="Progress of the import", exact=True)
    expect(bar).to_have_js_property("value", 0.4)
    expect(page.locator("main")).to_contain_text(re.compile(r"Running\s*40\s?%"))
    page.unroute_all()
    expect(bar).to_have_js_property("value", 1)
    expect(page.locator("main")).to_contain_text(re.compile(r"Completed\s*100\s?%"))

    # An export that lasts, fails, and comes when it is tried again.
    go(page, "#/leads?q=Lasting")
    page.route("**/v1/leads/export*", hold("GET"))
    page.get_by_role("button", name="Export", exact=True).click()
    exporting = page.get_by_role("status").get_by_role("progressbar", name="Exporting", exact=True)
    expect(exporting).to_be_visible()
    looking.look(page, "an export that lasts", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    let_go(status=503, content_type="application/problem+json", json=busy)
    expect(exporting).to_have_count(0)
    trouble = page.locator("main .heading").get_by_role("alert")
    expect(trouble).to_contain_text("It is being restarted.")
    page.unroute_all()
    with page.expect_download() as file:
        trouble.get_by_role("button", name="Try again").click()
    if file.value.suggested_filename != "leads.csv":
        faults.append(f"the export is called {file.value.suggested_filename}")
    expect(page.get_by_role("status").filter(has_text="Leads exported").first).to_be_visible()
    expect(trouble).to_have_count(0)

    # Chosen records as a file fail at the selection, which stays; all of them are changed, and counted meanwhile.
    for one in range(3):
        page.get_by_role("checkbox", name=f"Select Lasting {one}", exact=True).check()
    chosen = page.get_by_role("toolbar", name="Selection", exact=True)
    page.route(re.compile(r"/v1/leads\?id="), lambda route: route.fulfill(
        status=503, content_type="application/problem+json", json=busy))
    chosen.get_by_role("button", name="Export selection", exact=True).click()
    expect(chosen.get_by_role("alert")).to_contain_text("It is being restarted.")
    expect(chosen).to_contain_text("3 selected")
    page.unroute_all()
    page.route(re.compile(r"/v1/leads/lead_\w+$"), hold("PATCH"))
    chosen.get_by_role("button", name="Add tag", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add tag", exact=True)
    dialog.get_by_label("Tag", exact=True).fill("lasting")
    dialog.get_by_role("button", name="Add tag", exact=True).click()
    wait_for(3)
    tagging = page.get_by_role("status").get_by_role("progressbar", name="Adding tag", exact=True)
    expect(tagging).to_have_js_property("max", 3)
    expect(page.get_by_role("status").filter(has_text="0 of 3")).to_be_visible()
    held.pop(0).continue_()
    expect(page.get_by_role("status").filter(has_text="1 of 3")).to_be_visible()
    let_go()
    page.unroute_all()
    expect(page.get_by_role("status").filter(has_text="3 leads tagged").first).to_be_visible()
    expect(tagging).to_have_count(0)

    # The copy of an agency.
    go(page, "#/sandboxes")
    page.route("**/v1/sandboxes", hold("POST"))
    page.get_by_role("button", name="New sandbox", exact=True).click()
    dialog = page.get_by_role("dialog", name="New sandbox", exact=True)
    dialog.get_by_label("Name", exact=True).fill("A copy that lasts")
    dialog.locator("button[type=submit]").click()
    copying = dialog.get_by_role("progressbar", name="Copying the agency", exact=True)
    expect(copying).to_be_visible()
    looking.look(page, "a copy that lasts", (360, 768))
    let_go()
    page.unroute_all()
    expect(page.get_by_role("status").filter(has_text="Sandbox created").first).to_be_visible()
    expect(copying).to_have_count(0)


def ends_in_the_middle(page):
    """A session that ends while something is typed: the password is asked for over the page, and it is saved, once."""
    sign_in(page, plan)
    go(page, "#/leads")
    page.get_by_role("button", name="New lead", exact=True).click()
    dialog = page.get_by_role("dialog", name="New lead", exact=True)
    dialog.get_by_label("Company", exact=True).fill("Begun Ltd")
    page.evaluate("""async () => {
        const { call, get } = await import("/app/api.js");
        const own = (await get("/v1/auth/sessions")).data.find(({ current }) => current);
        await call(`/v1/auth/sessions/${own.id}`, { method: "DELETE" });
    }""")
    dialog.get_by_role("button", name="Save", exact=True).click()
    again = page.get_by_role("dialog", name="Sign in again", exact=True)
    again.get_by_label("Password", exact=True).fill("not the password")
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.get_by_role("alert")).to_be_visible()
    looking.look(page, "sign in again", (360, 768))
    again.get_by_label("Password", exact=True).fill(plan["password"])
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Lead created")).to_be_visible()
    settle(page)
    made = page.evaluate("""async () => {
        const { get } = await import("/app/api.js");
        return (await get("/v1/leads?q=Begun")).data.length;
    }""")
    if made != 1:
        faults.append(f"what was begun was saved {made} times")


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


def tells_times(page):
    """How long ago something was, up to a day, and then on which day; exactly in its title."""
    sign_in(page, plan)
    told = page.evaluate("""async () => {
        const { ago } = await import("/ui/when.js");
        const at = (seconds) => ago(new Date(Date.now() + seconds * 1000).toISOString());
        return [-3, -300, 7300, -90_000, 90_000].map((seconds) => [at(seconds).textContent, at(seconds).title]);
    }""")
    forms = (r"just now", r"5 min\.? ago", r"in 2 hrs?\.?", r"\d{1,2} \w+ \d{4}", r"\d{1,2} \w+ \d{4}")
    for (text, title), form in zip(told, forms):
        if not re.fullmatch(form, text) or not re.search(r"\d{4}, \d\d:\d\d$", title):
            faults.append(f"a time is told as {text}, exactly as {title}")


def hears_the_bell(page):
    """What somebody is told counts on the bell at once, is read there, and counts no more once it is read."""
    sign_in(page, plan)
    tell = """async (path) => {
        const { call } = await import("/app/api.js");
        await call(path, { method: "POST" });
    }"""
    page.evaluate(tell, "/v1/notifications/read-all")
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    page.evaluate(tell, "/v1/notifications/test")
    page.get_by_role("button", name="Notifications, 1 unread", exact=True).click()
    panel = page.locator("#bell-list")
    expect(panel.get_by_role("listitem").first).to_be_visible()
    looking.look(page, "the bell", (360, 768))
    page.set_viewport_size({"width": 1280, "height": 800})
    panel.get_by_role("button", name="Mark all as read", exact=True).click()
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


def approve_without_mail(page):
    """An answer is approved in other words; beside it stands that it is not sent, why, and the way to what is missing."""
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
    """An agent whose tool is switched off does not act: its page and its run tell what was refused, why, and what to do."""
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


def read_only(page):
    """Whoever may read leads and nothing else finds no more than that, and nothing to change."""
    sign_in(page, plan["reader"])
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Leads")).to_be_visible()
    expect(menu.get_by_role("link", name="Deals")).to_have_count(0)
    expect(page.get_by_role("button", name="Emergency stop")).to_have_count(0)
    go(page, f"#/leads/{plan['lead']}")
    expect(page.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    go(page, "#/settings/webhooks")
    expect(page.locator("main")).to_contain_text("Ask an owner or a manager of the agency to give you access.")


def of_one_client(page):
    """Whoever is limited to one client is told so, and offered nothing that the server refuses them."""
    sign_in(page, plan["limited"])
    menu = page.get_by_role("navigation", name="Main")
    told = f"Only {plan['limited']['client']}"
    expect(menu).to_contain_text(told)
    # Where the sidebar is folded, the bar above says it.
    above = page.locator("#top").get_by_text(told, exact=True)
    expect(above).to_be_hidden()
    looking.look(page, "a page of one client", (360, 768))
    page.set_viewport_size({"width": 360, "height": 760})
    expect(above).to_be_visible()
    expect(page.get_by_text(told, exact=True).filter(visible=True)).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 800})
    for name in ("Runs", "Sandboxes", "Data quality"):
        expect(menu.get_by_role("link", name=name, exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Emergency stop")).to_have_count(0)
    hrefs = "all => all.map(one => one.getAttribute('href'))"
    places = menu.get_by_role("link").evaluate_all(hrefs)
    go(page, "#/settings")
    places += page.get_by_role("navigation", name="Settings").get_by_role("link").evaluate_all(hrefs)
    refused = []
    for place in places:
        go(page, place)
        if page.get_by_role("button", name="Try again").count():
            refused.append(place)
    assert not refused, refused


with browsing() as browser:
    for walk in (see_every_page, see_empty_boards, work_by_keyboard, finds_its_way, finds_what_is_meant,
                 asks_for_what_people_know, makes_of_every_kind, tells_limits_as_entered, switch_keys_off, answer_at_once,
                 tell_what_failed, edit_while_read_anew, brings_in_a_file, tells_how_far, ends_in_the_middle, tells_times,
                 hears_the_bell, approve_without_mail, says_what_was_refused, stop_and_resume, read_only, of_one_client):
        if plan.get("only") and walk.__name__ not in plan["only"]:
            continue
        page = browser.new_context(locale="en-GB").new_page()
        # A session that has ended, and what is refused, is an error to the browser.
        if walk not in (ends_in_the_middle, answer_at_once, tell_what_failed, makes_of_every_kind, tells_limits_as_entered,
                        tells_how_far):
            watch(page)
        attempt(walk, page)
