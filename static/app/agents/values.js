import { secondsOf } from "../controls/leaves.js";
import { told } from "../sentences.js";
import { h } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { number, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/* Settings of agents for the eye: a value in words, and what differs between two sets of them. */

const identifier = /^[a-z]{2,9}_[0-9a-hjkmnp-tv-z]{26}$/;

export function said(value) {
    if (value === null || value === undefined || value === "") return "–";
    if (typeof value === "boolean") return value ? t("Yes") : t("No");
    if (typeof value === "number") return number(value);
    if (typeof value === "string") {
        if (identifier.test(value)) return t("another record");
        if (/^P(\d|T)/.test(value) && secondsOf(value) !== null) return lasting(secondsOf(value));
        return /^[a-z]+(_[a-z0-9]+)*$/.test(value) ? words(value) : told(value);
    }
    if (value.currency && typeof value.amount === "number") return money(value);
    if (Array.isArray(value)) return value.length ? value.map(said).join(", ") : t("none");
    return Object.entries(value).map(([name, each]) => `${words(name)}: ${said(each)}`).join(", ") || "–";
}

/** Every value by the path of its names; money and lists count as one value. */
export function flat(values, path = []) {
    return Object.entries(values ?? {}).flatMap(([name, value]) => {
        const isPart = value?.constructor === Object && !value.currency && Object.keys(value).length > 0;
        return isPart ? flat(value, [...path, name]) : [[[...path, name], value]];
    });
}

export const pathInWords = (path) => path.map(words).join(" › ");

/** Returns the differences: [[path, before, after]]. */
export function differences(before, after) {
    const old = new Map(flat(before).map(([path, value]) => [path.join("."), value]));
    const fresh = new Map(flat(after).map(([path, value]) => [path.join("."), value]));
    const names = [...new Set([...old.keys(), ...fresh.keys()])];
    return names.filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(fresh.get(name)))
        .map((name) => [name.split("."), old.get(name), fresh.get(name)]);
}

/** Draws the differences as a table; `titles` are those of the two sides. */
export function differenceTable(before, after, [first, second]) {
    const rows = differences(before, after);
    if (!rows.length) return h("p", { class: "quiet" }, t("Nothing differs."));
    return table(t("What differs"), [t("Setting"), first, second], rows.map(([path, old, fresh]) => h("tr", {},
        h("th", { scope: "row" }, pathInWords(path)), h("td", { "data-label": first }, said(old)),
        h("td", { "data-label": second }, said(fresh)))), "stacked");
}
