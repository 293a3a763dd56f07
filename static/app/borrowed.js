/*
 * The sandbox that this tab is in. Its token is kept for the tab alone: other tabs, and the person's own session,
 * stay in the agency. Tokens that were seen once are kept for the tab, too, so that coming back makes no new one.
 */

const place = "bureau.sandbox", seen = "bureau.sandbox.tokens";

const read = (key) => {
    try {
        return JSON.parse(sessionStorage.getItem(key));
    } catch {
        return null;
    }
};

let lent = read(place);

/** {id, name, now, token} of the sandbox that this tab is in, or null. */
export const lentSandbox = () => lent;

export const tokenOf = (id) => read(seen)?.[id] ?? null;

export function keepToken(id, token) {
    sessionStorage.setItem(seen, JSON.stringify({ ...read(seen), [id]: token }));
}

/** From here on this tab is in the sandbox: the frame and the views are drawn anew. */
export function enterSandbox(one) {
    lent = one;
    sessionStorage.setItem(place, JSON.stringify(one));
    keepToken(one.id, one.token);
    redraw("/");
}

export function leaveSandbox() {
    lent = null;
    sessionStorage.removeItem(place);
    redraw("/sandboxes");
}

function redraw(path) {
    history.pushState(null, "", `#${path}`);
    window.dispatchEvent(new Event("signedin"));
}

window.addEventListener("signedout", () => {
    lent = null;
    sessionStorage.removeItem(place);
    sessionStorage.removeItem(seen);
});
