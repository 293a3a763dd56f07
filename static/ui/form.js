import { failure, fill, h } from "./dom.js";
import { number, within, words } from "./format.js";
import { absolve, blame, hold, release } from "./state.js";
import { pair, reason, wrong } from "./words.js";

/**
 * A form that cannot be sent twice at once and shows a problem where it belongs: a fault beside its field, the rest on
 * top. `submit` gets the values by name. Of several forms on a page one at most is primary. Ctrl and Enter send it.
 */
export function form({ action, submit, onProblem, class: className = "form", isPrimary = true }, ...children) {
    const notice = h("div", { class: "notices" });
    const button = h("button", { type: "submit", class: isPrimary && "primary" }, action);
    const element = h(
        "form", { class: className, novalidate: true }, notice, children, h("div", { class: "actions" }, button));
    element.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (!hold(button)) return;
        clear(element, notice);
        try {
            await submit(Object.fromEntries(new FormData(element)), notice);
        } catch (problem) {
            if (!onProblem?.(problem, notice)) showProblem(element, notice, problem);
        }
        release(button);
    });
    element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.requestSubmit();
    });
    return element;
}

function clear(element, notice) {
    fill(notice);
    for (const fault of element.querySelectorAll(".field .fault")) fault.textContent = "";
    absolve(element);
}

/** "due_on must be after starts_on." of the server as "Due date must be after starts on.", by the field's label. */
export function inWords(detail, name, label) {
    const said = String(detail ?? "").replaceAll(/\b(?:settings|credentials)\.(\w+)/g, "$1")
        .replaceAll(/\bfilter[.[][\w.[\]]*\.(\w+)/g, "$1");
    const isNamed = name && said.startsWith(`${name} `);
    return (isNamed ? (label || words(name)) + said.slice(name.length) : said)
        .replaceAll(/\b[a-z]+(?:_[a-z]+)+\b/g, (other) => within(other));
}

/**
 * "rate must be from 0 to 10000." as "rate must be from 0 to 100.": a field in which people enter another unit than the
 * API has says in `data-scale` how many of the API's one of theirs is.
 */
export function inUnits(detail, place) {
    const scale = Number(place?.dataset?.scale);
    return scale ? String(detail ?? "").replace(/ must .*$/s, (limits) => limits.replaceAll(/-?\d+(?:\.\d+)?/g,
        (value) => number(Number((value / scale).toPrecision(12))))) : detail;
}

export const labelOf = (place) =>
    place?.querySelector(":scope > label, :scope > legend, :scope > fieldset > legend")?.textContent.trim();

/** The control within a field that says its own place: what is wrong with a part is said at the whole. */
function placeWithin(element, pointer = "") {
    for (let at = pointer; at; at = at.slice(0, at.lastIndexOf("/"))) {
        const place = element.querySelector(`[data-pointer="${CSS.escape(at)}"]`);
        if (place) return place;
    }
    return null;
}

export function showProblem(element, notice, problem) {
    const others = [];
    let first = null;
    for (const { pointer, code, detail: written } of problem.errors ?? []) {
        // "/tags/0" is a fault of the field "tags", "/limits/hour" of the field "hour".
        const names = pointer.split("/").slice(1), named = names.findLast((name) => /^[a-z]/.test(name));
        const place = placeWithin(element, pointer) ?? names
            .map((name) => element.querySelector(`.field[data-name="${CSS.escape(name)}"]`)).find(Boolean);
        const said = inUnits(written, place);
        const detail = wrong(code) ?? reason(said) ?? inWords(said, named, labelOf(place));
        if (!place) {
            others.push(named && !detail.startsWith(words(named)) ? pair(words(named), detail) : detail);
            continue;
        }
        place.querySelector(".fault").append(detail, " ");
        blame(place.querySelector("[name]"));
        first ??= place.querySelector("[name]");
    }
    if (!first || others.length) {
        fill(notice, failure(problem), others.map((text) => h("p", { class: "fault" }, text)));
    }
    first?.focus();
}
