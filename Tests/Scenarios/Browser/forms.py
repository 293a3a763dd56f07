"""Fills in a form and a survey in a headless browser, and tells what axe and the browser find.

Usage: forms.py PLAN, a file of JSON: {form, survey, picture, program, browser}. Prints JSON: {violations, faults}.
"""
import json, sys

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect, sync_playwright

plan = json.load(open(sys.argv[1]))
found, faults = [], []
expect.set_options(timeout=60_000)


def look(page, name):
    # The page's own policy keeps foreign scripts out: axe comes in beside it.
    page.evaluate(AXE_SCRIPT)
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 700})
        for violation in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]:
            found.append({"page": name, "width": width, "id": violation["id"]})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{name} is wider than {width}")


def watch(page):
    page.on("pageerror", lambda error: faults.append(str(error)))


def fill_in(page):
    page.goto(plan["form"])
    invoice, email = page.get_by_label("Invoice"), page.get_by_label("E-mail")
    expect(invoice).to_be_hidden()
    look(page, "the empty form")
    # Wrong, and said while it is filled in; nothing is said of what was not reached yet.
    email.fill("nobody")
    email.press("Tab")
    expect(page.locator("#e-email")).not_to_be_empty()
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#e-text")).to_be_empty()
    email.fill("vera@example.org")
    expect(page.locator("#e-email")).to_be_empty()
    page.get_by_label("Kind").select_option("billing")
    expect(invoice).to_be_visible()
    page.get_by_label("Kind").select_option("technical")
    expect(invoice).to_be_hidden()
    page.get_by_label("Kind").select_option("billing")
    look(page, "the form while it is filled in")
    # Sent too soon: it comes back with what is missing, and with the file that was chosen.
    page.get_by_label("Pictures").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": bytes.fromhex(plan["picture"])})
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#e-invoice_number")).not_to_be_empty()
    expect(page.get_by_text("logo.png")).to_be_visible()
    look(page, "the form with faults")
    page.get_by_label("Pictures").set_input_files(
        {"name": "logo.jpg", "mimeType": "image/jpeg", "buffer": bytes.fromhex(plan["program"])})
    invoice.fill("7")
    page.get_by_label("What is it?").fill("The logo is the old one.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#e-pictures")).to_contain_text("PDF")
    look(page, "a file that is not taken")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    look(page, "the end of the form")


def answer(page):
    page.goto(plan["survey"])
    look(page, "the survey")
    page.get_by_label("4", exact=True).check()
    page.get_by_label("What should we know?").fill("Quick.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    look(page, "the end of the survey")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=plan["browser"], args=["--no-sandbox"])
    for walk in (fill_in, answer):
        page = browser.new_context().new_page()
        watch(page)
        try:
            walk(page)
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
    browser.close()
print(json.dumps({"violations": found, "faults": faults}))
