import { live } from "./stream.js";
import { fill, h } from "../ui/dom.js";
import { polite } from "../ui/state.js";
import { t } from "../ui/words.js";

/**
 * Like `live`, for what must not move under a hand that reads on, chooses or types: while `isAtWork()`, nothing is
 * read, and the place that this gives says so, with a button that does. `clear` empties it when somebody has read anew
 * otherwise. `onChange` is called either way.
 */
export function liveUnless(types, { isAtWork, reload, onChange, onSign, text, signal }) {
    const place = h("div");
    const clear = () => fill(place);
    const show = h("button", { type: "button", async onclick() {
        clear();
        await reload();
        // The button is gone: reading goes on at the top.
        const heading = document.querySelector("main h1");
        heading?.setAttribute("tabindex", "-1");
        heading?.focus();
    } }, t("Refresh"));
    live(types, () => {
        onChange?.();
        if (!isAtWork()) {
            clear();
            return void reload();
        }
        if (!place.firstChild) fill(place, h("p", { class: "notice", ...polite }, text, " ", show));
    }, signal, onSign);
    return { place, clear };
}
