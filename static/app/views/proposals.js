import { may } from "../api.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { pagesOf } from "../records/pages.js";
import { mailNote } from "../selling/held.js";
import { drawPaper } from "../selling/paper.js";
import { paperActions } from "../selling/papers.js";
import { proposalState } from "../selling/paperstate.js";
import { revise } from "../selling/revise.js";
import { withdrawal } from "../selling/withdraw.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const said = [
    "title", "introduction", "needs", "services", "items", "price", "price_factors", "pricing_justification",
    "case_studies", "call_to_action", "sent_at", "viewed_at", "accepted_at", "accepted_by", "declined_at",
    "decline_reason", "expired_at", "withdrawn_at", "withdraw_reason", "status", "price", "locale",
];
const carried = [
    "lead_id", "client_id", "contact_id", "package_id", "title", "introduction", "needs", "services", "items",
    "pricing_justification", "case_studies", "call_to_action", "locale", "notes",
];

/** Proposals: what is offered, how it stands, and what comes next. */
export const { list, newRecord, record, editRecord } = pagesOf("proposals", {
    record: {
        facts: said, isFixed: ({ status }) => status !== "draft",
        lead: (one, { signal }) => [proposalState(one), mailNote(one.message_id, signal)],
        actions: (one, tools) => [
            one.status === "accepted" && may("contracts:write") && h("button", { type: "button", class: "primary",
                onclick: async () => askNew(await kindOf("contracts"), { given: { proposal_id: one.id } }) },
            t("New contract")),
            paperActions(one, tools),
        ],
        menu: (one, { kind, reload }) => [
            withdrawal(one, { kind, reload }),
            kind.mayWrite && one.status !== "draft" && { text: t("Revise"), run: () => revise(kind, one, carried) },
        ],
        panels: (one, { follow }) => redrawn(one, follow),
    },
});

function redrawn(one, follow) {
    const place = h("div", {}, drawPaper(one));
    follow((next) => place.replaceChildren(drawPaper(next)));
    return place;
}
