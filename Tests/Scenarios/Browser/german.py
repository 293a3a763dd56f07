"""Walks through the console as somebody does whose browser asks for German, and tells what is left in English.

Usage: german.py PLAN, a file of JSON: {url, email, password, texts (German by English), names (of records), records and
invoice (addresses), browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, fits, plan, watch

base, texts = plan["url"], plan["texts"]

# Words of no other use in German, in what the console itself says: headings, labels, buttons, tabs, columns.
ENGLISH = re.compile(
    r"\b(the|and|with|your|you|new|add|edit|delete|all|from|this|are|is|has|have|none|search|view|save|cancel|open|"
    r"created|updated|by|of|to|for|not|no|yes|when|who|what|how|people|please|send|sent|show|more|next|last)\b", re.I)
SAID = "h1, h2, h3, button, label, th, dt, legend, summary, caption, nav a, [role=tab], .hint, .empty p"


def said(text):
    return texts.get(text, text)


def settle(page):
    looking.settle(page, loading=said("Loading…"))


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def read(page, name):
    """No text that the catalogue has otherwise is left, and what the console says has no word of English."""
    left = page.evaluate(
        """texts => {
            const own = new Set(texts), left = [];
            const note = text => own.has(text.trim()) && left.push(text.trim());
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                if (!walker.currentNode.parentElement.closest('noscript, option, .said, .text, [dir=auto]')) {
                    note(walker.currentNode.textContent);
                }
            }
            for (const one of document.querySelectorAll('[aria-label]')) note(one.getAttribute('aria-label'));
            return left;
        }""", [text for text, german in texts.items() if german != text])
    faults.extend(
        f"{name} says in English: {text}" for text in dict.fromkeys(left) if text not in plan["names"])
    for text in page.locator(SAID).evaluate_all(
        """all => all.filter(one => one.checkVisibility() && !one.closest('[dir=auto], .said, .text')
            && !one.querySelector('[dir=auto]')).map(one => one.innerText.trim())"""):
        found = ENGLISH.search(text)
        if found and text not in plan["names"]:
            faults.append(f"{name} says in English, for {found[0]!r}: {text[:120]}")
    if page.evaluate("document.documentElement.lang") != "de":
        faults.append(f"{name} does not say that it is in German")
    fits(page, name, (320,))
    page.set_viewport_size({"width": 1280, "height": 800})


def refuse(page):
    """With a wrong password the form says so in German, which the words of the first view lack, and keeps the email."""
    page.goto(f"{base}/")
    page.get_by_label(said("Email")).fill(plan["email"])
    page.get_by_label(said("Password")).fill("not the password")
    page.get_by_role("button", name=said("Sign in")).click()
    expect(page.get_by_role("alert")).to_contain_text("E-Mail-Adresse oder Passwort stimmen nicht.")
    expect(page.get_by_label(said("Email"))).to_have_value(plan["email"])
    read(page, "signing in with a wrong password")


def walk(page):
    page.reload()
    form = page.locator("form").first
    form.wait_for()
    read(page, "signing in")
    form.get_by_label(said("Email")).fill(plan["email"])
    form.get_by_label(said("Password")).fill(plan["password"])
    form.get_by_role("button", name=said("Sign in")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Today"))
    settle(page)
    links = page.get_by_role("navigation", name=said("Main")).get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    go(page, "#/settings")
    links += page.get_by_role("navigation", name=said("Settings")).get_by_role("link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))")
    if len(links) < 45:
        faults.append(f"only {len(links)} pages")
    steps = [f"#/start?step={step}" for step in range(1, 6)]
    for place in [*links, *steps, *plan["records"]]:
        go(page, place)
        read(page, place)


def write_as_germans_do(page):
    """Numbers, money and days are written as Germans write them, and the form of a lead is in German."""
    go(page, plan["invoice"])
    shown = page.locator("main").inner_text()
    if not re.search(r"\d,\d\d\s*[€$]|\d\s[€$]", shown):
        faults.append("money is not written as Germans write it")
    if not re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}\. \w+ \d{4}", shown):
        faults.append("days are not written as Germans write them")
    go(page, "#/leads/new")
    expect(page.get_by_role("dialog").get_by_role("button", name=said("Save"), exact=True)).to_be_visible()
    read(page, "#/leads/new")


def read_what_was_kept(page):
    """The server's English is told in German: what is next with a lead, what its score was read from, where
    schedules meet, and what the templates are called that an agency begins with."""
    for place, kept in (
        (plan["records"][0],
         ("Eine E-Mail-Adresse oder Telefonnummer finden", "Keine Technik bekannt", "Nach Regeln bewertet")),
        ("#/settings/schedules",
         ("Der Zeitplan folgt auf Koordination, wofür es keinen Zeitplan gibt.", "Legen Sie Koordination früher")),
        ("#/settings/templates?kind=credit_note", ("Gutschrift (nl)",)),
        ("#/settings/templates", ("Fragt, wie es war, und führt zur Seite für die Antwort.",)),
    ):
        go(page, place)
        for text in kept:
            expect(page.locator("main")).to_contain_text(text)


def read_of_own_fields(page):
    """A change of a custom field is told in German by the field's own label, and so is the question of a step."""
    lead, label = plan["records"][0], "Kassensystem"
    looking.call(page, "POST", "/v1/custom-fields", {"resource": "lead", "key": "till", "label": label})
    looking.call(page, "PATCH", lead.replace("#", "/v1"), {"custom": {"till": "Orderbird"}})
    step = {"channel": "task", "title": "Anrufen", "condition": {"field": "custom.till", "op": "known"}}
    sequence = looking.call(page, "POST", "/v1/sequences", {"name": "Kassen", "steps": [step]})["id"]
    go(page, f"{lead}?tab=activity")
    expect(page.get_by_text("Lead geändert: Kassensystem", exact=True)).to_be_visible()
    go(page, f"#/sequences/{sequence}")
    expect(page.locator("main")).to_contain_text("Wenn Kassensystem ist bekannt")


def read_why_not(page):
    """The server's refusals are told in German: what is in the way of a deletion, and what is wrong with a number."""
    record = plan["records"][1]
    page.evaluate("""async (client) => {
        const { call } = await import("/app/api.js");
        await call("/v1/projects", { method: "POST", body: { name: "Logo", client_id: client } });
    }""", record.split("/")[-1])
    go(page, record)
    page.get_by_role("button", name=said("More"), exact=True).click()
    page.get_by_role("menuitem", name=said("Delete"), exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=said("Delete"), exact=True).click()
    told = page.get_by_role("alert").filter(has_text="Der Kunde hat Projekte.")
    expect(told.first).to_be_visible()
    page.keyboard.press("Escape")
    go(page, "#/settings/invoices-and-concessions")
    page.get_by_label(said("Tax rate"), exact=True).fill("500")
    page.keyboard.press("Enter")
    expect(page.locator(".fault").filter(has_text="Geben Sie einen Wert von 0 bis")).to_be_visible()
    # The allowed states stand with the refusal, and the same one is not offered again.
    told = page.evaluate("""async (path) => {
        const [{ call }, { failure }] = await Promise.all([import("/app/api.js"), import("/ui/dom.js")]);
        const problem = await call(path, { method: "PATCH", body: { status: "won" } }).catch((problem) => problem);
        const notice = failure(problem, () => 0);
        return [notice.textContent, notice.querySelectorAll("button").length];
    }""", plan["records"][0].replace("#", "/v1"))
    if "Jetzt möglich: " not in told[0] or "archiviert" not in told[0] or "Allowed" in told[0] or told[1]:
        faults.append(f"a status that is not allowed is refused like this: {told}")
    # The browser's console tells of the refusals, too.
    faults[:] = [one for one in faults if "409" not in one and "422" not in one]


def visit(page):
    refuse(page)
    watch(page)  # What was refused is an error of the browser's console.
    walk(page)
    write_as_germans_do(page)
    read_what_was_kept(page)
    read_of_own_fields(page)
    read_why_not(page)
    looking.look(page, "in German")


def from_the_right(page):
    """A language that is written from the right turns pages around; here it is Arabic, of which there is one word."""
    words = {"locale": "ar", "texts": {"Leads": "العملاء المحتملون"}, "codes": {}, "problems": {}, "helps": {}}
    page.route("**/app/words/index.json", lambda route: route.fulfill(json=["ar", "de"]))
    page.route("**/app/*/ar.json", lambda route: route.fulfill(json=words))
    looking.sign_in(page)
    root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    if root != ["ar", "rtl"]:
        faults.append(f"Arabic is not written from the right: {root}")
    for place in ("#/leads", "#/deals?as=board", "#/inbox", "#/calendar", "#/settings/people", plan["records"][1]):
        page.goto(f"{base}/{place}")
        looking.settle(page)
        side, main = (page.locator(one).bounding_box() for one in ("#side", "main"))
        if side["x"] < main["x"] + main["width"] / 2:
            faults.append(f"{place} has the sidebar on the left of what is read from the right")
        fits(page, f"{place} from the right", (360, 768, 1360))
    # The tab that follows is the next one to the left.
    tabs = page.get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("ArrowLeft")
    expect(tabs.nth(1)).to_be_focused()
    looking.look(page, "from the right")


with browsing() as browser:
    attempt(visit, browser.new_context(locale="de-DE").new_page())
    arabic = browser.new_context(locale="ar").new_page()
    watch(arabic)
    attempt(from_the_right, arabic)
