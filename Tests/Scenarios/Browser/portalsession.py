"""Walks of portalsessions.py: sessions that end in the middle, a server that is away for a while, and two tabs.
Whatever somebody has written is there afterwards, and arrives once."""
import json

from playwright.sync_api import expect

from looking import faults, let_in, plan, staff
from portalpage import (
    NOTE, PHONE, again, asked, base, end, ends_over, enter, files, go, line, look, message, once, replied, said,
    settle, sign_in_again, to_approve)


def ends_in_the_middle(page):
    """A text that is being written when the session ends is sent once they have signed in over the page."""
    enter(page, "/messages")
    page.get_by_label("Your message").fill("Begun before the end")
    page.get_by_label("Attachment (optional)").set_input_files(NOTE)
    end(page)
    page.get_by_role("button", name="Send", exact=True).click()
    dialog = again(page)
    expect(dialog.get_by_label("Password", exact=True)).to_be_focused()
    dialog.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible()
    look(page, "sign in again")
    dialog.get_by_role("button", name="Email me a link", exact=True).click()
    expect(dialog.get_by_role("status")).to_contain_text("we have sent a sign-in link")
    sign_in_again(page)
    expect(page.locator(".talk li.mine").last).to_contain_text("Begun before the end")
    expect(page.locator(".talk li.mine").last.get_by_role("button")).to_have_count(1)
    once("a message", said("Begun before the end"))
    # A request, and the answer in one.
    go(page, "/tickets/new")
    page.get_by_label("Subject", exact=True).fill("Ended meanwhile")
    page.get_by_label("How can we help?").fill("The session was over.")
    end(page)
    page.get_by_role("button", name="Send", exact=True).click()
    sign_in_again(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ended meanwhile")
    settle(page)
    once("a request", len(asked("Ended meanwhile")))
    page.get_by_label("Your reply").fill("And the answer, too.")
    end(page)
    page.get_by_role("button", name="Send", exact=True).click()
    sign_in_again(page)
    expect(page.locator(".talk li.mine").filter(has_text="And the answer, too.")).to_have_count(1)


def ends_before_a_decision(page):
    """The session ends while somebody decides, or fills in what the agency asks at the beginning."""
    project = staff("/v1/deliverables/" + plan["change"])["project_id"]
    yes, no = to_approve("A flag", project), to_approve("A sign", project)
    enter(page)
    waiting = page.locator(".waiting li").filter(has_text="Deliverable: A flag")
    waiting.get_by_role("button", name="Approve").click()
    end(page)
    waiting.get_by_role("button", name="Approve", exact=True).click()
    sign_in_again(page)
    expect(page.get_by_role("status").filter(has_text="approved.")).to_be_visible()
    if staff(f"/v1/deliverables/{yes}")["status"] != "approved":
        faults.append("what was approved as the session ended is not approved")
    waiting = page.locator(".waiting li").filter(has_text="Deliverable: A sign")
    waiting.get_by_role("button", name="Request changes").click()
    waiting.get_by_label("What should change?").fill("Its colour")
    end(page)
    waiting.get_by_role("button", name="Request changes").click()
    sign_in_again(page)
    expect(page.get_by_role("status").filter(has_text="Sent to the agency.")).not_to_have_count(0)
    if staff(f"/v1/deliverables/{no}")["change_request"] != "Its colour":
        faults.append("the changes that were asked for as the session ended are lost")
    go(page, "/onboarding")
    step = page.locator(".cards > li").filter(has=page.locator("form")).first
    name, other = step.get_by_role("heading").inner_text(), page.locator(".cards > li form").nth(1)
    step.get_by_label("What should we know?").fill("We begin in May.")
    other.get_by_label("What should we know?").fill("Another step's words")
    end(page)
    step.get_by_role("button", name="Mark as done", exact=True).click()
    sign_in_again(page)
    done = page.locator(".cards > li").filter(has=page.get_by_role("heading", name=name, exact=True))
    expect(done.get_by_text("Done", exact=True)).to_be_visible()
    # A text for another step has not gone with it, nor does it with a reload.
    for reload in (False, True):
        if reload:
            page.reload()
        settle(page)
        expect(page.locator(".cards > li form").first.get_by_label("What should we know?")).to_have_value(
            "Another step's words")
    page.locator(".cards > li form").first.get_by_label("What should we know?").fill("")


def would_rather_not(page):
    """Somebody who does not sign in over the page finds it all again at the next sign-in; an old token is renewed
    unseen."""
    ends_over(page, "Kept for later")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("status").filter(has_text="Your session has ended.")).to_be_visible()
    look(page, "signing in after the end")
    let_in(page.locator("form").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Messages")
    expect(page.get_by_label("Your message")).to_have_value("Kept for later")
    page.evaluate("""async () => {
        const { remember, remembered } = await import("/app/store.js");
        await remember("portal.session", { ...await remembered("portal.session"), access_token: "old", expires_at: 0 });
    }""")
    page.reload()
    settle(page)
    expect(page.get_by_label("Your message")).to_have_value("Kept for later")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".talk li.mine").last).to_contain_text("Kept for later")
    once("a message that was kept", said("Kept for later"))


def of_two_tabs(page):
    """A session that ends in two tabs: both ask, and signing in at either of them lets both go on."""
    enter(page, "/messages")
    other = page.context.new_page()
    other.set_viewport_size(PHONE)
    other.goto(f"{base}/portal/?agency={plan['agency']}#/tickets/new")
    settle(other)
    page.get_by_label("Your message").fill("From the first tab")
    other.get_by_label("Subject", exact=True).fill("From the second tab")
    other.get_by_label("How can we help?").fill("Both at once.")
    end(page)
    page.get_by_role("button", name="Send", exact=True).click()
    other.get_by_role("button", name="Send", exact=True).click()
    expect(again(page)).to_be_visible()
    expect(again(other)).to_be_visible()
    # The link of a mail opens a third one, which leaves the others as they are.
    third = page.context.new_page()
    third.goto(f"{base}/portal/?agency={plan['agency']}#/sign-in/none")
    expect(third.get_by_text("This link signs you in once.")).to_be_visible()
    third.goto(f"{base}/portal/?agency={plan['agency']}#/help")
    third.reload()
    expect(third.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(again(page)).to_be_visible()
    let_in(third.locator("form").first)
    expect(third.get_by_role("heading", level=1)).to_have_text("Help")
    for one in (page, other):
        expect(again(one)).to_have_count(0)
    expect(page.locator(".talk li.mine").last).to_contain_text("From the first tab")
    expect(other.get_by_role("heading", level=1)).to_have_text("From the second tab")
    once("a message of two tabs", said("From the first tab"))
    once("a request of two tabs", len(asked("From the second tab")))
    # Signing out in one tab signs out in all.
    third.get_by_text("Account", exact=True).click()
    third.get_by_role("button", name="Sign out").click()
    for one in (page, other):
        expect(one.get_by_role("heading", level=1)).to_have_text("Sign in")
    for one in (third, other):
        one.close()


def starts_anew(page):
    """A server that is away for a while: what was written is sent when it is back, once; what came meanwhile is
    shown."""
    enter(page, "/messages")
    line.cut()
    message(page, "Into the gap")
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    expect(page.get_by_label("Your message")).to_have_value("Into the gap")
    look(page, "a message that could not be sent")
    staff(f"/v1/conversations/{plan['conversation']}/messages", {"text": "Said in the gap."})
    line.mend()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".talk li.mine").filter(has_text="Into the gap")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".talk li").filter(has_text="Said in the gap.")).to_have_count(1)
    expect(page.get_by_text("Connection lost.")).to_have_count(0)
    once("a message of the gap", said("Into the gap"))
    go(page, "/tickets/new")
    page.get_by_label("Subject", exact=True).fill("Asked in the gap")
    page.get_by_label("How can we help?").fill("Nobody was there.")
    line.cut()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    line.mend()
    page.reload()
    settle(page)
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Asked in the gap")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asked in the gap")
    once("a request of the gap", len(asked("Asked in the gap")))
    # A decision, too.
    project = staff("/v1/deliverables/" + plan["change"])["project_id"]
    made = to_approve("A bridge", project)
    go(page, "/")
    waiting = page.locator(".waiting li").filter(has_text="Deliverable: A bridge")
    waiting.get_by_role("button", name="Approve").click()
    line.cut()
    waiting.get_by_role("button", name="Approve", exact=True).click()
    expect(waiting.get_by_role("alert")).to_contain_text("The server could not be reached.")
    line.mend()
    waiting.get_by_role("button", name="Try again", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="approved.")).to_be_visible()
    if staff(f"/v1/deliverables/{made}")["status"] != "approved":
        faults.append("what was approved once the server was back is not approved")
    # Somebody who comes while it is away is told so, and gets in when it is back.
    line.cut()
    go_on = page.locator("main").get_by_role("button", name="Try again", exact=True)
    page.evaluate("location.hash = '#/reports'")
    expect(go_on.first).to_be_visible()
    line.mend()
    while go_on.count():
        go_on.first.click()
        settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")


def lose(route):
    """The server gets the request and answers it; the answer does not come."""
    route.fetch()
    route.abort()


def send_in_vain(page, path):
    """Sends the form to a path whose answer is lost."""
    page.route(path, lose, times=1)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")


def answered_in_vain(page):
    """The server has done what it was asked for, and its answer is lost: it is not done twice."""
    enter(page, "/messages")
    for number, path in enumerate(("**/v1/portal/messages", "**/v1/portal/files?name=*")):
        text, file = f"Answered in vain {number}", f"vain-{number}.txt"
        page.get_by_label("Attachment (optional)").set_input_files({**NOTE, "name": file})
        page.get_by_label("Your message").fill(text)
        send_in_vain(page, path)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_label("Your message")).to_have_value("")
        once("a message whose answer was lost", said(text))
        once("its file", files(file))
    go(page, "/tickets/new")
    page.get_by_label("Subject", exact=True).fill("Asked in vain")
    page.get_by_label("How can we help?").fill("Nobody has heard the answer.")
    send_in_vain(page, "**/v1/portal/tickets")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asked in vain")
    once("a request whose answer was lost", len(asked("Asked in vain")))
    page.get_by_label("Your reply").fill("Replied in vain")
    send_in_vain(page, "**/v1/portal/tickets/*/messages")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#announcer")).to_have_text("Sent to the agency.")
    expect(page.locator(".talk li.mine").filter(has_text="Replied in vain")).to_have_count(1)
    once("a reply whose answer was lost", replied(asked("Asked in vain")[0], "Replied in vain"))
    # The decision stands, though the page has not heard of it.
    made = to_approve("A tower", staff("/v1/deliverables/" + plan["change"])["project_id"])
    go(page, "/")
    waiting = page.locator(".waiting li").filter(has_text="Deliverable: A tower")
    waiting.get_by_role("button", name="Approve").click()
    page.route(f"**/{made}/approve", lose, times=1)
    waiting.get_by_role("button", name="Approve", exact=True).click()
    expect(waiting.get_by_role("alert")).to_contain_text("The server could not be reached.")
    waiting.get_by_role("button", name="Try again", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="A tower approved.")).to_be_visible()


def loaded_anew(page):
    """The answer is lost, and the page is loaded anew: what the draft says is sent again, and done once, with its
    file."""
    enter(page, "/messages")
    page.get_by_label("Attachment (optional)").set_input_files({**NOTE, "name": "anew.txt"})
    page.get_by_label("Your message").fill("Sent before the reload")
    send_in_vain(page, "**/v1/portal/messages")
    page.reload()
    settle(page)
    expect(page.get_by_label("Your message")).to_have_value("Sent before the reload")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Your message")).to_have_value("")
    expect(page.locator(".talk li.mine").filter(has_text="Sent before the reload")).to_have_count(1)
    once("a message before a reload", said("Sent before the reload"))
    once("its file", files("anew.txt"))
    # Equal words mean something else once they are answered, and once they have been taken back.
    message(page, "Sent before the reload")
    expect(page.get_by_label("Your message")).to_have_value("")
    if said("Sent before the reload") != 2:
        faults.append("what was said a second time has not arrived")
    page.get_by_label("Your message").fill("Taken back")
    send_in_vain(page, "**/v1/portal/messages")
    page.get_by_label("Your message").fill("")
    message(page, "Taken back")
    expect(page.get_by_label("Your message")).to_have_value("")
    if said("Taken back") != 2:
        faults.append("what was taken back and said again has not arrived")
    go(page, "/tickets/new")
    page.get_by_label("Subject", exact=True).fill("Asked before the reload")
    page.get_by_label("How can we help?").fill("Nobody has heard the answer.")
    send_in_vain(page, "**/v1/portal/tickets")
    page.reload()
    settle(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asked before the reload")
    once("a request before a reload", len(asked("Asked before the reload")))


def with_a_second_factor(page):
    """Somebody with a second factor is asked for its code in the same dialog; the answers are those of the API."""
    ends_over(page, "With a second factor")
    codes = []

    def ask_for_code(route):
        body = route.request.post_data_json
        codes.append(body.pop("code", None))
        if codes[-1] == "123456":
            return route.continue_(post_data=json.dumps(body))
        problem = {"type": "about:blank", "status": 401, "code": "second_factor_required", "title": "Enter your code."}
        route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/v1/auth/login", ask_for_code)
    dialog = again(page)
    dialog.get_by_label("Password", exact=True).fill(plan["password"])
    page.keyboard.press("Enter")
    code = dialog.get_by_label("Verification code", exact=True)
    expect(code).to_be_focused()
    expect(dialog.get_by_role("status")).to_contain_text("Enter your verification code.")
    look(page, "sign in again with a code")
    for typed in ("000000", "123456"):
        expect(code).to_have_count(1)
        code.fill(typed)
        page.keyboard.press("Enter")
        if typed == "000000":
            expect(dialog.get_by_role("button", name="Sign in", exact=True)).to_be_enabled()
            expect(code).to_be_focused()
    expect(dialog).to_have_count(0)
    expect(page.locator(".talk li.mine").last).to_contain_text("With a second factor")
    once("a message with a second factor", said("With a second factor"))
    if codes != [None, "000000", "123456"]:
        faults.append(f"the codes that were sent are {codes}")


def stays_in_sight(page):
    """Answers in a thread push the form down, and its button stays in sight of whoever writes."""
    long = "\n\n".join(f"Line {number}" for number in range(40))
    enter(page, "/tickets/new")
    page.get_by_label("Subject", exact=True).fill("At length")
    page.get_by_label("How can we help?").fill("Shortly.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("At length")
    settle(page)
    for place, label, answer in ((None, "Your reply", f"/v1/tickets/{asked('At length')[0]}/messages"),
                                 ("/messages", "Your message", f"/v1/conversations/{plan['conversation']}/messages")):
        if place:
            go(page, place)
        own, button = page.locator(".talk li.mine"), page.get_by_role("button", name="Send", exact=True)
        page.get_by_label(label).fill(f"Mine\n\n{long}")
        page.keyboard.press("Control+Enter")
        expect(own.last).to_contain_text("Line 39")
        expect(button).to_be_in_viewport(ratio=0.9)
        page.get_by_label(label).focus()
        staff(answer, {"text": f"Theirs\n\n{long}"})
        expect(page.locator(".talk li").last).to_contain_text("Theirs")
        expect(button).to_be_in_viewport(ratio=0.9)
        # A reader further up is left where they are.
        page.evaluate("scrollTo(0, 0)")
        staff(answer, {"text": f"Once more\n\n{long}"})
        expect(page.locator(".talk li").last).to_contain_text("Once more")
        if page.evaluate("scrollY"):
            faults.append(f"{label}: who reads above is moved by what comes below")


walks = [ends_in_the_middle, ends_before_a_decision, would_rather_not, with_a_second_factor, of_two_tabs, starts_anew,
         answered_in_vain, loaded_anew, stays_in_sight]
