import { ask, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { h, quiet } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { t } from "../../ui/words.js";

const pathOf = ({ id }) => `/v1/review-rules/${encodeURIComponent(id)}`;

/** Review rules: what deliverables have to have; what is missed again and again is proposed as one. */
export const { list, newRecord, record, editRecord } = pagesOf("review-rules", {
    list: { actions: () => h("a", { class: "button", href: "#/deliverable-quality" }, t("Quality trend")) },
    record: { facts: ["missed", "looked_at"], lead: proposed, actions },
});

/** Why a rule is proposed. */
function proposed({ status, missed, looked_at: all }) {
    if (status !== "proposed" || !all) return null;
    return quiet(t("It was missing in {missed} of the last {all} deliverables.", {
        missed: number(missed), all: number(all),
    }));
}

function actions(one, { kind, reload }) {
    if (!kind.mayWrite || one.status !== "proposed") return null;
    const { version } = one;
    return [
        h("button", { type: "button", class: "primary", onclick: () => ask({
            title: t("Adopt rule?"), action: t("Adopt rule"), said: t("Rule adopted"),
            text: t("Reviews of deliverables check it from now on."),
            run: () => operate(`${pathOf(one)}/adopt`, { version }).then(reload),
        }) }, t("Adopt rule")),
        h("button", { type: "button", onclick: () => ask({
            title: t("Dismiss rule?"), action: t("Dismiss rule"), said: t("Rule dismissed"),
            text: t("It is not proposed again."),
            run: () => operate(`${pathOf(one)}/dismiss`, { version }).then(reload),
        }) }, t("Dismiss rule")),
    ];
}
