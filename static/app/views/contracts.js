import { pagesOf } from "../records/pages.js";
import { mailNote } from "../selling/held.js";
import { drawPaper } from "../selling/paper.js";
import { askToRemind, askToSendContract, paperActions } from "../selling/papers.js";
import { contractState } from "../selling/paperstate.js";
import { revise } from "../selling/revise.js";
import { withdrawal } from "../selling/withdraw.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const said = [
    "title", "terms", "services", "items", "sla", "milestones", "starts_on", "months", "notice_days", "price",
    "one_off", "sent_at", "signed_at", "signed_by", "declined_at", "decline_reason",
    "withdrawn_at", "withdraw_reason", "status", "locale",
];
const carried = [
    "proposal_id", "contact_id", "client_name", "title", "terms", "services", "items", "sla", "milestones", "starts_on",
    "months", "notice_days", "locale", "notes",
];

/** Contracts: what is agreed, and who has signed it. */
export const { list, newRecord, record, editRecord } = pagesOf("contracts", {
    record: {
        facts: said, isFixed: ({ status }) => status !== "draft",
        lead: (one, { signal }) => [
            contractState(one), one.status === "sent" && mailNote(one.message_id, signal),
            one.signed_hash && h("details", { class: "fold" }, h("summary", {}, t("Proof of the signature")),
                h("p", {}, t("Fingerprint of the signed document:"), " ", h("code", {}, one.signed_hash))),
        ],
        actions: paperActions,
        menu: (one, { kind, reload }) => [
            withdrawal(one, { kind, reload }),
            kind.mayWrite && one.status === "sent" && ["failed", "expired", "voided"].includes(one.signature?.status)
                && { text: t("Send again"), run: () => askToSendContract(kind, one, reload) },
            kind.mayWrite && one.status === "sent" && ["sent", "viewed"].includes(one.signature?.status)
                && one.signature.via !== "built_in"
                && { text: t("Send a reminder"), run: () => askToRemind(one, reload) },
            kind.mayWrite && ["sent", "declined", "withdrawn"].includes(one.status)
                && { text: t("Revise"), run: () => revise(kind, one, carried) },
        ],
        panels(one, { follow }) {
            const place = h("div", {}, drawPaper(one));
            follow((next) => place.replaceChildren(drawPaper(next)));
            return place;
        },
    },
});
