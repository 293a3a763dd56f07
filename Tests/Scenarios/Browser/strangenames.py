"""Names that nobody expects, as lists.py gives them to records of the console and portal.py to those of a client: of one
long word, from right to left, of markup. They are shown as they are, push nothing aside, and nothing in them runs."""
from playwright.sync_api import expect

from looking import call, faults, fits, go, let_in, opened, plan, press, says, settle, sign_in, staff

NAMES = ("W" * 250, "شركة النور للتسويق", "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>")
WORD = "N" * 10_000
WIDTHS = (320, 360, 768, 1280)


def is_shown(page, place):
    """The page fits every screen, and nothing on it was executed."""
    fits(page, place, WIDTHS)
    if page.evaluate("window.pwned"):
        faults.append(f"a name ran at {place}")


def records(page):
    """Makes a record of each kind for each name, and gives their pages and the lists and boards that show them."""
    places = ["#/leads", "#/clients", "#/contacts", "#/deals?as=board", "#/tickets", "#/tickets?as=board"]
    for name in NAMES:
        lead = call(page, "POST", "/v1/leads", {
            "company": name, "contact_name": name[:200], "notes": WORD, "tags": [name[:100]]})
        for kind, body in (
                ("clients", {"name": name, "notes": WORD}), ("contacts", {"name": name, "notes": WORD}),
                ("deals", {"name": name, "lead_id": lead["id"], "notes": WORD}),
                ("tickets", {"subject": name, "body": WORD})):
            places.append(f"#/{kind}/{call(page, 'POST', f'/v1/{kind}', body)['id']}")
        places.append(f"#/leads/{lead['id']}")
    return places


def bears_any_name(page):
    """Records, conversations, dialogs and toasts of the console bear any name."""
    sign_in(page)
    for place in records(page):
        go(page, place)
        is_shown(page, place)
        if place.startswith("#/leads/") and page.get_by_role("heading", level=1).inner_text() == NAMES[1]:
            if page.get_by_role("heading", level=1).evaluate("one => getComputedStyle(one).direction") != "rtl":
                faults.append("a name from right to left is set from left to right")
    converse(page)
    tell(page)
    # A name that is too long is told at its field, stays there, and pushes nothing aside either.
    go(page, "#/leads/new")
    dialog = opened(page, "New lead")
    box = dialog.get_by_label("Company", exact=True)
    box.evaluate("one => one.removeAttribute('maxlength')")
    box.fill("W" * 10_000)
    press(dialog, "Save")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_value("W" * 10_000)
    is_shown(page, "a form with a name that is too long")
    # The browser's console tells of the refusal, too.
    faults[:] = [one for one in faults if "422" not in one]


def converse(page):
    """Visitors of such names have written in one word, and are answered so."""
    for at, name in enumerate(NAMES):
        says(name[:200], WORD[:4000], f"visitor-{at}")
    go(page, "#/inbox?show=all")
    rows = page.get_by_role("list", name="Conversations").get_by_role("listitem")
    expect(rows).to_have_count(len(NAMES))
    is_shown(page, "the inbox")
    for at in range(len(NAMES)):
        go(page, "#/inbox?show=all")
        rows.nth(at).get_by_role("link").first.click()
        expect(page.get_by_role("textbox", name="Reply", exact=True)).to_be_visible()
        settle(page)
        page.get_by_role("textbox", name="Reply", exact=True).fill(f"{NAMES[2]} {WORD[:3000]}")
        press(page, "Send")
        expect(page.locator("main").get_by_text(NAMES[2]).first).to_be_visible()
        is_shown(page, f"conversation {at}")


def tell(page):
    """Dialogs and toasts name somebody."""
    names = [name[:200] for name in NAMES]
    for at, name in enumerate(names):
        call(page, "POST", "/v1/users", {
            "name": name, "email": f"u{at}-{plan['email']}", "role": "member", "password": plan["password"]})
    go(page, "#/settings/people")
    for name in names:
        is_shown(page, "people")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("row").filter(has_text=name).get_by_role("button").click()
        page.get_by_role("menuitem", name="Deactivate", exact=True).click()
        dialog = page.get_by_role("dialog").filter(has_text=name)
        expect(dialog).to_be_visible()
        is_shown(page, "a dialog that names somebody")
        press(dialog, "Deactivate")
        expect(page.locator(".toast").filter(has_text=name)).to_be_visible()
        is_shown(page, "a toast that names somebody")


def bears_any_name_in_the_portal(page):
    """A client's work and messages bear any name and any word."""
    project = staff("/v1/deliverables/" + plan["change"])["project_id"]
    made = []
    for name in NAMES:
        one = staff("/v1/deliverables", {"project_id": project, "name": name, "text": f"{WORD} {name}"})["id"]
        staff(f"/v1/deliverables/{one}/submit", {})
        staff(f"/v1/deliverables/{one}/review", {"passed": True})
        made.append(one)
    staff(f"/v1/conversations/{plan['conversation']}/messages", {"text": f"{NAMES[2]} {WORD}"})
    page.goto(f"{plan['url']}/portal/?agency={plan['agency']}#/")
    let_in(page.locator("form").first)
    for place in ("/", f"/projects/{project}", *(f"/deliverables/{one}" for one in made), "/messages"):
        page.evaluate("place => { location.hash = place }", f"#{place}")
        expect(page.get_by_role("navigation", name="Main")).to_be_attached()
        settle(page)
        is_shown(page, place)
    page.get_by_label("Your message", exact=True).fill(f"{WORD} {NAMES[2]}")
    press(page.locator("main"), "Send")
    expect(page.locator(".talk li.mine").last).to_contain_text(NAMES[2])
    is_shown(page, "a message of one word")
