import { may } from "../api.js";
import { askReferral } from "../delivery/referrals.js";
import { pagesOf } from "../records/pages.js";
import { h, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { money } from "../../ui/money.js";
import { statusBadge } from "../../ui/status.js";
import { t } from "../../ui/words.js";

const own = "#/referrals/new";

const pages = pagesOf("referrals", {
    list: { actions: () => may("referrals:write")
        && h("button", { type: "button", class: "primary", "data-key": "n", onclick: add }, t("New referral")) },
    record: { facts: ["referrer", "reward"], lead: drawPerson },
});

/** Referrals: whom clients have named, what became of them, and what the client gets for it. */
export const { list, record, editRecord } = pages;

/** The list, with the form for a new one over it. */
export function newRecord(context) {
    if (may("referrals:write")) setTimeout(add);
    return list(context);
}

function add() {
    const before = location.hash;
    if (before !== own) history.pushState(null, "", own);
    askReferral({
        changed: ({ id }) => (location.hash = `/referrals/${encodeURIComponent(id)}`),
        onClose: () => location.hash === own
            && history.replaceState(null, "", before === own ? "#/referrals" : before),
    });
}

function drawPerson({ referred, reward }) {
    const own = reward?.status && reward.status !== "none" && h("span", { class: "badges" },
        statusBadge(reward.status), reward.amount && money(reward.amount));
    return section(t("Person named"), {},
        referred ? facts([
            [t("Name"), h("span", { dir: "auto" }, referred.name)],
            [t("Email"), h("a", { href: `mailto:${encodeURIComponent(referred.email)}` }, referred.email)],
            [t("Company"), referred.company && h("span", { dir: "auto" }, referred.company)],
        ]) : quiet(t("What was known of this person is erased.")),
        own && facts([[t("Reward for the client"), own]]));
}
