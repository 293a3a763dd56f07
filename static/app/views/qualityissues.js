import { may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { mayMerge, merge } from "../records/merging.js";
import { pagesOf } from "../records/pages.js";
import { whatToDo } from "../quality/whattodo.js";
import { doing, h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Issues of records: what can be done, or why nothing needs to be. */
export const { list, newRecord, record, editRecord } = pagesOf("quality-issues", {
    record: {
        facts: ["remedy"],
        lead: (issue) => issue.status === "open" && h("div", { class: "next-action" }, h("h2", {}, t("What to do")),
            h("p", {}, whatToDo(issue))),
        actions: (issue, { reload }) => issue.status === "open" && [
            merger(issue),
            may("quality:write")
                && h("button", { type: "button", onclick: () => ignore(issue, reload) }, t("Ignore…")),
        ],
    },
});

/** A button that makes one of two records with one value, where such records can be merged. */
function merger({ subject_type, remedy: { action, changes } }) {
    const plural = { lead: "leads", contact: "contacts", company: "companies" }[subject_type];
    if (action !== "merge" || !mayMerge(plural)) return null;
    const place = h("div", { class: "notices" });
    // The issue goes with the record that was one too many.
    const show = () => { location.hash = `#/${plural}/${changes.keep}`; };
    const run = () => merge(plural, changes.keep, changes.merge, show);
    return [doing(t("Merge"), run, { place, class: "primary" }), place];
}

/** The rule is right and the value, too: told as long as it stays the same. */
function ignore({ id }, reload) {
    ask({
        title: t("Ignore issue?"), action: t("Ignore"), said: t("Issue ignored"),
        text: t("It comes back when the value changes."),
        fields: [asked.text("reason", t("Why the value is right"), { required: true })],
        run: (body) => operate(`/v1/quality-issues/${encodeURIComponent(id)}/ignore`, { body }).then(reload),
    });
}
