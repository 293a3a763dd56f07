import { get, may, tenant, withQuery } from "../api.js";
import { h } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { amount } from "../../ui/money.js";
import { t } from "../../ui/words.js";
import { leads, ownID } from "./ask.js";

const day = 86_400_000;

/** From when to when: the last seven days, and the seven before them. */
const spans = () => [[7, 0], [14, 7]].map(
    (span) => span.map((days) => new Date(Date.now() - days * day).toISOString()));

const between = (field, [from, to], isDay) =>
    ({ [`${field}[gte]`]: isDay ? from.slice(0, 10) : from, [`${field}[lt]`]: isDay ? to.slice(0, 10) : to });

/** Counts a list's records by the time of one of its fields. */
const counting = (path, field, query = {}) => async (span, signal) => {
    const asked = { limit: 1, fields: "id", total: true, ...query, ...between(field, span) };
    return (await get(withQuery(path, asked), signal)).total;
};

async function received(span, signal) {
    const { data } = await get(withQuery("/v1/payments",
        { limit: 200, fields: "amount,refunded", status: "succeeded", ...between("received_on", span, true) }), signal);
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currency() });
    const sum = data.filter(({ amount }) => amount.currency === currency())
        .reduce((sum, { amount, refunded }) => sum + amount.amount - (refunded?.amount ?? 0), 0);
    return sum / 10 ** format.resolvedOptions().minimumFractionDigits;
}

const currency = () => tenant().currency ?? "USD";

/** Figures of each kind of work: [label, permission, count, where its records are, how it is written]. */
const known = () => ({
    newLeads: [t("New leads"), "leads:read", counting("/v1/leads", "created_at"), "#/leads?sort=-created_at"],
    qualified: [t("Leads qualified"), "leads:read", counting("/v1/leads", "qualified_at"), "#/leads?status=qualified"],
    newDeals: [t("New deals"), "deals:read", counting("/v1/deals", "created_at"), "#/deals?sort=-created_at"],
    won: [t("Deals won"), "deals:read", counting("/v1/deals", "closed_at", { stage: "won" }), "#/deals?stage=won"],
    received: [t("Payments received"), "payments:read", received, "#/invoices?status=paid",
        (value) => amount(value, currency())],
    newTickets: [t("New tickets"), "tickets:read", counting("/v1/tickets", "created_at"), "#/tickets?sort=-created_at"],
    resolved: [t("Tickets resolved"), "tickets:read", counting("/v1/tickets", "resolved_at"),
        "#/tickets?status=resolved"],
    talks: [t("New conversations"), "conversations:read", counting("/v1/conversations", "created_at"), "#/inbox"],
    done: [t("Tasks done"), "tasks:read", counting("/v1/tasks", "completed_at"), "#/tasks?status=done"],
    decided: [t("Deliverables approved"), "deliverables:read",
        counting("/v1/deliverables", "decided_at", { status: "approved" }), "#/deliverables?status=approved"],
    replies: [t("Replies"), "messages:read", counting("/v1/messages", "created_at", { direction: "inbound" }),
        "#/inbox"],
});

const fields = {
    selling: ["newLeads", "qualified", "won", "newDeals", "replies"],
    support: ["resolved", "newTickets", "talks"], delivery: ["done", "decided"],
};

/** Chooses the figures: leaders see a bit of each, others first what they have most of. */
async function chosen(signal) {
    if (leads() || !ownID()) {
        return ["newLeads", "won", "received", "resolved", "done", "newTickets", "talks", "replies"];
    }
    const own = [
        ["selling", "deals:read", "/v1/deals", { owner_id: ownID() }],
        ["support", "tickets:read", "/v1/tickets", { assignee_id: ownID() }],
        ["delivery", "tasks:read", "/v1/tasks", { assignee_id: ownID() }],
    ];
    const counts = await Promise.all(own.map(async ([name, permission, path, query]) => [name, may(permission)
        ? await get(withQuery(path, { limit: 1, fields: "id", total: true, ...query }), signal)
            .then(({ total }) => total, () => 0) : 0]));
    const [most, ...rest] = counts.toSorted(([, a], [, b]) => b - a).map(([name]) => fields[name]);
    return [...most, ...rest.flat()];
}

/** Four figures of the last week with their change; each leads to its records. */
export async function figures(signal) {
    const all = known();
    const four = (await chosen(signal)).filter((name) => may(all[name][1])).slice(0, 4);
    const [now, before] = spans();
    const read = await Promise.all(four.map(async (name) => {
        const [label, , count, href, write = number] = all[name];
        const values = await Promise.all([count(now, signal), count(before, signal)]).catch((problem) => {
            if (signal.aborted) throw problem;
            return null;
        });
        return values && { label, href, write, value: values[0], change: values[0] - values[1] };
    }));
    return read.filter(Boolean);
}

export const drawFigures = (list) => h("dl", { class: "figures four" }, list.map(
    ({ label, href, write, value, change }) => h("div", {}, h("dt", {}, label),
        h("dd", {}, h("a", { href }, write(value))),
        h("dd", { class: "change" }, changeText(change, write)))));

function changeText(change, write) {
    if (!change) return t("As in the week before");
    const signed = (change > 0 ? "+" : "−") + write(Math.abs(change));
    return t("{change} on the week before", { change: signed });
}
