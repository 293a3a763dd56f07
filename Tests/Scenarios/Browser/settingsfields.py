"""A walk of settings.py: a custom field, from its declaration to a filter by it."""
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
