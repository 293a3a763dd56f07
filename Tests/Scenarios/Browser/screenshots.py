"""Takes pictures of every page of the sample agency, and looks for what does not fit its screen.

Usage: screenshots.py BINARY [--language=de] [WORD…]: with words, of the pages only whose addresses have one of them.
With --pictures it takes those of the documentation instead, into docs/pictures.
Visits each entry, each page of the settings, what the parts of the console name for the search, one record of each kind
that these link to, and the same of a client's portal, on a phone, a tablet and a desk, light and dark. Exits with 1 where
a page scrolls sideways, cuts a text without a way to read it, lays controls over one another, or shifts its layout, and
names the page; and where what looks for this finds nothing on pages that are known to have it.
"""
import contextlib, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

from playwright.sync_api import expect, sync_playwright

import fitting

FOLDER = pathlib.Path(".build/screenshots")
WIDTHS = {360: 740, 768: 1024, 1360: 900}
SHIFT_MAX = 0.01
RECORD = re.compile(r"^#((?:/[a-z-]+)+)/(?=[^/?]*\d)[\w-]+$")
# Pages that no entry and no record links to.
MORE = {
    "console": ["#/deals?as=board", "#/tickets?as=board", "#/leads/new", "#/import", "#/notifications", "#/outbox",
                "#/start", "#/calendar?as=week", "#/calendar?as=list", "#/social-posts/new"],
    "portal": ["#/preferences", "#/activity", "#/tickets/new"],
}
SLICES = pathlib.Path(__file__).parents[3] / "static/slices"
faults = []


@contextlib.contextmanager
def sample_agency(binary):
    """Serves the sample agency: gives the texts that it prints, among them how one signs in."""
    data = tempfile.mkdtemp(prefix="bureau-screenshots-")
    log = pathlib.Path(data) / "log"
    with open(log, "w") as out:
        server = subprocess.Popen(
            [binary, "demo", "--listen", "127.0.0.1:0", "--data", f"{data}/data"], stdout=out, stderr=out)
    try:
        while "Ctrl-C" not in log.read_text():
            if server.poll() is not None:
                sys.exit(f"screenshots: the sample agency did not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield log.read_text()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(data)


def settle(page):
    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator("main[aria-busy], main [aria-busy], main [data-loading]")).to_have_count(0)


def sign_in(page, address, email, password):
    page.goto(address)
    # In any language: by what they are, not by what they are called.
    form = page.locator("main form").first
    form.locator("[name=email]").fill(email)
    form.locator("[name=password]").fill(password)
    form.locator("[type=submit]").click()
    expect(page.locator("nav a").first).to_be_attached()
    settle(page)


def links(page, within):
    return page.locator(f"{within} nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def picture(page, part, place, width, scheme):
    name = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\w+_\w{26}", "record", place.lower())).strip("-") or "home"
    page.screenshot(path=FOLDER / f"{part}-{name}-{width}-{scheme}.png", full_page=True)


def look(page, part, place):
    """Three widths, each by day and by night; the layout is the same at night, so it is looked at once."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto("about:blank")
        page.goto(f"{part['address']}{place}")
        settle(page)
        page.wait_for_timeout(100)
        shift = page.evaluate("window.shifted")
        if shift > SHIFT_MAX:
            faults.append(f"{part['name']} {place} at {width} px: the layout shifts by {shift:.2f}")
        faults.extend(f"{part['name']} {place} at {width} px: {fault}" for fault in fitting.misfits(page))
        picture(page, part["name"], place, width, "light")
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        picture(page, part["name"], place, width, "dark")


def visit(page, part, places, words):
    """Looks at the places, and at the first record of each kind that one of them links to."""
    kinds, waiting = set(), list(dict.fromkeys(places))
    for place in waiting:
        if words and not any(word in place for word in words):
            continue
        began = time.monotonic()
        try:
            look(page, part, place)
        except Exception as error:
            faults.append(f"{part['name']} {place}: {type(error).__name__}: {str(error).splitlines()[0]}")
        print(f"{time.monotonic() - began:5.1f} s  {part['name']} {place}", flush=True)
        for href in page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href') ?? '')"):
            kind = RECORD.match(href)
            if kind and kind[1] not in kinds:
                kinds.add(kind[1])
                waiting.append(href)


def named():
    """The pages that only the search of the console leads to."""
    return [f"#{path}" for part in sorted(SLICES.rglob("*.js"))
            for path in re.findall(r"text: t\([^)]*\), path: \"([^\"]+)\"", part.read_text())]


def open_page(browser, language):
    page = browser.new_context(locale=language).new_page()
    page.add_init_script("""
        window.shifted = 0;
        new PerformanceObserver(list => list.getEntries().forEach(one => {
            if (!one.hadRecentInput) window.shifted += one.value;
        })).observe({ type: "layout-shift", buffered: true });
    """)
    return page


def tour(browser, said, language, words):
    page = browser.new_page()
    faults.extend(f"overflow.js: {one}" for one in fitting.mistaken(page))
    page.close()
    people = re.findall(r"at (http://\S+)\n\s+Sign in as\s+(\S+)\n\s+Password\s+(\S+)", said)
    (console, *owner), (portal, *client) = people[:2]
    page = open_page(browser, language)
    sign_in(page, f"{console}/", *owner)
    places = links(page, "#side")
    page.goto(f"{console}/#/settings")
    settle(page)
    places += links(page, "main") + named() + MORE["console"]
    visit(page, {"name": "console", "address": f"{console}/"}, places, words)
    page = open_page(browser, language)
    sign_in(page, portal, *client)
    visit(page, {"name": "portal", "address": portal}, links(page, "body") + MORE["portal"], words)


def take_pictures(browser, said):
    """Today, a conversation and the best lead, as README and docs/console.md show them: in all colours, which a palette
    of 255 makes a third as large."""
    time.sleep(60)  # Until the agents have done what they do first.
    address, *owner = re.search(r"at (http://\S+)\n\s+Sign in as\s+(\S+)\n\s+Password\s+(\S+)", said).groups()
    page = open_page(browser, "en-GB")
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, f"{address}/", *owner)
    chats = page.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text="Web chat")
    for name, place, row in (
            ("console", "#/", None), ("inbox", "#/inbox", chats.filter(has_text="Mara").get_by_role("link")),
            ("lead", "#/leads?sort=-score", page.locator("main tbody").get_by_role("link"))):
        page.goto(f"{address}/{place}")
        settle(page)
        if row:
            row.first.click()
            expect(page.get_by_role("heading", level=1)).not_to_have_text(re.compile("^(Inbox|Leads)$"))
            settle(page)
        page.wait_for_timeout(2000)
        path = pathlib.Path(f"docs/pictures/{name}.png")
        page.screenshot(path=path)
        print(f"screenshots: {path}, {path.stat().st_size} bytes")


def main(binary, *words):
    flags = [word for word in words if word.startswith("--language=")]
    language = flags[0].split("=")[1] if flags else "en-GB"
    words = [word for word in words if word not in flags]
    isDocumentation = "--pictures" in words
    browsers = filter(os.path.exists, (f"/usr/bin/chromium{kind}" for kind in ("-headless-shell", "", "-browser")))
    expect.set_options(timeout=20_000)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with sample_agency(binary) as said, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(browsers), args=["--no-sandbox", "--disable-gpu"])
        if isDocumentation:
            return take_pictures(browser, said)
        tour(browser, said, language, words)
        browser.close()
    print("\n".join(faults))
    count = len(list(FOLDER.iterdir()))
    print(f"screenshots: {count} pictures in {FOLDER}, {len(faults)} faults")
    sys.exit(1 if faults else 0)


main(*sys.argv[1:])
