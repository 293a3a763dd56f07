import { keepInAddress } from "../address.js";
import { call, get, may, whoIsMe, withQuery } from "../api.js";
import { colleague, colleagues } from "../colleagues.js";
import { named, whenNamed } from "../records/naming.js";
import { nothingOnBoard } from "../records/nothing.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { board, focusCard, putCard } from "../../ui/board.js";
import { badge, fill, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { openIn, titled } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";
import { slaBadge } from "./sla.js";
import { askResolve, called, of, urgency } from "./verbs.js";

const columns = ["new", "open", "waiting_on_client", "on_hold", "resolved"];
const cardsMax = 50;

/** Tickets by status: moved with a pointer, by the menu of a card, and so by the keyboard. */
export function ticketBoard({ query, signal }) {
    let { whose = "", priority = "" } = query;
    const read = () => Promise.all(columns.map(async (status) => ({ status, ...await get(withQuery("/v1/tickets", {
        status, priority, assignee_id: whose === "mine" ? whoIsMe().user?.id : "", limit: cardsMax, total: "true",
        sort: status === "resolved" ? "-id" : "next_due_at",
    }), signal) })));
    const load = async () => {
        const all = await read();
        await Promise.all([colleagues(), whenNamed(all.flatMap(({ data }) =>
            data.map((ticket) => ["clients", ticket.client_id])))]);
        const isEmpty = all.every(({ data }) => data.length === 0), isNarrowed = Boolean(whose || priority);
        return { all, nothing: await nothingOnBoard("tickets", { isEmpty, isNarrowed, signal }) };
    };
    const place = pending(load, ({ all, nothing }) => nothing
        ?? board(t("Tickets by status"), all.map((one) => column(one, moved)), {
            move: may("tickets:write") && (({ ticket }, status) => bring(ticket, status, () => moved(ticket.id))),
        }), { signal });
    async function moved(id) {
        await place.reload();
        focusCard(place, id);
    }
    const isAtWork = () => openIn(place) || document.querySelector("dialog[open]");
    live("ticket.*", () => isAtWork() || place.reload(), signal);
    const tools = h("div", { class: "toolbar slim" },
        field(t("Whose"), "whose", { control: "select", value: whose,
            options: [["", t("Everyone's")], ["mine", t("Mine")]] }),
        field(t("Priority"), "priority", { control: "select", value: priority,
            options: [["", t("Any")], ...["urgent", "high", "normal", "low"].map((code) => [code, words(code)])] }));
    tools.addEventListener("change", ({ target }) => {
        if (target.name === "whose") whose = target.value;
        else priority = target.value;
        keepInAddress({ whose, priority });
        place.reload();
    });
    return h("div", { class: "ticket-board" }, tools, place);
}

const column = ({ status, data, total }, moved) => ({
    name: status, title: words(status), of: total,
    foot: total > data.length && quiet(plural(total - data.length, "{count} more", "{count} more")),
    items: data.map((ticket) => ({
        id: ticket.id, name: ticket.subject, column: status, ticket, element: card(ticket, () => moved(ticket.id)),
    })),
});

function card(ticket, moved) {
    const { id, subject, number: count, priority, assignee_id, client_id, status } = ticket;
    const who = h("span", { class: "quiet" }, assignee_id ? "" : t("Unassigned"));
    if (assignee_id) colleague(assignee_id).then((name) => fill(who, name));
    return h("article", { class: "deal", ...titled(`card-${id}`) },
        h("h3", { id: `card-${id}` }, h("a", { href: `#/tickets/${id}`, draggable: "false", dir: "auto" }, subject)),
        h("p", { class: "quiet" }, `#${count} `, client_id && named("clients", client_id)),
        h("p", { class: "badges" }, priority && badge(words(priority), urgency(priority)), slaBadge(ticket),
            ticket.escalation && badge(t("Escalated"), "warn")),
        h("p", {}, who),
        may("tickets:write") && menuButton([t("Move"), h("span", { class: "unseen" }, ` ${subject}`)],
            () => [...columns, "closed"].filter((one) => one !== status)
                .map((one) => ({ text: words(one), run: () => bring(ticket, one, moved) })),
            { class: "small", "data-key": "m" }));
}

/** Moves a ticket unless somebody has changed it since; to resolve it takes its resolution. */
async function bring(ticket, status, moved) {
    if (status === "resolved") {
        await moved();
        return askResolve(ticket, moved);
    }
    putCard(ticket.id, status);
    try {
        const isOver = ["resolved", "closed"].includes(ticket.status);
        const headers = { "If-Match": `"${ticket.version}"` };
        if (isOver && status === "open") await call(`${of(ticket)}/reopen`, { method: "POST", headers });
        else await call(of(ticket), { method: "PATCH", body: { status }, headers });
        toast(t("{ticket} moved to {status}", { ticket: called(ticket), status: words(status) }));
    } catch (problem) {
        alarm(problem.status === 412 ? t("Not moved: someone else has changed this ticket.")
            : t("Not moved. {why}", { why: whyNot(problem) }));
    }
    await moved();
}
