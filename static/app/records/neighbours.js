import { fill, h } from "../../ui/dom.js";
import { spokenAs, unheard } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/* The list that somebody came from, so that its records can be walked through and the way back is the same list. */

const most = 1000;
const place = (plural) => `list ${plural}`;

/** Keeps the order of a list for as long as the tab is open. */
export function keepOrder(plural, address, records) {
    const ids = records.slice(0, most).map(({ id }) => id);
    try {
        sessionStorage.setItem(place(plural), JSON.stringify({ address, ids }));
    } catch {
        // A full store keeps no order; the records are there without.
    }
}

function orderOf(plural) {
    try {
        return JSON.parse(sessionStorage.getItem(place(plural)));
    } catch {
        return null;
    }
}

/** The way back to a kind's list, as it was. */
export const backTo = (plural) => orderOf(plural)?.address ?? `#/${plural}`;

/** Links to the record before and the one after in the list that somebody came from. */
export function neighbours(plural, id) {
    const ids = orderOf(plural)?.ids ?? [];
    const at = ids.indexOf(id);
    if (at < 0 || ids.length < 2) return null;
    const link = (to, key, text, sign) => (to ? h("a", {
        class: "button small", href: `#/${plural}/${encodeURIComponent(to)}`, "data-key": key, ...spokenAs(text),
        title: text,
    }, h("span", unheard, sign))
        : h("span", { class: "button small off", ...unheard }, sign));
    return fill(h("span", { class: "neighbours" }), link(ids[at - 1], "previous", t("Previous record"), "↑"),
        link(ids[at + 1], "next", t("Next record"), "↓"));
}
