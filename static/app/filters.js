import { withQuery } from "./api.js";
import { h } from "../ui/dom.js";
import { searching } from "../ui/state.js";

/**
 * Controls over a list: `onChange` is told what is wanted soon after it changes. The address says so, too, so that a
 * list can be kept as a bookmark; `wanted` is what it said at first.
 */
export function filters({ label, address, wanted, signal, onChange }, ...fields) {
    const className = fields.length > 2 ? "toolbar" : "toolbar slim";
    const controls = h("form", { class: className, ...searching(label) }, fields);
    let timer;

    function look() {
        const next = { ...wanted, ...Object.fromEntries(new FormData(controls)) };
        if (signal.aborted || Object.keys(next).every((name) => next[name] === wanted[name])) return;
        wanted = next;
        // Replaced, not followed: the page must not be drawn anew under the typing hand.
        history.replaceState(null, "", withQuery(address, wanted));
        onChange(wanted);
    }
    controls.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(look, 250);
    });
    controls.addEventListener("submit", (event) => {
        event.preventDefault();
        look();
    });
    return controls;
}
