import { get } from "../api.js";
import { pagesOf } from "../records/pages.js";
import { h, pending, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/** Surveys, each with its results. */
export const { list, newRecord, record, editRecord } = pagesOf("surveys", {
    list: { actions: () => h("a", { class: "button", href: "#/satisfaction" }, t("Satisfaction")) },
    record: { panels: ({ id, kind }, { signal }) => section(t("Results"), {}, pending(
        () => get(`/v1/surveys/${encodeURIComponent(id)}/results`, signal), ({ responses, mean, score }) => facts([
            [t("Answers"), number(responses)],
            [t("Average"), mean === null ? "–" : number(Math.round(mean * 10) / 10)],
            [kind === "nps" ? t("Would recommend, less would not") : t("Satisfied"), score === null ? "–"
                : kind === "nps" ? number(Math.round(score)) : t("{count} %", { count: number(Math.round(score)) })],
        ]), { signal })) },
});
