import { get, may, tenant } from "../api.js";
import { reasonInWords } from "../reasons.js";
import { h, pending } from "../../ui/dom.js";
import { instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Tells what has become of a mail that was let go: sent, or held and by what. */

/** Where what holds a mail can be changed. */
const ways = () => ({
    no_provider: [t("no mail service"), t("Connect one"), "#/settings/integrations"],
    missing_postal_address: [t("no postal address of the agency"), t("Enter it"),
        "#/settings/agency?field=postal_address"],
    brake: [t("sending is stopped"), t("See what is stopped"), "#/outbox"],
    budget_exhausted: [t("the budget is used up"), t("See budgets"), "#/settings/budgets"],
    quota_exhausted: [t("the service's limit is reached"), t("See integrations"), "#/settings/integrations"],
    suppressed: [t("the address must not be written to"), t("See suppressions"), "#/settings/suppressions"],
});

/** Why a message does not go out, in a few words with the way on: ["no mail service. ", link]. */
export function whyHeld({ code, detail, until }) {
    const [what, way, href] = ways()[code] ?? [];
    if (what) return [`${what}. `, h("a", { href }, way)];
    const later = until ? ` ${t("Until {when}", { when: instantIn(until, tenant().time_zone) })}` : "";
    return [reasonInWords({ code, detail }), later];
}

/** A note on the mail of something that was sent; nothing where it has gone out. */
export function mailNote(messageID, signal) {
    if (!messageID || !may("messages:read")) return null;
    const path = `/v1/messages/${encodeURIComponent(messageID)}`;
    return pending(() => get(path, signal).catch(() => null), (message) => message && drawNote(message),
        { label: "", signal });
}

function drawNote({ status, reasons, error_code, error_detail, not_before }) {
    const [first] = reasons ?? [];
    if (status === "held") {
        return note("warn", t("The email is not sent yet:"), whyHeld(first ?? {}));
    }
    if (["failed", "bounced", "cancelled", "unknown"].includes(status)) {
        return note("bad", t("The email was not delivered:"), whyHeld({ code: error_code, detail: error_detail }));
    }
    if (status === "queued" && not_before && new Date(not_before) > new Date()) {
        return note("", t("The email goes out later:"), [instantIn(not_before, tenant().time_zone)]);
    }
    return null;
}

const note = (tone, title, why) => h("p", { class: `notice ${tone}` }, h("strong", {}, title), " ", why);
