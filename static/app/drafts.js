import { tenant } from "./api.js";
import { person } from "./session.js";

/* A text that somebody has begun stays in this browser, per person and agency, until it is saved or discarded. */

/** The agency as it was known last: a page is left a moment after its session. */
let agency;

const own = (name) => `draft ${agency = tenant().id ?? agency} ${person()} ${name}`;

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

/** Drops the drafts of whoever signs out by hand; those of others in this browser stay theirs. */
export function dropAllDrafts() {
    for (const key of Object.keys(localStorage)) {
        const [kind, , whose] = key.split(" ");
        if (kind === "draft" && whose === person()) localStorage.removeItem(key);
    }
}
