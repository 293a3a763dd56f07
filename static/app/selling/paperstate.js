import { h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { ago, day } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";

/** Tells a paper's state and what it waits for, in a sentence. */
const sentence = (...parts) => h("p", { class: "standing" }, parts);

/** A proposal's way from draft to answer. */
export function proposalState(one) {
    switch (one.status) {
        case "draft": return sentence(t("Nobody outside sees this draft. Read it through, then send it."));
        case "sent": return sentence(
            pieces("Sent {when}. Waiting for the client to open it.", { when: ago(one.sent_at) }));
        case "viewed": return sentence(
            pieces("Opened {when}. Waiting for the client's decision.", { when: ago(one.viewed_at) }));
        case "accepted": return sentence(one.accepted_by
            ? pieces("Accepted by {name} {when}. The contract is next.",
                { name: one.accepted_by, when: ago(one.accepted_at) })
            : pieces("Accepted {when}. The contract is next.", { when: ago(one.accepted_at) }));
        case "declined": return declined(one);
        case "withdrawn": return withdrawn(one);
        default: return sentence(
            pieces("Expired {when}. Revise it to make a new offer.", { when: ago(one.expired_at ?? one.valid_until) }));
    }
}

/** A contract's way from draft to signature. */
export function contractState(one) {
    switch (one.status) {
        case "draft": return sentence(t("Nobody outside sees this draft. Sending fixes its text."));
        case "sent": return signing(one);
        case "signed": return sentence(one.signed_by
            ? pieces("Signed by {name} {when}.", { name: one.signed_by, when: ago(one.signed_at) })
            : pieces("Signed {when}.", { when: ago(one.signed_at) }));
        case "withdrawn": return withdrawn(one);
        default: return declined(one);
    }
}

/** Tells whose turn it is with a contract that was sent: the client's, or that of the service where it is signed. */
function signing({ sent_at, signature }) {
    const when = ago(sent_at);
    if (!signature || signature.via === "built_in" || signature.status === "captured") {
        return sentence(pieces("Sent {when}. Waiting for the signature.", { when }));
    }
    const service = words(signature.via), why = signature.detail && [" ", quoted(signature.detail)];
    switch (signature.status) {
        case "waiting": return sentence(t("On its way to {service}.", { service }));
        case "sent": return sentence(pieces("Sent {when}. Waiting for the signature at {service}.", { when, service }));
        case "viewed": return sentence(t("Opened at {service}. Waiting for the signature.", { service }));
        case "expired": return sentence(t("The time to sign at {service} is over. Send it again or revise it.",
            { service }));
        case "voided": return sentence(t("{service} has given it back unsigned.", { service }), why);
        default: return sentence(t("{service} has not taken it.", { service }), why);
    }
}

/** An invoice's way from draft to payment. */
export function invoiceState(one) {
    const { status, due, due_on, kind, reminders } = one;
    const told = reminders > 0 ? [" ", t("Reminders sent: {count}", { count: reminders })] : "";
    if (kind === "credit_note") return sentence(t("Credit note: it lowers what the client owes."));
    switch (status) {
        case "draft": return sentence(t("A draft has no number and is not owed. Check it, then send it."));
        case "open": return sentence(due_on
            ? t("Waiting for {amount} until {day}.", { amount: money(due), day: day(due_on) })
            : t("Waiting for {amount}.", { amount: money(due) }), told);
        case "overdue": return sentence(
            t("{amount} have been due since {day}.", { amount: money(due), day: day(due_on) }), told);
        case "paid": return sentence(pieces("Paid {when}.", { when: ago(one.paid_at) }));
        default: return sentence(pieces("Voided {when}: nothing is owed.", { when: ago(one.voided_at) }));
    }
}

const declined = ({ declined_at, decline_reason }) => sentence(
    pieces("Declined {when}.", { when: ago(declined_at) }), " ", decline_reason && quoted(decline_reason));

const withdrawn = ({ withdrawn_at, withdraw_reason }) => sentence(
    pieces("Withdrawn {when}: it can be answered no more.", { when: ago(withdrawn_at) }), " ",
    withdraw_reason && quoted(withdraw_reason));

const quoted = (text) => h("span", { dir: "auto" }, `“${text}”`);
