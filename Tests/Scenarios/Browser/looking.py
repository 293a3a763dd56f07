"""What the walks through pages share: their plan, what axe and the browser find, and how a walk begins and ends."""
import contextlib, json, os, sys, traceback

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect, sync_playwright

plan = json.load(open(sys.argv[1]))
here = os.path.dirname(os.path.abspath(__file__))
found, faults = [], []
# What is waited for comes at once on a quiet machine; here there may be two cores and other walks.
expect.set_options(timeout=30_000)


def look(page, name, widths=(320,)):
    """Has axe check the page on a wide screen by day and on a phone by night, and checks that it fits the widths."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for width, scheme in ((1280, "light"), (375, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        result = page.evaluate("axe.run({resultTypes: ['violations'], performanceTimer: false})")
        for violation in result["violations"]:
            nodes = [(node["target"], node.get("failureSummary", "")[:200]) for node in violation["nodes"][:3]]
            found.append({"page": name, "width": width, "id": violation["id"], "nodes": nodes})
    fits(page, name, widths)


def fits(page, name, widths=(320,)):
    """Checks that nothing of the page is wider than the screen."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            faults.append(f"{name} is wider than {width} px")


def watch(page):
    """Counts whatever the page throws or reports to the console as an error. BUREAU_SLOW=6 is a machine six times slower."""
    if os.environ.get("BUREAU_SLOW"):
        rate = float(os.environ["BUREAU_SLOW"])
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda message: message.type == "error" and faults.append(f"{page.url}: {message.text}"))


def attempt(walk, page):
    """Walks through the page; the exception that stops the walk is a fault."""
    try:
        walk(page)
    except Exception as error:
        steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.startswith(here)]
        places = " > ".join(f"{os.path.basename(step.filename)}:{step.lineno}" for step in steps[1:])
        said = " | ".join(line.strip() for line in str(error).splitlines() if line.strip())
        faults.append(f"{walk.__name__} at {places} on {page.url}: {type(error).__name__}: {said}"[:2000])


@contextlib.contextmanager
def browsing():
    """Gives the plan's browser, and prints at the end what was found."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=plan["browser"], args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    print(json.dumps({"violations": found, "faults": faults}))
