"""Walks through the portal in a headless browser while sessions end, lines break and people change, and tells what axe and
the browser find.

Usage: portalsessions.py PLAN, a file of JSON: {url, agency, email, colleague (somebody else of the client), password,
change (a deliverable of theirs), conversation (of the first one), token (of the agency's owner), browser}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
import portalothers, portalsession
from looking import attempt, browsing, faults

with browsing() as browser:
    for walk in portalsession.walks + portalothers.walks:
        page = browser.new_context(locale="en-GB", has_touch=True).new_page()
        # A session that has ended and a line that is cut are errors to the browser's console.
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        attempt(walk, page)
        page.context.close()
