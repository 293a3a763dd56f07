"""Walks of settings.py: outside services, channels, limits, and people's data."""
import re

from playwright.sync_api import expect

from looking import press, settle, sign_in, told
from servers import Hook, Mail, Mailbox, Service, serving
from settingspage import box, dialog, go, look, region, saved


def connections(page):
    """A mail service is connected, tested, limited and disconnected; a domain tells its records; keys and webhooks
    work."""
    sign_in(page)
    port = serving(Mail)
    go(page, "#/settings/integrations")
    press(page, "Connect SMTP")
    form = dialog(page, "Connect SMTP")
    box(form, "Server").fill(f"smtp://127.0.0.1:{port}")
    box(form, "Username").fill("bureau")
    box(form, "Password").fill("s3cret-mail")
    look(page, "connect a service")
    saved(form, "Connect")
    page.get_by_role("link", name="SMTP", exact=True).first.click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    settle(page)
    press(page, "Test")
    expect(page.get_by_text("Works", exact=True).first).to_be_visible()
    press(page, "Set limits")
    box(page, "Calls per day").fill("500")
    press(region(page, "Use and limits"), "Save")
    expect(region(page, "Use and limits")).to_contain_text("of 500 left")
    set_price(page)
    look(page, "a service")
    press(page, "More")
    page.get_by_role("menuitem", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("No integrations yet.")).to_be_visible()
    connect_a_mailbox(page)
    go(page, "#/settings/sending-domains")
    press(page, "New sending domain")
    domain = dialog(page, "New sending domain")
    box(domain, "Domain").fill("mail.agency.example")
    saved(domain)
    page.get_by_role("link", name="mail.agency.example").click()
    expect(page.get_by_role("button", name="Copy Value")).to_have_count(3)
    # Here nobody has published anything: each record is asked for, and is not in place.
    press(page, "Check records")
    told(page, "Records checked")
    expect(page.get_by_text("In place", exact=True)).to_have_count(0)
    expect(page.get_by_text("Not checked yet")).to_have_count(0)
    look(page, "a domain")
    go(page, "#/settings/api-keys")
    press(page, "New API key")
    key = dialog(page, "New API key")
    box(key, "Name").fill("Shop")
    key.get_by_role("checkbox", name="Leads: See", exact=True).check()
    press(key, "Create")
    expect(key.get_by_role("textbox", name="API key")).to_have_value(re.compile("^bk_"))
    press(key, "Done")
    page.get_by_role("link", name="Shop").click()
    press(page, "Rotate key")
    dialog(page, "Rotate key?").get_by_role("button", name="Rotate key").click()
    press(dialog(page, "The new key"), "Done")
    expect(page.get_by_text("The former key still works")).to_be_visible()
    revoke_key(page)
    go(page, "#/settings/webhooks")
    press(page, "New webhook")
    hook = dialog(page, "New webhook")
    box(hook, "URL").fill(f"http://127.0.0.1:{serving(Hook)}/in")
    hook.get_by_role("checkbox", name="Lead created", exact=True).check()
    press(hook, "Save")
    expect(hook.get_by_role("textbox", name="Signing secret")).to_have_value(re.compile("^whsec_"))
    press(hook, "Done")
    page.get_by_role("link", name=re.compile("127.0.0.1")).click()
    settle(page)
    press(page, "Send test")
    deliveries = page.get_by_role("table", name="Deliveries")
    expect(deliveries).to_contain_text("200")
    look(page, "a webhook")
    deliveries.get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("taken")
    # The payload is told in words; programs' form of it is copied.
    expect(page.get_by_role("dialog")).not_to_contain_text('":')
    expect(page.get_by_role("dialog").get_by_role("button", name="Copy as JSON")).to_be_visible()
    press(page.get_by_role("dialog"), "Redeliver")
    told(page, "Delivered again")
    page.keyboard.press("Escape")
    change_webhook(page)


def revoke_key(page):
    """A key that is deleted does not let its program in any more."""
    press(page, "More")
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    press(dialog(page, "Delete API key?"), "Delete")
    told(page, "API key deleted")
    expect(page.get_by_text("No API keys yet")).to_be_visible()


def change_webhook(page):
    """A webhook is described, and switched off: it says so where it is listed."""
    press(page, "Edit")
    edit = dialog(page, "Edit webhook")
    box(edit, "Description").fill("The shop")
    box(edit, "Status").select_option("disabled")
    saved(edit)
    told(page, "Webhook saved")
    go(page, "#/settings/webhooks")
    row = page.get_by_role("table", name="Webhooks").get_by_role("row").filter(has_text="127.0.0.1")
    expect(row).to_contain_text("Disabled")


def set_price(page):
    """A service says what it costs: by the call, and by the month."""
    press(page, "More")
    page.get_by_role("menuitem", name="Price and plan", exact=True).click()
    price = dialog(page, "Price and plan")
    look(page, "price and plan")
    box(price, "Price per 1,000 calls").fill("2.50")
    plan = price.get_by_role("group", name="Plan that is paid")
    box(plan, "Plan").fill("Basic")
    saved(price)
    told(page, "Price saved")
    settings = region(page, "Settings")
    expect(settings).to_contain_text("2.50")
    expect(settings).to_contain_text("Basic")


def connect_a_mailbox(page):
    """A mailbox is connected by name and password, and is found to work."""
    port = serving(Mailbox)
    press(page, "Connect IMAP")
    form = dialog(page, "Connect IMAP")
    box(form, "Server").fill(f"imap://127.0.0.1:{port}")
    box(form, "Username").fill("desk@agency.example")
    box(form, "Password").fill("s3cret-mail")
    saved(form, "Connect")
    page.get_by_role("link", name="IMAP", exact=True).first.click()
    settle(page)
    press(page, "Test")
    expect(page.get_by_text("Works", exact=True).first).to_be_visible()


def channels(page):
    """Chat, calendar and payment are connected each with what its service asks for, and found to work."""
    sign_in(page)
    port = serving(Service)
    for name, asked, path in (
            ("WhatsApp", {"Phone number ID": "100200300", "Access token": "t0ken", "App secret": "s3cret",
                          "Verify token": "verify-me"}, "/v26.0"),
            ("Telegram", {"Bot token": "42:abc", "Secret token": "s3cret-telegram"}, ""),
            ("Calendly", {"Token": "t0ken", "Webhook signing key": "s3cret-calendly"}, ""),
            ("Stripe", {"Secret key": "sk_test_1", "Webhook signing secret": "whsec_1"}, "")):
        go(page, "#/settings/integrations")
        press(page, f"Connect {name}")
        form = dialog(page, f"Connect {name}")
        for label, value in asked.items():
            box(form, label).fill(value)
        form.get_by_text("More fields", exact=True).click()
        box(form, "Server").fill(f"http://127.0.0.1:{port}{path}")
        press(form, "Connect")
        told(page, f"{name} connected")
        # The steps left at the service are told, where there are any.
        if form.count():
            expect(form.get_by_role("textbox").first).to_have_value(re.compile("^http"))
            look(page, f"{name} is connected")
            press(form, "Done")
        page.get_by_role("link", name=name, exact=True).first.click()
        settle(page)
        press(page, "Test")
        expect(page.get_by_text("Works", exact=True).first).to_be_visible()
    look(page, "a service that is paid with")


def privacy_requests(page):
    """A request for somebody's data is entered, confirmed, extended and answered; the register says what was done."""
    go(page, "#/settings/privacy-requests")
    expect(page.get_by_text("Nobody has asked yet.")).to_be_visible()
    page.get_by_text("Hand out or erase without a request").click()
    export = region(page, "Hand out")
    box(export, "Email").fill("nobody@example.com")
    press(export, "Export")
    expect(export.get_by_role("alert")).to_be_visible()
    look(page, "privacy")
    for name, what in (("Ada Asker", "access"), ("Eve Eraser", "erasure"), ("Rex Refused", "objection")):
        press(page, "New privacy request")
        request = dialog(page, "New privacy request")
        box(request, "Name").fill(name)
        box(request, "Address").fill(f"{name.split()[0].lower()}@example.com")
        box(request, "Asks for").select_option(what)
        box(request, "How it came").select_option("letter")
        saved(request)
    table = page.get_by_role("table", name="Privacy requests")
    expect(table).to_contain_text("Erasure of data")
    look(page, "privacy requests")
    table.get_by_role("link", name="Ada Asker").click()
    expect(page.get_by_text("Confirm first that the person asks themselves.")).to_be_visible()
    press(page, "Extend")
    extend = dialog(page, "Extend the time?")
    box(extend, "Reason").fill("Mails of nine years")
    look(page, "extend a privacy request")
    saved(extend, "Extend")
    told(page, "Time extended")
    confirm_identity(page)
    with page.expect_download() as saving:
        press(page, "Export")
    assert saving.value.suggested_filename == "person.json"
    expect(region(page, "What was done")).to_contain_text("Digest of the file")
    expect(page.get_by_role("button", name="Refuse", exact=True)).to_have_count(0)
    look(page, "a privacy request")
    go(page, "#/settings/privacy-requests")
    table.get_by_role("link", name="Eve Eraser").click()
    confirm_identity(page)
    press(page, "Erase person")
    press(dialog(page, "Erase this person?"), "Erase person")
    told(page, "The person is erased")
    go(page, "#/settings/privacy-requests")
    expect(table).to_contain_text("Erased")
    expect(table).not_to_contain_text("Eve Eraser")
    table.get_by_role("link", name="Rex Refused").click()
    press(page, "Refuse")
    refuse = dialog(page, "Refuse the request?")
    press(refuse, "Refuse")
    expect(box(refuse, "Reason")).to_have_attribute("aria-invalid", "true")
    box(refuse, "Reason").fill("A stranger asked")
    saved(refuse, "Refuse")
    told(page, "Request refused")
    expect(page.get_by_text("Refused", exact=True).first).to_be_visible()


def confirm_identity(page):
    press(page, "Confirm identity")
    check = dialog(page, "Confirm identity")
    box(check, "Identity confirmed by").select_option("known_address")
    saved(check, "Confirm identity")
    expect(page.get_by_role("button", name="Confirm identity", exact=True)).to_have_count(0)


def limits_and_data(page):
    """A budget and a schedule; who is not written to; what is known of a person; and who did all this."""
    sign_in(page)
    go(page, "#/settings/budgets")
    press(page, "New budget")
    budget = dialog(page, "New budget")
    box(budget, "Limit").fill("50")
    saved(budget)
    expect(page.get_by_role("meter").first).to_be_visible()
    look(page, "budgets")
    go(page, "#/settings/schedules")
    press(page, "New schedule")
    schedule = dialog(page, "New schedule")
    box(schedule, "Agent").select_option("lead_scoring")
    box(schedule, "Name").fill("Weekly scores")
    box(schedule, "When").select_option("weekly")
    box(schedule, "Day").select_option("5")
    box(schedule, "At").fill("16:00")
    look(page, "new schedule")
    saved(schedule)
    page.get_by_role("link", name="Weekly scores").click()
    settle(page)
    expect(region(page, "Next times").get_by_role("listitem")).to_have_count(10)
    press(page, "Pause")
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    press(page, "Run now")
    told(page, "is running")
    look(page, "a schedule")
    go(page, "#/settings/suppressions")
    press(page, "New suppression")
    suppression = dialog(page, "New suppression")
    box(suppression, "Address").fill("never@example.com")
    saved(suppression)
    expect(page.get_by_text("never@example.com")).to_be_visible()
    privacy_requests(page)
    go(page, "#/settings/audit-log")
    expect(page.get_by_role("table", name="Audit log")).to_contain_text("Suppression created")
    page.get_by_role("button", name=re.compile("^Show the change: Suppression created")).first.click()
    expect(page.get_by_role("dialog").get_by_role("table", name="Changes")).to_contain_text("Manual")
    look(page, "a change")
    page.keyboard.press("Escape")
    for place in ("profile", "security-and-data", "packages", "sales-material", "ticket-rules", "forms-and-surveys",
                  "models", "tools", "background-work", "consents", "usage"):
        go(page, f"#/settings/{place}")
        look(page, place)
