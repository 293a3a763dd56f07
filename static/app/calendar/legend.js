import { named } from "../records/naming.js";
import { badge, h, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { unheard } from "../../ui/state.js";
import { plural, t } from "../../ui/words.js";
import { hrefOf, kindNames, titleOf } from "./entries.js";
import { shortDay, hourOf } from "./days.js";

/** Which colour is whose, and which sign is what. */
export function legend(look, { entries, as }) {
    if (!entries.length) return null;
    const isCarried = as !== "list", kinds = new Set(entries.map(({ kind }) => kind));
    return h("div", { class: "calendar-legend" },
        Object.entries(kindNames()).filter(([kind]) => kinds.has(kind) && kind !== "key_date").map(([kind, text]) =>
            h("span", {}, h("span", { class: `icon kind-${kind}`, ...unheard }), text)),
        [...look.hues].map(([id, hue]) => h("span", { class: `hue-${hue}` },
            h("span", { class: "dot", ...unheard }), named("clients", id))),
        look.entries.some(look.mayMove) && isCarried && h("span", { class: "how" },
            t("Drag what is planned to another day, or press Space on it and use the arrows.")));
}

const most = 20;

/** Tells the conflicts, entry by entry. */
export function remarks(look, { conflicts, entries }) {
    if (!conflicts.length) return null;
    const byID = new Map(entries.map((one) => [one.id, one]));
    const when = ({ date, at }) => [shortDay(date), at && hourOf(at)].filter(Boolean).join(", ");
    const line = ({ code, ids }) => h("li", {}, badge(words(code), "warn"), " ",
        ids.map((id) => byID.get(id)).filter(Boolean).map((one, index) => [index > 0 && " · ",
            h("a", { href: hrefOf(one), dir: "auto" }, titleOf(one)), ` (${when(one)})`]));
    return section(t("Conflicts"), {}, h("ul", { class: "plain" }, conflicts.slice(0, most).map(line)),
        conflicts.length > most && h("p", { class: "quiet" }, plural(conflicts.length - most, "{count} more",
            "{count} more")));
}
