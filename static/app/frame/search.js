import { get, may, withQuery } from "../api.js";
import { words } from "../format.js";
import { settingGroups } from "../settings/groups.js";
import { searchedKinds } from "../slices.js";
import { t } from "../words.js";
import pagesOfSlices from "../../slices/pages/index.js";
import { palette } from "../../ui/palette.js";
import { actions, entryGroups } from "./entries.js";
import { askToStop } from "./stop.js";

const pause = 120, shownMax = 16;

function places() {
    const pages = entryGroups().flatMap(([, list]) =>
        list.map(({ label, path }) => ({ text: label, href: `#${path}`, kind: t("Page") })));
    const settings = settingGroups().flatMap(([, list]) =>
        list.map(([text, href]) => ({ text, href, kind: t("Settings") })));
    const others = pagesOfSlices.flatMap((list) => list()).filter(({ permission }) => may(permission))
        .map(({ text, path }) => ({ text, href: `#${path}`, kind: t("Page") }));
    const more = actions().map((one) => ({ ...one, kind: t("Action") }));
    if (may("brakes:write")) more.push({ text: t("Emergency stop"), kind: t("Action"), run: askToStop });
    return [...pages, ...settings, { text: t("Notifications"), href: "#/notifications", kind: t("Page") }, ...more,
        ...others, ...here()];
}

/** What can be done with what is shown. */
const here = () => [...document.querySelectorAll("main .heading .actions :is(button, a)")]
    .filter((one) => one.checkVisibility?.() !== false && !one.closest("[role=menu]") && one.ariaHasPopup !== "menu")
    .map((one) => ({ text: one.textContent.trim(), kind: t("On this page"), run: () => one.click() }));

/** Exact names first, then those that begin so, then those that have it somewhere. */
function ranked(list, said) {
    const asked = said.toLowerCase();
    const rank = ({ text }) => {
        const own = text.toLowerCase();
        return own === asked ? 0 : own.startsWith(asked) ? 1 : own.includes(asked) ? 2 : 3;
    };
    return list.map((one) => [rank(one), one]).filter(([place]) => place < 3)
        .sort(([a], [b]) => a - b).map(([, one]) => one);
}

let asked = null;

function find(said, show) {
    asked?.abort();
    if (!said) return show(places().slice(0, 8));
    const known = ranked(places(), said).slice(0, 8);
    show(known);
    const own = asked = new AbortController();
    // Whoever types a page's whole name means the page.
    const isPage = known[0]?.text.toLowerCase() === said.toLowerCase();
    setTimeout(() => own.signal.aborted || records(said, own.signal, (found) =>
        show(isPage ? [...known, ...found] : [...found, ...known])), pause);
}

/** The records of all kinds that are searched, kind by kind, as one answer. */
async function records(said, signal, show) {
    const { declared } = await import("../records/meta.js");
    const all = await declared().catch(() => new Map());
    const kinds = searchedKinds().map((plural) => all.get(plural)).filter((kind) =>
        kind?.mayRead && kind.page && [...kind.fields.values()].some(({ searchable }) => searchable));
    if (!kinds.length) return;
    const query = { q: said, limit: shownMax, kinds: kinds.map(({ plural }) => plural).join(",") };
    const { data } = await get(withQuery("/v1/search", query), signal).catch(() => ({ data: [] }));
    if (!data.length || signal.aborted) return;
    show(data.map(({ kind, id, title }) => {
        const { page, singular } = all.get(kind);
        return { text: title || words(singular), href: `${page}/${encodeURIComponent(id)}`, kind: words(singular) };
    }));
}

export const openSearch = () => {
    if (!document.querySelector("dialog[open]")) palette({ label: t("Search everything"), find });
};
