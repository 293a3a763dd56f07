"""A day of each role on a phone, a tablet and a desk, by the page alone: what its walk does, without what is tried there
in more than one way, refused or taken back. Half of the roles have the phone and the desk by day and the tablet by
night, the others the other way round; at each stop axe looks at the colours of the other scheme, too. What is worked
on is made on the way, so that a day needs nothing which another walk has left."""
import re

from playwright.sync_api import expect

import fitting
from looking import attempt, faults, judge, let_in, opened, plan, press, settle, told, watch

SCREENS = ((360, 740), (768, 1024), (1360, 900))
# Controls that a finger has to find on a phone, and that are less than 44 px high; words of a sentence are as
# high as their line.
SMALL = """() => [...document.querySelectorAll(`button:not(.link, .sorter), .button, select, summary, label.tick,
    input:not([type=checkbox], [type=radio]), .top nav a, .tabs a, .links > a, :is(.menu, .account-menu) > *,
    .settings-nav a, [role=option]`)]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
    .map((one) => one.getAttribute("aria-label") || one.textContent || one.name)"""


def take(browser, day, *schemes):
    """Has the day on as many screens as there are schemes, each in its own; a fault says which it was."""
    for (width, height), scheme in zip(SCREENS, schemes):
        page = browser.new_context(
            locale="en-GB", viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce",
        ).new_page()
        watch(page)
        before = len(faults)
        attempt(day, page)
        faults[before:] = [f"{width} px, {scheme}: {fault}" for fault in faults[before:]]
        page.context.close()


def width(page):
    return page.viewport_size["width"]


def look(page, name):
    """Has axe check the page as it is and its colours in the other scheme, and that all of it fits its screen."""
    settle(page)
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    judge(page, f"{name}, in a day, {scheme}", width(page))
    other = "light" if scheme == "dark" else "dark"
    page.emulate_media(color_scheme=other, reduced_motion="reduce")
    judge(page, f"{name}, in a day, {other}", width(page), hasSameWidth=True)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    faults.extend(f"{name} {one}" for one in fitting.misfits(page))
    if width(page) < 700:
        faults.extend(f"{name} has a control too small for a finger: {one}" for one in page.evaluate(SMALL))


def arrive(page, name):
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    settle(page)


def come_in(page):
    page.goto(f"{plan['url']}/")
    let_in(page)
    arrive(page, "Today")


def entry(page, name):
    """Goes to an entry of the sidebar, which is folded behind its button but on a desk; a count may follow its name."""
    if width(page) < 1000:
        page.get_by_role("button", name="Menu", exact=True).click()
    side = page.get_by_role("navigation", name="Main")
    side.get_by_role("link", name=re.compile(rf"^{name}\s*\d*$")).click()
    arrive(page, name)


def follow(page, said, name=None):
    """Goes to what was just made, by the link of what is told."""
    note = page.locator(".toast").filter(has_text=said).last
    note.get_by_role("link", name="Open", exact=True).click()
    if name:
        arrive(page, name)


def begin(page, name):
    """Presses a button of the record that is shown."""
    page.locator("main .heading").get_by_role("button", name=name, exact=True).click()
    return opened(page, name)


def menu(page, button, item):
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def of_owner(page):
    """An owner says where the agency is and when it works, invites somebody, makes a key, looks after agents, and stops
    and resumes all sending."""
    come_in(page)
    look(page, "Today of an owner")
    entry(page, "Settings")
    setting(page, "Agency")
    agency = page.get_by_role("region", name="Agency", exact=True)
    agency.get_by_label("Postal address", exact=True).first.fill(f"{width(page)} Example Street")
    press(agency, "Save")
    told(page, "Settings saved")
    look(page, "agency")
    setting(page, "Hours and holidays")
    hours = page.get_by_role("region", name="Business hours", exact=True)
    hours.get_by_role("checkbox", name="Monday").check()
    hours.get_by_label("From", exact=True).first.fill({360: "08:00", 768: "08:30"}.get(width(page), "09:00"))
    hours.get_by_label("To", exact=True).first.fill("17:00")
    press(hours, "Save")
    told(page, "Settings saved")
    look(page, "hours")
    setting(page, "People")
    press(page, "Invite")
    invite = opened(page, "Invite")
    email = f"kim{width(page)}@example.com"
    invite.get_by_label("Email", exact=True).fill(email)
    press(invite, "Send invitation")
    expect(invite.get_by_role("textbox", name="Link to join")).to_be_visible()
    look(page, "an invitation")
    press(invite, "Done")
    expect(page.get_by_role("region", name="Invitations", exact=True)).to_contain_text(email)
    make_key(page)
    look_after_agents(page)
    press(page, "Emergency stop")
    stop = opened(page, "Stop all sending?")
    stop.get_by_label("Reason").fill("Tried on a small screen")
    press(stop, "Stop sending")
    stopped = page.get_by_role("region", name="Sending is stopped")
    expect(stopped).to_contain_text("Tried on a small screen")
    look(page, "stopped")
    press(stopped, "Resume sending")
    press(opened(page, "Resume sending?"), "Resume sending")
    expect(stopped).to_have_count(0)


def make_key(page):
    setting(page, "API keys")
    press(page, "New API key")
    key, name = opened(page, "New API key"), f"Shop {width(page)}"
    key.get_by_label("Name", exact=True).first.fill(name)
    key.get_by_role("checkbox", name="Leads: See", exact=True).check()
    look(page, "a new API key")
    press(key, "Create")
    expect(key.get_by_role("textbox", name="API key")).to_have_value(re.compile("^bk_"))
    press(key, "Done")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def look_after_agents(page):
    """Several are switched at once, and one asks before it acts, or does not."""
    entry(page, "Agents")
    picked = page.get_by_role("toolbar", name="Selection")
    for action in ("Switch on", "Switch off"):
        page.get_by_role("checkbox", name="Select Budget allocation", exact=True).check()
        look(page, f"agents before {action}")
        press(picked, action)
        switched = page.get_by_role("region", name="Just switched", exact=True)
        expect(switched).to_contain_text(f"Budget allocation: {action.replace('Switch', 'Switched')}")
    page.get_by_role("table", name="Active agents").get_by_role("link", name="Lead scoring", exact=True).click()
    arrive(page, "Lead scoring")
    may = page.get_by_role("region", name="Automatic actions", exact=True)
    may.get_by_label("Autonomy", exact=True).select_option({768: "autopilot"}.get(width(page), "approve"))
    press(may, "Save")
    told(page, "Agent saved")
    look(page, "an agent")


def setting(page, name):
    page.get_by_role("navigation", name="Settings").get_by_role("link", name=name, exact=True).click()
    arrive(page, name)


def of_operator(page):
    """An operator limits an agency and makes another, looks at the health of the installation, pauses a queue, and
    makes a backup."""
    come_in(page)
    look(page, "Today of an operator")
    entry(page, "Agencies")
    page.get_by_label("Search agencies").fill(plan["agency"][:5])
    page.get_by_role("link", name=plan["agency"]).click()
    expect(page.get_by_role("heading", level=2, name=plan["agency"])).to_be_visible()
    press(page, "Set limits")
    limits = opened(page, "Set limits")
    limits.get_by_label("Requests a minute").fill(f"{3000 + width(page)}")
    press(limits, "Save")
    expect(limits).to_have_count(0)
    expect(page.get_by_text(f"{3000 + width(page):,}")).to_be_visible()
    look(page, "an agency")
    entry(page, "Agencies")
    press(page, "New agency")
    form, name = opened(page, "New agency"), f"Harbour {width(page)}"
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Owner's email").fill(f"hanna@harbour{width(page)}.example")
    press(form, "Create agency")
    expect(form.get_by_label("Link for the owner")).to_have_value(re.compile("/#/"))
    look(page, "the link for an owner")
    press(form, "Done")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    entry(page, "Health")
    expect(page.get_by_role("region", name="Installation")).to_contain_text("Jobs waiting")
    press(page, "Check again")
    look(page, "health")
    press(page, "Pause: Imports")
    press(opened(page, "Pause Imports?"), "Pause")
    told(page, "Queue paused")
    press(page, "Resume: Imports")
    told(page, "Queue resumed")
    entry(page, "Backups")
    if not plan["onServer"]:
        press(page, "Back up now")
        told(page, "The backup is made and checked")
    look(page, "backups")
