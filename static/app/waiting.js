import { get, may } from "./api.js";
import { throttled } from "./dom.js";
import { number } from "./format.js";

/* Counts of pending approvals and open alerts, beside the links of the head and on the overview. */

const asked = {
    approvals: ["approvals:read", "/v1/approvals?status=pending&limit=1&fields=id&total=true"],
    alerts: ["alerts:read", "/v1/alerts?open=true&limit=1&fields=id&total=true"],
};

/** How many of "approvals" or "alerts" wait. */
export async function waiting(what, signal) {
    const [permission, path] = asked[what];
    return may(permission) ? (await get(path, signal)).total : 0;
}

/** Counts anew and shows it at every `[data-waiting="approvals"]`; a count that fails is left as it was. */
export const recount = throttled(1000, async () => {
    for (const what of Object.keys(asked)) {
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
