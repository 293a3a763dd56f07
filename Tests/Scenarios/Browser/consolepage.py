"""Steps that the walks of console.py share."""
from playwright.sync_api import expect

from looking import let_in, plan, settle

base = plan["url"]


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def sign_in(page, who):
    page.goto(f"{base}/")
    let_in(page, who["email"], who["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    settle(page)
