import { get, may } from "./api.js";
import { counts } from "./slices.js";
import { throttled } from "../ui/dom.js";
import { number } from "../ui/format.js";

/* Counts of what waits, such as pending approvals, beside the entries and on Today. */

/** Counts the "approvals" or "alerts" that wait. */
export async function waiting(what, signal) {
    const { permission, path } = counts[what];
    return may(permission) ? (await get(path, signal)).total : 0;
}

/** The events after which a count may be another. */
export const countedEvents = Object.values(counts).map(({ on }) => on).join(",");

/** Counts anew and shows it at every `[data-waiting="approvals"]`; a count that fails is left as it was. */
export const recount = throttled(1000, async () => {
    for (const what of Object.keys(counts)) {
        const places = document.querySelectorAll(`[data-waiting="${what}"]`);
        if (!places.length) continue;
        const count = await waiting(what).catch(() => null);
        if (count === null) continue;
        for (const place of places) {
            place.textContent = number(count);
            place.hidden = count === 0;
        }
    }
});
