import { get, may, tenant, withQuery } from "../api.js";
import { linkTo } from "../places.js";
import { hear } from "../stream.js";
import { definitions, handovers } from "../support/handovers.js";
import { drawDays, drawMetrics, drawTables, drawTargets } from "../support/figures.js";
import { supportMenu } from "../support/menu.js";
import { drawAhead, drawBottlenecks } from "../support/forecast.js";
import { announce, badge, fill, h, pending, quiet, section, throttled } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { number, words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { pieces, plural, t } from "../../ui/words.js";

/** The page is read no more often than this, and this often where the reader may not follow events. */
const renewedAtMost = 2000, renewedBlindly = 60_000;
const shownMax = 10;

/** The state of support right now, kept up to date. */
export function support({ signal }) {
    const state = badge(t("Connecting")), renewed = h("span", { class: "quiet" });
    const names = people(signal);
    let told = null;
    // Each change read aloud would drown the listener: the sum, now and then.
    const tell = throttled(
        15_000, () => announce(plural(told, "{count} ticket is open", "{count} tickets are open")), signal);
    const draw = (read) => {
        fill(renewed, pieces("Updated {when}", { when: ago(new Date().toISOString()) }));
        const { open } = read.figures;
        const isNew = told !== null && told !== open;
        told = open;
        if (isNew) tell();
        return drawAll(read);
    };
    const more = [handovers(signal), definitions()];
    const page = pending(() => load(names, signal), draw, { signal, interval: renewedAtMost });
    keepUp(state, page.reload, signal);
    return {
        title: t("Support"),
        content: [h("div", { class: "heading" }, h("h1", {}, t("Support")),
            h("div", { class: "actions" }, supportMenu())),
            h("p", { class: "badges" }, state, renewed), page, more],
    };
}

/** Reads anew when something happens to tickets, and says at `state` whether it hears of it. */
function keepUp(state, reload, signal) {
    const say = (text, own) => {
        fill(state, text);
        state.className = `badge ${own}`;
    };
    const blindly = () => {
        say(t("Updated every minute"), "");
        const timer = setInterval(() => document.hidden || reload(), renewedBlindly);
        signal.addEventListener("abort", () => clearInterval(timer));
    };
    if (!may("events:read")) return blindly();
    hear("ticket.*,alert.*,survey.answered", {
        signal,
        // An event without an id has changed nothing.
        onEvent: ({ id }) => id === undefined || reload(),
        onState(name) {
            const isLive = name === "live";
            // The first connection reloads, too, for what happened before it was heard of.
            if (isLive) reload();
            say(isLive ? t("Live") : t("Reconnecting"), isLive ? "good" : "warn");
        },
    });
}

async function load(names, signal) {
    const now = new Date().toISOString();
    const [figures, forecast, urgent, late, alerts, nameOf] = await Promise.all([
        get("/v1/ticket-figures", signal), get("/v1/ticket-figures/forecast", signal), loadUrgent(signal),
        get(withQuery("/v1/tickets", { "next_due_at[lt]": now, fields: "id", limit: 1, total: "true" }), signal),
        may("alerts:read") && get(withQuery("/v1/alerts", { open: "true", agent, limit: 5, total: "true" }), signal),
        names,
    ]);
    return { figures, forecast, urgent, late: late.total, alerts, nameOf };
}

/** The agent whose alerts are about support. */
const agent = "customer_service";

/** The tickets that are due first; where no SLA target is running, those that have been open for longest. */
async function loadUrgent(signal) {
    const fields = "id,number,subject,status,priority,assignee_id,escalation,next_due_at,created_at";
    const asked = { fields, limit: shownMax, total: "true" };
    const some = "1970-01-01T00:00:00Z";
    const due = await get(withQuery("/v1/tickets", { "next_due_at[gt]": some, sort: "next_due_at", ...asked }), signal);
    if (due.data.length) return { ...due, isDue: true };
    return get(withQuery("/v1/tickets", { status: "new,open,on_hold", sort: "id", ...asked }), signal);
}

/** Asks once for people's names. */
async function people(signal) {
    const none = { data: [], has_more: true };
    const { data, has_more: isPart } = may("users:read")
        ? await get("/v1/users?limit=200&fields=id,name", signal).catch(() => none) : none;
    const names = new Map(data.map(({ id, name }) => [id, name]));
    // Without permission to read users, nobody knows whether a colleague has left.
    const other = isPart ? t("A colleague") : t("A former colleague");
    return (id) => (id === null || id === "none" ? t("Unassigned") : names.get(id) ?? other);
}

function drawAll({ figures, forecast, urgent, late, alerts, nameOf }) {
    const raised = alerts && section(t("Alerts"), {}, drawAlerts(alerts));
    if (!figures.total.created) {
        return [alerts?.data?.length > 0 && raised, empty(t("No tickets yet."),
            { about: t("Tickets from email, forms, chat and the portal appear here.") })];
    }
    return h(
        "div", { class: "columns" },
        h("div", {},
            section(t("Summary"), {}, drawMetrics(figures, late, tenant().time_zone)),
            raised,
            section(t("Most urgent"), {}, drawUrgent(urgent, figures.open, nameOf)),
            section(t("Next 7 days"), {}, drawAhead(forecast)),
            section(t("Last 14 days"), {}, drawDays(figures.by_day, tenant().time_zone)),
            drawTables(figures, nameOf)),
        h("div", {},
            section(t("Backlog"), {}, drawBottlenecks(forecast)),
            drawTargets(figures)));
}

function drawAlerts({ data, total }) {
    if (!data.length) return quiet(t("No open alerts."));
    const line = ({ severity, title, recommended_action }) => h(
        "li", {},
        h("p", { class: "badges" }, statusBadge(severity), h("strong", {}, title)),
        h("p", {}, t("What to do:"), " ", recommended_action));
    const all = total > data.length ? t("View all {count} alerts", { count: number(total) }) : t("View alerts");
    return [
        h("ul", { class: "papers" }, data.map(line)),
        h("p", { class: "links after" }, h("a", { href: `#/alerts?agent=${agent}` }, all)),
    ];
}

const urgency = { urgent: "bad", high: "warn" };

function drawUrgent({ data, total, isDue }, open, nameOf) {
    if (!data.length) {
        return quiet(open > 0 ? t("All open tickets are waiting on their client.") : t("No open tickets."));
    }
    const row = (ticket) => h(
        "tr", {},
        h("th", { scope: "row", class: "line" }, nameTicket(ticket)),
        h("td", { class: "line" }, h("span", { class: "badges" },
            ticket.priority && badge(words(ticket.priority), urgency[ticket.priority] ?? ""),
            statusBadge(ticket.status), ticket.escalation && badge(t("Escalated"), "warn"))),
        h("td", { "data-label": t("Assignee") }, nameOf(ticket.assignee_id)),
        h("td", { "data-label": isDue ? t("Due") : t("Received") }, ago(isDue ? ticket.next_due_at : ticket.created_at),
            isDue && new Date(ticket.next_due_at) < new Date() && [" ", badge(t("Overdue"), "bad")]));
    const rest = open - total;
    return [
        table(t("Most urgent tickets"), [t("Ticket"), t("Status"), t("Assignee"), isDue ? t("Due") : t("Received")],
            data.map(row),
            "stacked"),
        quiet(
            total > data.length && [t("Showing {count} of {total}.",
                { count: number(data.length), total: number(total) }), " "],
            isDue && rest > 0 && [plural(rest, "{count} more is waiting on its client or has no SLA target.",
                "{count} more are waiting on their client or have no SLA target."), " "],
            !isDue && t("No open ticket has an SLA target: oldest first.")),
    ];
}

const nameTicket = ({ id, number: count, subject }) => linkTo({ type: "ticket", id }, `#${count} ${subject}`);
