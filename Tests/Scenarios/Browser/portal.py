"""Walks through the portal in a headless browser as somebody of a client does, and tells what axe and the browser
find.

Usage: portal.py PLAN, a file of JSON: {url, agency, name, email, password, pages, open, deliverable, content, other,
change, keys, conversation, token, paying {agency, email, page}, languages (texts by their English), invoice, article, browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import re, time

from playwright.sync_api import expect

import days, looking, portalday, portalkeys, strangenames, wire
from looking import attempt, browsing, faults, fill_by_keys, let_in, plan, reach, sign_in_by_keys, staff, watch

base = plan["url"]
ID = re.compile(r"\b[a-z]{2,9}_[0-9a-hjkmnp-tv-z]{26}\b")


def settle(page):
    """Until all has been read; asked from here, as the page lets nobody evaluate texts."""
    end = time.monotonic() + 120
    while page.evaluate(
        "Boolean(document.querySelector('[aria-busy]')) || document.body.textContent.includes('Loading…')"
    ):
        if time.monotonic() > end:
            raise AssertionError(f"{page.url} does not settle")
        page.wait_for_timeout(20)


def go(page, name):
    page.evaluate("place => { location.hash = place }", f"#{name}")
    settle(page)


def look(page, name):
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    looking.look(page, name, (320, 360, 768, 1360))


def entries(page):
    return page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()


def loads_little(page):
    """Signing in and Home are small in any language, and the pages beyond come once Home is there."""
    def arrive(page):
        page.goto(f"{base}/portal/?agency={plan['agency']}#/")
        form = page.locator("main form").first
        form.locator("[type=email]").fill(plan["email"])
        form.locator("[type=password]").fill(plan["password"])
        form.locator("[type=submit]").first.click()
        expect(page.locator("#top nav")).to_be_visible()
        settle(page)

    total, words = wire.carried(page, arrive, words=("/portal/words/",), ahead="/portal/others.js",
                                instead="export const views = {};")
    language = page.evaluate("document.documentElement.lang")
    if not 0 < total <= wire.MOST or not words:
        faults.append(f"the portal's first view in {language} loads {total / 1024:.1f} KB, with the words {words}")


def walk(page):
    page.goto(f"{base}/portal/?agency={plan['agency']}#/")
    form = page.locator("form").first
    form.wait_for()
    look(page, "signing in")
    asked = form.locator("input:visible").evaluate_all("all => all.map(({ name }) => name)")
    if asked != ["email", "password"]:
        faults.append(f"signing in asks for {asked}")
    let_in(form)
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    settle(page)
    if not page.evaluate("document.querySelector('.brand img')?.naturalWidth > 0"):
        faults.append("the agency's logo is not shown")
    looking.look_everywhere(page, "/")
    for name in plan["pages"]:
        go(page, name)
        if page.evaluate("document.activeElement?.tagName") != "H1":
            faults.append(f"{name} does not begin at its heading")
        if not page.title().endswith(plan["name"]):
            faults.append(f"{name} does not name the agency")
        text = page.locator("main").inner_text()
        if ID.search(text) or "**" in text or "/v1/" in text:
            faults.append(f"{name} says what is for machines: {text[:300]}")
        look(page, name)


def act(page):
    """A client's day on a phone: says yes, asks for changes, writes and is answered, asks for something, pays."""
    page.set_viewport_size({"width": 375, "height": 800})
    go(page, "/")
    primary = page.locator("main .primary:visible")
    if primary.count() != 1 or page.locator("main section").first.locator("li:first-child .primary").count() != 1:
        faults.append("what awaits a decision is not on top, with the only primary button")
    # Two taps: the first shows what it is about, the second says yes.
    waiting = page.locator(".waiting li").filter(has_text=plan["deliverable"])
    waiting.get_by_role("button", name="Approve").tap()
    expect(waiting.locator(".looked-at")).to_contain_text(plan["content"])
    look(page, "about to approve")
    page.set_viewport_size({"width": 375, "height": 800})
    waiting.get_by_role("button", name="Approve", exact=True).tap()
    expect(page.get_by_role("status").filter(has_text="approved.")).to_be_visible()
    expect(waiting).to_have_count(0)
    # A text that was begun is there again after looking elsewhere, and after the session has ended.
    waiting = page.locator(".waiting li").filter(has_text=plan["other"])
    waiting.get_by_role("button", name="Request changes").tap()
    page.get_by_label("What should change?").fill("Bigger, please")
    go(page, "/help")
    go(page, f"/deliverables/{plan['change']}")
    expect(page.get_by_label("What should change?")).to_have_value("Bigger, please")
    page.get_by_label("What should change?").fill("Bigger")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator(".facts").first).to_contain_text("Changes requested")
    go(page, "/messages")
    page.get_by_label("Your message").fill("Is it <b>live</b>?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".talk li.mine").last).to_contain_text("Is it <b>live</b>?")
    staff(f"/v1/conversations/{plan['conversation']}/messages", {"text": "It is, without loading anew."})
    expect(page.locator(".talk li").last).to_contain_text("It is, without loading anew.")
    go(page, "/tickets/new")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".fault").first).not_to_be_empty()
    page.get_by_label("Subject").fill("A new logo")
    page.get_by_label("How can we help?").fill("In blue.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A new logo")
    # The answer to what was asked is read without loading anew.
    number = page.url.rsplit("/", 1)[1]
    staff(f"/v1/tickets/{number}/messages", {"text": "**Which** blue?"})
    expect(page.locator(".talk li").last.locator("strong")).to_have_text("Which")
    # The agency's article is shown as it is meant, and nothing in it is code.
    go(page, plan["article"])
    text = page.locator(".text")
    expect(text.locator("strong")).to_have_text("it")
    expect(text.locator("li")).to_have_count(2)
    expect(text).to_contain_text("[so](javascript:alert(1)) <b>x</b>")
    vote = page.get_by_role("group", name="Did this help you?")
    vote.get_by_role("button", name="Yes", exact=True).tap()
    expect(vote.get_by_role("status")).to_have_text("Thank you.")
    page.reload()
    expect(vote.get_by_role("button", name="Yes", exact=True)).to_have_attribute("aria-pressed", "true")
    # Where no service takes payments nobody is offered to pay.
    go(page, plan["invoice"])
    expect(page.get_by_role("button", name="Download as PDF")).to_be_visible()
    expect(page.get_by_role("button", name="Pay online")).to_have_count(0)
    mind_people(page)
    away(page)
    # By keyboard: the first stop leads past the header, into the content.
    go(page, "/projects")
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement?.id") != "main":
        faults.append("the skip link leads elsewhere")
    page.get_by_text("Account", exact=True).click()
    look(page, "the account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def mind_people(page):
    """An admin gives a colleague another role, takes the access away, and invites somebody."""
    go(page, "/people")
    vera = page.locator("main li").filter(has=page.get_by_role("heading", name="Vera", exact=True))
    vera.get_by_text("Change role", exact=True).tap()
    vera.get_by_label("Role of Vera", exact=True).select_option("approver")
    vera.get_by_role("button", name="Save", exact=True).tap()
    expect(vera.locator("p").first).to_contain_text("Approver")
    vera.get_by_role("button", name="Remove access for Vera", exact=True).tap()
    expect(page.get_by_role("button", name="Remove access for Vera", exact=True)).to_have_count(0)
    invite = page.get_by_role("region", name="Invite someone", exact=True)
    invite.get_by_label("Email", exact=True).fill("noa@acme.example")
    invite.get_by_label("Role", exact=True).select_option("billing")
    invite.get_by_role("button", name="Invite", exact=True).tap()
    expect(page.locator("#announcer")).to_have_text("Invitation sent.")
    expect(invite.get_by_label("Email", exact=True)).to_have_value("")


def away(page):
    """Without a line the page says so, and what was typed is still there."""
    go(page, "/messages")
    page.get_by_label("Your message").fill("Written in a tunnel")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Your message")).to_have_value("Written in a tunnel")
    page.get_by_label("Your message").fill("")


def act_by_keyboard(page):
    """Without a mouse from signing in on, something is approved, a message written, something asked for."""
    keys = page.keyboard
    heading = page.get_by_role("heading", level=1)
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in_by_keys(page, f"{base}/portal/?agency={plan['agency']}#/", plan["email"], plan["password"])
    expect(heading).to_have_text("Home")
    settle(page)
    waiting = page.locator(".waiting li").filter(has_text=plan["keys"])
    reach(page, waiting.get_by_role("button", name="Approve"))
    keys.press("Enter")
    expect(waiting.locator(".looked-at")).to_contain_text(plan["content"])
    reach(page, waiting.get_by_role("button", name="Approve", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="approved.")).to_be_visible()
    expect(waiting).to_have_count(0)
    reach(page, page.get_by_role("navigation").get_by_role("link", name="Messages"))
    keys.press("Enter")
    expect(heading).to_have_text("Messages")
    settle(page)
    fill_by_keys(page, page.locator("main"), Your_message="Written by keys")
    keys.press("Control+Enter")
    expect(page.locator(".talk li.mine").last).to_contain_text("Written by keys")
    reach(page, page.get_by_role("navigation").get_by_role("link", name="Requests"))
    keys.press("Enter")
    expect(heading).to_have_text("Requests")
    settle(page)
    reach(page, page.locator("main").get_by_role("link", name="New request"))
    keys.press("Enter")
    expect(page.get_by_label("Subject", exact=True)).to_be_visible()
    settle(page)
    fill_by_keys(page, page.locator("main"), Subject="A banner", **{"How_can_we_help?": "In red."})
    keys.press("Control+Enter")
    expect(heading).to_have_text("A banner")


def pay(page):
    """Where a service takes payments, whoever may pay is led to its page, in two taps from the first page."""
    page.goto(f"{base}/portal/?agency={plan['paying']['agency']}#/")
    form = page.locator("form").first
    form.get_by_label("Email").fill(plan["paying"]["email"])
    form.get_by_label("Password").fill(plan["password"])
    form.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    settle(page)
    # Of what this client has nothing of there is no entry.
    if entries(page) != ["Home", "Requests", "Billing", "People"]:
        faults.append(f"who has an invoice and nothing else has the entries {entries(page)}")
    page.route(plan["paying"]["page"] + "**", lambda route: route.fulfill(body="Pay here"))
    page.locator(".waiting").get_by_role("link", name="View").first.tap()
    page.get_by_role("button", name="Pay online").tap()
    expect(page.get_by_text("Pay here")).to_be_visible()


def walk_in(page, language, words, look):
    """Looks at the pages as a browser shows them that asks for a language; no English may be left that it says
    otherwise."""
    said = lambda text: words.get(text, text)
    page.goto(f"{base}/portal/?agency={plan['agency']}#/")
    form = page.locator("form").first
    form.wait_for()
    look(page, f"signing in, in {language}")
    form.get_by_label(said("Email")).fill(plan["email"])
    form.get_by_label(said("Password")).fill(plan["password"])
    form.get_by_role("button", name=said("Sign in")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said("Home"))
    for name in ["/", *plan["pages"]]:
        go(page, name)
        if page.evaluate("document.documentElement.lang") != language:
            faults.append(f"{name} does not say that it is in {language}")
        left = page.evaluate(
            """texts => {
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                const left = [];
                while (walker.nextNode()) {
                    const text = walker.currentNode.textContent.trim();
                    const isSaid = walker.currentNode.parentElement.closest('noscript, .said, .text, h1, .of, option');
                    if (!isSaid && texts.includes(text)) left.push(text);
                }
                return left;
            }""", list(words))
        # The text of a report was written in the agency's language.
        for text in [] if name.startswith("/reports/") else left:
            faults.append(f"{name} says in English, not in {language}: {text}")
        look(page, f"{name}, in {language}")


def walk_in_german(page):
    """All of it in German, with numbers and days as Germans write them, and with a language of one's own."""
    walk_in(page, "de", plan["languages"]["de"], look)
    go(page, plan["invoice"])
    if not page.evaluate(r"/\d+,\d\d\s*[€$]|\d\.\d{3}\s*[€$]|\d\s[€$]/.test(document.querySelector('main').textContent)"):
        faults.append("money is not written as Germans write it")
    if not page.evaluate(r"/\d\d\.\d\d\.\d{4}/.test(document.querySelector('main').textContent)"):
        faults.append("days are not written as Germans write them")
    recommend_oneself(page)
    # A language of one's own goes before the browser's, at once and from then on.
    go(page, "/preferences")
    choices = page.get_by_label("Sprache").locator("option")
    if choices.count() != len(plan["languages"]) + 2 or "Français" not in choices.all_text_contents():
        faults.append("not every language can be chosen by its own name")
    page.get_by_label("Sprache").select_option("en")
    page.get_by_role("region", name="Benachrichtigungen").get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preferences")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preferences")
    if page.evaluate("document.documentElement.lang") != "en":
        faults.append("a chosen language does not stay")


def recommend_oneself(page):
    """A refusal is told in the reader's language, beside the field."""
    before, said = list(faults), plan["languages"]["de"]
    go(page, "/referrals")
    page.get_by_label(said["Their name"], exact=True).fill("Cleo")
    page.get_by_label(said["Their email address"], exact=True).fill(plan["email"])
    page.get_by_role("button", name=said["Recommend"], exact=True).click()
    expect(page.locator(".fault").filter(has_text="Das ist Ihre eigene Adresse")).to_be_visible()
    # The browser's console tells of the refusal, too.
    faults[:] = [fault for fault in faults if fault in before or "422" not in fault]


def visit(page):
    """Reads every page, those that need no account too, and acts on them; then the same in every other language."""
    watch(page)
    walk(page)
    for name, address in plan["open"].items():
        other = page.context.new_page()
        watch(other)
        other.goto(base + address)
        look(other, name)
        other.close()
    before = list(faults)
    act(page)
    keys = page.context.browser.new_context(locale="en-GB").new_page()
    watch(keys)
    act_by_keyboard(keys)
    if "paying" in plan:
        paying = page.context.browser.new_context(locale="en-GB", has_touch=True).new_page()
        watch(paying)
        paying.set_viewport_size({"width": 375, "height": 800})
        pay(paying)
    # A field that is left empty is refused by the server, which the browser's console tells, too.
    faults[:] = [fault for fault in faults if fault in before or "422" not in fault]
    # Before the person chooses a language of their own, which goes before that of the browser.
    for language, words in plan["languages"].items():
        if language == "de":
            continue
        other = page.context.browser.new_context(locale=language).new_page()
        watch(other)
        walk_in(other, language, words, look=looking.fits)
        other.context.close()
    german = page.context.browser.new_context(locale="de-DE").new_page()
    watch(german)
    walk_in_german(german)


with browsing() as browser:
    for language in ("en-GB", *plan["languages"]):
        page = browser.new_context(locale=language).new_page()
        watch(page)
        attempt(loads_little, page)
        page.context.close()
    attempt(visit, browser.new_context(locale="en-GB", has_touch=True).new_page())
    for part in portalkeys.walks:
        page = browser.new_context(locale="en-GB", has_touch=True).new_page()
        # A session that has ended and a line that is cut are errors to the browser's console.
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        attempt(part, page)
        page.context.close()
    page = browser.new_context(locale="en-GB").new_page()
    watch(page)
    attempt(strangenames.bears_any_name_in_the_portal, page)
    days.take(browser, portalday.of_client, "dark", "light", "dark")
