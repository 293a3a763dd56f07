"""Looks at a conversation in which a model has found the answer: the answer says so, and nothing else does.

Usage: marked.py PLAN, a file of JSON: {url, email, password, conversation, browser}. Prints JSON: {violations, faults};
both are empty where all is well.
"""
from playwright.sync_api import expect

from looking import browsing, go, look, plan, walk_through


def see_the_mark(page):
    go(page, f"#/inbox/{plan['conversation']}")
    expect(page.locator("main").get_by_text("Open Settings, then Branding").first).to_be_visible()
    expect(page.locator("main").get_by_text("Made with AI", exact=True)).to_have_count(1)
    look(page, "an answer that a model has found")


with browsing() as browser:
    walk_through(browser, [see_the_mark])
