"""The parts that walks through pages share: their plan, what axe and the browser find, and how a walk begins and
ends."""
import contextlib, json, os, re, sys, time, traceback, urllib.request

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, expect, sync_playwright

plan = json.load(open(sys.argv[1]))
here = os.path.dirname(os.path.abspath(__file__))
found, faults = [], []
# Expected things come at once on a quiet machine; here there may be two cores and other walks.
expect.set_options(timeout=60_000)
# At another width of the same page axe has judged what was shown before, but for boxes that are scrolled there. The
# page as a whole is judged again where other kinds of elements come or go with the width than before.
RULES = """(isSamePage) => {
    const rules = { "color-contrast": { enabled: false } };
    const options = { resultTypes: ["violations"], performanceTimer: false, rules };
    const before = isSamePage ? window.shownBefore : null;
    const shown = window.shownBefore = new Set([...document.querySelectorAll("body *")]
        .filter((one) => one.checkVisibility({ visibilityProperty: true })));
    if (!before) return axe.run(options);
    const without = (some, others) => [...some].filter((one) => !others.has(one)
        && (!some.has(one.parentElement) || others.has(one.parentElement)));
    const [fresh, gone] = [without(shown, before), without(before, shown)];
    const kind = (one) => `${one.tagName}.${one.getAttribute("class")}.${one.getAttribute("role")}`;
    const kinds = [fresh, gone].map((some) => [...new Set(some.map(kind))].sort().join()).join("|");
    const known = window.judgedKinds ??= new Set();
    if (!known.has(kinds)) {
        known.add(kinds);
        return axe.run(options);
    }
    const isScrolled = (one) => {
        const { overflowX, overflowY } = getComputedStyle(one);
        return one.scrollWidth > one.clientWidth && /auto|scroll/.test(overflowX)
            || one.scrollHeight > one.clientHeight && /auto|scroll/.test(overflowY);
    };
    const parts = [...new Set([...fresh, ...[...shown].filter(isScrolled)])];
    return parts.length === 0 ? { violations: [] } : axe.run({ include: parts }, options);
}"""
# A text is as legible as another of the same colours and size, which axe has judged before.
COLOURS = """() => {
    const isClear = (colour) => /^(transparent|rgba\\(.*, 0\\))$/.test(colour);
    const ground = (one) => (!one ? "" : isClear(getComputedStyle(one).backgroundColor) ? ground(one.parentElement)
        : getComputedStyle(one).backgroundColor);
    const shade = (one) => (!one ? 1 : getComputedStyle(one).opacity * shade(one.parentElement));
    const known = window.judged ??= new Set(), fresh = [];
    for (const one of document.querySelectorAll("body *")) {
        if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1) || !one.checkVisibility()) continue;
        const { color, fontSize, fontWeight } = getComputedStyle(one);
        // A control that cannot be used need not be legible, and says nothing of those that can.
        const isOff = Boolean(one.closest(":disabled, [aria-disabled=true]"));
        const look = [color, ground(one), fontSize, fontWeight, shade(one), isOff].join();
        if (known.has(look)) continue;
        known.add(look);
        fresh.push(one);
    }
    return fresh.length === 0 ? { violations: [] } : axe.run({ include: fresh }, {
        resultTypes: ["violations"], performanceTimer: false, runOnly: { type: "rule", values: ["color-contrast"] },
    });
}"""


def look(page, name, widths=(320,)):
    """Has axe check the page on a wide screen by day and on a phone by night, and checks that it fits the widths."""
    for width, scheme in ((1280, "light"), (375, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        judge(page, name, width, isSamePage=width != 1280)
    fits(page, name, widths)


def judge(page, name, width, isSamePage=False, hasSameWidth=False):
    """Has axe check what is shown: of the page that it has just checked at another width, what is new there; at the
    same width again, only the colours."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found_here = [] if hasSameWidth else page.evaluate(RULES, isSamePage)["violations"]
    for violation in found_here + page.evaluate(COLOURS)["violations"]:
        nodes = [(node["target"], node.get("failureSummary", "")[:200]) for node in violation["nodes"][:3]]
        found.append({"page": name, "width": width, "id": violation["id"], "nodes": nodes})


def look_everywhere(page, name):
    """Looks on a phone, a tablet and a desk, each by day and by night: for one view of each walk. The page stays as
    it is; it is only made wider and narrower."""
    for width in (360, 768, 1360):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            judge(page, f"{name} ({scheme})", width, hasSameWidth=scheme == "dark")
    fits(page, name, (360, 768, 1360))
    wide(page)


def fits(page, name, widths=(320,)):
    """Checks that nothing of the page is wider than the screen."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            faults.append(f"{name} is wider than {width} px")


def watch(page):
    """Counts whatever the page throws or reports to the console as an error. BUREAU_SLOW=6 is a machine six times
    slower."""
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


def walk_through(browser, walks, **context):
    """Takes the walks one after another on one page, whose context has these options; a dialog that one leaves is
    closed."""
    page = browser.new_context(locale="en-GB", **context).new_page()
    watch(page)
    attempt(sign_in, page)
    for walk in walks:
        attempt(walk, page)
        if page.get_by_role("dialog").count():
            page.keyboard.press("Escape")


def walk_alone(browser, walk):
    """Takes a walk on a page where nobody has signed in yet."""
    page = browser.new_context(locale="en-GB").new_page()
    watch(page)
    attempt(walk, page)


BUSY = "main[aria-busy], main [aria-busy]"
SETTLED = """([busy, loading]) => {
    const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
    const saying = `boolean(//body//*[not(self::script or self::style)]/text()[contains(., '${loading}')])`;
    return [...document.querySelectorAll("main h1")].filter(isShown).length === 1 && !document.querySelector(busy)
        && (!loading || !document.evaluate(saying, document, null, XPathResult.BOOLEAN_TYPE).booleanValue);
}"""


def settle(page, busy=BUSY, loading="Loading…"):
    """Waits until all is there, and still is at the next look: what was pressed may only begin then. `expect` would
    look again after ever longer pauses, of which each of hundreds of views would wait for one."""
    end, calm = time.monotonic() + 60, 0
    while calm < 2:
        try:
            calm = calm + 1 if page.evaluate(SETTLED, [busy, loading]) else 0
        except Error:
            calm = 0  # The page is just being left for another.
        if time.monotonic() > end:
            raise AssertionError(f"{page.url} does not settle")
        if calm < 2:
            page.wait_for_timeout(20)


def wide(page):
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def go(page, place, heading=None):
    """Goes to a place of the console on a wide screen."""
    wide(page)
    page.goto(f"{plan['url']}/{place}")
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settle(page)


def call(page, method, path, body=None):
    """The API as the page's own person has it."""
    return page.evaluate("""async ([method, path, body]) => {
        const { call } = await import("/app/api.js");
        return (await call(path, { method, body: body ?? undefined })).json();
    }""", [method, path, body])


def staff(path, body=None, method=None):
    """Does what somebody of the agency does meanwhile."""
    request = urllib.request.Request(
        plan["url"] + path, json.dumps(body).encode() if body is not None else None,
        {"Content-Type": "application/json", "Authorization": "Bearer " + plan["token"]},
        method=method or ("POST" if body is not None else "GET"))
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def says(visitor, text, key=None):
    """A visitor of the agency's page writes; nothing that a supporter does. The key is their browser's."""
    request = urllib.request.Request(
        f"{plan['url']}/v1/chat/{plan['key']}/messages",
        json.dumps({"visitor_id": key or visitor.split()[0], "name": visitor, "text": text}).encode(),
        {"Content-Type": "application/json"})
    urllib.request.urlopen(request).read()


def let_in(place, email=plan.get("email"), password=plan.get("password")):
    """Fills in the form of signing in, and sends it."""
    place.get_by_label("Email").fill(email)
    place.get_by_label("Password").fill(password)
    place.get_by_role("button", name="Sign in", exact=True).click()


def sign_in(page, who=plan):
    """Signs in on a wide screen, as whom the plan names."""
    wide(page)
    page.goto(f"{plan['url']}/")
    let_in(page, who["email"], who["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)


def press(place, name):
    place.get_by_role("button", name=name, exact=True).first.click()


def opened(page, name):
    dialog = page.get_by_role("dialog", name=name, exact=True)
    expect(dialog).to_be_visible()
    return dialog


def choose(place, name, text):
    """Types into a combobox, and takes what is found."""
    box = place.get_by_role("combobox", name=name, exact=True)
    box.click()
    box.fill(text)
    place.get_by_role("option", name=re.compile(re.escape(text))).first.click()


def ask(place, field, comparison, value):
    """Fills in a condition of a filter."""
    place.get_by_label("Field", exact=True).select_option(label=field)
    place.get_by_label("Comparison", exact=True).select_option(label=comparison)
    place.get_by_label("Value", exact=True).fill(value)


def pass_review(page, title):
    """Submits what the page shows, and passes it in the review of that title: the client decides next."""
    press(page, "Submit for review")
    press(opened(page, "Submit for review?"), "Submit")
    expect(page.get_by_text("waits for a colleague's check")).to_be_visible()
    press(page, "Review")
    dialog = opened(page, title)
    dialog.get_by_label("Result").select_option("passed")
    press(dialog, "Save review")
    expect(page.get_by_text("waits for the client's decision")).to_be_visible()


def told(page, text):
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


def reach(page, target, most=200):
    """Presses Tab until the target has the focus, as whoever has no mouse does."""
    expect(target.first).to_be_visible()
    for _ in range(most):
        if target.first.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with Tab")


HELD = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return { name: "nothing" };
    const name = `${one.tagName} ${(one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent).trim().slice(0, 60)}`;
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const seen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth && one.checkVisibility();
    const middle = [Math.max(0, left) + Math.min(innerWidth, right), Math.max(0, top) + Math.min(innerHeight, bottom)];
    const there = document.elementFromPoint(middle[0] / 2, middle[1] / 2);
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const isCovered = Boolean(there) && !one.contains(there) && !there.contains(one);
    return {
        name, seen, isCovered, cover: isCovered ? there.outerHTML.slice(0, 120) : "",
        isRinged: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1,
        isPlace: one.tabIndex < 0,
    };
}"""


def held(page, after):
    """Where the keyboard is: a control that is seen with its ring, or a place of the page that was just drawn."""
    for _ in range(200):
        one = page.evaluate(HELD)
        if one["name"] != "nothing" and (one["isPlace"] or one["seen"] and one["isRinged"] and not one["isCovered"]):
            return
        # An element that was just drawn may still be moving.
        page.wait_for_timeout(100)
    if one["name"] == "nothing":
        faults.append(f"after {after} the keyboard is nowhere")
    else:
        faults.append(f"after {after} the keyboard is at {one}, which is not shown to be so")


def walk_to(page, target, most=160):
    """Reaches it as `reach` does, and sees every stop on the way."""
    expect(target.first).to_be_visible()
    for _ in range(most):
        if target.first.evaluate("one => one === document.activeElement"):
            held(page, f"going to {target}")
            return
        page.keyboard.press("Tab")
        one = page.evaluate(HELD)
        # After the last control comes the browser's own bar.
        if one["name"] != "nothing":
            held(page, "Tab")
    raise AssertionError(f"{target} is not reached with Tab")


def press_keys(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def sent_by_keys(page, said):
    """Sends the form that is open, and waits until that is told and the view takes keys again."""
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text=said).first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)


def begin_by_keys(page, view, *keys):
    """Signs in and goes to a view without a mouse, on a desk's screen at night: by mouse it is day there."""
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="dark")
    sign_in_by_keys(page, f"{plan['url']}/", plan["email"], plan["password"])
    for heading, pressed in (("Today", ()), (view, keys)):
        press_keys(page, *pressed)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        settle(page)


def fill_by_keys(page, place, **fields):
    """Reaches each field by its label, with _ for spaces, and types into it."""
    for name, text in fields.items():
        reach(page, place.get_by_label(name.replace("_", " "), exact=True))
        page.keyboard.type(text)


def sign_in_by_keys(page, address, email, password):
    page.goto(address)
    fill_by_keys(page, page.locator("form").first, Email=email, Password=password)
    page.keyboard.press("Enter")


@contextlib.contextmanager
def browsing():
    """Gives the plan's browser, and prints at the end what was found."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=plan["browser"], args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    print(json.dumps({"violations": found, "faults": faults}))
