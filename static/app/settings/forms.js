import { call, get, may } from "../api.js";
import { paged } from "../paging.js";
import { linkTo } from "../places.js";
import { doing, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { words } from "../../ui/format.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { listPage, secretBox } from "./parts.js";

/** A form for a site: its questions, the line that puts it there, and what has been sent with it. */
export const forms = listPage("forms", () => ({
    facts: ["public_key"],
    panels: (form, { signal }) => [
        form.public_key && section(t("On your site"), {},
            quiet(t("Link to this page, or show it in a frame of your site.")),
            secretBox(t("Address of the form"), `${location.origin}/forms/${form.public_key}`, { isSecret: false })),
        section(t("What has been sent"), {}, submissions(form, signal)),
    ],
}));

function submissions({ id, fields }, signal) {
    const first = `/v1/form-submissions?form_id=${encodeURIComponent(id)}&limit=20`;
    const labels = new Map(fields.map(({ name, label }) => [name, label]));
    const more = (cursor) => get(`${first}&cursor=${encodeURIComponent(cursor)}`, signal);
    const place = pending(() => get(first, signal), (page) => {
        if (!page.data.length) return quiet(t("Nobody has sent it yet."));
        const list = h("ul", { class: "papers" }, page.data.map(item));
        return [list, paged(page, more, (records) => {
            const added = records.map(item);
            list.append(...added);
            return added[0];
        })];
    }, { signal });
    const item = (one) => {
        const trouble = h("div");
        const answers = Object.entries(one.answers)
            .map(([name, value]) => [labels.get(name) ?? words(name), Array.isArray(value) ? value.join(", ")
                : String(value)]);
        return h("li", {}, facts(answers), h("p", { class: "links" }, h("span", { class: "quiet" },
            ago(one.created_at)),
            one.ticket_id && linkTo({ type: "ticket", id: one.ticket_id }), one.lead_id
                && linkTo({ type: "lead", id: one.lead_id }),
            may("forms:write") && doing(t("Delete"), async () => {
                await call(`/v1/form-submissions/${encodeURIComponent(one.id)}`, { method: "DELETE" });
                toast(t("Deleted"));
                await place.reload();
            }, { place: trouble, class: "small" })), trouble);
    };
    return place;
}
