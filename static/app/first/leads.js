import { call, get, may } from "../api.js";
import { sampleSwitch } from "../today/sample.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";

/** Somebody to work on: from a list, one by hand, or samples to look at. */
export function leads({ next, skip, signal }) {
    const count = pending(() => get("/v1/leads?limit=1&fields=id&total=true", signal), ({ total }) =>
        quiet(total ? plural(total, "There is {count} lead.", "There are {count} leads.")
            : t("There are no leads yet.")), { signal });
    const one = may("leads:write") && form({ action: t("Add lead"), isPrimary: false, async submit(values) {
        const body = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.trim()])
            .filter(([, text]) => text));
        await call("/v1/leads", { method: "POST", body });
        one.reset();
        toast(t("Lead created"));
        count.reload();
    } },
    field(t("Company"), "company", { required: true }), field(t("Contact name"), "contact_name"),
    field(t("Email"), "email", { type: "email" }));
    return [
        count,
        one && h("p", { class: "actions" }, h("a", { class: "button", href: "#/import" }, t("Import a list"))),
        one && h("details", { class: "fold" }, h("summary", {}, t("Add one by hand")), one),
        sampleSwitch({ onChange: count.reload }),
        h("div", { class: "actions" },
            h("button", { type: "button", class: "primary", onclick: next }, t("Continue")), skip),
    ];
}
