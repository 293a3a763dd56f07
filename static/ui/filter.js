import { announce, fill, h } from "./dom.js";
import { menuButton } from "./menu.js";
import { searching, unheard } from "./state.js";
import { t } from "./words.js";

/**
 * Controls over a list: `onChange` is told what is wanted soon after it changes. The address says so, too, so that a
 * list can be kept as a bookmark: `addressOf` makes it, and `wanted` is what it said at first.
 */
export function filters({ label, addressOf, wanted, signal, onChange }, ...fields) {
    const className = fields.length > 2 ? "toolbar" : "toolbar slim";
    const controls = h("form", { class: className, ...searching(label) }, fields);
    let timer;

    function look() {
        const next = { ...wanted, ...Object.fromEntries(new FormData(controls)) };
        if (signal.aborted || Object.keys(next).every((name) => next[name] === wanted[name])) return;
        wanted = next;
        // Replaced, not followed: the page must not be drawn anew under the typing hand.
        history.replaceState(null, "", addressOf(wanted));
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

/**
 * Filters as chips, {element, draw}: those that are `on()` and a menu of those that are `off()`. A filter is {label,
 * said(), ask(), drop()}; `clear` drops all that are on.
 */
export function chips({ on, off, clear }) {
    const element = h("div", { class: "chips" });
    const draw = () => {
        const [shown, others] = [on(), off()];
        fill(element, shown.map(chip),
            others.length > 0 && menuButton(t("Add filter"),
                () => others.map(({ label, ask }) => ({ text: label, run: ask })), { class: "small" }),
            shown.length > 1 && h("button", { type: "button", class: "small plain-button", onclick: clear },
                t("Clear filters")));
    };
    draw();
    return { element, draw };
}

const chip = ({ label, said, ask, drop }) => h("span", { class: "chip" },
    h("button", { type: "button", class: "small", onclick: ask }, label, ": ", said()),
    h("button", { type: "button", class: "small drop", "aria-label": t("Remove filter {field}", { field: label }),
        onclick: drop }, h("span", { class: "icon close", ...unheard })));

/**
 * Announces what a list has found when somebody has asked for it: at first, and after `again()`.
 */
export function teller() {
    let isAsked = true;
    const tell = (text) => {
        if (isAsked) announce(text);
        isAsked = false;
    };
    tell.again = () => (isAsked = true);
    return tell;
}
