import { call, get, withQuery } from "../api.js";
import { mailFold } from "../mail.js";
import { combobox } from "../../ui/combobox.js";
import { failure, fill, h, quiet } from "../../ui/dom.js";
import { polite } from "../../ui/state.js";
import { t } from "../../ui/words.js";

let made = 0;

/** A template as a lead that is chosen would read it, below a fold; `template()` gives its id. */
export function previewFold(template) {
    const id = `preview-${++made}`, place = h("div", polite);
    const search = async (said) => (await get(withQuery("/v1/leads", { q: said, limit: 12 }))).data
        .map((one) => ({ id: one.id, text: [one.contact_name, one.company].filter(Boolean).join(", ") }));
    const box = combobox({ id, name: "preview_for", search, onPick: (item) => item && show(item.id) });
    async function show(lead_id) {
        if (!template()) return fill(place, quiet(t("Choose a template first.")));
        fill(place, quiet(t("Loading…")));
        try {
            const path = `/v1/templates/${encodeURIComponent(template())}/preview`;
            fill(place, draw(await (await call(path, { method: "POST", body: { lead_id } })).json()));
        } catch (problem) {
            fill(place, failure(problem));
        }
    }
    return h("details", { class: "fold preview-fold" }, h("summary", {}, t("Preview")),
        h("div", { class: "field" }, h("label", { for: id }, t("As this lead reads it")), box.element), place);
}

const draw = ({ subject, text, html, warnings }) => h("div", { class: "preview" },
    subject && h("p", {}, h("strong", { dir: "auto" }, subject)),
    h("div", { class: "said", dir: "auto" }, text),
    html && mailFold(html, subject ?? t("Email")),
    warnings?.length > 0 && h("ul", { class: "reasons" }, warnings.map(({ detail }) => h("li", {}, detail))));
