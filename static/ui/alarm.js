import { fill, h } from "./dom.js";
import { urgent } from "./state.js";
import { t } from "./words.js";

/**
 * Tells a failure at once. Unlike a success (toast.js) it stands until somebody closes it or opens another view, in the
 * place of the failure before it.
 */
export function alarm(text) {
    const home = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.getElementById("main");
    const place = home.querySelector(":scope > .alarm") ?? h("div", { class: "alarm", ...urgent });
    const close = h("button", { type: "button", class: "small", onclick() {
        place.remove();
        const heading = home.querySelector("h1, h2");
        heading?.setAttribute("tabindex", "-1");
        heading?.focus();
    } }, t("Close"));
    const head = home.querySelector(":scope > .dialog-head");
    if (!place.isConnected && head) head.after(place);
    else if (!place.isConnected) home.prepend(place);
    // Filled where it stands already: not everything reads out what comes with its place.
    fill(place, h("p", { class: "notice bad" }, h("span", { dir: "auto" }, text), close));
}
