"""Opens every view of the sample agency, and the form of what is new there, as somebody who reads German, and tells
which words of the console the catalogue lacks.

Usage: germanviews.py PLAN, a file of JSON: {url, email, password, texts (German by English), browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""

from playwright.sync_api import expect

from everyview import settle, visit
from looking import attempt, browsing, faults, plan, watch

# From here on the catalogue tells what it is asked for in vain.
HEAR = """async () => {
    const words = await import("/ui/words.js");
    await words.allWords();
    const catalogue = await (await fetch("/app/words/de.json")).json();
    window.lacking = new Set();
    words.speak("de-DE", catalogue, { onMissing: (text) => window.lacking.add(text) });
}"""
# Of what was asked for in vain, what is shown: declarations name much that no page says, or that it says otherwise.
TAKE = """() => {
    const shown = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode;
        if (!parentElement.closest("script, style, noscript, .said, .text, [dir=auto]")) shown.add(textContent.trim());
    }
    return [...window.lacking].filter((text) => shown.has(text));
}"""


def read_every_view(page):
    page.goto(f"{plan['url']}/")
    page.locator("[type=email]").fill(plan["email"])
    page.locator("[type=password]").fill(plan["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(plan["texts"]["Today"])
    settle(page)
    page.evaluate(HEAR)
    told = set()

    def see(place):
        new = page.locator("main [data-key=n]:visible")
        if new.count():
            new.first.click()
            page.wait_for_timeout(300)
        for text in page.evaluate(TAKE):
            if text not in told and text not in plan["texts"].values():
                told.add(text)
                faults.append(f"{place} says what the German catalogue lacks: {text}")

    visit(page, see, plan["texts"]["Settings"])


with browsing() as browser:
    page = browser.new_context(locale="de-DE").new_page()
    watch(page)
    attempt(read_every_view, page)
