"""Walks of inbox.py: articles, and the questions that none of them answers."""
from playwright.sync_api import expect

import looking
from looking import choose, go, opened, plan, press, settle, sign_in, told, wide

widths = (360, 768, 1360)


def look(page, name):
    looking.look(page, name, widths)
    wide(page)


def write_articles(page):
    """Written with a preview, published, changed, compared and restored; a question finds it."""
    sign_in(page, plan)
    go(page, "#/articles")
    page.get_by_role("button", name="New article", exact=True).click()
    dialog = page.get_by_role("dialog", name="New article")
    dialog.get_by_label("Title", exact=True).fill("Opening hours")
    dialog.get_by_label("Text", exact=True).fill("We are open **every day** from nine to five.")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("group", name="Preview").locator("strong")).to_have_text("every day")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name="Save", exact=True).click()
    told(page, "Article created")
    page.get_by_role("link", name="Opening hours").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Opening hours")
    settle(page)
    page.get_by_role("button", name="Publish article").click()
    told(page, "Article published")
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog = page.get_by_role("dialog", name="Edit article")
    dialog.get_by_label("Text", exact=True).fill("We are open **on weekdays** from nine to five.")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    article = page.get_by_role("region", name="Article", exact=True)
    expect(article.locator("strong")).to_have_text("on weekdays")
    page.get_by_role("button", name="Compare Version 1").click()
    changes = page.get_by_role("dialog").get_by_role("group", name="Changes")
    expect(changes).to_contain_text("every day")
    expect(changes).to_contain_text("on weekdays")
    look(page, "versions compared")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Restore Version 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore", exact=True).click()
    told(page, "Version restored")
    expect(article.locator("strong")).to_have_text("every day")
    look(page, "article")
    go(page, "#/articles?as=ask")
    page.get_by_label("Question", exact=True).fill("When are you open?")
    page.get_by_role("button", name="Find answers").click()
    expect(page.get_by_role("link", name="Opening hours")).to_be_visible()
    go(page, "#/articles?as=gaps")
    look(page, "gaps")


def fill_gaps(page):
    """One gap is filled by a new article, one by an article that there is; both are opened and closed again, and one is
    deleted."""
    first, second = plan["gaps"]["questions"]
    sign_in(page, plan["gaps"])
    go(page, "#/articles?as=gaps")
    gaps = page.get_by_role("table", name="Knowledge gaps")
    expect(gaps.get_by_role("row")).to_have_count(3)
    look(page, "gaps")
    press(page, f"Write article: {first}")
    dialog = opened(page, "New article")
    expect(dialog.get_by_label("Title", exact=True)).to_have_value(first)
    dialog.get_by_label("Text", exact=True).fill("Yes, within a week.")
    press(dialog, "Save")
    told(page, "Gap closed")
    expect(gaps.get_by_text(first)).to_have_count(0)
    press(page, f"Choose article: {second}")
    dialog = opened(page, "Choose article")
    choose(dialog, "Article", first)
    press(dialog, "Close gap")
    expect(page.get_by_text("No gaps")).to_be_visible()
    show(page, "Closed")
    press(page, f"Reopen gap: {second}")
    told(page, "Gap reopened")
    expect(gaps.get_by_role("row")).to_have_count(2)
    expect(gaps).to_contain_text(first)
    show(page, "Open")
    press(page, f"Close gap: {second}")
    expect(page.get_by_text("No gaps")).to_be_visible()
    show(page, "All")
    expect(gaps.get_by_role("row")).to_have_count(3)
    press(page, f"Delete: {second}")
    press(opened(page, "Delete gap?"), "Delete")
    told(page, "Gap deleted")
    expect(gaps.get_by_role("row")).to_have_count(2)
    expect(gaps.get_by_role("link", name=first)).to_be_visible()
    # Each way to see the articles has its own place; going to the list and back leads to where it was.
    page.get_by_role("tab", name="List", exact=True).click()
    expect(page.get_by_role("table", name="Knowledge").get_by_role("link", name=first)).to_be_visible()
    page.get_by_role("tab", name="Gaps", exact=True).click()
    expect(page).to_have_url(f"{plan['url']}/#/articles?as=gaps&status=all")


def show(page, which):
    """Shows gaps of that state, which the address keeps."""
    page.get_by_label("Show", exact=True).select_option(label=which)
    page.reload()
    settle(page)
    expect(page.get_by_label("Show", exact=True)).to_have_value(which.lower())
