import { get } from "../../app/api.js";
import { h, pending, quiet, section } from "../../app/dom.js";
import { ago, day, words } from "../../app/format.js";
import { done } from "../parts.js";

/* What waits for a person, a yes or no first; how things stand; what was done last. */

const places = {
    deliverable: ["Deliverable", "Look at it", (id) => `#/deliverables/${id}`],
    proposal: ["Proposal", "Read it", (id) => `#/proposals/${id}`],
    contract: ["Contract", "Read it", (id) => `#/contracts/${id}`],
    invoice: ["Invoice", "See it", (id) => `#/invoices/${id}`],
    ticket: ["Request", "Answer", (id) => `#/tickets/${id}`],
    survey: ["How did it go?", "Tell us", (id) => `#/surveys/${id}`],
    conversation: ["New messages", "Read them", () => "#/messages"],
};

export function overview({ signal }) {
    const standing = pending(() => get("/v1/portal/overview", signal), draw, { signal });
    const last = pending(() => get("/v1/portal/activity?limit=5", signal), drawActivity, { signal });
    return {
        title: "Overview",
        content: [h("h1", {}, "Overview"), standing, section("What was done last", {}, last)],
    };
}

function draw({ waiting, counts, client }) {
    return [
        section("What waits for you", {}, waiting.length
            ? h("ul", { class: "waiting" }, waiting.map(drawWaiting))
            : quiet("Nothing at the moment.")),
        section(`How things stand for ${client.name ?? "you"}`, {}, drawCounts(counts)),
    ];
}

function drawWaiting({ type, id, title, since, due_on }) {
    const [kind, action, place] = places[type] ?? [words(type), "Look at it", () => "#/"];
    const name = title ? `${kind}${kind.endsWith("?") ? "" : ":"} ${title}` : kind;
    return h("li", {},
        h("p", {}, h("strong", {}, name)),
        h("p", { class: "quiet" }, due_on ? `Due ${day(due_on)}` : ["Since ", ago(since)]),
        h("a", { class: "button primary", href: place(id), "aria-label": `${action}: ${name}` }, action));
}

const names = {
    deliverables_to_approve: ["To approve", "#/projects"], projects_open: ["Open projects", "#/projects"],
    tickets_open: ["Open requests", "#/tickets"], messages_unread: ["Unread messages", "#/messages"],
    invoices_open: ["Open invoices", "#/invoices"], invoices_overdue: ["Overdue", "#/invoices"],
    proposals_open: ["Open proposals", "#/proposals"], contracts_to_sign: ["To sign", "#/contracts"],
};

function drawCounts(counts) {
    const known = Object.entries(names).filter(([name]) => name in counts);
    return h("dl", { class: "figures" }, known.map(([name, [text, place]]) =>
        h("div", {}, h("dt", {}, h("a", { href: place }, text)), h("dd", {}, counts[name]))));
}

function drawActivity({ data }) {
    if (!data.length) return quiet("Nothing yet.");
    return [
        h("ul", { class: "feed" }, data.map(({ action, title, created_at }) =>
            h("li", {}, h("span", {}, done(action)), ago(created_at), h("span", { class: "of" }, title)))),
        h("p", { class: "links after" }, h("a", { href: "#/activity" }, "All that was done in your name")),
    ];
}
