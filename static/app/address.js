import { withQuery } from "./api.js";
import { address } from "./router.js";

/**
 * Keeps what a view shows in its address, so that it is so after a reload and for whoever gets the link; what is empty is
 * left out. Replaced, not followed: the page must not be drawn anew under the hand.
 */
export function keepInAddress(values) {
    const { path, query } = address();
    history.replaceState(null, "", withQuery(`#${path}`, { ...query, ...values }));
}

/** Gives each tab an address of its own, with what it keeps there; a row of tabs tells which one is opened. */
export function tabAddresses(opened, addressOf) {
    const kept = new Map();
    return (name) => {
        kept.set(opened, location.hash);
        opened = name;
        history.replaceState(null, "", kept.get(name) ?? addressOf(name));
    };
}
