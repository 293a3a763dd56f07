"""Reads /docs in a headless browser as somebody does who writes a program.

Usage: docs.py PLAN, a file of JSON: {url, browser}. Prints JSON: {violations, faults}; both are empty where all is well.
"""
import json

from playwright.sync_api import expect

from looking import attempt, browsing, faults, look, plan, watch


# Each question that a programmer types should find this operation first.
QUESTIONS = {
    "create a webhook": "create_webhook",
    "how do I list leads": "list_leads",
    "sign in": "log_in",
    "score a lead": "score_lead",
    "delete ticket": "delete_ticket",
    "import contacts": "import_contacts",
    "invoice pdf": "get_invoice_pdf",
    "rotate key": "rotate_api_key",
    "/v1/settings": "get_settings",
}


def read(page):
    page.goto(f"{plan['url']}/docs")
    search = page.get_by_role("searchbox", name="Search")
    expect(search).to_be_visible()
    for guide in ("Authentication", "Errors", "Paging, filters and sorting", "Events and webhooks", "Limits"):
        expect(page.get_by_role("heading", level=2, name=guide, exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Errors").get_by_role("link", name="unknown_reference")).to_be_visible()
    permissions = page.get_by_role("region", name="Authentication").get_by_role("table", name="Permissions")
    expect(permissions.get_by_role("rowheader", name="leads:write")).to_be_visible()
    best = page.get_by_role("list", name="Best matches").get_by_role("link")
    for question, operation in QUESTIONS.items():
        search.fill(question)
        expect(page.locator("#count")).not_to_have_text("0 of")
        named = best.first.get_attribute("href")
        if named != f"#{operation}":
            faults.append(f"“{question}” finds {named} first, not {operation}")
    search.fill("zebra crossing")
    expect(page.locator("#count")).to_have_text(
        page.locator("#count").inner_text().replace(page.locator("#count").inner_text().split()[0], "0", 1))
    # By keyboard alone: the first match opens, with its call and its answer.
    search.fill("create a webhook")
    search.press("Enter")
    opened = page.locator("#create_webhook")
    expect(opened).to_have_attribute("open", "")
    expect(opened.get_by_role("heading", name="Request", exact=True)).to_be_visible()
    call = opened.locator(".beside pre").first
    expect(call).to_contain_text("curl -X POST")
    expect(call).to_contain_text('"events"')
    answer = json.loads(opened.locator(".beside pre").nth(1).inner_text())
    if not answer.get("secret"):
        faults.append("the answer of create_webhook shows no secret")
    expect(opened.locator("summary")).to_be_focused()
    look(page, "docs", (320, 720, 1280))
    # A link to an operation opens it.
    page.goto(f"{plan['url']}/docs#list_leads")
    page.reload()
    expect(page.locator("#list_leads")).to_have_attribute("open", "")


with browsing() as browser:
    page = browser.new_context(locale="en-GB").new_page()
    watch(page)
    attempt(read, page)
