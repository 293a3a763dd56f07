import { hold, release, setBusy, switches, titled, unheard, urgent } from "./state.js";
import { called, reason, t, wrong } from "./words.js";

/**
 * Builds an element: h("a", {href: "#/leads", class: "row"}, "Leads", h("b", {}, 3)). Children become nodes or text,
 * never markup. Attributes that are null, undefined or false are left out; on… are listeners. A button whose action
 * lasts is busy meanwhile.
 */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) continue;
        if (name === "onclick" && tag === "button") element.addEventListener("click", once(element, value));
        else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    fill(element, ...children);
    return element;
}

/** Busy until what an action has begun is done; what asks in a dialog, or only opens and shuts, is not. */
function once(button, action) {
    return (event) => {
        if (button.hasAttribute("data-busy")) return;
        const lasting = action(event);
        if (!lasting?.then || switches(button)) return;
        const free = () => {
            button.removeAttribute("data-busy");
            window.removeEventListener("dialogopened", free);
        };
        button.setAttribute("data-busy", "");
        window.addEventListener("dialogopened", free);
        lasting.finally(free);
    };
}

/** Replaces what an element holds; null, undefined and false leave no trace. */
export function fill(element, ...children) {
    const kept = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
    element.replaceChildren(...kept.map((child) => (child instanceof Node ? child : String(child))));
    return element;
}

/**
 * Fills an element, and the keyboard stays where it was, at the control that was there before or else at the place;
 * what somebody has unfolded stays so. What takes over a part of what is there is given as a function that draws it: it
 * would take the keyboard along.
 */
export function refill(element, ...children) {
    const held = element.contains(document.activeElement) ? document.activeElement : null;
    const mark = held && markOf(held), unfolded = foldsOf(element).filter(([one]) => one.open).map(([, name]) => name);
    fill(element, ...children.map((child) => (typeof child === "function" ? child() : child)));
    for (const [one, name] of foldsOf(element)) if (unfolded.includes(name)) one.open = true;
    if (!held) return;
    element.setAttribute("tabindex", -1);
    const kept = element.contains(held) ? held : sameIn(element, held, mark);
    (kept ?? element).focus({ preventScroll: true });
}

/** The control that stands for one that was drawn anew. */
export const sameIn = (place, one, mark = markOf(one)) =>
    [...place.querySelectorAll(one.tagName)].find((other) => markOf(other) === mark);

/** Returns the parts that can be unfolded: [[element, its title and which of that title it is]]. */
function foldsOf(element) {
    const counts = new Map();
    return [...element.querySelectorAll("details")].map((one) => {
        const title = one.querySelector("summary")?.textContent, count = (counts.get(title) ?? 0) + 1;
        counts.set(title, count);
        return [one, `${title} ${count}`];
    });
}

const markOf = (element) => [element.textContent.trim(), element.name, ...["aria-label", "href"].map(
    (name) => element.getAttribute(name))].join("|");

export function badge(text, tone = "") {
    return h("span", { class: `badge ${tone}`, dir: "auto" }, text);
}

/** A line that stands back behind the rest. */
export const quiet = (...children) => h("p", { class: "quiet" }, children);

/** A titled part of a page, named by its heading for those who move by landmarks. */
let sections = 0;
export function section(title, attributes, ...children) {
    const id = `section-${++sections}`;
    return h("section", { ...titled(id), ...attributes }, h("h2", { id }, title), ...children);
}

/** Why something went wrong, in short: in the reader's language, or else as the server says it. */
export const whyNot = (problem) => wrong(problem.code) ?? gone(problem) ?? detailOf(problem) ?? problem.title
    ?? problem.message;

/** The server's sentence, and what is allowed instead: it names that in codes, at the end. */
function detailOf({ detail, body }) {
    const allowed = body?.allowed ?? [];
    if (!detail || !allowed.length) return reason(detail) ?? detail;
    const choices = allowed.map((code) => called(`step.${code}`) ?? called(code) ?? code.replaceAll(/[-_]/g, " "));
    const why = reason(detail) ?? detail.split(" Allowed: ")[0];
    return t("{why} Possible now: {choices}.", { why, choices: choices.join(", ") });
}

/** The problems whose detail tells what is in the way, with what to do; their title says no more than that. */
const inTheWay = ["conflict", "invalid_transition"];

/** The server speaks of the path, which is nobody's on a page. */
const gone = ({ code }) => (code === "not_found" ? t("This does not exist any more, or you may not see it.") : undefined);

/** A failure, in the words of its problem document, with what to do about it. */
export function failure(problem, retry, way = t("Try again")) {
    const said = wrong(problem.code);
    const isFaulty = problem.code === "validation_failed";
    const known = detailOf(problem);
    const why = inTheWay.includes(problem.code) && known;
    const title = said || why || (isFaulty ? t("Correct the marked fields.") : problem.title)
        || t("Something went wrong on this page");
    // The missing permission's name means something to programs only.
    // The same again is refused again.
    const isOver = problem.code === "invalid_transition";
    const isForbidden = problem.code === "forbidden" && /\b[a-z_]+:[a-z]+\b/.test(problem.detail);
    const detail = said || why || isFaulty ? "" : isForbidden ? t("Ask an owner or a manager of the agency to give you access.")
        : gone(problem) ?? known ?? problem.message;
    return h(
        "div", { class: "notice bad", ...urgent },
        h("p", {}, h("strong", {}, title), " ", detail),
        // It helps to find what the server got wrong.
        problem.requestID && problem.status >= 500 && h("p", { class: "quiet" }, t("Request ID"), " ", h("code", {}, problem.requestID)),
        retry && !isForbidden && !isOver && h("button", { type: "button", onclick: retry }, way),
    );
}

/**
 * A button that does one thing at a time. What goes wrong is shown at `place`; `onProblem` may give another way
 * on than trying again.
 */
export function doing(label, action, { place, onProblem, ...attributes }) {
    const run = async () => {
        if (!hold(button)) return;
        fill(place);
        try {
            await action();
        } catch (problem) {
            fill(place, onProblem?.(problem) || failure(problem, run));
        }
        release(button);
    };
    const button = h("button", { type: "button", ...attributes, onclick: run }, label);
    return button;
}

/**
 * Calls `action` at most once in `interval` ms, never while it is still at it, and once more after the last call
 * meanwhile.
 */
export function throttled(interval, action, signal) {
    let isResting = false, isDue = false;
    const run = async () => {
        if (!isDue || signal?.aborted) return;
        isDue = false;
        isResting = true;
        try {
            await action();
        } finally {
            setTimeout(() => {
                isResting = false;
                run();
            }, interval);
        }
    };
    return () => {
        isDue = true;
        if (!isResting) run();
    };
}

/** Grey lines where something will be, after a moment, with the word for those who listen. */
const bones = (label) => h("div", { class: "loading" }, h("span", { class: "unseen" }, label),
    h("div", { class: "bones", ...unheard }, [0, 1, 2, 3].map(() => h("span", { class: "bone-line" }))));

/** Done when no menu is open in any of the places, and no value edited where it stands. */
export const untilShut = (...places) => {
    const isOpen = () => places.some(
        (place) => place.isConnected && place.querySelector("[role=menu]:not([hidden]), .in-place"));
    return isOpen() ? new Promise((resolve) => {
        const look = () => setTimeout(() => {
            if (isOpen()) return;
            document.removeEventListener("menushut", look);
            resolve();
        });
        document.addEventListener("menushut", look);
    }) : null;
};

/**
 * A place for what `load` will give: grey lines meanwhile, the problem and another try when it fails. `reload` keeps
 * the old content until the new one is there; the last of several counts. It loads at most once in `interval` ms.
 * `render` also draws `also`.
 */
export function pending(load, render, { label = t("Loading…"), signal, interval, also = [] } = {}) {
    const place = h("div", { "data-loading": "" }, bones(label));
    let turn = 0;
    const read = async () => {
        const own = ++turn;
        const isWanted = () => own === turn && !signal?.aborted;
        setBusy(place, true);
        try {
            const loaded = await load();
            const shut = untilShut(place, ...also);
            if (shut) {
                setBusy(place, false);
                await shut;
            }
            if (isWanted()) refill(place, () => render(loaded));
        } catch (problem) {
            // Without a line what has been read stays, and the frame says so.
            const isRead = !place.hasAttribute("data-loading");
            if (isWanted() && !(isRead && problem.status === 0)) refill(place, failure(problem, place.reload));
        }
        if (!isWanted()) return;
        setBusy(place, false);
        place.removeAttribute("data-loading");
    };
    place.reload = interval ? throttled(interval, read, signal) : read;
    place.reload();
    return place;
}

/** Tells something to those who listen to the page; the eye sees it elsewhere. */
export function announce(text) {
    document.getElementById("announcer").textContent = text;
}
