"""Walks of console.py: its pages, the ways to them, and those that a reader of little finds."""
import re

from playwright.sync_api import expect

import looking
from consolepage import go, sign_in
from looking import begin_by_keys, faults, fill_by_keys, fits, plan, press_keys, reach, sent_by_keys, settle


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


def see_empty_lists(page):
    """Where nothing is yet, the list of each kind says what would be there, and has a way to the first one."""
    sign_in(page, plan["fresh"])
    pages = page.evaluate("""async () => {
        const [{ kinds }, { kindOf }] = await Promise.all(["kinds", "meta"].map((name) => import(`/app/records/${name}.js`)));
        const all = await Promise.all(Object.keys(kinds).map((plural) => kindOf(plural).catch(() => null)));
        return all.filter((kind) => kind?.page && kind.mayRead).map(({ page }) => page);
    }""")
    empty, without = page.locator("main .empty"), []
    for place in pages:
        go(page, place)
        told = empty.evaluate_all("""all => all.map((one) =>
            one.textContent.includes(".") && one.querySelectorAll("a, button").length > 0)""")
        if not all(told):
            faults.append(f"{place} does not say what to do first: {empty.first.inner_text()}")
        if not told and page.locator("main .list-count").filter(has_text=re.compile("^0 ")).count():
            faults.append(f"{place} has no row, and says nothing of that")
        without += told
    if len(pages) < 60 or len(without) < 40:
        faults.append(f"only {len(pages)} lists are found, and {len(without)} that are empty")


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


def tells_times(page):
    """Times are told as the time since, up to a day, and then as the day; exactly in their titles."""
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
    """A notification counts on the bell at once, is read there, and counts no more once it is read."""
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


def read_only(page):
    """Somebody who may read leads and nothing else finds no more than that, and nothing to change."""
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
    """Somebody who is limited to one client is told so, and offered nothing that the server refuses them."""
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
