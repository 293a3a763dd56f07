/*
 * What assistive technology is told of an element, the same everywhere (`Tests/Tidy/ConsoleAriaTests.swift`). Most of
 * these are attributes for `h`: h("a", { href, ...current(isHere) }, text).
 */

/** For the eye alone. */
export const unheard = { "aria-hidden": "true" };

/** Told once whoever listens has a moment. */
export const polite = { role: "status" };
/** Marks a place whose text changes often. */
export const talking = { role: "status", "aria-live": "polite" };
/** Told at once. */
export const urgent = { role: "alert" };

/** Called otherwise than by what stands in it. */
export const spokenAs = (name) => ({ "aria-label": name });
export const speakAs = (element, name) => element?.setAttribute?.("aria-label", name);
export const spokenName = (element) => element.getAttribute("aria-label");

export const grouped = (label) => ({ role: "group", "aria-label": label });
export const toolbar = (label) => ({ role: "toolbar", "aria-label": label });
export const searching = (label) => ({ role: "search", "aria-label": label });
export const region = (label) => ({ role: "region", "aria-label": label });
export const tabsOf = (label) => ({ role: "tablist", "aria-label": label });
export const tabOf = (isShown) => ({ role: "tab", "aria-selected": String(Boolean(isShown)) });

/** A drawing as a whole. */
export const picture = (label) => ({ role: "img", "aria-label": label });

/** Named by a heading of its own. */
export const titled = (id) => ({ "aria-labelledby": id });
export const groupTitled = (id) => ({ role: "group", "aria-labelledby": id });

/** A share from 0 to 1 as a meter, and how it is said. */
export const meter = (label, share, said) => ({
    role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100,
    "aria-valuenow": Math.min(100, Math.round(share * 100)), "aria-valuetext": said,
});

/** A row of a table of which not all are in the page, and by which way a column is sorted. */
export const rowAt = (index) => ({ "aria-rowindex": index });
export const sorted = (way) => ({ "aria-sort": way });

// Where the reader is.

export const current = (isHere, kind = "page") => ({ "aria-current": isHere ? kind : null });
export const currentIn = (place) => place?.querySelector("[aria-current]");
export function markCurrent(link, isHere) {
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
}

// Buttons that are on or off, and those that open something.

export const pressed = (isOn) => ({ "aria-pressed": String(Boolean(isOn)) });
export const press = (button, isOn) => button.setAttribute("aria-pressed", String(Boolean(isOn)));
export const unfolding = (isOpen, id) => ({ "aria-expanded": String(Boolean(isOpen)), "aria-controls": id });
export const setUnfolded = (button, isOpen) => button?.setAttribute("aria-expanded", String(Boolean(isOpen)));
export const isUnfolded = (button) => button?.getAttribute("aria-expanded") === "true";
export const openIn = (place) => place?.querySelector('[aria-expanded="true"]');
export const opensMenu = (button) => button.ariaHasPopup === "menu";
/** Whether a button only opens, or switches: nothing lasts behind it. */
export const switches = (button) => ["aria-expanded", "aria-pressed"].some((name) => button.hasAttribute(name));

// The work under way.

export function setBusy(place, isBusy) {
    if (isBusy) place.setAttribute("aria-busy", "true");
    else place.removeAttribute("aria-busy");
}

/**
 * Keeps a button from a second press; false where it is kept already. Not `disabled`, which would throw away the
 * keyboard's focus.
 */
export function hold(button) {
    if (isHeld(button)) return false;
    button.setAttribute("aria-disabled", "true");
    return true;
}
export const isHeld = (button) => button.hasAttribute("aria-disabled");
export const release = (button) => button.removeAttribute("aria-disabled");

// Fields, and what is wrong with them.

export const describing = (...ids) => ({ "aria-describedby": ids.filter(Boolean).join(" ") || null });
export const describedBy = (attributes) => attributes["aria-describedby"];
export const needed = (isNeeded) => ({ "aria-required": isNeeded ? "true" : null });
export const blame = (input) => input?.setAttribute("aria-invalid", "true");
/** The first control that something is wrong with. */
export const faultyIn = (form) => form.querySelector("[aria-invalid]");
/** The fold in which something is wrong, which may be shut. */
export const faultyFold = (form) => form.querySelector("details:has([aria-invalid])");
export function absolve(form) {
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}
