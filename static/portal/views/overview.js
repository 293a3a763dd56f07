import { get } from "../../app/api.js";
import { h, pending, quiet, section } from "../../app/dom.js";
import { ago, day, number, words } from "../../app/format.js";
import { pair, t } from "../../app/words.js";

/* What needs the person's attention, decisions first; the key numbers; recent activity. */

const places = () => ({
    deliverable: [t("Deliverable"), t("Review"), (id) => `#/deliverables/${id}`],
    proposal: [t("Proposal"), t("Review"), (id) => `#/proposals/${id}`],
    contract: [t("Contract"), t("Review"), (id) => `#/contracts/${id}`],
    invoice: [t("Invoice"), t("View"), (id) => `#/invoices/${id}`],
    ticket: [t("Request"), t("Reply"), (id) => `#/tickets/${id}`],
    survey: [t("How did it go?"), t("Give feedback"), (id) => `#/surveys/${id}`],
    conversation: [t("New messages"), t("View"), () => "#/messages"],
});

export function overview({ signal }) {
    const standing = pending(() => get("/v1/portal/overview", signal), draw, { signal });
    const last = pending(() => get("/v1/portal/activity?limit=5", signal), drawActivity, { signal });
    return {
        title: t("Overview"),
        content: [h("h1", {}, t("Overview")), standing, section(t("Recent activity"), {}, last)],
    };
}

function draw({ waiting, counts, client }) {
    return [
        section(t("Needs your attention"), {}, waiting.length
            ? h("ul", { class: "waiting" }, waiting.map(drawWaiting))
            : quiet(t("Nothing needs your attention right now."))),
        section(client.name ? t("{name} at a glance", { name: client.name }) : t("At a glance"), {}, drawCounts(counts)),
    ];
}

function drawWaiting({ type, id, title, since, due_on }) {
    const [kind, action, place] = places()[type] ?? [words(type), t("Review"), () => "#/"];
    const name = !title ? kind : kind.endsWith("?") ? `${kind} ${title}` : pair(kind, title);
    return h("li", {},
        h("p", {}, h("strong", {}, name)),
        h("p", { class: "quiet" }, due_on ? t("Due {day}", { day: day(due_on) }) : ago(since)),
        h("a", { class: "button primary", href: place(id), "aria-label": pair(action, name) }, action));
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
        h("div", {}, h("dt", {}, h("a", { href: place }, text)), h("dd", {}, number(counts[name])))));
}

function drawActivity({ data }) {
    if (!data.length) return quiet(t("No activity yet."));
    return [
        h("ul", { class: "feed" }, data.map(({ action, title, created_at }) =>
            h("li", {}, h("span", {}, words(action)), ago(created_at), h("span", { class: "of" }, title)))),
        h("p", { class: "links after" }, h("a", { href: "#/activity" }, t("View all activity"))),
    ];
}
