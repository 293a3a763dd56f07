import { get, may, tenant, withQuery } from "../api.js";
import { announce, badge, fill, h, pending, quiet, section, table, throttled } from "../dom.js";
import { ago, number, tone, words } from "../format.js";
import { linkTo } from "../places.js";
import { follow } from "../stream.js";
import { drawDays, drawFigures, drawPromises, drawTables } from "./supportfigures.js";
import { drawAhead, drawBottlenecks } from "./supportforecast.js";

/** However much happens, it is read no more often than this; and this often where nobody may follow events. */
const renewedAtMost = 2000, renewedBlindly = 60_000;
const shownMax = 10;

/** How support does right now, for whoever answers for it: it stays true by itself. */
export function support({ signal }) {
    const state = badge("Connecting"), renewed = h("span", { class: "quiet" });
    const names = people(signal);
    let told = null;
    // Each change read aloud would drown the listener: the sum, now and then.
    const tell = throttled(
        15_000, () => announce(`${number(told)} ${told === 1 ? "ticket is" : "tickets are"} open`), signal);
    const draw = (read) => {
        fill(renewed, "Renewed ", ago(new Date().toISOString()));
        const { open } = read.figures;
        const isNew = told !== null && told !== open;
        told = open;
        if (isNew) tell();
        return drawAll(read);
    };
    const page = pending(() => load(names, signal), draw, { signal, interval: renewedAtMost });
    keepUp(state, page.reload, signal);
    return {
        title: "Support",
        content: [h("h1", {}, "Support"), h("p", { class: "badges" }, state, renewed), page],
    };
}

/** Reads anew when something happens to tickets, and says at `state` whether it hears of it. */
function keepUp(state, reload, signal) {
    const say = (text, own) => {
        fill(state, text);
        state.className = `badge ${own}`;
    };
    const blindly = () => {
        say("Renewed every minute", "");
        const timer = setInterval(() => document.hidden || reload(), renewedBlindly);
        signal.addEventListener("abort", () => clearInterval(timer));
    };
    if (!may("events:read")) return blindly();
    follow(withQuery("/v1/events/stream", { types: "ticket.*,alert.*,survey.answered" }), {
        signal,
        // What has no id has changed nothing.
        onEvent: ({ id }) => id === undefined || reload(),
        onState(name) {
            const isLive = name === "live";
            // What happened before it was heard of, at first, too.
            if (isLive) reload();
            say(isLive ? "Live" : "Reconnecting", isLive ? "good" : "warn");
        },
    }).catch(() => signal.aborted || blindly());
}

async function load(names, signal) {
    const now = new Date().toISOString();
    const [figures, forecast, pressing, late, alerts, nameOf] = await Promise.all([
        get("/v1/ticket-figures", signal), get("/v1/ticket-figures/forecast", signal), loadPressing(signal),
        get(withQuery("/v1/tickets", { "next_due_at[lt]": now, fields: "id", limit: 1, total: "true" }), signal),
        may("alerts:read") && get(withQuery("/v1/alerts", { open: "true", agent, limit: 5, total: "true" }), signal),
        names,
    ]);
    return { figures, forecast, pressing, late: late.total, alerts, nameOf };
}

/** Whose affair the alerts of support are. */
const agent = "customer_service";

/** What is due first; where nothing that is promised is to be kept, what has been open for longest. */
async function loadPressing(signal) {
    const fields = "id,number,subject,status,priority,assignee_id,conversation_id,escalation,next_due_at,created_at";
    const asked = { fields, limit: shownMax, total: "true" };
    const some = "1970-01-01T00:00:00Z";
    const due = await get(withQuery("/v1/tickets", { "next_due_at[gt]": some, sort: "next_due_at", ...asked }), signal);
    if (due.data.length) return { ...due, isDue: true };
    return get(withQuery("/v1/tickets", { status: "new,open,on_hold", sort: "id", ...asked }), signal);
}

/** What people are called, asked once. */
async function people(signal) {
    const none = { data: [], has_more: true };
    const { data, has_more: isPart } = may("users:read")
        ? await get("/v1/users?limit=200&fields=id,name", signal).catch(() => none) : none;
    const names = new Map(data.map(({ id, name }) => [id, name]));
    // Without permission to read users, nobody knows whether a colleague has left.
    const other = isPart ? "A colleague" : "A former colleague";
    return (id) => (id === null || id === "none" ? "Nobody" : names.get(id) ?? other);
}

function drawAll({ figures, forecast, pressing, late, alerts, nameOf }) {
    const raised = alerts && section("Alerts", {}, drawAlerts(alerts));
    if (!figures.total.created) {
        return [alerts?.data?.length > 0 && raised, h("div", { class: "empty" },
            h("p", {}, "No ticket has come yet."),
            quiet("They come by mail, forms, chats, the portal and the API, and appear here as they do."))];
    }
    return h(
        "div", { class: "columns" },
        h("div", {},
            section("Now", {}, drawFigures(figures, late, tenant().time_zone)),
            raised,
            section("What presses most", {}, drawPressing(pressing, figures.open, nameOf)),
            section("The next seven days", {}, drawAhead(forecast)),
            section("The last days", {}, drawDays(figures.by_day, tenant().time_zone)),
            drawTables(figures, nameOf)),
        h("div", {},
            section("Where it piles up", {}, drawBottlenecks(forecast)),
            drawPromises(figures)));
}

function drawAlerts({ data, total }) {
    if (!data.length) return quiet("None is open.");
    const line = ({ severity, title, recommended_action }) => h(
        "li", {},
        h("p", { class: "badges" }, badge(words(severity), tone(severity)), h("strong", {}, title)),
        h("p", {}, "What to do: ", recommended_action));
    const all = total > data.length ? `All ${number(total)} alerts` : "See the alerts";
    return [
        h("ul", { class: "papers" }, data.map(line)),
        h("p", { class: "links after" }, h("a", { href: `#/alerts?agent=${agent}` }, all)),
    ];
}

const urgency = { urgent: "bad", high: "warn" };

function drawPressing({ data, total, isDue }, open, nameOf) {
    if (!data.length) {
        return quiet(open > 0 ? "Nothing presses: what is open waits for its client." : "Nothing is open.");
    }
    const row = (ticket) => h(
        "tr", {},
        h("th", { scope: "row", class: "line" }, nameTicket(ticket)),
        h("td", { class: "line" }, h("span", { class: "badges" },
            ticket.priority && badge(words(ticket.priority), urgency[ticket.priority] ?? ""),
            badge(words(ticket.status), tone(ticket.status)), ticket.escalation && badge("Taken further", "warn"))),
        h("td", { "data-label": "With" }, nameOf(ticket.assignee_id)),
        h("td", { "data-label": isDue ? "Due" : "Came" }, ago(isDue ? ticket.next_due_at : ticket.created_at),
            isDue && new Date(ticket.next_due_at) < new Date() && [" ", badge("Late", "bad")]));
    const rest = open - total;
    return [
        table("Tickets that press most", ["Ticket", "How it stands", "With", isDue ? "Due" : "Came"], data.map(row),
            "stacked"),
        quiet(
            total > data.length && `The first ${number(data.length)} of ${number(total)}. `,
            isDue && rest > 0 && `${number(rest)} more: they wait for their client, or nothing was promised. `,
            !isDue && "Nothing was promised about what is open: the oldest first."),
    ];
}

/** Leads to the talk that it is about; a ticket has no page of its own here. */
function nameTicket({ number: count, subject, conversation_id }) {
    const name = `#${count} ${subject}`;
    return conversation_id && may("conversations:read")
        ? linkTo({ type: "conversation", id: conversation_id }, name) : name;
}
