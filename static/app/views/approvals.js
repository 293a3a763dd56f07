import { get, may, whoIsMe, withQuery } from "../api.js";
import { approvalCard } from "../approvals/card.js";
import { bulkBar } from "../approvals/bulk.js";
import { cardKeys } from "../approvals/keys.js";
import { groups, kindOf } from "../approvals/kind.js";
import { watched } from "../approvals/outcome.js";
import { isBeyond, paged } from "../paging.js";
import { linkTo } from "../places.js";
import { liveUnless } from "../refreshing.js";
import { recount } from "../waiting.js";
import { fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters, teller } from "../../ui/filter.js";
import { number, words } from "../../ui/format.js";
import { polite, spokenAs } from "../../ui/state.js";
import { pair, plural, t } from "../../ui/words.js";

const statuses = () => [
    ["pending", t("Pending")], ["approved", t("Approved")], ["rejected", t("Rejected")], ["expired", t("Expired")],
    ["withdrawn", t("Withdrawn")], ["", t("Any")],
];

/** Requests of agents and workflows that a person has to approve, and those that were decided. */
export function approvals({ query, signal }) {
    const agent = query.agent ?? "";
    let wanted = { status: query.status ?? "pending" };
    const page = (cursor) =>
        get(withQuery("/v1/approvals", { ...wanted, agent, limit: 50, cursor, total: cursor ? "" : "true" }), signal);
    const title = agent ? t("Approvals for {agent}", { agent: words(agent) }) : t("Approvals");
    const heading = h("h1", { tabindex: -1 }, title);
    const tell = teller(), done = h("div");

    /** After a decision reading goes on at the top: what was decided is gone, and what became of it is told. */
    const decided = async (outcomes) => {
        recount();
        later.clear();
        if (outcomes.length) showOutcomes(done, outcomes, signal);
        await results.reload();
        heading.focus();
    };
    const draw = (first) => drawList(first, page, wanted, { decided, tell, signal });
    const results = pending(() => page(), draw, { signal });
    const isAtWork = () => results.querySelector("form, :checked") !== null || isBeyond(results);
    const later = liveUnless("approval.*", {
        isAtWork, reload: results.reload, onChange: recount, text: t("This list has changed."), signal,
    });
    cardKeys(() => results, signal);

    return {
        title,
        content: [
            may("settings:write") && !whoIsMe()?.client ? h("div", { class: "heading" }, heading, h("div", { class: "actions" },
                h("a", { class: "button", href: "#/settings/approvals" }, t("How approvals are decided")))) : heading,
            filters(
                {
                    label: t("Approvals"), addressOf: (next) => withQuery("#/approvals", next), wanted: { agent, ...wanted }, signal,
                    onChange(next) {
                        wanted = { status: next.status };
                        tell.again();
                        results.reload();
                    },
                },
                field(t("Show"), "status", { control: "select", value: wanted.status, options: statuses() })),
            done, later.place, results,
        ],
    };
}

/** Shows the outcome of each decision, newest first; it stays until the page is left. */
function showOutcomes(place, outcomes, signal) {
    const line = ({ approval, problem }) => h("li", {},
        linkTo({ type: "approval", id: approval.id }, approval.title), ": ",
        problem ? h("span", {}, h("strong", {}, t("not decided.")), " ", whyNot(problem))
            : watched(approval, signal));
    const before = [...place.querySelectorAll("li")];
    fill(place, section(t("Just decided"), polite,
        h("ul", { class: "plain outcomes" }, outcomes.map(line), before)));
}

function drawList(first, page, { status }, { decided, tell, signal }) {
    if (!first.data.length) {
        tell(t("No approvals"));
        return nothing(status);
    }
    const chosen = new Map();
    const mayChoose = status === "pending" && may("approvals:decide");
    const bulk = mayChoose && bulkBar(chosen, decided);
    const choose = (approval) => (isChosen) => {
        if (isChosen) chosen.set(approval.id, approval);
        else chosen.delete(approval.id);
        bulk.draw();
    };
    const card = (approval) => approvalCard(approval, {
        decided: (after) => decided(after ? [{ approval: { ...approval, ...after } }] : []), signal,
        onChoose: mayChoose && choose(approval),
    });
    const list = status === "pending" ? grouped(first.data, card, mayChoose) : plain(first.data, card);
    const found = status === "pending" ? plural(first.total, "{count} pending approval", "{count} pending approvals")
        : plural(first.total, "{count} approval", "{count} approvals");
    tell(found);
    return [
        quiet(found, mayChoose && [" · ", h("span", {}, t("Keys: j, k next; a approve; e edit; r reject; x select"))]),
        bulk?.element, list.element, paged(first, page, list.append),
    ];
}

function plain(data, card) {
    const element = h("div", {}, data.map(card));
    return { element, append: (records) => added(element, records.map(card)) };
}

/** Groups the waiting approvals by kind; a group is there once it has something. */
function grouped(data, card, mayChoose) {
    const parts = new Map(groups().map(([kind, title]) => [kind, group(title, mayChoose)]));
    const append = (records) => {
        for (const one of records) parts.get(kindOf(one)).add(card(one));
        return parts.get(kindOf(records[0])).element.querySelector("article:last-of-type");
    };
    append(data);
    return { element: h("div", {}, [...parts.values()].map(({ element }) => element)), append };
}

function group(title, mayChoose) {
    const count = h("span", { class: "count" }), cards = h("div");
    const all = h("button", { type: "button", class: "small", ...spokenAs(pair(t("Select all"), title)), onclick() {
        for (const box of cards.querySelectorAll("input[data-card-key=x]:not(:checked)")) box.click();
    } }, t("Select all"));
    const element = h("section", { class: "group", ...spokenAs(title), hidden: true },
        h("div", { class: "heading" }, h("h2", {}, title, " ", count), mayChoose && all), cards);
    return {
        element,
        add(card) {
            cards.append(card);
            element.hidden = false;
            fill(count, number(cards.children.length));
        },
    };
}

const added = (place, elements) => {
    place.append(...elements);
    return elements[0];
};

function nothing(status) {
    if (status === "pending") {
        return empty(t("No pending approvals"), {
            about: t("Requests from workflows, and from agents that need approval, appear here."),
            ways: h("a", { href: "#/agents" }, t("View agents")),
        });
    }
    return empty(t("No approvals match."), { ways: h("a", { href: "#/approvals" }, t("Show pending approvals")) });
}

/** One approval, for a link from elsewhere. */
export function approval({ id, signal }) {
    const path = `/v1/approvals/${encodeURIComponent(id)}`;
    const record = pending(() => get(path, signal), (one) => {
        document.title = `${one.title} – Bureau`;
        return approvalCard(one, { decided: () => (recount(), record.reload()), signal, isOpen: true });
    }, { signal });
    cardKeys(() => record, signal);
    return {
        title: t("Approval"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/approvals" }, t("Approvals"))),
            h("h1", {}, t("Approval")), record,
        ],
    };
}
