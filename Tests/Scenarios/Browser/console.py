"""Runs an agency from the console in a headless browser: its records, its settings, the stop of everything.

Usage: console.py PLAN, a file of JSON: {url, email, password, lead (the id of one), reader: {email, password}, asked:
{email, password} (who decides about a mail), limited: {email, password, client (the name of the one)}, fresh: {email,
password} (of an agency that has nothing yet), browser, only (names of walks)}.
Prints JSON: {violations, faults}; both are empty where all is well.
"""
from consoleplaces import (
    asks_for_what_people_know, finds_its_way, finds_what_is_meant, hears_the_bell, of_one_client, read_only,
    see_empty_boards, see_empty_lists, see_every_page, tells_times, work_by_keyboard)
from consolewaits import answer_at_once, ends_in_the_middle, read_again_when_busy, tell_what_failed, tells_how_far
from consolework import (
    approve_without_mail, brings_in_a_file, edit_while_read_anew, makes_of_every_kind, says_what_was_refused,
    stop_and_resume, switch_keys_off, tells_limits_as_entered)
from looking import attempt, browsing, plan, watch

with browsing() as browser:
    for walk in (see_every_page, see_empty_boards, see_empty_lists, work_by_keyboard, finds_its_way,
                 finds_what_is_meant, asks_for_what_people_know, makes_of_every_kind, tells_limits_as_entered,
                 switch_keys_off, answer_at_once, read_again_when_busy, tell_what_failed, edit_while_read_anew,
                 brings_in_a_file, tells_how_far, ends_in_the_middle, tells_times, hears_the_bell,
                 approve_without_mail, says_what_was_refused, stop_and_resume, read_only, of_one_client):
        if plan.get("only") and walk.__name__ not in plan["only"]:
            continue
        page = browser.new_context(locale="en-GB").new_page()
        # A session that has ended, and what is refused, is an error to the browser.
        if walk not in (ends_in_the_middle, answer_at_once, read_again_when_busy, tell_what_failed, makes_of_every_kind,
                        tells_limits_as_entered, tells_how_far):
            watch(page)
        attempt(walk, page)
