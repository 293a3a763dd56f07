"""An owner sets up the house in a headless browser: settings, agents, workflows and sandboxes, by the page only.

Usage: settings.py PLAN, a file of JSON: {url, email, password, contact (a name), lead (a company), colleague (a name),
browser, walks (their names; all where there are none)}. Prints JSON: {violations, faults}; both are empty where all is
well.
"""
import days, small
from looking import attempt, browsing, faults, plan, watch
from settingsagents import agents, hold_an_agent, sandbox, set_up_by_keyboard, workflow
from settingshouse import not_written_to, offer_and_desk, own_look, people_and_roles, the_agency, words_and_support
from settingsservices import channels, connections, limits_and_data

walks = (the_agency, own_look, people_and_roles, connections, channels, offer_and_desk, words_and_support,
         not_written_to, limits_and_data, agents, hold_an_agent, workflow, sandbox, set_up_by_keyboard)
with browsing() as browser:
    for walk in [walk for walk in walks if walk.__name__ in plan.get("walks", walk.__name__)]:
        page = browser.new_context(locale="en-GB").new_page()
        watch(page)
        attempt(walk, page)
    if "walks" not in plan:
        days.take(browser, small.of_connections, "light")
        days.take(browser, small.of_automation, "dark")
        days.take(browser, days.of_owner, "light", "dark", "light")
    # A refusal that a step asks for is no fault of the page.
    faults[:] = [fault for fault in faults if "the server responded with a status of 4" not in fault]
