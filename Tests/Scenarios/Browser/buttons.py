"""Presses every button, tab, fold and menu item of the pages that somebody may open, and tells which do nothing.

Usage: buttons.py PLAN, a file of JSON: {url, email, password, places (addresses beside those of the sidebar and the
settings), only (a pattern that addresses must match, or null), browser}. Prints JSON: {violations, faults}; both are
empty where all is well. What opens is closed by Escape: nothing is confirmed, and nobody signs out.
"""
import re, time

from playwright.sync_api import expect

from looking import attempt, browsing, faults, let_in, plan

base = plan["url"]
# One of each kind of record, by the address of its list.
RECORD = re.compile(r"^#((?:/[a-z-]+)+)/(?=[^/?]*\d)[\w-]+$")
PRESSED = ":is(button, summary, [role=tab]):not([disabled], [aria-disabled=true])"
# A change of what is seen, or where the keyboard is; times that go on and full texts of what is cut are none.
WATCH = """() => {
    window.answers = [];
    window.watching?.disconnect();
    const isOwn = (one) => one.target.nodeType === 1 ? one.target.closest("time") : one.target.parentElement?.closest("time");
    window.watching = new MutationObserver((all) => all.forEach((one) => {
        if (one.attributeName !== "title" && !isOwn(one)) window.answers.push(one.type);
    }));
    window.watching.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    document.addEventListener("focusin", (event) => window.pressed?.contains(event.target) || window.answers.push("focus"));
}"""
NAMES = """all => all.map((one) => {
    const text = one.getAttribute("aria-label") || one.innerText || one.title || "";
    return one.checkVisibility() ? text.trim().replaceAll(/\\s+/g, " ") : null;
})"""
SKIPPED = re.compile(r"^(Sign out|Sign out everywhere)")


class Presser:
    """Presses what one page has, each kind of button once, and keeps what the server refused meanwhile."""

    def __init__(self, page):
        self.page, self.refused, self.sent, self.known = page, [], 0, set()
        page.on("response", lambda answer: answer.status >= 400 and self.refused.append(
            f"{answer.request.method} {answer.url.removeprefix(base)}: {answer.status}"))
        page.on("request", self.count)
        page.on("filechooser", self.count)
        page.on("download", self.count)
        page.on("popup", lambda popup: (self.count(popup), popup.close()))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))

    def count(self, _):
        self.sent += 1

    def settle(self):
        expect(self.page.locator("main h1")).to_have_count(1)
        expect(self.page.locator("main[aria-busy], main [aria-busy], main [data-loading]")).to_have_count(0)

    def open(self, place):
        # By way of another page: an address that is there already is not drawn anew.
        self.page.goto(f"{base}/#/nowhere")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Page not found")
        self.page.goto(f"{base}/{place}")
        self.settle()

    def buttons(self):
        """The page's own, or those of the dialog that lies over it."""
        dialog = self.page.locator("dialog[open]")
        return (dialog.last if dialog.count() else self.page.locator("main")).locator(PRESSED)

    def press(self, place, name, element):
        """Presses one, and tells if nothing answers, or a refusal is said nowhere."""
        self.page.evaluate(WATCH)
        self.sent, self.refused = 0, []
        element.evaluate("one => { window.pressed = one }")
        where = self.page.url
        try:
            element.click(timeout=30_000)
        except Exception as error:
            faults.append(f"{place}: {name} cannot be pressed: {' '.join(str(error).split())[-300:]}")
            return
        until = time.monotonic() + 30
        while not self.has_answered(where):
            if time.monotonic() > until:
                faults.append(f"{place}: {name} does nothing")
                return
            self.page.wait_for_timeout(20)
        self.explained(place, name)

    def has_answered(self, where):
        return self.sent or self.page.url != where or self.page.evaluate("window.answers?.length > 0 ?? true")

    def explained(self, place, name):
        """Tells whether the server's refusal is told on the page."""
        self.page.wait_for_timeout(150)
        if not self.refused:
            return
        told = self.page.locator("[role=alert], .fault, .toast, .notice").filter(visible=True)
        try:
            expect(told.first).to_be_visible(timeout=30_000)
        except AssertionError:
            faults.append(f"{place}: {name} is refused, and nothing says so: {'; '.join(self.refused)}")

    def shut(self, place, name):
        """Closes by Escape whatever has opened."""
        opened = self.page.locator("dialog[open], [role=menu]").filter(visible=True)
        for _ in range(3):
            count = opened.count()
            if count == 0:
                return
            self.page.keyboard.press("Escape")
            try:
                expect(opened).not_to_have_count(count, timeout=5_000)
            except AssertionError:
                continue
        if opened.count():
            faults.append(f"{place}: what {name} opens does not close by Escape")

    def named(self, name, count):
        """Of the buttons that are called so, the one after so many others."""
        places = [at for at, one in enumerate(self.buttons().evaluate_all(NAMES)) if one == name]
        return self.buttons().nth(places[count]) if count < len(places) else None

    def visit(self, place):
        kind = re.sub(r"\w+_\w{26}", "…", place)
        self.open(place)
        names = self.buttons().evaluate_all(NAMES)
        for index, name in enumerate(names):
            # "Edit: Name" and "Edit: Email" are of one kind; so is "Delete Mr Reed" of "Delete Ms Reed".
            key = (kind.split("?")[0], re.split(r"[:\d…]", name or "")[0].strip()[:14])
            if not name or SKIPPED.search(name) or key in self.known:
                continue
            self.known.add(key)
            self.press_anew(place, name, names[:index].count(name))

    def press_anew(self, place, name, count):
        self.open(place)
        element = self.named(name, count)
        if not element:
            return
        self.press(place, name, element)
        items = self.page.get_by_role("menuitem").filter(visible=True)
        for text in items.all_inner_texts():
            self.choose(place, name, count, text.strip())
        self.shut(place, name)

    def choose(self, place, name, count, item):
        self.open(place)
        element = self.named(name, count)
        if SKIPPED.search(item) or not element:
            return
        element.click()
        one = self.page.get_by_role("menuitem", name=item, exact=True).first
        if one.count() and not one.is_disabled():
            self.press(place, f"{name}, {item}", one)
            self.shut(place, f"{name}, {item}")


def links(page, within):
    return page.locator(f"{within} a").evaluate_all("all => all.map(one => one.getAttribute('href') ?? '')")


def sign_in(page):
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{base}/{plan.get('at', '')}")
    let_in(page)
    expect(page.get_by_role("navigation", name="Main")).to_be_attached()


def press_everything(page):
    presser = Presser(page)
    sign_in(page)
    presser.settle()
    places = links(page, "nav[aria-label=Main]")
    presser.open("#/settings")
    places += links(page, "nav[aria-label=Settings]") + plan["places"]
    kinds, waiting = set(), [one for one in dict.fromkeys(places) if one.startswith("#")]
    for place in waiting:
        if not plan.get("only") or re.search(plan["only"], place):
            attempt(lambda _: presser.visit(place), page)
        for href in links(page, "main"):
            kind = RECORD.match(href)
            if kind and kind[1] not in kinds:
                kinds.add(kind[1])
                waiting.append(href)


with browsing() as browser:
    attempt(press_everything, browser.new_context(locale="en-GB").new_page())
