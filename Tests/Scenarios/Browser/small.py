"""Tasks that the days of the roles do not come to on a phone: integrations, sending domains, webhooks, roles,
workflows, sandboxes and leads that are one. Each is opened and its main step done at 360 px, and its page looked at
on a tablet, too."""
import re

from playwright.sync_api import expect

import days
from days import arrive, come_in, entry, setting
from looking import call, choose, opened, plan, press, settle, told
from servers import Hook, Mail, serving

PHONE, TABLET = ({"width": width, "height": height} for width, height in days.SCREENS[:2])


def look(page, name):
    """Has axe check the page on both screens, and that all of it fits them; then it is the phone's again."""
    days.look(page, name)
    page.set_viewport_size(TABLET)
    days.look(page, f"{name}, on a tablet")
    page.set_viewport_size(PHONE)


def fill(place, name, value):
    place.get_by_label(name, exact=True).first.fill(value)


def region(page, name):
    return page.get_by_role("region", name=name, exact=True)


def saved(dialog, name="Save"):
    press(dialog, name)
    expect(dialog).to_have_count(0)


def to_setting(page, name):
    entry(page, "Settings")
    setting(page, name)


def of_connections(page):
    """A mail service is connected and tested, a sending domain's records are checked, a webhook is tried, and a role is
    made."""
    come_in(page)
    to_setting(page, "Integrations")
    look(page, "integrations")
    press(page, "Connect SMTP")
    form = opened(page, "Connect SMTP")
    fill(form, "Server", f"smtp://127.0.0.1:{serving(Mail)}")
    fill(form, "Username", "bureau")
    fill(form, "Password", "s3cret-mail")
    days.look(page, "a service that is connected")
    saved(form, "Connect")
    page.get_by_role("link", name="SMTP", exact=True).first.click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    settle(page)
    press(page, "Test")
    expect(page.get_by_text("Works", exact=True).first).to_be_visible()
    look(page, "a service")
    publish_records(page)
    try_webhook(page)
    make_role(page)


def publish_records(page):
    domain = "phone.agency.example"
    to_setting(page, "Sending domains")
    press(page, "New sending domain")
    form = opened(page, "New sending domain")
    fill(form, "Domain", domain)
    saved(form)
    look(page, "sending domains")
    page.get_by_role("link", name=domain, exact=True).first.click()
    expect(page.get_by_role("button", name="Copy Value")).to_have_count(3)
    press(page, "Check records")
    told(page, "Records checked")
    expect(page.get_by_text("Not checked yet")).to_have_count(0)
    look(page, "a sending domain")


def try_webhook(page):
    to_setting(page, "Webhooks")
    press(page, "New webhook")
    form = opened(page, "New webhook")
    fill(form, "URL", f"http://127.0.0.1:{serving(Hook)}/in")
    form.get_by_role("checkbox", name="Lead created", exact=True).check()
    days.look(page, "a new webhook")
    press(form, "Save")
    expect(form.get_by_role("textbox", name="Signing secret")).to_have_value(re.compile("^whsec_"))
    days.look(page, "the secret of a webhook")
    press(form, "Done")
    page.get_by_role("link", name=re.compile("127.0.0.1")).first.click()
    settle(page)
    press(page, "Send test")
    deliveries = page.get_by_role("table", name="Deliveries")
    expect(deliveries).to_contain_text("200")
    look(page, "a webhook")
    deliveries.get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("taken")
    days.look(page, "a delivery")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def make_role(page):
    to_setting(page, "Roles")
    press(page, "New role")
    form = opened(page, "New role")
    fill(form, "Name", "Cashier")
    form.get_by_role("checkbox", name="Invoices: See", exact=True).check()
    days.look(page, "a new role")
    saved(form)
    look(page, "roles")
    page.get_by_role("link", name="Cashier", exact=True).first.click()
    expect(region(page, "What it may do")).to_contain_text("see")
    look(page, "a role")


def of_automation(page):
    """A workflow of two steps is made, started and ended; a sandbox is made, moved on in time, entered, left and
    deleted."""
    come_in(page)
    entry(page, "Workflows")
    press(page, "New workflow")
    form = opened(page, "New workflow")
    fill(form, "Name", "Score and wait")
    press(form, "Add value")
    value = form.get_by_role("group", name="Value 1", exact=True)
    fill(value, "Short name", "lead_id")
    value.get_by_role("checkbox", name="Needed at the start").check()
    press(form, "Add step")
    first = form.get_by_role("group", name="Step 1", exact=True)
    fill(first, "Name", "Score")
    first.get_by_label("Agent", exact=True).first.select_option("lead_scoring")
    press(first, "Add value")
    given = first.get_by_role("group", name="Value 1", exact=True)
    fill(given, "Name", "lead_id")
    fill(given, "Value", "{{lead_id}}")
    press(form, "Add step")
    second = form.get_by_role("group", name="Step 2", exact=True)
    fill(second, "Name", "Ask")
    second.get_by_label("Node type", exact=True).first.select_option("approval")
    fill(second, "Question", "Write to them?")
    days.look(page, "a new workflow")
    saved(form)
    arrive(page, "Score and wait")
    expect(region(page, "Steps").locator("ol > li")).to_have_count(2)
    look(page, "a workflow")
    press(page, "Start run")
    start = opened(page, "Start run")
    choose(start, "Lead", plan["lead"])
    days.look(page, "the start of a run")
    saved(start, "Start run")
    expect(page.get_by_text("Waiting for approval:")).to_be_visible()
    look(page, "a run that waits")
    press(page, "Cancel run")
    press(opened(page, "Cancel this run?"), "Cancel run")
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    entry(page, "Workflows")
    look(page, "workflows")
    try_sandbox(page)


def try_sandbox(page):
    entry(page, "Sandboxes")
    press(page, "New sandbox")
    form = opened(page, "New sandbox")
    fill(form, "Name", "Autumn")
    days.look(page, "a new sandbox")
    saved(form)
    look(page, "sandboxes")
    page.get_by_role("link", name="Autumn", exact=True).first.click()
    arrive(page, "Autumn")
    page.get_by_label("How long").select_option("PT1H")
    press(page, "Advance clock")
    expect(page.get_by_text(re.compile("there now"))).to_be_visible(timeout=300_000)
    settle(page)
    expect(page.get_by_role("table", name="Comparison")).to_contain_text("Agent runs")
    look(page, "a sandbox")
    press(page, "Enter sandbox")
    arrive(page, "Today")
    expect(page.get_by_text("Sandbox Autumn")).to_be_visible()
    look(page, "in a sandbox")
    press(page, "Leave sandbox")
    arrive(page, "Sandboxes")
    press(page, "More about Autumn")
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    press(opened(page, "Delete sandbox?"), "Delete")
    expect(page.get_by_role("link", name="Autumn", exact=True)).to_have_count(0)


def of_duplicates(page):
    """Two leads that are one are found by the list's own way, merged, and set apart again."""
    come_in(page)
    for company in ("Weide GmbH", "Weide G.m.b.H."):
        call(page, "POST", "/v1/leads", {"company": company, "email": "wanda@weide.example"})
    entry(page, "Leads")
    look(page, "leads")
    page.goto(f"{plan['url']}/#/leads/duplicates")
    arrive(page, "Duplicates")
    two = page.get_by_role("region", name=re.compile("Weide"))
    expect(two).to_be_visible()
    look(page, "leads that are one")
    two.get_by_role("button", name=re.compile("^Keep this one: Weide GmbH")).click()
    told(page, "Leads merged")
    expect(two).to_have_count(0)
    press(page, "Undo")
    told(page, "Merge undone")
    expect(two).to_be_visible()
    for name, email in (("Dora Deich", "dora.deich@deich.example"), ("Dr. Dora Deich", "d.deich@deich.example")):
        call(page, "POST", "/v1/contacts", {"name": name, "email": email})
    page.goto(f"{plan['url']}/#/contacts/duplicates")
    arrive(page, "Duplicates")
    keep = page.get_by_role("button", name="Keep this one: Dora Deich", exact=True)
    keep.click()
    told(page, "Records merged")
    expect(keep).to_have_count(0)
    press(page, "Undo")
    told(page, "Merge undone")
    expect(keep).to_be_visible()
