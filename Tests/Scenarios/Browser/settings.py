"""An owner sets up the house in a headless browser: settings, agents, workflows and sandboxes, by the page only.

Usage: settings.py PLAN, a file of JSON: {url, email, password, contact (a name), lead (a company), colleague (a name),
browser, walks (their names; all where there are none)}. Prints JSON: {violations, faults}; both are empty where all is
well.
"""
import json, re, socketserver, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import expect

import days, looking
from looking import (
    attempt, begin_by_keys, browsing, faults, fill_by_keys, plan, press, reach, sent_by_keys, settle, sign_in, told,
    watch)

base = plan["url"]
widths = (360, 768, 1360)


class Mail(socketserver.StreamRequestHandler):
    """A mail server that believes everybody."""

    def handle(self):
        self.say("220 mail")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                self.say("250-mail")
                self.say("250 AUTH PLAIN LOGIN")
            elif word == b"AUTH":
                self.say("235 welcome")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 fine")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Mailbox(socketserver.StreamRequestHandler):
    """An empty mailbox, which lets everybody in."""

    def handle(self):
        self.say("* OK here")
        for line in self.rfile:
            tag, word = (line.decode().split() + ["", ""])[:2]
            for answer in self.answers(word.upper()):
                self.say(answer)
            self.say(f"{tag} OK done")
            if word.upper() == "LOGOUT":
                return

    def answers(self, word):
        return {
            "CAPABILITY": ["* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR"], "UID": ["* SEARCH"], "LOGOUT": ["* BYE"],
            "EXAMINE": ["* 0 EXISTS", "* OK [UIDVALIDITY 1] fine", "* OK [UIDNEXT 1] fine"],
        }.get(word, [])

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Service(BaseHTTPRequestHandler):
    """Services of chat, calendars and payment at once: each finds in the answer what it looks for."""

    answer = {
        "ok": True, "id": "1", "object": "balance", "livemode": True, "available": [], "pending": [],
        "display_phone_number": "+1 555-000-0001", "verified_name": "Desk",
        "result": {"id": 1, "is_bot": True, "username": "desk_bot"},
        "resource": {"uri": "https://api.calendly.com/users/U", "name": "Olive Owner"},
    }

    def do_GET(self):
        said = json.dumps(self.answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, *_):
        pass


class Model(Service):
    """A language model that is ready, whatever it is asked."""

    answer = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "small", "data": [{"id": "small"}],
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"ready": true}'}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


class Hook(BaseHTTPRequestHandler):
    """Somebody else's system, which is told what happens."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"taken")

    def log_message(self, *_):
        pass


def serving(server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def go(page, place):
    page.goto(f"{base}/{place}")
    settle(page)


def look(page, name):
    """Axe by day and by night, and whether it fits; what is open stays as it is."""
    looking.look(page, name, widths)
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def dialog(page, name):
    found = page.get_by_role("dialog", name=name, exact=True)
    expect(found).to_be_visible()
    return found


def box(place, name):
    return place.get_by_label(name, exact=True).first


def saved(found, name="Save"):
    press(found, name)
    expect(found).to_have_count(0)


def region(page, name):
    return page.get_by_role("region", name=name, exact=True)


def pick(place, name, text):
    """A record by its name, in a box that searches."""
    field = place.get_by_role("combobox", name=name, exact=True)
    field.click()
    field.fill(text)
    place.get_by_role("option").filter(has_text=text).first.click()


def the_agency(page):
    """The set-up leads to the very field; address, hours, brand, invoices and rules are saved and stay."""
    sign_in(page)
    page.get_by_role("link", name=re.compile("postal address", re.I)).first.click()
    settle(page)
    expect(box(page, "Postal address")).to_be_focused()
    page.keyboard.type("1 Example Street, 12345 Exampletown")
    box(page, "Country").select_option("DE")
    press(region(page, "Agency"), "Save")
    told(page, "Settings saved")
    sender = region(page, "Sender")
    box(sender, "Sender name").fill("Olive Owner")
    box(sender, "Sender email").fill("not an address")
    press(sender, "Save")
    expect(box(sender, "Sender email")).to_have_attribute("aria-invalid", "true")
    box(sender, "Sender email").fill("olive@agency.example")
    press(sender, "Save")
    expect(box(sender, "Sender email")).not_to_have_attribute("aria-invalid", "true")
    looking.look_everywhere(page, "agency")
    go(page, "#/settings/brand")
    box(page, "Colour").fill("#f5c518")
    expect(page.get_by_text("White text on it is hard to read")).to_be_visible()
    press(region(page, "Logo and colour"), "Save")
    told(page, "Settings saved")
    look(page, "brand")
    go(page, "#/settings/hours-and-holidays")
    hours = region(page, "Business hours")
    hours.get_by_role("checkbox", name="Monday").check()
    box(hours, "From").fill("09:00")
    box(hours, "To").fill("17:00")
    press(hours, "Save")
    holidays = region(page, "Holidays")
    press(holidays, "Add day off")
    box(holidays, "Date").fill("2030-05-01")
    box(holidays, "Days off every year").fill("12-25, 12-26")
    press(holidays, "Save")
    expect(box(holidays, "Date")).to_have_value("2030-05-01")
    look(page, "hours")
    go(page, "#/settings/invoices-and-concessions")
    invoices = region(page, "Invoices")
    box(invoices, "Tax rate").fill("19")
    box(invoices, "Remind after days overdue").fill("3, 10")
    press(invoices, "Save")
    page.reload()
    settle(page)
    expect(box(invoices, "Tax rate")).to_have_value("19")
    look(page, "invoices")
    go(page, "#/settings/sending-rules")
    law = region(page, "What the law asks for")
    press(law, "Add country")
    box(law.get_by_role("group", name="Country 1"), "Country").select_option("DE")
    press(law, "Save")
    told(page, "Settings saved")
    look(page, "sending rules")


def own_look(page):
    """Light or dark is chosen in the profile, for whatever the system has; it is so at once, and stays."""
    sign_in(page)
    go(page, "#/settings/profile")
    browser = region(page, "This browser")

    def ground():
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    for system, own in (("light", "Dark"), ("dark", "Light")):
        page.emulate_media(color_scheme=system)
        box(browser, "Appearance").select_option(label="System")
        press(browser, "Save")
        told(page, "Profile saved")
        before = ground()
        box(browser, "Appearance").select_option(label=own)
        press(browser, "Save")
        told(page, "Profile saved")
        if ground() == before:
            faults.append(f"{own} looks like {system}")
        page.reload()
        settle(page)
        expect(box(browser, "Appearance")).to_have_value(own.lower())
        if ground() == before:
            faults.append(f"{own} does not stay so")
    look(page, "a page that is light in a dark system")


def people_and_roles(page):
    """A role of ticked permissions, an invitation with it, and what reaches the owner."""
    sign_in(page)
    go(page, "#/settings/roles")
    press(page, "New role")
    role = dialog(page, "New role")
    box(role, "Name").fill("Bookkeeper")
    role.get_by_role("checkbox", name="Invoices: See", exact=True).check()
    look(page, "new role")
    saved(role)
    page.get_by_role("link", name="Bookkeeper").click()
    expect(region(page, "What it may do")).to_contain_text("see")
    go(page, "#/settings/people")
    press(page, "Invite")
    invite = dialog(page, "Invite")
    box(invite, "Email").fill("max@example.com")
    box(invite, "Role").select_option(label="Bookkeeper")
    press(invite, "Send invitation")
    expect(invite.get_by_role("textbox", name="Link to join")).to_be_visible()
    press(invite, "Done")
    expect(region(page, "Invitations")).to_contain_text("max@example.com")
    look(page, "people")
    # A colleague's role is changed, and holds.
    press(page, f"Change {plan['colleague']}")
    page.get_by_role("menuitem", name="Edit person").click()
    edit = dialog(page, "Edit person")
    box(edit, "Role").select_option(label="Bookkeeper")
    saved(edit)
    told(page, "Person saved")
    expect(page.get_by_role("row").filter(has_text=plan["colleague"])).to_contain_text("Bookkeeper")
    press(page, "Change Olive Owner")
    page.get_by_role("menuitem", name="Where they are signed in").click()
    signed_in = dialog(page, "Where Olive Owner is signed in")
    expect(signed_in.get_by_text("(this one)").first).to_be_visible()
    expect(signed_in.get_by_text(re.compile("^Last seen ")).first).to_be_visible()
    look(page, "where a person is signed in")
    signed_in.get_by_role("button", name="Sign out there").first.click()
    told(page, "Signed out there")
    press(signed_in, "Close")
    go(page, "#/settings/my-notifications")
    press(page, "Send me a test")
    told(page, "A test is on its way")
    choose_notices(page)
    look(page, "my notifications")


def choose_notices(page):
    """Of each kind a person ticks where it reaches them, by keyboard as well; what is chosen stays."""
    def mail(): return page.get_by_role("checkbox", name="Mentions in tickets: By email")
    expect(mail()).to_be_visible()
    if not mail().evaluate("one => one.indeterminate"):
        faults.append("what nobody has chosen follows the channel's rule")
    mail().focus()
    page.keyboard.press("Space")
    expect(page.locator("#announcer")).to_have_text("Mentions in tickets: By email saved")
    expect(mail()).to_be_checked()
    expect(mail()).to_be_focused()
    page.reload()
    settle(page)
    expect(mail()).to_be_checked()
    press(page, "Choose nothing by kind")
    told(page, "Settings saved")
    settle(page)
    if not mail().evaluate("one => one.indeterminate"):
        faults.append("nothing is chosen any more")


def connections(page):
    """A mail service is connected, tested, limited and disconnected; a domain tells its records; keys and webhooks work."""
    sign_in(page)
    port = serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail))
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
    go(page, "#/settings/webhooks")
    press(page, "New webhook")
    hook = dialog(page, "New webhook")
    box(hook, "URL").fill(f"http://127.0.0.1:{serving(ThreadingHTTPServer(('127.0.0.1', 0), Hook))}/in")
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
    # What was sent is told in words; programs' form of it is copied.
    expect(page.get_by_role("dialog")).not_to_contain_text('":')
    expect(page.get_by_role("dialog").get_by_role("button", name="Copy as JSON")).to_be_visible()
    press(page.get_by_role("dialog"), "Redeliver")
    told(page, "Delivered again")


def connect_a_mailbox(page):
    """A mailbox is connected by name and password, and is found to work."""
    port = serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox))
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
    port = serving(ThreadingHTTPServer(("127.0.0.1", 0), Service))
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
        # What is left to do at the service is told, where there is something.
        if form.count():
            expect(form.get_by_role("textbox").first).to_have_value(re.compile("^http"))
            look(page, f"{name} is connected")
            press(form, "Done")
        page.get_by_role("link", name=name, exact=True).first.click()
        settle(page)
        press(page, "Test")
        expect(page.get_by_text("Works", exact=True).first).to_be_visible()
    look(page, "a service that is paid with")


def offer_and_desk(page):
    """A package has its price, a macro its reply, a colleague a skill, and the agents have a model that answers."""
    sign_in(page)
    go(page, "#/settings/packages")
    press(page, "New package")
    package = dialog(page, "New package")
    box(package, "Name").fill("Harbour")
    box(package, "Price").fill("1500")
    box(package, "Tier").select_option(label="Growth")
    press(package, "Add service")
    box(package.get_by_role("group", name="Service 1"), "Title").fill("Care")
    look(page, "new package")
    saved(package)
    told(page, "Package created")
    row = page.get_by_role("row").filter(has_text="Harbour")
    expect(row).to_contain_text("US$1,500")
    page.get_by_role("link", name="Harbour", exact=True).click()
    settle(page)
    press(page, "Edit")
    package = dialog(page, "Edit package")
    box(package, "Price").fill("1600")
    saved(package)
    expect(page.locator("main")).to_contain_text("US$1,600")
    look(page, "a package")
    go(page, "#/settings/macros")
    press(page, "New macro")
    macro = dialog(page, "New macro")
    box(macro, "Name").fill("Thank and close")
    box(macro, "Reply to the client").fill("Thank you.")
    box(macro, "Set status to").select_option(label="Resolved")
    look(page, "new macro")
    saved(macro)
    told(page, "Macro created")
    expect(page.get_by_role("link", name="Thank and close", exact=True)).to_be_visible()
    go(page, "#/settings/skills")
    press(page, "New skill")
    skill = dialog(page, "New skill")
    box(skill, "Name").fill("german")
    pick(skill, "Person", plan["colleague"])
    box(skill, "Level (1 to 5)").fill("4")
    saved(skill)
    told(page, "Skill created")
    expect(page.get_by_role("row").filter(has_text="german")).to_contain_text(plan["colleague"])
    go(page, "#/settings/models")
    press(page, "New model")
    model = dialog(page, "New model")
    box(model, "Name").fill("House model")
    box(model, "Server").fill(f"http://127.0.0.1:{serving(ThreadingHTTPServer(('127.0.0.1', 0), Model))}/v1")
    box(model, "Model").fill("small")
    box(model, "API key").fill("k3y")
    look(page, "new model")
    saved(model)
    told(page, "Model connected")
    page.get_by_role("link", name="House model", exact=True).click()
    settle(page)
    press(region(page, "Test"), "Test")
    expect(region(page, "Test")).to_contain_text("Works")
    look(page, "a model")


def not_written_to(page):
    """Addresses that another system does not write to are brought in from its file, seen before, and hold."""
    sign_in(page)
    go(page, "#/settings/suppressions")
    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import suppressions")
    settle(page)
    rows = "address,reason\nleft@example.com,unsubscribed\ngone@example.com,unsubscribed\n"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "never.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    press(page, "Continue")
    press(page, "Preview")
    expect(page.get_by_role("table", name="Preview")).to_contain_text("gone@example.com")
    look(page, "the preview of addresses that are not written to")
    press(page, "Import 2 suppressions")
    expect(page.get_by_text("2 created").first).to_be_visible()
    go(page, "#/settings/suppressions")
    expect(page.get_by_text("left@example.com").first).to_be_visible()


def words_and_support(page):
    """Lists have real editors: times, members, replies; a template is seen as a contact gets it; a sentence is ours."""
    sign_in(page)
    go(page, "#/settings/sla-targets")
    press(page, "New SLA target")
    target = dialog(page, "New SLA target")
    box(target, "Name").fill("Urgent things")
    box(target, "First response time").fill("30")
    target.get_by_label("Unit of First response time").select_option("M")
    box(target, "Resolution time").fill("8")
    target.get_by_label("Unit of Resolution time").select_option("H")
    look(page, "new SLA target")
    saved(target)
    expect(page.get_by_role("table", name="SLA targets")).to_contain_text("30")
    go(page, "#/settings/teams-and-skills")
    press(page, "New team")
    team = dialog(page, "New team")
    box(team, "Name").fill("Desk")
    press(team, "Add member")
    member = team.get_by_role("group", name="Member 1")
    member.get_by_role("combobox").first.click()
    member.get_by_role("option").first.click()
    look(page, "new team")
    saved(team)
    go(page, "#/settings/canned-replies")
    press(page, "New canned reply")
    reply = dialog(page, "New canned reply")
    box(reply, "Name").fill("Greeting")
    box(reply, "Text").fill("Dear customer, thank you.")
    saved(reply)
    go(page, "#/settings/custom-fields")
    press(page, "New custom field")
    custom = dialog(page, "New custom field")
    box(custom, "Belongs to").select_option("lead")
    box(custom, "Label").fill("Shop system")
    box(custom, "Short name").fill("shop_system")
    saved(custom)
    go(page, "#/settings/templates")
    press(page, "New template")
    template = dialog(page, "New template")
    box(template, "Name").fill("First word")
    box(template, "Channel").select_option("email")
    box(template, "Subject").fill("Hello {{ contact.name }}")
    box(template, "Text").fill("Dear {{ contact.name }}, may we talk?")
    saved(template)
    page.get_by_role("link", name="First word").click()
    settle(page)
    preview = region(page, "Preview")
    pick(preview, "For contact", plan["contact"])
    expect(preview).to_contain_text(f"Hello {plan['contact']}")
    look(page, "a template")
    go(page, "#/settings/wordings")
    box(page, "Search a sentence").fill("invited to {")
    page.get_by_role("button", name=re.compile("^Change:")).first.click()
    box(page, "Our sentence").fill("Welcome to {agency}")
    expect(page.get_by_text("Welcome to Your agency")).to_be_visible()
    press(page, "Save")
    told(page, "Sentence saved")
    expect(page.get_by_text("Changed by you")).to_be_visible()
    look(page, "wordings")
    # Each language has its own sentences.
    box(page, "Search a sentence").fill("")
    box(page, "Language").select_option("de")
    settle(page)
    expect(page.get_by_text("Welcome to {agency}")).to_have_count(0)
    expect(page.locator("main .said").first).to_have_attribute("lang", "de")
    box(page, "Language").select_option("en")
    settle(page)
    box(page, "Search a sentence").fill("Welcome to")
    page.get_by_role("button", name=re.compile("^Change:")).first.click()
    press(page, "Back to the standard")
    told(page, "Back to the standard sentence")


def privacy_requests(page):
    """Who asks for their data is entered, confirmed, extended and answered; the register says what was done."""
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


def agents(page):
    """An agent runs and is checked, and its page says how well; its settings are tried, used and taken back; it says what
    it decided, and is overruled."""
    sign_in(page)
    go(page, "#/agents")
    expect(page.get_by_text(re.compile(r"^\d+ more planned$"))).to_be_visible()
    look(page, "agents")
    several_agents(page)
    page.get_by_role("link", name="Lead scoring", exact=True).click()
    settle(page)
    press(page, "Run now")
    expect(page.get_by_role("link", name="View run")).to_be_visible()
    status = region(page, "Status")
    expect(status).to_contain_text(re.compile(r"Runs\s*[1-9]"))
    expect(status).to_contain_text(re.compile(r"Success rate\s*100\s?%"))
    expect(page.locator("main")).to_contain_text("Healthy")
    press(page, "Check")
    expect(page.get_by_text("The agent is ready to run.")).to_be_visible()
    # What it does automatically is changed, with what that means beside it.
    may = region(page, "Automatic actions")
    box(may, "Autonomy").select_option("approve")
    expect(may).to_contain_text("Each action waits under Approvals")
    press(may, "Save")
    told(page, "Agent saved")
    page.reload()
    settle(page)
    expect(box(may, "Autonomy")).to_have_value("approve")
    box(may, "Autonomy").select_option("autopilot")
    press(may, "Save")
    told(page, "Agent saved")
    page.get_by_role("tab", name="Settings").click()
    settle(page)
    box(page, "High from").fill("75")
    press(page, "Save and use")
    told(page, "Settings saved and in use")
    versions = region(page, "Versions")
    page.reload()
    settle(page)
    expect(versions).to_contain_text("Version 2")
    press(versions, "Compare")
    expect(page.get_by_role("dialog")).to_contain_text("High from")
    look(page, "versions compared")
    page.keyboard.press("Escape")
    press(versions, "Go back to it")
    page.get_by_role("dialog").get_by_role("button", name="Go back to it").click()
    told(page, "is in use again")
    page.get_by_role("tab", name="Decisions").click()
    settle(page)
    press(page, "Why")
    expect(page.get_by_role("dialog", name="Why this decision?")).to_contain_text("Reason")
    look(page, "why")
    page.keyboard.press("Escape")
    press(page, "Overrule")
    other = dialog(page, "Overrule decision")
    box(other, "Score").fill("99")
    box(other, "Reason").fill("They called us")
    saved(other, "Overrule")
    expect(page.get_by_text("Overruled", exact=True).first).to_be_visible()
    for tab in ("Schedules and budgets", "Tools", "Experiments", "Memory"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        look(page, f"agent, {tab}")
    go(page, "#/runs")
    page.get_by_role("table", name="Agent runs").get_by_role("link").first.click()
    settle(page)
    expect(region(page, "Decided")).to_be_visible()
    look(page, "a run")


def several_agents(page):
    """Several are switched at once, and what became of each is told."""
    picked, told_of = page.get_by_role("toolbar", name="Selection"), region(page, "Just switched")

    def tick(*names):
        for name in names:
            page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()

    tick("Budget allocation", "Lead scoring")
    expect(picked).to_contain_text("2 selected")
    look(page, "agents that are selected")
    press(picked, "Switch on")
    expect(told_of).to_contain_text("Budget allocation: Switched on")
    expect(told_of).to_contain_text("Lead scoring: It was on already")
    expect(picked).to_have_count(0)
    look(page, "agents that were switched")
    tick("Budget allocation")
    press(picked, "Switch off")
    expect(told_of).to_contain_text("Budget allocation: Switched off")
    press(page, "Select all: Inactive agents")
    inactive = page.get_by_role("table", name="Inactive agents").get_by_role("checkbox")
    expect(picked).to_contain_text(f"{inactive.count()} selected")
    press(picked, "Clear selection")
    expect(picked).to_have_count(0)


def hold_an_agent(page):
    """An agent is put on standby, held to fewer permissions, and tries another setting; a tool is switched off."""
    sign_in(page)
    go(page, "#/agents/lead_scoring")
    may = region(page, "Automatic actions")
    for state, said in (("standby", "On standby"), ("active", None)):
        box(may, "State").select_option(state)
        press(may, "Save")
        told(page, "Agent saved")
        page.reload()
        settle(page)
        expect(box(may, "State")).to_have_value(state)
        expect(page.locator("main .badges").get_by_text("On standby")).to_have_count(1 if said else 0)
    page.get_by_role("tab", name="Tools").click()
    settle(page)
    permissions = region(page, "Permissions")
    expect(permissions).to_contain_text("Companies")
    press(permissions, "Take permissions away")
    fewer = dialog(page, "Take permissions away")
    for one in fewer.get_by_role("checkbox", name=re.compile("^Companies: ")).all():
        one.uncheck()
    look(page, "fewer permissions")
    saved(fewer)
    told(page, "Permissions changed")
    expect(permissions).not_to_contain_text("Companies")
    press(permissions, "Give all back")
    expect(permissions).to_contain_text("Companies")
    page.get_by_role("tab", name="Experiments").click()
    settle(page)
    press(page, "New experiment")
    trial = dialog(page, "New experiment")
    box(trial, "Name").fill("A higher bar")
    box(trial, "What counts as success").select_option(label="Lead qualified")
    box(trial, "Setting to try").select_option(label="High from")
    box(trial, "High from").fill("80")
    look(page, "new experiment")
    saved(trial, "Start experiment")
    told(page, "Experiment started")
    expect(page.get_by_role("table", name="Results")).to_contain_text("High from: 80")
    look(page, "an experiment")
    press(page, "Stop experiment")
    told(page, "Experiment stopped")
    go(page, "#/settings/tools/refund_payment")
    press(page, "Switch off")
    told(page, "Tool switched off")
    expect(page.locator("main .badges")).to_contain_text("Switched off")
    look(page, "a tool that is switched off")
    press(page, "Switch on")
    told(page, "Tool switched on")
    expect(page.locator("main .badges")).not_to_contain_text("Switched off")


def workflow(page):
    """A workflow of two steps is made on the page, started, stopped before a step, taken on step by step, and ended."""
    sign_in(page)
    go(page, "#/workflows")
    press(page, "New workflow")
    form = dialog(page, "New workflow")
    box(form, "Name").fill("Score and ask")
    press(form, "Add value")
    value = form.get_by_role("group", name="Value 1", exact=True)
    box(value, "Short name").fill("lead_id")
    value.get_by_role("checkbox", name="Needed at the start").check()
    press(form, "Add step")
    first = form.get_by_role("group", name="Step 1", exact=True)
    box(first, "Name").fill("Score")
    box(first, "Agent").select_option("lead_scoring")
    press(first, "Add value")
    given = first.get_by_role("group", name="Value 1", exact=True)
    box(given, "Name").fill("lead_id")
    box(given, "Value").fill("{{lead_id}}")
    press(form, "Add step")
    second = form.get_by_role("group", name="Step 2", exact=True)
    box(second, "Name").fill("Ask")
    box(second, "What happens").select_option("approval")
    box(second, "Question").fill("Write to them?")
    look(page, "new workflow")
    saved(form)
    expect(page.get_by_role("heading", level=1)).to_have_text("Score and ask")
    settle(page)
    expect(region(page, "Steps").locator("ol > li")).to_have_count(2)
    look(page, "a workflow")
    press(page, "Start run")
    start = dialog(page, "Start run")
    pick(start, "Lead", plan["lead"])
    start.get_by_text("More fields", exact=True).click()
    start.get_by_role("group", name="Pause before").get_by_role("checkbox", name="Score", exact=True).check()
    saved(start, "Start run")
    status = region(page, "Status")
    expect(status).to_contain_text(re.compile(r"Current step\s*Score"))
    expect(status).to_contain_text(re.compile(r"Pauses before\s*Score"))
    expect(region(page, "What it knows")).to_be_visible()
    press(page, "Do one step")
    expect(status).to_contain_text(re.compile(r"Current step\s*Ask"))
    look(page, "a workflow run that is stepped through")
    press(page, "Resume run")
    expect(page.get_by_text("Waiting for approval:")).to_be_visible()
    look(page, "a workflow run")
    press(page, "Cancel run")
    dialog(page, "Cancel this run?").get_by_role("button", name="Cancel run").click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()


def sandbox(page):
    """A sandbox is made, advanced, compared with the agency, entered, left and deleted."""
    sign_in(page)
    go(page, "#/sandboxes")
    press(page, "New sandbox")
    form = dialog(page, "New sandbox")
    box(form, "Name").fill("Spring")
    saved(form)
    page.get_by_role("link", name="Spring").click()
    settle(page)
    page.get_by_label("How long").select_option("PT1H")
    press(page, "Advance clock")
    expect(page.get_by_text(re.compile("there now"))).to_be_visible(timeout=300_000)
    settle(page)
    expect(page.get_by_role("table", name="Comparison")).to_contain_text("Agent runs")
    look(page, "a sandbox")
    press(page, "Enter sandbox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_text("Sandbox Spring")).to_be_visible()
    look(page, "in a sandbox")
    press(page, "Leave sandbox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sandboxes")
    expect(page.get_by_text("Sandbox Spring")).to_have_count(0)
    page.get_by_role("button", name="More about Spring").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog(page, "Delete sandbox?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No sandboxes yet")).to_be_visible()
    for place in ("alerts", "notifications"):
        go(page, f"#/{place}")
        look(page, place)


def set_up_by_keyboard(page):
    """An address, an invitation, a canned reply and the emergency stop without a mouse, from signing in on."""
    keys = page.keyboard
    begin_by_keys(page, "Settings", "g", "s")
    enter_setting(page, "Agency")
    place = region(page, "Agency")
    reach(page, box(place, "Postal address"))
    keys.press("Control+a")
    keys.type("2 Keyboard Lane")
    enter(page, place.get_by_role("button", name="Save", exact=True))
    told(page, "Settings saved")
    settle(page)
    enter_setting(page, "People")
    enter(page, page.get_by_role("button", name="Invite", exact=True))
    fill_by_keys(page, dialog(page, "Invite"), Email="kay@example.com")
    keys.press("Control+Enter")
    invite = dialog(page, "Invite")
    expect(invite.get_by_role("textbox", name="Link to join")).to_be_visible()
    enter(page, invite.get_by_role("button", name="Done"))
    expect(invite).to_have_count(0)
    expect(region(page, "Invitations")).to_contain_text("kay@example.com")
    enter_setting(page, "Canned replies")
    keys.press("n")
    fill_by_keys(page, dialog(page, "New canned reply"), Name="By keys", Text="Thank you for your keys.")
    sent_by_keys(page, "Canned reply created")
    expect(page.get_by_role("link", name="By keys", exact=True)).to_be_visible()
    enter(page, page.get_by_role("button", name="Emergency stop"))
    fill_by_keys(page, page.get_by_role("dialog", name="Stop all sending?"), Reason="Tried by keys")
    enter(page, page.get_by_role("dialog").get_by_role("button", name="Stop sending"))
    stopped = region(page, "Sending is stopped")
    expect(stopped).to_contain_text("Tried by keys")
    enter(page, stopped.get_by_role("button", name="Resume sending"))
    enter(page, page.get_by_role("dialog", name="Resume sending?").get_by_role("button", name="Resume sending"))
    expect(stopped).to_have_count(0)


def enter_setting(page, name):
    """Opens a page of the settings by its link, and waits until it stands there: a key before would be the old page's."""
    enter(page, page.get_by_role("navigation", name="Settings").get_by_role("link", name=name, exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


def enter(page, target):
    reach(page, target)
    page.keyboard.press("Enter")


walks = (the_agency, own_look, people_and_roles, connections, channels, offer_and_desk, words_and_support,
         not_written_to, limits_and_data, agents, hold_an_agent, workflow, sandbox, set_up_by_keyboard)
with browsing() as browser:
    for walk in [walk for walk in walks if walk.__name__ in plan.get("walks", walk.__name__)]:
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
    if "walks" not in plan:
        days.take(browser, days.of_owner, "light", "dark")
    # A refusal that a step asks for is no fault of the page.
    faults[:] = [fault for fault in faults if "the server responded with a status of 4" not in fault]
