import { get } from "../../app/api.js";
import { h, pending, quiet, section } from "../../app/dom.js";
import { ago, day, words } from "../../app/format.js";
import { pieces, t } from "../../app/words.js";

/* What waits for a person, a yes or no first; how things stand; what was done last. */

const places = () => ({
    deliverable: [t("Deliverable"), t("Look at it"), (id) => `#/deliverables/${id}`],
    proposal: [t("Proposal"), t("Read it"), (id) => `#/proposals/${id}`],
    contract: [t("Contract"), t("Read it"), (id) => `#/contracts/${id}`],
    invoice: [t("Invoice"), t("See it"), (id) => `#/invoices/${id}`],
    ticket: [t("Request"), t("Answer"), (id) => `#/tickets/${id}`],
    survey: [t("How did it go?"), t("Tell us"), (id) => `#/surveys/${id}`],
    conversation: [t("New messages"), t("Read them"), () => "#/messages"],
});

export function overview({ signal }) {
    const standing = pending(() => get("/v1/portal/overview", signal), draw, { signal });
    const last = pending(() => get("/v1/portal/activity?limit=5", signal), drawActivity, { signal });
    return {
        title: t("Overview"),
        content: [h("h1", {}, t("Overview")), standing, section(t("What was done last"), {}, last)],
    };
}

function draw({ waiting, counts, client }) {
    return [
        section(t("What waits for you"), {}, waiting.length
            ? h("ul", { class: "waiting" }, waiting.map(drawWaiting))
            : quiet(t("Nothing at the moment."))),
        section(client.name ? t("How things stand for {name}", { name: client.name }) : t("How things stand"), {}, drawCounts(counts)),
    ];
}

function drawWaiting({ type, id, title, since, due_on }) {
    const [kind, action, place] = places()[type] ?? [words(type), t("Look at it"), () => "#/"];
    const name = title ? `${kind}${kind.endsWith("?") ? "" : ":"} ${title}` : kind;
    return h("li", {},
        h("p", {}, h("strong", {}, name)),
        h("p", { class: "quiet" }, due_on ? t("Due {day}", { day: day(due_on) }) : pieces("Since {when}", { when: ago(since) })),
        h("a", { class: "button primary", href: place(id), "aria-label": `${action}: ${name}` }, action));
}

const names = () => ({
    deliverables_to_approve: [t("To approve"), "#/projects"], projects_open: [t("Open projects"), "#/projects"],
    tickets_open: [t("Open requests"), "#/tickets"], messages_unread: [t("Unread messages"), "#/messages"],
    invoices_open: [t("Open invoices"), "#/invoices"], invoices_overdue: [t("Overdue"), "#/invoices"],
    proposals_open: [t("Open proposals"), "#/proposals"], contracts_to_sign: [t("To sign"), "#/contracts"],
});

function drawCounts(counts) {
    const known = Object.entries(names()).filter(([name]) => name in counts);
    return h("dl", { class: "figures" }, known.map(([name, [text, place]]) =>
        h("div", {}, h("dt", {}, h("a", { href: place }, text)), h("dd", {}, counts[name]))));
}

function drawActivity({ data }) {
    if (!data.length) return quiet(t("Nothing yet."));
    return [
        h("ul", { class: "feed" }, data.map(({ action, title, created_at }) =>
            h("li", {}, h("span", {}, words(action)), ago(created_at), h("span", { class: "of" }, title)))),
        h("p", { class: "links after" }, h("a", { href: "#/activity" }, t("All that was done in your name"))),
    ];
}
