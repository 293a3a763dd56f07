"""A walk of settings.py: a custom field, from its declaration to a filter by it, a lead's story and a sequence."""
import re

from playwright.sync_api import expect

import looking
from looking import faults, plan, press, settle
from settingspage import box, dialog, go, look, region, saved


def own_field(page):
    """A field that was just added to leads is filled on one of them, shown as a column, changed there, and filtered
    by; others stay as they are, and what does not fit is told at its field."""
    fields = ({"key": "seats", "type": "number", "label": "Seats"},
              {"key": "plan", "type": "choice", "label": "Plan", "choices": ["Basic", "Large"]},
              {"key": "is_reseller", "type": "boolean", "label": "Reseller"})
    for field in fields:
        looking.call(page, "POST", "/v1/custom-fields", {"resource": "lead", **field})
    go(page, "#/leads")
    page.get_by_role("link", name=plan["lead"], exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(plan["lead"])
    settle(page)
    press(page, "Edit")
    form = dialog(page, "Edit lead")
    form.get_by_text("More fields", exact=True).click()
    box(form, "Shop system").fill("Shopify")
    box(form, "Plan").select_option("Large")
    box(form, "Reseller").select_option("Yes")
    box(form, "Seats").fill("many")
    look(page, "custom fields of a lead")
    press(form, "Save")
    expect(box(form, "Seats")).to_have_attribute("aria-invalid", "true")
    box(form, "Seats").fill("12")
    saved(form)
    page.reload()
    settle(page)
    path = f"/v1/leads/{page.url.rsplit('/', 1)[1].split('?')[0]}"
    kept = looking.call(page, "GET", path)["custom"]
    if kept != {"shop_system": "Shopify", "plan": "Large", "seats": 12, "is_reseller": True}:
        faults.append(f"the custom fields of a lead are {kept}")
    details = region(page, "Details")
    for label, value in (("Shop system", "Shopify"), ("Plan", "Large"), ("Seats", "12"), ("Reseller", "Yes")):
        fact = details.locator("dl > div").filter(has=page.get_by_text(label, exact=True))
        expect(fact.locator("dd")).to_contain_text(value)
    # Of two fields that two people change both are kept.
    details.get_by_role("button", name="Edit seats").press("Enter")
    looking.call(page, "PATCH", path, {"custom": {"plan": "Basic"}})
    box(details, "Seats").fill("")
    page.keyboard.press("Enter")
    expect(details.get_by_text("Seats", exact=True)).to_have_count(0)
    kept = looking.call(page, "GET", path)["custom"]
    if kept != {"shop_system": "Shopify", "plan": "Basic", "is_reseller": True}:
        faults.append(f"after two have changed a lead its custom fields are {kept}")
    look(page, "a lead with custom fields")

    looking.call(page, "POST", "/v1/leads", {"company": "Other Shop Ltd", "custom": {"shop_system": "Magento"}})
    go(page, "#/leads")
    press(page, "Columns")
    columns = dialog(page, "Columns")
    columns.get_by_label("Shop system", exact=True).check()
    columns.get_by_role("button", name="Show columns").click()
    row = page.get_by_role("row").filter(has_text=plan["lead"])
    row.get_by_text("Shopify", exact=True).dblclick()
    box(row, "Shop system").fill("Shopware")
    page.keyboard.press("Enter")
    expect(row.get_by_text("Shopware", exact=True)).to_be_visible()
    press(page, "Add filter")
    page.get_by_role("menuitem", name="Shop system", exact=True).click()
    wanted = dialog(page, "Filter by shop system")
    box(wanted, "Shop system").fill("Shopware")
    press(wanted, "Apply filter")
    expect(page.get_by_role("row").filter(has_text="Other Shop Ltd")).to_have_count(0)
    expect(row.get_by_text("Shopware", exact=True)).to_be_visible()
    page.reload()
    settle(page)
    expect(row.get_by_text("Shopware", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Shop system: Shopware", exact=True)).to_be_visible()
    look(page, "a list filtered by a custom field")
    changes_by_label(page, path)
    step_by_own_field(page)


def changes_by_label(page, path):
    """The activity of a lead names its custom fields by their labels."""
    go(page, f"#{path.removeprefix('/v1')}?tab=activity")
    feed = page.locator(".feed")
    for label in ("Plan", "Seats", "Shop system"):
        expect(feed.get_by_text(f"Lead updated: {label}", exact=True)).to_be_visible()
    if found := re.search("custom|shop_system|is_reseller", feed.inner_text(), re.I):
        faults.append(f"the activity of a lead names a field {found[0]!r}")


def step_by_own_field(page):
    """A step of a sequence asks for a custom field as filters do, is told in words, and asks otherwise later."""
    go(page, "#/sequences")
    press(page, "New sequence")
    form = dialog(page, "New sequence")
    box(form, "Name").fill("Calls of large shops")
    box(form, "Kind of step").select_option("task")
    box(form, "What is to be done").fill("Call them")
    box(form, "When").select_option(label="If a fact of the lead holds")
    press(form, "Save")
    expect(form).to_contain_text("Choose a field.")
    for label, ways in (
        ("Shop system", ["is", "is not", "is one of", "contains", "is known", "is not known"]),
        ("Reseller", ["is", "is known", "is not known"]),
        ("Plan", ["is", "is not", "is one of", "is known", "is not known"]),
    ):
        box(form, "Fact").select_option(label=label)
        if (offered := box(form, "Comparison").locator("option").all_inner_texts()) != ways:
            faults.append(f"a step may ask for {label}: {offered}")
    if (plans := box(form, "Value").locator("option").all_inner_texts()) != ["Basic", "Large"]:
        faults.append(f"a step may ask for the plans {plans}")
    box(form, "Fact").select_option(label="Seats")
    box(form, "Comparison").select_option(label="is at least")
    box(form, "Value").fill("many")
    press(form, "Save")
    expect(box(form, "Value")).to_have_attribute("aria-invalid", "true")
    box(form, "Value").fill("12")
    look(page, "a step that asks for a custom field")
    saved(form)
    go(page, "#/sequences")
    page.get_by_role("link", name="Calls of large shops", exact=True).click()
    steps = region(page, "Steps")
    expect(steps).to_contain_text("If Seats is at least 12")
    path = f"/v1/sequences/{page.url.rsplit('/', 1)[1].split('?')[0]}"
    kept = looking.call(page, "GET", path)["steps"][0]["condition"]
    if (kept["field"], kept["op"], kept["value"]) != ("custom.seats", "gte", 12):
        faults.append(f"the condition of a step is kept as {kept}")
    press(page, "Edit")
    form = dialog(page, "Edit sequence")
    expect(box(form, "Value")).to_have_value("12")
    box(form, "Comparison").select_option(label="is not known")
    expect(form.get_by_label("Value", exact=True)).to_have_count(0)
    saved(form)
    expect(steps).to_contain_text("If Seats is not known")
