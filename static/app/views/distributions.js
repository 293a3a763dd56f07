import { may } from "../api.js";
import { drawSkipped } from "../content/distribute.js";
import { ask, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { h, section } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const isOver = ({ status }) => ["completed", "cancelled"].includes(status);

/** Distributions: a content item on its way to people, who is left out and why. */
export const { list, newRecord, record, editRecord } = pagesOf("distributions", {
    record: {
        facts: ["skipped", "approval_id"],
        actions: (one, { kind, reload }) => [
            one.approval_id && !isOver(one) && may("approvals:read") && h("a", { class: "button",
                href: `#/approvals/${encodeURIComponent(one.approval_id)}` }, t("View approval")),
            kind.mayWrite && !isOver(one) && h("button", { type: "button",
                onclick: () => askCancel(one, reload) }, t("Cancel distribution")),
        ],
        panels(one, { follow }) {
            const place = h("div", {}, leftOut(one));
            follow((next) => place.replaceChildren(leftOut(next)));
            return place;
        },
    },
});

const leftOut = ({ skipped }) => (skipped.length ? section(t("Left out"), {}, drawSkipped(skipped)) : "");

function askCancel({ id, version }, reload) {
    ask({
        title: t("Cancel distribution?"), action: t("Cancel distribution"), said: t("Distribution cancelled"),
        text: t("What has not left stays here. Anyone who has got it keeps it."),
        run: () => operate(`/v1/distributions/${encodeURIComponent(id)}/cancel`, { version }).then(reload),
    });
}
