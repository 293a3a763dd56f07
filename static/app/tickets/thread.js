import { call, get, may } from "../api.js";
import { attachments } from "../attachments.js";
import { sendOrKeep } from "../sending.js";
import { linkTo } from "../places.js";
import { drawReasons } from "../reasons.js";
import { naming } from "../records/naming.js";
import { replyForm } from "../records/reply.js";
import { live } from "../stream.js";
import { badge, fill, h, pending, section, throttled, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { said, thread } from "../../ui/thread.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { askMacro, of } from "./verbs.js";

/** Shows the thread of a ticket, and a box to answer in: {element, put(text)}. */
export function ticketThread(ticket, { signal, changed, current }) {
    const path = `${of(ticket)}/messages`;
    const list = thread(t("Messages, oldest first"));
    let who = null;
    const load = async () => {
        who ??= ticket.contact_id && (await naming("contacts", ticket.contact_id))?.text;
        return get(`${path}?limit=200&sort=created_at`, signal);
    };
    const first = { id: "first", text: ticket.body, created_at: ticket.created_at, direction: "inbound",
        attachments: ticket.attachments, version: 0 };
    const body = pending(load, ({ data }) => {
        list.set([first, ...data].map((one) => ({
            id: one.id, at: one.created_at, mark: `${one.version} ${one.delivery_status}`,
            draw: () => drawSaid(one, who),
        })));
        return list.element;
    }, { signal });
    live("ticket.*,message.*", throttled(400, body.reload, signal), signal);
    const form = may("tickets:write") && replyForm({
        name: `ticket ${ticket.id}`, mentions: true,
        fillIn: async ({ id }) => (await (await call(`/v1/canned-replies/${encodeURIComponent(id)}/write`, {
            method: "POST", body: { ticket_id: ticket.id },
        })).json()).text,
        check: async (text) => (await (await call(`${path}/check`,
            { method: "POST", body: { text } })).json()).findings,
        async send({ text, isNote, attachments: files, mentions }) {
            const { isKept } = await sendOrKeep({
                method: "POST", path, what: ticket.subject,
                body: { text, internal: isNote, attachments: files, ...(isNote && { mentions }) },
                href: `#/tickets/${ticket.id}`,
            });
            if (isKept) return toast(t("Kept here, and sent when you are online again"));
            toast(isNote ? t("Note added") : t("Reply sent"));
            await Promise.all([body.reload(), changed()]);
        },
        more: may("macros:read") && h("button", { type: "button", onclick: () => askMacro(current(), async () => {
            await Promise.all([body.reload(), changed()]);
        }) }, t("Apply macro…")),
    });
    return { element: section(t("Conversation"), { class: "ticket-talk" }, body, form), put: form?.put,
        reload: body.reload };
}

function drawSaid(one, who) {
    const { text, author, internal, direction, created_at, findings, sources, message_id, delivery_status } = one;
    const isAgent = author?.type === "agent";
    const name = isAgent ? author.name ?? words(author.id)
        : direction === "inbound" ? who ?? author?.name ?? t("The client") : author?.name ?? t("A colleague");
    return said({
        heading: "h3", side: internal ? "note" : direction === "inbound" ? "theirs" : "ours", name, at: created_at,
            text,
        role: isAgent ? t("Agent") : null, marks: [internal && badge(t("Internal note"), "warn")],
        rest: [
            attachments(one.attachments),
            Array.isArray(sources) && sources.length > 0 && h("p", { class: "quiet" }, t("Based on"), " ",
                sources.map((source, index) => [index > 0 && ", ",
                    linkTo(source, source.title ?? words(source.type))])),
            findings?.length > 0 && h("ul", { class: "reasons" }, findings.map(({ detail }) => h("li", {}, detail))),
            delivery_status && delivery(delivery_status, message_id),
        ],
    });
}

const unfinished = ["held", "queued", "failed", "bounced", "cancelled", "unknown"];

/** Whether the mail of an answer has arrived, and why not: an answer that is held must not go unseen. */
function delivery(status, id) {
    const reasons = h("div", {});
    if (unfinished.includes(status) && may("messages:read")) {
        get(`/v1/messages/${encodeURIComponent(id)}`).then((message) => fill(reasons,
            message.reasons.length > 0 && drawReasons(message.reasons),
            message.error_detail && h("p", { class: "fault" },
                whyNot({ code: message.error_code, detail: message.error_detail }))), () => {});
    }
    return h("div", { class: "delivery" }, h("p", { class: "badges" }, statusBadge(status)), reasons);
}
