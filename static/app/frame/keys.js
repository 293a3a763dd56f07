import { later } from "../later.js";
import { currentIn } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** Where `g` and a letter go: [what it is called, its address]. */
export const keyPlaces = () => ({
    t: [t("Today"), "#/"], i: [t("Inbox"), "#/inbox"], l: [t("Leads"), "#/leads"], d: [t("Deals"), "#/deals"],
    c: [t("Clients"), "#/clients"], k: [t("Tickets"), "#/tickets"], a: [t("Approvals"), "#/approvals"],
    s: [t("Settings"), "#/settings"],
});

/** The timer of a `g` that waits for its letter; 0: the next key does not say where to go. */
export let going = 0;

const isTyping = ({ target }) =>
    target.isContentEditable || target.closest?.("input:not([type=checkbox]), textarea, select, [role=menu]");

/** Whether single keys act: a person may switch them off in the profile. */
export const keysAreOn = () => localStorage.getItem("keys") !== "off";

export function startKeys() {
    document.addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
            event.preventDefault();
            return openSearch();
        }
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (!keysAreOn() || isTyping(event) || document.querySelector("dialog[open]")) return;
        if (act(event.key)) event.preventDefault();
    });
}

function act(key) {
    if (going) {
        clearTimeout(going);
        going = 0;
        const href = keyPlaces()[key]?.[1];
        if (!href || !document.querySelector(`#side a[href="${href}"]`)) return false;
        location.hash = href.slice(1);
        return true;
    }
    if (key === "g") {
        going = setTimeout(() => (going = 0), 1500);
        return true;
    }
    const does = {
        "?": showKeys, j: () => step(1), k: () => step(-1), x: () => rowBox()?.click(),
        n: () => click("n"), e: edit, m: () => click("m"), a: () => click("a"), c: () => click("c"),
        "[": () => click("previous"), "]": () => click("next"),
        "/": () => focus("[type=search]"), r: () => focus("[data-key=r]"),
    }[key];
    does?.();
    return does;
}

/** The record that is shown, or the one of the row that has the keyboard. */
function edit() {
    const button = document.querySelector("main [data-key=e]");
    const row = document.activeElement?.closest("tr[data-id]")?.querySelector("a.name");
    if (button) button.click();
    else if (row) location.hash = `${row.getAttribute("href").slice(1)}/edit`;
}

/** Clicks a button of the card that has the keyboard, or else of the page. */
const click = (key) => (document.activeElement?.closest("li")?.querySelector(`[data-key=${key}]`)
    ?? document.querySelector(`main [data-key=${key}]`))?.click();
const focus = (selector) => document.querySelector(`main ${selector}`)?.focus();
const rows = () => [...document.querySelectorAll(
    "main :is(tbody tr:not(.gap, .bone), :is(.board, .rolling, .threads) li)")];
const rowBox = () => document.activeElement?.closest("tr, .rolling li")?.querySelector("input[type=checkbox]");

/** From the row that has the keyboard or is shown, or else from the first that is seen. */
function step(by) {
    const all = rows();
    const held = all.findIndex((row) => row.contains(document.activeElement));
    const at = held >= 0 ? held : all.findIndex((row) => currentIn(row));
    const seen = all.findIndex((row) => row.getBoundingClientRect().top > (row.closest(".scroll")
        ?.getBoundingClientRect().top ?? 0));
    const next = all[at < 0 ? Math.max(0, seen) : Math.min(all.length - 1, Math.max(0, at + by))];
    next?.querySelector("a[href]")?.focus();
}

/** Seldom used parts are loaded when they are used. */
export const openSearch = () => later(() => import("./search.js")).then((search) => search.openSearch());
export const showKeys = () => later(() => import("./keylist.js")).then((list) => list.showKeys());
