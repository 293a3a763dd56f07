import { get, may, withQuery } from "../api.js";
import { settingGroups } from "../settings/groups.js";
import { searchedKinds } from "../slices.js";
import pagesOfSlices from "../../slices/pages/index.js";
import { words } from "../../ui/format.js";
import { palette } from "../../ui/palette.js";
import { opensMenu } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { actions, entryGroups } from "./entries.js";
import { doings, knowKinds, makings, ranked, withOtherWords } from "./otherwords.js";
import { showKeys } from "./keys.js";
import { askToStop } from "./stop.js";
import { signOut } from "./topbar.js";

const pause = 120, shownMax = 16, pagesMax = 8;

function places() {
    const pages = entryGroups().flatMap(([, list]) =>
        list.map(({ label, path }) => ({ text: label, href: `#${path}`, kind: t("Page") })));
    const settings = settingGroups().flatMap(([, list]) =>
        list.map(([text, href]) => ({ text, href, kind: t("Settings") })));
    const others = pagesOfSlices.flatMap((list) => list()).filter(({ permission }) => may(permission))
        .map(({ text, path }) => ({ text, href: `#${path}`, kind: t("Page") }));
    const known = [...actions(), ...doings()], isNew = ({ href }) => !known.some((one) => one.href === href);
    const more = [...known, ...makings().filter(isNew),
        may("brakes:write") && { text: t("Emergency stop"), also: t("pause, brake, halt sending"), run: askToStop },
        { text: t("Keyboard shortcuts"), also: t("keys, help"), run: showKeys },
        { text: t("Sign out"), also: t("log out, leave"), run: signOut },
    ].filter(Boolean).map((one) => ({ ...one, kind: t("Action") }));
    return withOtherWords([...pages, ...settings, { text: t("Notifications"), href: "#/notifications", kind: t("Page") },
        ...more, ...others, ...here()]);
}

/** The actions of the page that is shown. */
const here = () => [...document.querySelectorAll("main .heading .actions :is(button, a)")]
    .filter((one) => one.checkVisibility?.() !== false && !one.closest("[role=menu]") && !opensMenu(one))
    .map((one) => ({ text: one.textContent.trim(), kind: t("On this page"), run: () => one.click() }));

let asked = null;

function find(said, show) {
    asked?.abort();
    if (!said) return show(places().slice(0, pagesMax));
    const known = () => ranked(places(), said).slice(0, pagesMax);
    show(known());
    const own = asked = new AbortController();
    setTimeout(() => own.signal.aborted || records(said, own.signal, (found, isAll) => {
        const pages = known();
        // A page's whole name means the page.
        const isPage = pages[0]?.text.toLowerCase() === said.toLowerCase();
        show(isPage ? [...pages, ...found] : [...found, ...pages], isAll);
    }), pause);
}

/** The records of all kinds that are searched, kind by kind, as one answer. */
async function records(said, signal, show) {
    const { declared } = await import("../records/meta.js");
    const all = await declared().catch(() => new Map());
    await knowKinds().catch(() => {});
    const kinds = searchedKinds().map((plural) => all.get(plural)).filter((kind) =>
        kind?.mayRead && kind.page && [...kind.fields.values()].some(({ searchable }) => searchable));
    if (!kinds.length) return show([], all.size > 0);
    const query = { q: said, limit: shownMax, kinds: kinds.map(({ plural }) => plural).join(",") };
    const found = await get(withQuery("/v1/search", query), signal).catch(() => null);
    if (signal.aborted) return;
    show((found?.data ?? []).map(({ kind, id, title }) => {
        const { page, singular } = all.get(kind);
        return { text: title || words(singular), href: `${page}/${encodeURIComponent(id)}`, kind: words(singular) };
    }), found !== null);
}

export const openSearch = () => {
    knowKinds().catch(() => {});
    if (!document.querySelector("dialog[open]")) palette({ label: t("Search everything"), find });
};
