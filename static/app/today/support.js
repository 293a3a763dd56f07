import { get, may, withQuery } from "../api.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { first, hours, leads, ownID } from "./ask.js";

/** People who wait for an answer, and requests whose time runs out. */
export async function waits(signal) {
    const [asked, own, due] = await Promise.all([
        may("conversations:write") && first("/v1/conversations", { handler: "waiting_for_human" }, signal),
        may("conversations:read") && ownID() && first("/v1/conversations",
            { handler: "human", assignee_id: ownID(), status: "open", "unread[gt]": 0 }, signal),
        may("tickets:read") && first("/v1/tickets",
            { status: "new,open,on_hold", "next_due_at[lte]": hours(8), sort: "next_due_at", limit: 10 }, signal),
    ]);
    const talks = [...(asked?.data ?? []).filter(({ status }) => status !== "closed").map((one) => [one, true]),
        ...(own?.data ?? []).map((one) => [one, false])];
    const names = await namesOf(talks.map(([{ contact_id }]) => contact_id), signal);
    const tickets = (due?.data ?? []).filter(({ assignee_id }) => leads() || !assignee_id || assignee_id === ownID());
    return [...talks.map(([one, isAsked]) => talk(one, isAsked, names)), ...tickets.map(ticket)];
}

/** Asks at once for contacts' names, by their ids. Of those that cannot be read, nothing. */
async function namesOf(contacts, signal) {
    const ids = [...new Set(contacts.filter(Boolean))];
    if (!ids.length || !may("contacts:read")) return new Map();
    const asked = { id: ids.join(","), fields: "id,name", limit: ids.length };
    const { data } = await get(withQuery("/v1/contacts", asked), signal).catch(() => ({ data: [] }));
    return new Map(data.map(({ id, name }) => [id, name]));
}

function talk(one, isAsked, names) {
    const { id, channel, contact_id, subject, preview, handover, human_requested_at, last_message_at } = one;
    const name = names.get(contact_id);
    return {
        rank: isAsked ? 1 : 2, at: human_requested_at ?? last_message_at, tone: isAsked ? "bad" : "warn",
        kind: isAsked ? t("Waiting for a person") : t("New message"), href: `#/inbox/${id}`,
        title: t("{channel} with {name}", { channel: words(channel), name: name ?? t("a visitor") }),
        note: subject ?? (isAsked && handover?.request) ?? preview,
    };
}

function ticket({ id, subject, next_due_at }) {
    const isLate = new Date(next_due_at) < Date.now();
    return {
        rank: isLate ? 1 : 3, at: next_due_at, tone: isLate ? "bad" : "warn", title: subject,
        kind: isLate ? t("SLA target missed") : t("SLA target near"), href: `#/tickets/${id}`,
    };
}
