import { call, get, may, whoIsMe, withQuery } from "../api.js";
import { colleague } from "../colleagues.js";
import { badge, fill, h, pending, quiet } from "../dom.js";
import { field } from "../forms.js";
import { number, words } from "../format.js";
import { named } from "../records/naming.js";
import { live } from "../stream.js";
import { plural, t } from "../words.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";
import { slaBadge } from "./sla.js";
import { askResolve, called, of } from "./verbs.js";

const columns = ["new", "open", "waiting_on_client", "on_hold", "resolved"];
const cardsMax = 50;

/** Tickets by status: moved with a pointer, by the menu of a card, and so by the keyboard. */
export function ticketBoard({ signal }) {
    const carried = { ticket: null, card: null };
    let whose = "", priority = "";
    const load = () => Promise.all(columns.map(async (status) => ({ status, ...await get(withQuery("/v1/tickets", {
        status, priority, assignee_id: whose === "mine" ? whoIsMe().user?.id : "", limit: cardsMax, total: "true",
        sort: status === "resolved" ? "-id" : "next_due_at",
    }), signal) })));
    const place = pending(load, (all) => h("div", {
        class: "board tickets scroll", tabindex: 0, role: "region", "aria-label": t("Tickets by status"),
    }, all.map((one) => column(one, { carried, moved }))), { signal });
    async function moved(id) {
        await place.reload();
        // The keyboard goes with the card.
        place.querySelector(`[data-ticket="${id}"] button`)?.focus();
    }
    const isAtWork = () => place.querySelector("[aria-expanded=true]") || document.querySelector("dialog[open]");
    live("ticket.*", () => isAtWork() || place.reload(), signal);
    const tools = h("div", { class: "toolbar slim" },
        field(t("Whose"), "whose", { control: "select", options: [["", t("Everyone's")], ["mine", t("Mine")]] }),
        field(t("Priority"), "priority", { control: "select",
            options: [["", t("Any")], ...["urgent", "high", "normal", "low"].map((code) => [code, words(code)])] }));
    tools.addEventListener("change", ({ target }) => {
        if (target.name === "whose") whose = target.value;
        else priority = target.value;
        place.reload();
    });
    return h("div", {}, tools, place);
}

function column({ status, data, total }, context) {
    const id = `status-${status}`, { carried, moved } = context;
    const list = h("ol", { class: "plain", "aria-labelledby": id }, data.map((ticket) => h("li", {
        draggable: may("tickets:write") && "true", "data-ticket": ticket.id,
        ondragstart(event) {
            Object.assign(carried, { ticket, card: event.currentTarget });
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", ticket.subject);
        },
        ondragend: () => Object.assign(carried, { ticket: null, card: null }),
    }, card(ticket, moved))));
    const element = h("section", { class: "column", "aria-labelledby": `${id}-h` },
        h("h2", { id: `${id}-h` }, h("span", { id }, words(status)), h("span", { class: "unseen" }, ": "),
            h("span", { class: "of" }, number(total))),
        list, total > data.length && quiet(plural(total - data.length, "{count} more", "{count} more")));
    if (may("tickets:write")) takeDrops(element, list, status, context);
    return element;
}

function card(ticket, moved) {
    const { id, subject, number: count, priority, assignee_id, client_id, status } = ticket;
    const who = h("span", { class: "quiet" }, assignee_id ? "" : t("Unassigned"));
    if (assignee_id) colleague(assignee_id).then((name) => fill(who, name));
    return h("article", { class: "deal", "aria-labelledby": `card-${id}` },
        h("h3", { id: `card-${id}` }, h("a", { href: `#/tickets/${id}`, draggable: "false", dir: "auto" }, subject)),
        h("p", { class: "quiet" }, `#${count} `, client_id && named("clients", client_id)),
        h("p", { class: "badges" }, priority && badge(words(priority), urgency[priority] ?? ""), slaBadge(ticket),
            ticket.escalation && badge(t("Escalated"), "warn")),
        h("p", {}, who),
        may("tickets:write") && menuButton([t("Move"), h("span", { class: "unseen" }, ` ${subject}`)],
            () => [...columns, "closed"].filter((one) => one !== status)
                .map((one) => ({ text: words(one), run: () => bring(ticket, one, () => moved(id)) })),
            { class: "small", "data-key": "m" }));
}

const urgency = { urgent: "bad", high: "warn" };

/** Moves a ticket unless somebody has changed it since; to resolve it takes its resolution. */
async function bring(ticket, status, moved) {
    if (status === "resolved") {
        await moved();
        return askResolve(ticket, moved);
    }
    try {
        const isOver = ["resolved", "closed"].includes(ticket.status);
        const headers = { "If-Match": `"${ticket.version}"` };
        if (isOver && status === "open") await call(`${of(ticket)}/reopen`, { method: "POST", headers });
        else await call(of(ticket), { method: "PATCH", body: { status }, headers });
        toast(t("{ticket} moved to {status}", { ticket: called(ticket), status: words(status) }));
    } catch (problem) {
        toast(problem.status === 412 ? t("Not moved: someone else has changed this ticket.")
            : t("Not moved. {why}", { why: problem.detail ?? problem.title }));
    }
    await moved();
}

function takeDrops(element, list, status, { carried, moved }) {
    const mayTake = () => carried.ticket !== null && carried.ticket.status !== status;
    element.addEventListener("dragover", (event) => {
        if (!mayTake()) return;
        event.preventDefault();
        element.classList.add("over");
    });
    element.addEventListener("dragleave", (event) => {
        if (!element.contains(event.relatedTarget)) element.classList.remove("over");
    });
    element.addEventListener("drop", (event) => {
        element.classList.remove("over");
        if (!mayTake()) return;
        event.preventDefault();
        const { ticket, card: own } = carried;
        // It is there at once, and goes back where the server refuses it.
        list.append(own);
        bring(ticket, status, () => moved(ticket.id));
    });
}
