"""Opens every view of the sample agency once, on one page that is never loaded anew, and has axe look at each.

Usage: views.py PLAN, a file of JSON: {url, email, password, only (a pattern that addresses must match, or nothing),
browser}. Prints JSON: {violations, faults, views (how many)}; the first two are empty where all is well. Axe looks
at the frame once and then at what is the view's own, and at colours by day and by night.
"""
import re

from axe_playwright_python.base import AXE_SCRIPT
import fitting, looking
from everyview import visit
from looking import COLOURS, attempt, browsing, faults, found, plan, watch

base = plan["url"]
# People read names; an id is for programs.
ID = re.compile(r"\b[a-z_]+_[0-9a-hjkmnp-tv-z]{26}\b")
# Of what repeats, such as the rows of a table, the first ones are enough.
RULES = """() => axe.run({include: ["main"], exclude: ["main tr:nth-child(n+5)", "main li:nth-child(n+7)"]}, {
    resultTypes: ["violations"], performanceTimer: false,
    rules: {region: {enabled: false}, "color-contrast": {enabled: false}},
})"""
WHOLE = "() => axe.run({resultTypes: ['violations'], performanceTimer: false})"


def look(page, place, by_day=(RULES, COLOURS)):
    for scheme, runs in (("dark", (COLOURS,)), ("light", by_day)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for run in runs:
            for violation in page.evaluate(run)["violations"]:
                nodes = [(node["target"], node.get("failureSummary", "")[:200]) for node in violation["nodes"][:3]]
                found.append({"page": place, "scheme": scheme, "id": violation["id"], "nodes": nodes})


def see_every_view(page):
    looking.sign_in(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(AXE_SCRIPT)
    look(page, "the frame", (WHOLE,))

    def see(place):
        heading = page.get_by_role("heading", level=1).first.inner_text()
        if heading == "Page not found" or page.locator("main [role=alert]").count():
            faults.append(f"{place} cannot be shown: {page.locator('main').inner_text()[:200]}")
        look(page, place)
        told = ID.findall(page.locator("main").inner_text())
        if told:
            faults.append(f"{place} shows ids instead of names: {told[:3]}")

    visit(page, see)


def says_scores_in_words(page):
    """What was learned is said by the labels of custom fields, and places are spelled as the leads have them."""
    open_view(page, "#/leads?sort=-score")
    leads = page.locator("main tbody th a").evaluate_all("all => all.slice(0, 3).map(one => one.getAttribute('href'))")
    said = ""
    for place in leads:
        open_view(page, place)
        said += page.get_by_role("region", name="Why this score").inner_text()
    if "Site visits in 30 days: " not in said or re.search(r"[Vv]isits.30d|Place: [a-zäöüå]", said):
        faults.append(f"scores are not said in people's words: {said[:1000]}")


def finds_what_does_not_fit(page):
    """The faults that `make screenshots` looks for are found where they are, and nowhere else."""
    faults.extend(f"overflow.js: {one}" for one in fitting.mistaken(page))


with browsing() as browser:
    attempt(finds_what_does_not_fit, browser.new_page())
    page = browser.new_context(locale="en-GB").new_page()
    watch(page)
    attempt(see_every_view, page)
    attempt(says_scores_in_words, page)
