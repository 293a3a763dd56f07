import { get, may } from "../../app/api.js";
import { decision } from "../decision.js";
import { onboardingNotice } from "../gettingstarted.js";
import { fill, h, pending, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { polite, spokenAs } from "../../ui/state.js";
import { timeline } from "../../ui/timeline.js";
import { ago, day } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/* Home: what needs the person's attention, decisions first; the key numbers; recent activity. */

const kinds = () => ({
    deliverable: [t("Deliverable"), t("Review"), (id) => `#/deliverables/${id}`],
    content_item: [t("Content"), t("Review"), (id) => `#/content/${id}`],
    proposal: [t("Proposal"), t("Review"), (id) => `#/proposals/${id}`],
    contract: [t("Contract"), t("Review"), (id) => `#/contracts/${id}`],
    invoice: [t("Invoice"), t("View"), (id) => `#/invoices/${id}`],
    ticket: [t("Request"), t("Reply"), (id) => `#/tickets/${id}`],
    survey: [t("How did it go?"), t("Give feedback"), (id) => `#/surveys/${id}`],
    conversation: [t("New messages"), t("View"), () => "#/messages"],
});

export function home({ signal }) {
    const last = pending(() => get("/v1/portal/activity?limit=5", signal), drawActivity, { signal });
    const told = h("div", polite), begun = h("div");
    onboardingNotice(signal).then((notice) => fill(begun, notice));
    const standing = pending(() => get("/v1/portal/overview", signal), (overview) => draw(overview, told, async () => {
        await Promise.all([standing.reload(), last.reload()]);
    }), { signal });
    return {
        title: t("Home"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Home")), may("portal:write") && h("p", { class: "actions" },
                h("a", { class: "button", href: "#/tickets/new" }, t("New request")),
                h("a", { class: "button", href: "#/messages" }, t("Write a message")))),
            told, standing, begun, section(t("Recent activity"), {}, last),
        ],
    };
}

function draw({ waiting, counts }, told, reload) {
    const figures = drawCounts(counts);
    return [
        section(t("Needs your attention"), {}, waiting.length
            ? h("ul", { class: "waiting" }, waiting.map((one, index) => drawWaiting(one, index === 0, told, reload)))
            : quiet(t("Nothing needs your attention right now."))),
        figures && section(t("At a glance"), {}, figures),
    ];
}

function drawWaiting({ type, id, title, since, due_on }, isFirst, told, reload) {
    const [kind, action, place] = kinds()[type] ?? [words(type), t("Review"), () => "#/"];
    const name = !title ? kind : kind.endsWith("?") ? `${kind} ${title}` : pair(kind, title);
    const isDecided = type === "deliverable" && may("portal:approve");
    return h("li", {},
        h("p", {}, h("strong", {}, isDecided ? h("a", { href: place(id) }, name) : name)),
        h("p", { class: "quiet" }, due_on ? t("Due {day}", { day: day(due_on) }) : ago(since)),
        isDecided
            ? decision({ id, name, isFirst, told, reload })
            : h("p", { class: "actions" }, h("a", {
                class: isFirst ? "button primary" : "button", href: place(id), ...spokenAs(pair(action, name)),
            }, action)));
}

const names = () => ({
    projects_open: [t("Open projects"), "#/projects"], tickets_open: [t("Open requests"), "#/tickets"],
    messages_unread: [t("Unread messages"), "#/messages"], invoices_open: [t("Open invoices"), "#/invoices"],
    invoices_overdue: [t("Overdue"), "#/invoices"], proposals_open: [t("Open proposals"), "#/proposals"],
    contracts_to_sign: [t("To sign"), "#/contracts"],
});

/** Only what there is: a nought is no news. */
function drawCounts(counts) {
    const known = Object.entries(names()).filter(([name]) => counts[name] > 0);
    return known.length > 0 && h("dl", { class: "figures" }, known.map(([name, [text, place]]) =>
        h("div", {}, h("dt", {}, text),
            h("dd", {}, h("a", { href: place, ...spokenAs(pair(text, number(counts[name]))) },
            number(counts[name]))))));
}

function drawActivity({ data }) {
    if (!data.length) return quiet(t("No activity yet."));
    return [
        timeline(data.map(({ action, title, created_at }) => ({ what: words(action), of: title, at: created_at }))),
        h("p", { class: "links after" }, h("a", { href: "#/activity" }, t("View all activity"))),
    ];
}
