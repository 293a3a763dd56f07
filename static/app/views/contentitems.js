import { adaptingMenu } from "../content/adapting.js";
import { adoptionActions } from "../content/adoption.js";
import { askDistribute, isGiven } from "../content/distribute.js";
import { publishingActions } from "../content/publishing.js";
import { quality } from "../content/quality.js";
import { results } from "../content/results.js";
import { media, reviewActions, reviewMenu, standing } from "../content/review.js";
import { versions } from "../content/versions.js";
import { pagesOf } from "../records/pages.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Messages are sent to people; other content stands somewhere. */
const isMessage = ({ format }) => format === "message";

const said = [
    "adopted_variant", "settled_at", "revision", "submitted_at", "reviewed_by", "reviewed_at", "review_notes",
    "asked_at", "change_request", "decided_at", "evidence", "approval_url", "media", "quality",
];

/** Content: what is written once for many, how far it is, whom it has reached, and which of its words do best. */
export const { list, newRecord, record, editRecord } = pagesOf("content-items", {
    list: { actions: () => h("a", { class: "button", href: "#/calendar" }, t("Calendar")) },
    record: {
        facts: said, lead: standing, menu: (item, tools) => [...reviewMenu(item, tools), ...adaptingMenu(item)],
        actions: (item, tools) => [
            reviewActions(item, tools),
            tools.kind.mayWrite && isMessage(item) && item.status !== "archived" && [h("button", {
                type: "button", class: isGiven(item) && "primary", onclick: () => askDistribute(item, tools.reload),
            }, isGiven(item) ? t("Send content") : t("Preview readers")), adoptionActions(item, tools)],
            publishingActions(item, tools),
        ],
        panels: (item, tools) => [
            quality(item, tools), media(item), isMessage(item) && results(item, tools), versions(item, tools),
        ],
    },
});
