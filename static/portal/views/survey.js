import { kept, post, recordPage } from "../parts.js";
import { fill, h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { polite } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** Asks how it went: a number, and words where somebody has some. */
export function survey({ id, signal }) {
    const path = `/v1/portal/surveys/${encodeURIComponent(id)}`;
    return recordPage(t("How did it go?"), path, ["/", t("Home")], {
        signal, name: ({ question }) => question,
        draw: ({ score_min, score_max, ticket_subject, ticket_id }) => {
            const scores = Array.from({ length: score_max - score_min + 1 }, (_, index) => score_min + index);
            const draft = `survey ${id} ${ticket_id ?? ""}`;
            const fields = kept(draft, form(
                {
                    action: t("Send"),
                    async submit({ score, comment }) {
                        if (score === undefined) throw { title: t("Choose a rating."), detail: "" };
                        await post(`${path}/answer`, {
                            score: Number(score), ...(comment && { comment }), ...(ticket_id && { ticket_id }),
                        }, draft);
                        fill(fields, h("p", { class: "notice good", ...polite }, t("Thank you.")));
                    },
                },
                h("fieldset", {},
                    h("legend", {},
                        t("Rating from {low} (lowest) to {high} (highest)", { low: score_min, high: score_max })),
                    h("div", { class: "scale" }, scores.map((score) =>
                        h("label", {}, h("input", { type: "radio", name: "score", value: score }), score)))),
                field(t("Anything to add?"), "comment", { control: "textarea", rows: 3 })));
            return [ticket_subject && h("p", {}, t("About: {subject}", { subject: ticket_subject })), fields];
        },
    });
}
