import { fill, h, sameIn } from "./dom.js";
import { t } from "./words.js";

let made = 0;

/**
 * A dialog over the page: the browser's own, which keeps the keyboard inside and gives it back. `content(close)` makes
 * what it holds, and `onClose` is told what it is closed with. It goes with the view that it was opened on, unless it
 * `stays`.
 */
export function dialog({ title, content, wide = false, stays = false, onClose }) {
    const id = `dialog-${++made}`;
    const before = document.activeElement;
    const element = h("dialog", { class: `dialog ${wide ? "wide" : ""}`, "aria-labelledby": id });
    const leave = (result) => {
        if (!element.isConnected) return;
        if (element.open) element.close();
        element.remove();
        giveBack(before);
        window.removeEventListener("hashchange", ask);
        onClose?.(result);
    };
    const ask = () => leave();
    if (!stays) window.addEventListener("hashchange", ask);
    element.addEventListener("cancel", (event) => {
        event.preventDefault();
        ask();
    });
    fill(element,
        h("div", { class: "dialog-head" },
            h("h2", { id, dir: "auto" }, title),
            h("button", {
                type: "button", class: "plain-button", "aria-label": t("Close"), "data-shuts": true, onclick: ask,
            }, h("span", { class: "icon close", "aria-hidden": "true" }))),
        content(leave));
    document.body.append(element);
    element.showModal();
    window.dispatchEvent(new Event("dialogopened"));
    const first = element.querySelector("[autofocus], form :is(input, select, textarea):not([type=hidden])");
    (first ?? element.querySelector("button:not([data-shuts])"))?.focus();
    /** Out of sight while something is tried, and back where it fails. */
    const hide = () => element.open && element.close();
    const show = () => element.isConnected && !element.open && element.showModal();
    return { element, close: leave, hide, show };
}

/** The keyboard goes back to where it was: to the same control, where that has been drawn anew, or else to the heading. */
function giveBack(before) {
    if (!before || before === document.body) return;
    if (before.isConnected) return before.focus();
    const heading = document.querySelector("main h1");
    heading?.setAttribute("tabindex", "-1");
    (sameIn(document.body, before) ?? heading)?.focus();
}

/** Asks before what cannot be undone; resolves to whether it is to be done. */
export function confirm({ title, text, action, isGrave = false }) {
    return new Promise((resolve) => dialog({
        title, onClose: (result) => resolve(result === true),
        content: (close) => [
            h("p", {}, text),
            h("div", { class: "actions end" },
                h("button", { type: "button", onclick: () => close() }, t("Cancel")),
                h("button", { type: "button", class: isGrave ? "grave" : "primary", autofocus: true,
                    onclick: () => close(true) }, action)),
        ],
    }));
}
