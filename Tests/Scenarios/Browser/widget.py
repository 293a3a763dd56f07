"""Writes into the chat on somebody's page in a headless browser, and tells what axe and the browser find.

Usage: widget.py PLAN, a file of JSON: {url, key, question, answer, open, browser}, where `open` is what the chat's
button is called by language. Prints JSON: {violations, faults}.
"""
import http.server, json, sys, threading

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect, sync_playwright

plan = json.load(open(sys.argv[1]))
found, faults = [], []
expect.set_options(timeout=60_000)


def shop_page(path):
    """The page of a shop, in the language that the path names, if any."""
    lang = f' lang="{path[1:]}"' if path != "/" else ""
    return f"""<!doctype html><html{lang}><head><title>Shop</title></head><body><main><h1>Shop</h1></main>
<script src="{plan['url']}/public/chat.js" data-key="{plan['key']}" defer></script></body></html>"""


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(shop_page(self.path).encode())

    def log_message(self, *_):
        pass


shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
threading.Thread(target=shop.serve_forever, daemon=True).start()


def look(page, name):
    page.evaluate(AXE_SCRIPT)
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 700})
        for violation in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]:
            found.append({"page": name, "width": width, "id": violation["id"]})


def need(holds, what):
    if not holds:
        faults.append(what)


def kept(page):
    return page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")


def walk(page):
    page.on("pageerror", lambda error: faults.append(str(error)))
    order = []
    page.on("response", lambda response: "/stream?" in response.url and order.append("stream"))
    page.on("request", lambda request: request.url.endswith("/messages") and order.append("message"))
    page.goto(f"http://127.0.0.1:{shop.server_port}/en")
    page.get_by_role("button", name="Open the chat").click()
    look(page, "the empty chat")
    page.get_by_label("Your name").fill("Vera")
    page.get_by_label("Your message").fill(plan["question"])
    page.get_by_label("Your message").press("Enter")
    messages = page.locator("bureau-chat li")
    expect(messages).to_have_count(2)
    expect(messages.nth(1)).to_contain_text(plan["answer"])
    need(order == ["stream", "message"], f"a message leaves before its answer could be followed: {order}")
    look(page, "the chat")
    need(kept(page) == ["", 0, 0] and page.context.cookies() == [], "something is kept before anybody agreed")
    page.get_by_label("Remember this conversation").check()
    page.reload()
    page.get_by_role("button", name="Open the chat").click()
    expect(page.locator("bureau-chat li")).to_have_count(2)
    page.get_by_label("Remember this conversation").uncheck()
    need(kept(page) == ["", 0, 0], "what was agreed to is not forgotten")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def speak(browser, language, name):
    """The chat speaks the language of the page, and the visitor's own where the page names none."""
    for locale, path in (("en-GB", f"/{language}"), (language, "/")):
        page = browser.new_context(locale=locale).new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://127.0.0.1:{shop.server_port}{path}")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
        page.context.close()


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=plan["browser"], args=["--no-sandbox"])
    page = browser.new_context().new_page()
    try:
        walk(page)
        for language, name in plan["open"].items():
            speak(browser, language, name)
    except Exception as error:
        faults.append(f"{type(error).__name__}: {error}")
    browser.close()
print(json.dumps({"violations": found, "faults": faults}))
