import { tenant, whoIsMe } from "./api.js";

/* What somebody has begun to write stays in this browser, per person and agency, until it is saved or discarded. */

const own = (name) => `draft ${tenant().id} ${whoIsMe()?.user?.id ?? ""} ${name}`;

export function draftOf(name) {
    try {
        return JSON.parse(localStorage.getItem(own(name)));
    } catch {
        return null;
    }
}

export function keepDraft(name, value) {
    try {
        localStorage.setItem(own(name), JSON.stringify(value));
    } catch {
        // A full store keeps no draft; what is typed is still in the page.
    }
}

export const dropDraft = (name) => localStorage.removeItem(own(name));

/** Whoever signs out by hand leaves nothing behind. */
export function dropAllDrafts() {
    for (const key of Object.keys(localStorage)) {
        if (key.startsWith("draft ")) localStorage.removeItem(key);
    }
}
