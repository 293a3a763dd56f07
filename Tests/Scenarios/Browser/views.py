"""Opens every view of the sample agency on a phone, a tablet and a desk, on one page that is never loaded anew: it fits
each screen and stands still, and axe looks at it.

Usage: views.py PLAN, a file of JSON: {url, email, password, only (a pattern that addresses must match, or nothing),
browser}. Prints JSON: {violations, faults}; both are empty where all is well. Axe looks at the frame once and then
at what is the view's own, by day on a desk, at half of them by night on a phone, and at colours by day and by night on both.
"""
import re

from axe_playwright_python.base import AXE_SCRIPT
import fitting, looking
from everyview import open_view, settle, visit
from looking import COLOURS, attempt, browsing, faults, found, plan, watch

base = plan["url"]
DESK = {"width": 1280, "height": 800}
SCREENS = ((360, 740), (768, 1024))
# Less than what readers call still (Web Vitals: 0.1).
SHIFT_MAX = 0.06
# Opens a view as a link does, or the one that is shown anew: whatever has been loaded stays. Shifts are counted from then
# on; those of a screen that has just become another size came before.
OPEN = """async (place) => {
    window.shifts ??= new PerformanceObserver((list) => list.getEntries().forEach((one) => {
        if (one.startTime > window.begun) window.shifted += one.value;
    }));
    window.shifts.observe({ type: "layout-shift" });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    [window.shifted, window.begun] = [0, performance.now()];
    document.querySelector("main").setAttribute("aria-busy", "true");
    if (location.hash === place) window.dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = place;
}"""
SHIFTED = """async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return window.shifted;
}"""
# People read names; an id is for programs.
ID = re.compile(r"\b[a-z_]+_[0-9a-hjkmnp-tv-z]{26}\b")
# Of what repeats, such as the rows of a table, the first ones are enough.
RULES = """() => axe.run({include: ["main"], exclude: ["main tr:nth-child(n+5)", "main li:nth-child(n+7)"]}, {
    resultTypes: ["violations"], performanceTimer: false,
    rules: {region: {enabled: false}, "color-contrast": {enabled: false}},
})"""
WHOLE = "() => axe.run({resultTypes: ['violations'], performanceTimer: false})"


def open_anew(page, place):
    page.evaluate(OPEN, place)
    settle(page)


def stands(page, place, by_night):
    """Opens the view on a phone, where axe has these looks at it by night, and on a tablet: it stands still and fits."""
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        open_anew(page, place)
        shift = page.evaluate(SHIFTED)
        if shift > SHIFT_MAX:
            faults.append(f"{place} at {width} px: the layout shifts by {shift:.2f}")
        misfits = fitting.misfits(page)
        if misfits:
            # Names of records come later than their rows; only that which stays is a fault.
            page.wait_for_timeout(500)
            misfits = fitting.misfits(page)
        faults.extend(f"{place} at {width} px {one}" for one in misfits)
        if width < 700:
            look(page, place, by_night, by_day=(COLOURS,))
        if page.get_by_role("dialog").count():
            page.keyboard.press("Escape")
    page.set_viewport_size(DESK)


def look(page, place, by_night=(COLOURS,), by_day=(RULES, COLOURS)):
    """Has axe look by day and by night, first at what is shown: the other scheme draws the whole page anew."""
    schemes = [("light", by_day), ("dark", by_night)]
    if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        schemes.reverse()
    for scheme, runs in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for run in runs:
            for violation in page.evaluate(run)["violations"]:
                nodes = [(node["target"], node.get("failureSummary", "")[:200]) for node in violation["nodes"][:3]]
                found.append({"page": place, "width": page.viewport_size["width"], "scheme": scheme,
                              "id": violation["id"], "nodes": nodes})


def see_every_view(page):
    looking.sign_in(page)
    page.set_viewport_size(DESK)
    page.evaluate(AXE_SCRIPT)
    look(page, "the frame", by_day=(WHOLE,))
    seen = []

    def see(place):
        heading = page.get_by_role("heading", level=1).first.inner_text()
        if heading == "Page not found" or page.locator("main [role=alert]").count():
            faults.append(f"{place} cannot be shown: {page.locator('main').inner_text()[:200]}")
        look(page, place)
        told = ID.findall(page.locator("main").inner_text())
        if told:
            faults.append(f"{place} shows ids instead of names: {told[:3]}")
        if page.get_by_role("dialog").count():
            page.keyboard.press("Escape")
        stands(page, place, (RULES, COLOURS) if len(seen) % 2 == 0 else (COLOURS,))
        seen.append(place)

    visit(page, see)


def says_scores_in_words(page):
    """Learned reasons are said by the labels of custom fields, and places are spelled as the leads have them."""
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
