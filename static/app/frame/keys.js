import { h } from "../dom.js";
import { dialog } from "../../ui/dialog.js";
import { isWithin } from "./entries.js";
import { openSearch } from "./search.js";

const places = {
    t: ["Today", "#/"], i: ["Inbox", "#/inbox"], l: ["Leads", "#/leads"], d: ["Deals", "#/deals"],
    c: ["Clients", "#/clients"], k: ["Tickets", "#/tickets"], a: ["Approvals", "#/approvals"],
    s: ["Settings", "#/settings"],
};
const others = [
    ["Ctrl K", "Search everything"], ["?", "This list"], ["n", "New record in this list"], ["/", "Search this list"],
    ["j  k", "Next and previous row"], ["Enter", "Open the row"], ["x", "Select the row"], ["e", "Edit"],
    ["m", "Move"], ["a", "Assign"], ["r", "Reply"], ["[  ]", "Previous and next record"],
    ["Ctrl Enter", "Save or send"], ["Esc", "Close"],
];

let isGoing = false;

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
    if (isGoing) {
        isGoing = false;
        if (!places[key] || !document.querySelector(`#side a[href="${places[key][1]}"]`)) return false;
        location.hash = places[key][1].slice(1);
        return true;
    }
    if (key === "g") {
        isGoing = true;
        setTimeout(() => (isGoing = false), 1500);
        return true;
    }
    const does = {
        "?": showKeys, j: () => step(1), k: () => step(-1), x: () => rowBox()?.click(),
        n: () => click("[data-key=n]"), e: () => click("[data-key=e]"), m: () => click("[data-key=m]"),
        a: () => click("[data-key=a]"),
        "[": () => click("[data-key=previous]"), "]": () => click("[data-key=next]"),
        "/": () => focus("main [type=search]"), r: () => focus("main [data-key=r]"),
    }[key];
    does?.();
    return Boolean(does);
}

const click = (selector) => document.querySelector(`main ${selector}`)?.click();
const focus = (selector) => document.querySelector(selector)?.focus();
const rows = () => [...document.querySelectorAll("main tbody tr, main .rolling li, main .threads li")];
const rowBox = () => document.activeElement?.closest("tr, .rolling li")?.querySelector("input[type=checkbox]");

function step(by) {
    const all = rows();
    const held = all.findIndex((row) => row.contains(document.activeElement));
    const at = held >= 0 ? held : all.findIndex((row) => row.querySelector("[aria-current]"));
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    next?.querySelector("a[href]")?.focus();
}

export function showKeys() {
    const line = ([key, text]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text));
    const here = Object.entries(places).filter(([, [, href]]) => document.querySelector(`#side a[href="${href}"]`));
    dialog({
        title: "Keyboard shortcuts",
        content: () => h("div", { class: "key-list" },
            h("dl", {}, others.map(line)),
            h("dl", {}, here.map(([key, [text, href]]) =>
                line([`g ${key}`, isWithin(href, location.hash.slice(1)) ? `${text} (here)` : text])))),
    });
}
