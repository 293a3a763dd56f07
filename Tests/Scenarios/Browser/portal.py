"""Walks through the portal in a headless browser as somebody of a client does, and tells what axe and the browser find.

Usage: portal.py PLAN, a file of JSON: {url, agency, name, email, password, pages, open, deliverable, change,
conversation, token, german (the English texts), invoice, article, browser}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
import json, time, urllib.request

from playwright.sync_api import expect

import looking
from looking import attempt, browsing, faults, plan, watch

base = plan["url"]
expect.set_options(timeout=10_000)


def settle(page):
    """Until all has been read; asked from here, as the page lets nobody evaluate texts."""
    end = time.monotonic() + 10
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
    looking.look(page, name)


def walk(page):
    page.goto(f"{base}/portal/?agency={plan['agency']}#/")
    form = page.locator("form").first
    form.wait_for()
    look(page, "signing in")
    form.get_by_label("Email").fill(plan["email"])
    form.get_by_label("Password").fill(plan["password"])
    form.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    settle(page)
    if not page.evaluate("document.querySelector('.brand img')?.naturalWidth > 0"):
        faults.append("the agency's logo is not shown")
    look(page, "/")
    for name in plan["pages"]:
        go(page, name)
        if page.evaluate("document.activeElement?.tagName") != "H1":
            faults.append(f"{name} does not begin at its heading")
        if not page.title().endswith(plan["name"]):
            faults.append(f"{name} does not name the agency")
        look(page, name)


def ask(path, body):
    request = urllib.request.Request(
        base + path, json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + plan["token"]})
    urllib.request.urlopen(request).read()


def act(page):
    """What a client does: says yes, asks for changes, writes and is answered, asks for something."""
    page.set_viewport_size({"width": 375, "height": 800})
    go(page, "/")
    page.locator(".waiting").get_by_role("link", name=plan["deliverable"]).click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".facts")).to_contain_text("Approved")
    go(page, f"/deliverables/{plan['change']}")
    page.get_by_label("What should change?").fill("Bigger")
    page.get_by_role("button", name="Request changes").click()
    expect(page.locator(".facts").first).to_contain_text("Changes requested")
    go(page, "/messages")
    page.get_by_label("Your message").fill("Is it <b>live</b>?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".talk li.mine").last).to_contain_text("Is it <b>live</b>?")
    ask(f"/v1/conversations/{plan['conversation']}/messages", {"text": "It is, without loading anew."})
    expect(page.locator(".talk li").last).to_contain_text("It is, without loading anew.")
    go(page, "/tickets/new")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".fault").first).not_to_be_empty()
    page.get_by_label("Subject").fill("A new logo")
    page.get_by_label("How can we help?").fill("In blue.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A new logo")
    # What the agency writes is shown as it is meant, and nothing in it is code.
    go(page, plan["article"])
    text = page.locator(".text")
    expect(text.locator("strong")).to_have_text("it")
    expect(text.locator("li")).to_have_count(2)
    expect(text).to_contain_text("[so](javascript:alert(1)) <b>x</b>")
    # Where no service takes payments nobody is offered to pay.
    go(page, plan["invoice"])
    expect(page.get_by_role("button", name="Download as PDF")).to_be_visible()
    expect(page.get_by_role("button", name="Pay online")).to_have_count(0)
    # By keyboard: the first stop leads past the header, into the content.
    go(page, "/projects")
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement?.id") != "main":
        faults.append("the skip link leads elsewhere")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def walk_in_german(page):
    """The same pages as a browser shows them that asks for German; no English may be left that the catalogue has."""
    words = plan["german"]
    page.goto(f"{base}/portal/?agency={plan['agency']}#/")
    form = page.locator("form").first
    form.wait_for()
    look(page, "signing in, in German")
    form.get_by_label("E-Mail").fill(plan["email"])
    form.get_by_label("Passwort").fill(plan["password"])
    form.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht")
    for name in ["/", *plan["pages"]]:
        go(page, name)
        if page.evaluate("document.documentElement.lang") != "de":
            faults.append(f"{name} does not say that it is in German")
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
            }""", words)
        # What a report says was written in the agency's language.
        for text in [] if name.startswith("/reports/") else left:
            faults.append(f"{name} says in English: {text}")
        look(page, f"{name}, in German")
    go(page, plan["invoice"])
    if not page.evaluate(r"/\d+,\d\d\s*[€$]|\d\.\d{3}\s*[€$]|\d\s[€$]/.test(document.querySelector('main').textContent)"):
        faults.append("money is not written as Germans write it")
    if not page.evaluate(r"/\d\d\.\d\d\.\d{4}/.test(document.querySelector('main').textContent)"):
        faults.append("days are not written as Germans write them")
    # A language of one's own goes before the browser's, at once and from then on.
    go(page, "/preferences")
    page.get_by_label("Sprache").select_option("en")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preferences")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preferences")
    if page.evaluate("document.documentElement.lang") != "en":
        faults.append("a chosen language does not stay")


def visit(page):
    """Reads every page, those that need no account too, and acts on them; then the same in German."""
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
    # A field that is left empty is refused by the server, which the browser's console tells, too.
    faults[:] = [fault for fault in faults if fault in before or "422" not in fault]
    german = page.context.browser.new_context(locale="de-DE").new_page()
    watch(german)
    walk_in_german(german)


with browsing() as browser:
    attempt(visit, browser.new_context(locale="en-GB").new_page())
