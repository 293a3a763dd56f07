"""Steps that the walks of settings.py share."""
from playwright.sync_api import expect

import looking
from looking import plan, press, settle

base = plan["url"]
widths = (360, 768, 1360)


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
