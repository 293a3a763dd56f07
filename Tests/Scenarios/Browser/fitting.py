"""The parts of a page that do not fit its screen, as overflow.js finds it: sideways scrolling, texts that are cut in
width or height, texts and controls over one another. It is tried on pages that are known, as what finds nothing looks like pages without a
fault."""
import pathlib

LOOK = (pathlib.Path(__file__).parent / "overflow.js").read_text()
TEXT = "A sentence that is longer than its box"
CUT = "width: 80px; overflow: hidden; white-space: nowrap"
LINES = "width: 80px; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2"
LOW = "width: 80px; height: 30px; overflow: hidden"
BOX = "width: 100px; height: 40px; top: 0; left: 0"
OTHER = "width: 100px; height: 40px; top: 20px; left: 50px"
LOADED = """() => {
    if (!document.querySelector("#side nav")) return true;
    const rest = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/app/ahead.js"));
    return rest && import(rest.name).then(() => true);
}"""
# The parts of a page, and how the findings begin, if there is anything to find.
KNOWN = (
    (f'<div style="width: 600px">{TEXT}</div>', "scrolls sideways, by div"),
    (f'<p style="{CUT}">{TEXT}</p>', "cuts p"),
    (f'<p style="{LINES}">{TEXT}</p>', "cuts p"),
    (f'<p style="{LOW}">{TEXT}</p>', "cuts p"),
    (f'<p>{TEXT}</p><p style="margin-top: -26px">Another one</p>', f'p "{TEXT}" is written over p'),
    (f'<div style="position: fixed; {BOX}"><p>One</p><p style="margin-top: -30px">Two</p></div>', 'p "One" is written'),
    (f'<button style="position: absolute; {BOX}">One</button><button style="position: absolute; {OTHER}">Two</button>',
     'button "One" and button "Two" overlap'),
    (f'<p style="{CUT}" title="{TEXT}">{TEXT}</p>', None),
    (f'<div style="width: 80px; overflow: auto; white-space: nowrap">{TEXT}</div>', None),
    (f'<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">{TEXT}</p>', None),
    (f'<button style="position: absolute; {BOX}">One</button><button style="position: fixed; {OTHER}">Two</button>',
     None),
    (f'<p style="{LOW}" title="{TEXT}">{TEXT}</p>', None),
    (f'<p>{TEXT}</p><p style="position: fixed; {BOX}">Another one</p>', None),
    (f'<p>{TEXT}</p><p style="margin-top: -26px; clip-path: inset(50%)">Another one</p>', None),
    (f'<p style="line-height: 1; width: 90px">{TEXT} <b>of many words</b> and of more</p>', None),
    (f"<p>{TEXT}</p><button>One</button> <button>Two</button>", None),
)


def misfits(page):
    """Sentences about what does not fit. A console tells its cut texts a second after its first view."""
    page.wait_for_function(LOADED)
    return page.evaluate(LOOK)


def mistaken(page):
    """Lists what is not found on pages that have it, and what is found where all fits."""
    page.set_viewport_size({"width": 360, "height": 740})
    told = []
    for body, expected in KNOWN:
        page.set_content(f"<!doctype html><html lang=en><body>{body}</body></html>")
        found = misfits(page)
        isRight = not found if expected is None else len(found) == 1 and found[0].startswith(expected)
        if not isRight:
            told.append(f"of {body} it is found: {found}, and not {expected or 'nothing'}")
    return told
