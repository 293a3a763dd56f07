import { named } from "../records/naming.js";
import { badge, h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { spokenAs, unheard } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { called, pair, t } from "../../ui/words.js";
import { hourOf, shortDay } from "./days.js";

/* Shows the calendar's entries: as a line of a day, as a card, and as a row of the list. */

const pages = {
    post: "#/social-posts", item: "#/content-items", email: "#/email-campaigns", milestone: "#/campaigns",
    space: "#/network-spaces",
};
const hues = 8;

/** Clients are told apart by their colours, the same on every day; their names are said beside them. */
export function huesOf(entries) {
    const clients = [...new Set(entries.map(({ client_id: id }) => id).filter(Boolean))].sort();
    return new Map(clients.map((id, index) => [id, index % hues]));
}

export const kindNames = () => ({
    post: t("Post"), item: t("Content"), email: t("Email"), milestone: t("Milestone"), slot: t("Planned theme"),
    key_date: t("Key date"), space: t("Space"),
});

/** Returns the key of an entry; a campaign may have several days. */
export const keyOf = ({ kind, id, date, title, theme }) => [kind, id ?? "", date, id ? "" : theme ?? title].join(" ")
    + (kind === "milestone" ? ` ${title}` : "");

export const titleOf = (one) => (one.kind === "key_date" ? called(`key_date.${one.code}`) ?? one.title
    : firstLine(one.title) || one.theme || kindNames()[one.kind]);

const firstLine = (text) => (text ?? "").trim().split("\n")[0];

/** Where an entry leads: to its record, of a slot to what fills it. */
export function hrefOf({ kind, id, content_item_id: item }) {
    if (id) return `${pages[kind]}/${encodeURIComponent(id)}`;
    if (kind === "slot") return item ? `#/content-items/${encodeURIComponent(item)}` : "#/content-calendar-rules";
    return null;
}

const icon = (kind) => h("span", { class: `icon kind-${kind}`, ...unheard });
const hueOf = (one, look) => (look.hues.has(one.client_id) ? ` hue-${look.hues.get(one.client_id)}` : "");
const done = new Set(["published", "sent"]);
const stopped = new Set(["cancelled", "failed", "missed", "unknown"]);
const stateOf = ({ status }) => (done.has(status) ? " done" : stopped.has(status) ? " stopped" : "");

/** All of an entry in words, for those who listen and as a title for the eye. */
export function saidOf(one, look) {
    const all = [
        one.at && hourOf(one.at), titleOf(one), one.network ? words(one.network) : kindNames()[one.kind],
        one.kind === "key_date" ? null : words(one.status), look.clientName(one.client_id),
        look.conflicts.has(one.id) && t("in conflict"),
    ];
    return all.filter(Boolean).join(", ");
}

const carried = (one, look) => (look.mayMove(one)
    ? { draggable: "true", "data-thing": keyOf(one), "data-on": one.date } : {});

/** One line: hour, kind and title. */
export function drawLine(one, look) {
    const said = saidOf(one, look), href = hrefOf(one);
    const face = [
        icon(one.kind), one.at && h("time", { datetime: one.at }, hourOf(one.at)),
        h("span", { class: "what", dir: "auto" }, titleOf(one)),
        look.conflicts.has(one.id) && h("span", { class: "clash", ...unheard }, "!"),
    ];
    return h("li", { class: `entry of-${one.kind}${hueOf(one, look)}${stateOf(one)}`, ...carried(one, look) },
        h(href ? "a" : "span", { href, draggable: "false", title: said, ...spokenAs(href && said) }, face));
}

/** A card with what a line has no room for. */
export function drawCard(one, look) {
    const href = hrefOf(one), name = titleOf(one);
    const own = `entry card-entry of-${one.kind}${hueOf(one, look)}${stateOf(one)}`;
    return h("li", { class: own, ...carried(one, look) },
        h("p", { class: "head" }, icon(one.kind), one.at ? h("time", { datetime: one.at }, hourOf(one.at)) : "",
            h("span", { class: "soft" }, one.network ? words(one.network) : kindNames()[one.kind])),
        h("p", { class: "what", dir: "auto" }, href
            ? h("a", { href, draggable: "false", title: saidOf(one, look) }, name) : name),
        h("p", { class: "foot" }, one.kind !== "key_date" && statusBadge(one.status),
            one.client_id && h("span", { class: "soft" }, named("clients", one.client_id)),
            look.conflicts.has(one.id) && badge(t("In conflict"), "warn")),
        look.mayMove(one) && h("button", { type: "button", class: "small mover", ...spokenAs(pair(t("Move"), name)),
            onclick: () => look.askMove(one) }, t("Move")), " ",
        look.mayPreview(one) && h("button", { type: "button", class: "small mover",
            ...spokenAs(pair(t("Preview"), name)), onclick: () => look.preview(one) }, t("Preview")));
}

/** A row of the list, of one height. */
export function drawRow(one, look, isFirst) {
    const href = hrefOf(one), name = titleOf(one);
    return h("div", { class: `entry-row of-${one.kind}${hueOf(one, look)}${stateOf(one)}` },
        h("span", { class: `date${isFirst ? "" : " again"}` }, shortDay(one.date)),
        h("div", { class: "main" },
            h("p", { class: "what", dir: "auto" }, href ? h("a", { href, title: saidOf(one, look) }, name) : name),
            h("p", { class: "soft" }, icon(one.kind), [
                one.at && hourOf(one.at), one.network ? words(one.network) : kindNames()[one.kind],
                look.clientName(one.client_id),
            ].filter(Boolean).join(" · "))),
        h("span", { class: "states" }, one.kind !== "key_date" && statusBadge(one.status),
            look.conflicts.has(one.id) && badge(t("In conflict"), "warn")),
        look.mayMove(one) ? h("button", { type: "button", class: "small", ...spokenAs(pair(t("Move"), name)),
            onclick: () => look.askMove(one) }, t("Move")) : h("span"));
}
