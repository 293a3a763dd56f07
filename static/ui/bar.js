import { h } from "./dom.js";
import { meter, unheard } from "./state.js";

/**
 * A bar of `share` (0–1) of its track, the track being `track` of the room. It is for the eye: the figure
 * stands beside it.
 */
export function bar(share, { track = 1, tone = "" } = {}) {
    const element = h("span", { class: `bar ${tone}`, ...unheard }, h("span", {}));
    // Through the object model: a style attribute would need an exception in the content security policy.
    element.style.setProperty("--track", Math.min(1, Math.max(0, track)));
    element.firstChild.style.setProperty("--share", Math.min(1, Math.max(0, share)));
    return element;
}

/** Shows progress as a meter; `due`, from 0 to 1, is where it should be by now, and `dueText` says so. */
export function paceBar(label, share, { said, due = null, dueText, tone }) {
    const element = h("div", { class: "pace", ...meter(label, share, said) }, bar(share, { tone }),
        due !== null && h("span", { class: "due-mark", title: dueText, ...unheard }));
    if (due !== null) element.style.setProperty("--due", due);
    return element;
}
