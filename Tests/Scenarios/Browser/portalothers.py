"""Walks of portalsessions.py: two people at one browser. What one of them has begun is never sent as the other; each
finds their own page, and what they had written, when they come back."""
import contextlib, json, urllib.request

from playwright.sync_api import Error, expect

from looking import faults, let_in, plan, staff
from portalpage import PHONE, again, base, end, ends_over, enter, files, once, settle

DEAF = "window.BroadcastChannel = class { postMessage() {} close() {} }"


def contacts(text):
    """Lists who of the client has said that to the agency, as often as they have."""
    found = []
    for talk in staff("/v1/conversations?limit=200")["data"]:
        messages = staff(f"/v1/conversations/{talk['id']}/messages?limit=200")["data"]
        found += [talk["contact_id"] for one in messages if one["text"] == text and one["direction"] == "inbound"]
    return found


def as_the_other(path):
    """Returns what the other person reads."""
    body = {"email": plan["colleague"], "password": plan["password"], "tenant": plan["agency"]}
    request = urllib.request.Request(
        plan["url"] + "/v1/auth/login", json.dumps(body).encode(), {"Content-Type": "application/json"})
    token = json.loads(urllib.request.urlopen(request).read())["access_token"]
    request = urllib.request.Request(plan["url"] + path, headers={"Authorization": "Bearer " + token})
    return json.loads(urllib.request.urlopen(request).read())


def enter_as_the_other(page, heading):
    """Signs in at the form that stands in the page."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    let_in(page.locator("form").first, plan["colleague"])
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    settle(page)


def sign_out(page):
    page.get_by_text("Account", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def whose(page):
    """Returns the person whose address the page has, which nobody sees on it."""
    return page.evaluate("""async () => (await import("/app/api.js")).whoIsMe()?.user?.email""")


def of_somebody_else(page):
    """One has written something when their session ends, and another signs in at the same page."""
    ends_over(page, "Written by the first")
    page.keyboard.press("Escape")
    enter_as_the_other(page, "Messages")
    expect(page.get_by_label("Your message")).to_have_value("")
    if whose(page) != plan["colleague"]:
        faults.append("who has signed in over another's page has not got their own")
    page.get_by_label("Your message").fill("Written by the second")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".talk li.mine").last).to_contain_text("Written by the second")
    if contacts("Written by the first"):
        faults.append("what one had written was sent when another signed in")
    page.get_by_label("Your message").fill("Begun by the second")
    sign_out(page)
    let_in(page.locator("form").first)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("Written by the first")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".talk li.mine").last).to_contain_text("Written by the first")
    first, second = contacts("Written by the first"), contacts("Written by the second")
    once("what one has sent after another", len(first))
    if first == second:
        faults.append("two people have written as one")
    # A client who has signed out has left nothing behind.
    sign_out(page)
    enter_as_the_other(page, "Messages")
    expect(page.get_by_label("Your message")).to_have_value("")


def over_a_dialog(page):
    """The first one is asked for their password, and the other signs in at another tab."""
    ends_over(page, "Asked for a password")
    other = page.context.new_page()
    comes_elsewhere(other)
    is_theirs(page)
    expect(page.get_by_label("Your message")).to_have_value("")
    if contacts("Asked for a password"):
        faults.append("what one had written was sent when another signed in at another tab")
    # Signing out takes the other tab along, and the texts begun in the first one are still theirs.
    sign_out(other)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    let_in(page.locator("form").first)
    expect(page.get_by_label("Your message")).to_have_value("Asked for a password")
    page.get_by_label("Your message").fill("")
    other.close()


def comes_elsewhere(tab):
    """Another person signs in at a new tab, where the session of the first one has ended."""
    tab.set_viewport_size(PHONE)
    tab.goto(f"{base}/portal/?agency={plan['agency']}#/help")
    enter_as_the_other(tab, "Help")


def is_theirs(page):
    """Waits until a page of the first one is the other's."""
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(again(page)).to_have_count(0)
    settle(page)
    for _ in range(100):
        with contextlib.suppress(Error):
            if whose(page) == plan["colleague"]:
                return settle(page)
        page.wait_for_timeout(100)
    faults.append(f"the page of the first one is still {whose(page)}'s")


def in_flight(page):
    """A text that one has sent is on its way when another signs in at another tab, and is refused: it is not sent
    again as that one; neither is what follows it. The tab hears at once of the other person, or has not heard of
    them yet."""
    browser = page.context.browser
    for is_deaf in (False, True):
        for place, path, method, is_answered, begin in (
                ("/messages", "/v1/portal/messages", "POST", False, write),
                ("/messages", "/v1/portal/files", "POST", False, attach),
                ("/messages", "/v1/portal/files", "POST", True, attach),
                ("/preferences", "/v1/portal/preferences", "PATCH", False, prefer)):
            context = browser.new_context(locale="en-GB", has_touch=True)
            first, second = context.new_page(), context.new_page()
            if is_deaf:
                first.add_init_script(DEAF)
            held = Held(first, path, method, is_answered)
            enter(first, place)
            begin(first)
            held.wait()
            end(first)
            comes_elsewhere(second)
            held.let_go()
            is_theirs(first)
            context.close()
    for text in ("Held on its way", "With a file that is held"):
        if contacts(text):
            faults.append(f"“{text}” was sent as somebody else")
    # Only those that were answered are there, and those are the first one's.
    if files("held.txt") != 2:
        faults.append(f"{files('held.txt')} files have arrived, of which two were answered")
    if as_the_other("/v1/portal/preferences")["frequency"] == "weekly":
        faults.append("the preferences of one were saved as another's")


class Held:
    """A request that is held on its way there, or on its way back."""

    def __init__(self, page, path, method, is_answered):
        self.page, self.method, self.is_answered, self.held = page, method, is_answered, []
        page.route(lambda url: url.split("?")[0].endswith(path), self.take)

    def take(self, route):
        if self.held or route.request.method != self.method:
            return route.continue_()
        self.held.append((route, route.fetch() if self.is_answered else None))

    def wait(self):
        while not self.held:
            self.page.wait_for_timeout(20)

    def let_go(self):
        """A page that was loaded anew waits for it no more."""
        route, answer = self.held[0]
        with contextlib.suppress(Error):
            if answer:
                route.fulfill(response=answer)
            else:
                route.continue_()


def write(page):
    page.get_by_label("Your message").fill("Held on its way")
    page.get_by_role("button", name="Send", exact=True).click()


def attach(page):
    page.get_by_label("Attachment (optional)").set_input_files(
        {"name": "held.txt", "mimeType": "text/plain", "buffer": b"Held"})
    page.get_by_label("Your message").fill("With a file that is held")
    page.get_by_role("button", name="Send", exact=True).click()


def prefer(page):
    part = page.get_by_role("region", name="Notifications")
    part.get_by_label("Notification frequency").select_option("weekly")
    part.get_by_role("button", name="Save", exact=True).click()


walks = [of_somebody_else, over_a_dialog, in_flight]
