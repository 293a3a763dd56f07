import { h } from "../dom.js";
import { adoptionActions } from "../content/adoption.js";
import { askDistribute, isGiven } from "../content/distribute.js";
import { results } from "../content/results.js";
import { pagesOf } from "../records/pages.js";
import { t } from "../words.js";

/** Content: what is written once for many, whom it has reached, and which of its words do best. */
export const { list, newRecord, record, editRecord } = pagesOf("content-items", {
    list: { actions: () => h("a", { class: "button", href: "#/content-calendar" }, t("Content calendar")) },
    record: {
        actions: (item, { kind, reload }) => kind.mayWrite && item.status !== "archived" && [h("button", {
            type: "button", class: isGiven(item) && "primary", onclick: () => askDistribute(item, reload),
        }, isGiven(item) ? t("Send content") : t("Preview readers")), adoptionActions(item, { kind, reload })],
        panels: results,
    },
});
