import { may } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { whatToDo } from "../quality/whattodo.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Issues of records: what can be done, or why nothing needs to be. */
export const { list, newRecord, record, editRecord } = pagesOf("quality-issues", {
    record: {
        facts: ["remedy"],
        lead: (issue) => issue.status === "open" && h("div", { class: "next-action" }, h("h2", {}, t("What to do")),
            h("p", {}, whatToDo(issue))),
        actions: (issue, { reload }) => issue.status === "open" && may("quality:write")
            && h("button", { type: "button", onclick: () => ignore(issue, reload) }, t("Ignore…")),
    },
});

/** The rule is right and the value, too: told as long as it stays the same. */
function ignore({ id }, reload) {
    ask({
        title: t("Ignore issue?"), action: t("Ignore"), said: t("Issue ignored"),
        text: t("It comes back when the value changes."),
        fields: [asked.text("reason", t("Why the value is right"), { required: true })],
        run: (body) => operate(`/v1/quality-issues/${encodeURIComponent(id)}/ignore`, { body }).then(reload),
    });
}
