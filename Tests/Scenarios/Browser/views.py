"""Opens every view of the sample agency once, on one page that is never loaded anew, and has axe look at each.

Usage: views.py PLAN, a file of JSON: {url, email, password, only (a pattern that addresses must match, or nothing),
browser}. Prints JSON: {violations, faults, views (how many)}; the first two are empty where all is well. Axe looks
at the frame once and then at what is the view's own, and at colours by day and by night.
"""
import pathlib, re, time

from axe_playwright_python.base import AXE_SCRIPT
import fitting, looking
from looking import COLOURS, attempt, browsing, faults, found, plan, watch

base = plan["url"]
SLICES = pathlib.Path(__file__).parents[3] / "static/slices"
RECORD = re.compile(r"^#((?:/[a-z-]+)+)/(?=[^/?]*\d)[\w-]+$")
# Pages that no entry and no record links to.
MORE = ["#/deals?as=board", "#/tickets?as=board", "#/tasks?as=board", "#/import", "#/notifications", "#/outbox", "#/start",
        "#/calendar?as=week", "#/calendar?as=list", "#/calendar/links", "#/social-posts/new", "#/leads/new",
        "#/articles?as=gaps", "#/leads/duplicates", "#/contacts/duplicates", "#/companies/duplicates",
        "#/clients/duplicates"]
# People read names; an id is for programs.
ID = re.compile(r"\b[a-z_]+_[0-9a-hjkmnp-tv-z]{26}\b")
# Of what repeats, such as the rows of a table, the first ones are enough.
RULES = """() => axe.run({include: ["main"], exclude: ["main tr:nth-child(n+5)", "main li:nth-child(n+7)"]}, {
    resultTypes: ["violations"], performanceTimer: false,
    rules: {region: {enabled: false}, "color-contrast": {enabled: false}},
})"""
WHOLE = "() => axe.run({resultTypes: ['violations'], performanceTimer: false})"


def settle(page):
    page.wait_for_function("""() => {
        const main = document.querySelector("main");
        return main.querySelectorAll("h1").length === 1 && main.getAttribute("aria-busy") !== "true"
            && !main.querySelector("[aria-busy=true], [data-loading]");
    }""", polling=20)


def open_view(page, place):
    """By its address, as a link does: what has been loaded stays."""
    page.evaluate("""async place => {
        if (location.hash === place) return;
        document.querySelector("main").setAttribute("aria-busy", "true");
        location.hash = place;
    }""", place)
    settle(page)


def look(page, place, by_day=(RULES, COLOURS)):
    for scheme, runs in (("dark", (COLOURS,)), ("light", by_day)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for run in runs:
            for violation in page.evaluate(run)["violations"]:
                nodes = [(node["target"], node.get("failureSummary", "")[:200]) for node in violation["nodes"][:3]]
                found.append({"page": place, "scheme": scheme, "id": violation["id"], "nodes": nodes})


def links(page, within):
    return page.locator(f"{within} a").evaluate_all("all => all.map(one => one.getAttribute('href') ?? '')")


def named():
    """The pages that only the search leads to."""
    return [f"#{path}" for part in sorted(SLICES.rglob("*.js"))
            for path in re.findall(r"text: t\([^)]*\), path: \"([^\"]+)\"", part.read_text())]


def see_every_view(page):
    looking.sign_in(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(AXE_SCRIPT)
    look(page, "the frame", (WHOLE,))
    places = links(page, "#side")
    open_view(page, "#/settings")
    places += links(page, "nav[aria-label=Settings]") + named() + MORE
    kinds, waiting, seen = set(), [one for one in dict.fromkeys(places) if one.startswith("#")], 0
    for place in waiting:
        if plan.get("only") and not re.search(plan["only"], place):
            continue
        began = time.monotonic()
        try:
            open_view(page, place)
            heading = page.get_by_role("heading", level=1).first.inner_text()
            if heading == "Page not found" or page.locator("main [role=alert]").count():
                faults.append(f"{place} cannot be shown: {page.locator('main').inner_text()[:200]}")
            look(page, place)
            told = ID.findall(page.locator("main").inner_text())
            if told:
                faults.append(f"{place} shows ids instead of names: {told[:3]}")
        except Exception as error:
            faults.append(f"{place}: {type(error).__name__}: {str(error).splitlines()[0]}")
        seen += 1
        if plan.get("times"):
            print(f"{time.monotonic() - began:5.2f} s  {place}", flush=True)
        for href in links(page, "main"):
            kind = RECORD.match(href)
            if kind and kind[1] not in kinds:
                kinds.add(kind[1])
                waiting.append(href)
        if page.get_by_role("dialog").count():
            page.keyboard.press("Escape")
    if not plan.get("only") and seen < 150:
        faults.append(f"only {seen} views are found")


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
