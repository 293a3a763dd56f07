import { call, get, may } from "../api.js";
import { badge, doing, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, words } from "../format.js";
import { live } from "../stream.js";
import { draftOf, dropDraft, keepDraft } from "../records/drafts.js";
import { pagesOf } from "../records/pages.js";
import { replyForm } from "../records/reply.js";
import { dialog } from "../../ui/dialog.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";

const of = ({ id }) => `/v1/tickets/${encodeURIComponent(id)}`;

/** Tickets: what was asked, what was answered, and what can be done about it. */
export const { list, newRecord, record, editRecord } = pagesOf("tickets", {
    list: { actions: () => h("a", { class: "button", href: "#/insights/support" }, "Support figures") },
    record: {
        facts: ["body", "sla", "fields", "messages", "related_ids", "assistance", "attachments", "number"],
        actions,
        panels: (ticket, { signal }) => thread(ticket, signal),
    },
});

function actions(ticket, { kind, reload }) {
    if (!kind.mayWrite) return null;
    const trouble = h("div", { class: "notices" });
    const act = (text, verb, body, said) => ({ text, run: () => call(`${of(ticket)}/${verb}`, { method: "POST", body })
        .then(() => toast(said), (problem) => toast(`Not done: ${problem.detail ?? problem.title}`)).then(reload) });
    const isOver = ["resolved", "closed"].includes(ticket.status);
    return [
        !isOver && h("button", { type: "button", onclick: () => ask("Resolve", "Resolution", (text) =>
            act("", "resolve", { resolution: text }, "Ticket resolved").run()) }, "Resolve"),
        isOver && doing("Reopen", async () => {
            await call(`${of(ticket)}/reopen`, { method: "POST" });
            await reload();
        }, { place: trouble }),
        menuButton("Actions", () => [
            !isOver && { text: "Escalate", run: () => ask("Escalate", "Reason", (text) =>
                act("", "escalate", { reason: text }, "Ticket escalated").run()) },
            !isOver && act("Close", "close", undefined, "Ticket closed"),
        ]), trouble,
    ];
}

function ask(title, label, then) {
    const { close } = dialog({ title, content: () => form({ action: title, async submit({ text }) {
        close();
        await then(text.trim());
    } }, field(label, "text", { control: "textarea", rows: 3, required: true, autofocus: true })) });
}

function thread(ticket, signal) {
    const path = `${of(ticket)}/messages`;
    const first = { text: ticket.body, created_at: ticket.created_at, direction: "inbound", author: null };
    const place = pending(() => get(`${path}?limit=100&sort=created_at`, signal), ({ data }) => h(
        "ol", { class: "thread", "aria-label": "Messages, oldest first" },
        [first, ...data].map((one) => h("li", { class: one.direction }, message(one)))), { signal });
    live("ticket.*", () => place.reload(), signal);
    const name = `ticket ${ticket.id}`;
    return section("Conversation", {}, place, may("tickets:write") && replyForm({
        draft: draftOf(name), keep: (text) => (text ? keepDraft(name, text) : dropDraft(name)), mayNote: true,
        async send(text, isNote) {
            await call(path, { method: "POST", body: { text, internal: isNote } });
            toast(isNote ? "Note kept" : "Reply sent");
            await place.reload();
        },
    }));
}

function message({ text, author, internal, created_at }) {
    const who = author?.name ?? (author?.type === "agent" ? words(author.id) : "The client");
    return h("article", { class: `card message ${internal ? "note" : ""}` },
        h("h3", {}, h("span", { dir: "auto" }, who), ", ", ago(created_at), internal && [" ", badge("Note", "warn")]),
        text ? h("div", { class: "said", dir: "auto" }, text) : quiet("No text"));
}
