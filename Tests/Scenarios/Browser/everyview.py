"""The views of the sample agency: those of the sidebar and the settings, and one record of each kind that they link
to."""
import pathlib, re, time

from looking import faults, plan

SLICES = pathlib.Path(__file__).parents[3] / "static/slices"
RECORD = re.compile(r"^#((?:/[a-z-]+)+)/(?=[^/?]*\d)[\w-]+$")
# Pages that no entry and no record links to.
MORE = ["#/deals?as=board", "#/tickets?as=board", "#/tasks?as=board", "#/import", "#/notifications", "#/outbox", "#/start",
        "#/calendar?as=week", "#/calendar?as=list", "#/calendar/links", "#/social-posts/new", "#/leads/new",
        "#/articles?as=gaps", "#/leads/duplicates", "#/contacts/duplicates", "#/companies/duplicates",
        "#/clients/duplicates"]


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


def links(page, within):
    return page.locator(f"{within} a").evaluate_all("all => all.map(one => one.getAttribute('href') ?? '')")


def named():
    """The pages that only the search leads to."""
    return [f"#{path}" for part in sorted(SLICES.rglob("*.js"))
            for path in re.findall(r"text: t\([^)]*\), path: \"([^\"]+)\"", part.read_text())]


def visit(page, see, settings="Settings"):
    """Opens every view once and calls `see` with its address; what hinders it is a fault. Returns how many there
    are. `settings` is the name of the navigation in the settings."""
    places = links(page, "#side")
    open_view(page, "#/settings")
    places += links(page, f"nav[aria-label={settings}]") + named() + MORE
    kinds, waiting, seen = set(), [one for one in dict.fromkeys(places) if one.startswith("#")], 0
    for place in waiting:
        if plan.get("only") and not re.search(plan["only"], place):
            continue
        began = time.monotonic()
        try:
            open_view(page, place)
            see(place)
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
    return seen
