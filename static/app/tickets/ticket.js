import { askEdit, readRecord } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { backTo, neighbours } from "../records/neighbours.js";
import { learn } from "../records/naming.js";
import { recordParts } from "../slices.js";
import { live } from "../stream.js";
import { askAssign } from "../inbox/assign.js";
import { badge, fill, h, pending, refill, throttled } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { statusBadge } from "../../ui/status.js";
import { t } from "../../ui/words.js";
import { ticketAside } from "./aside.js";
import { ticketFields } from "./fields.js";
import { slaBadge } from "./sla.js";
import { ticketThread } from "./thread.js";
import {
    act, askDelete, askEscalate, askLink, askMerge, askResolve, askSplit, called, isOver, urgency,
} from "./verbs.js";

/** A ticket: what was said, what is promised, and everything that can be done about it. */
export function ticket({ id, signal, isEdit }) {
    const heading = h("h1", { dir: "auto" }, t("Ticket")), state = h("p", { class: "badges" });
    const actions = h("div", { class: "actions" });
    const fields = h("div"), left = h("div"), beside = h("div");
    let now = null, parts = [], put = null, around = null;
    const load = async () => {
        const kind = await kindOf("tickets");
        const [read, more] = await Promise.all([readRecord(kind, id, signal), recordParts("ticket")]);
        parts = more;
        return { kind, ...read };
    };
    const body = pending(load, (read) => {
        const { kind, record } = read;
        learn(kind, record);
        const isFirst = !now;
        now = record;
        const changed = () => body.reload();
        const tools = { kind, signal, changed, mayWrite: kind.mayWrite, reload: changed };
        fill(heading, record.subject);
        document.title = `${called(record).slice(0, 80)} – ${t("Tickets")} – Bureau`;
        fill(state, h("span", { class: "quiet" }, `#${record.number}`),
            statusBadge(record.status),
            record.priority && badge(t("{priority} priority", { priority: words(record.priority) }),
                urgency(record.priority)),
            slaBadge(record), record.escalation && badge(t("Escalated"), "warn"));
        fill(actions, parts.map((part) => part.actions?.(record, tools)), kind.mayWrite && verbs(read, tools));
        // The ticket's surroundings stand below its fields, and do not move as these come.
        drawFields(tools).then(() => drawAround(tools));
        if (isFirst) begin(read, tools);
        return h("div", { class: "columns" }, left, h("div", {}, fields, beside));
    }, { signal, also: [actions] });
    async function drawFields(tools) {
        refill(fields, await ticketFields(now, tools));
    }
    /** Reads a ticket's surroundings again only when it belongs to others than before. */
    function drawAround(tools) {
        const { related_ids, client_id, contact_id, merged_into } = now;
        const mark = JSON.stringify([related_ids, client_id, contact_id, merged_into]);
        if (mark !== around) fill(beside, ticketAside(now, { ...tools, put }));
        around = mark;
    }
    function begin(read, tools) {
        const thread = ticketThread(now, { ...tools, current: () => now });
        put = thread.put;
        fill(left, thread.element, parts.map((part) => part.panels?.(now, tools)));
        if (isEdit && tools.mayWrite) setTimeout(() => edit(read, tools));
    }
    live("ticket.*", throttled(400, () => document.querySelector("dialog[open]") || body.reload(), signal), signal);
    return {
        title: t("Ticket"),
        content: [
            h("p", { class: "links crumbs" }, h("a", { href: backTo("tickets") }, t("Tickets")),
                neighbours("tickets", id)),
            h("div", { class: "heading" }, heading, actions), state, body,
        ],
    };
}

function verbs(read, tools) {
    const { record } = read, { changed } = tools;
    const isDone = isOver(record), button = (text, run, more) =>
        h("button", { type: "button", onclick: run, ...more }, text);
    return [
        isDone ? button(t("Reopen"), () => act(record, "reopen", t("Ticket reopened"), changed))
            : button(t("Resolve"), () => askResolve(record, changed)),
        button(t("Edit"), () => edit(read, tools), { "data-key": "e" }),
        menuButton(t("More"), () => [
            { text: t("Assign…"), run: () => assign(record, changed) },
            !isDone && { text: t("Escalate…"), run: () => askEscalate(record, changed) },
            !record.merged_into && { text: t("Merge into another ticket…"), run: () => askMerge(record, changed) },
            { text: t("Split off a message…"), run: () => askSplit(record, changed) },
            { text: t("Link a related ticket…"), run: () => askLink(record, changed) },
            record.status !== "closed" && { text: t("Close"), run: () =>
                act(record, "close", t("Ticket closed"), changed) },
            { text: t("Delete"), run: () => askDelete(record) },
        ]),
        button("", () => assign(record, changed), { hidden: true, "data-key": "a" }),
    ];
}

const assign = (record, changed) => askAssign({
    title: t("Assign ticket"), person: record.assignee_id, team: record.team_id,
    save: ({ person, team }) => act(record, "assign", t("Ticket assigned"), changed,
        { user_id: person, team_id: team }),
});

/** The form begins with what is so now. */
function edit({ kind, record, etag }, { reload }) {
    const at = `#/tickets/${record.id}`, own = `${at}/edit`;
    if (location.hash !== own) history.pushState(null, "", own);
    askEdit(kind, {
        record, etag, onSaved: reload, onClose: () => location.hash === own && history.replaceState(null, "", at),
    });
}
