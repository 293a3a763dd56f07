import { leaveSandbox, lentSandbox } from "./borrowed.js";
import { Problem, send } from "./http.js";
import { remember, remembered } from "./store.js";
import { t } from "./words.js";

// One session for all tabs, in IndexedDB: a refresh token works once, and the server ends a session that
// uses it twice. localStorage is not in step between tabs, so one could refresh with a token that another
// has just used; sessionStorage would be copied with a duplicated tab.
// The portal has a session of its own: whoever looks at both is somebody else there.
const key = location.pathname.startsWith("/portal") ? "portal.session" : "session";
const otherTabs = new BroadcastChannel(`bureau.${key}`);

/** What this tab knows; another one may have newer tokens. */
let session = null;

export const isSignedIn = () => session !== null;

/** Reads the session at the start, and calls `onChange` whenever another tab has signed in or out. */
export async function openSession(onChange) {
    session = await remembered(key);
    otherTabs.onmessage = async () => {
        session = await remembered(key);
        onChange();
    };
}

/** Begins a session with the answer to signing in. */
export async function enter(answer) {
    await keep(answer);
    otherTabs.postMessage("in");
    window.dispatchEvent(new Event("signedin"));
}

/** How somebody whose session has ended in the middle signs in again; without it the session is over. */
let again = null;

export const onExpired = (ask) => (again = ask);

export async function leave() {
    session = null;
    await remember(key, null);
    otherTabs.postMessage("out");
    window.dispatchEvent(new Event("signedout"));
}

async function keep({ access_token, refresh_token, expires_in }) {
    session = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
    await remember(key, session);
}

/** A token that is still good for a while; `refused` is one that the server has just turned down. */
export async function accessToken(refused) {
    if (!session) throw signedOut();
    const lent = key === "session" ? lentSandbox() : null;
    if (lent) {
        if (refused !== lent.token) return lent.token;
        // What was meant for the sandbox must not reach the agency.
        setTimeout(leaveSandbox);
        throw new Problem(401, { title: t("You are no longer in the sandbox."), detail: t("Enter it again to go on.") });
    }
    const isFresh = session.expires_at - Date.now() > 30_000;
    return isFresh && session.access_token !== refused ? session.access_token : refresh(session.access_token);
}

/** One tab refreshes; those who waited find the new token. */
function refresh(stale) {
    return oneTabAtATime(async () => {
        session = await remembered(key);
        if (!session) throw signedOut();
        if (session.access_token !== stale) return session.access_token;
        try {
            const body = { refresh_token: session.refresh_token };
            const response = await send("/v1/auth/refresh", { method: "POST", body });
            await keep(await response.json());
            return session.access_token;
        } catch (problem) {
            const answer = problem.status === 401 && again ? await again() : null;
            if (answer) {
                await keep(answer);
                return session.access_token;
            }
            if (problem.status === 401 || problem.code === "tenant_suspended") await leave();
            throw problem;
        }
    });
}

// Browsers have locks on https and localhost only. Elsewhere a tab still waits for itself; two tabs that
// refresh in the same instant are signed out.
let last = Promise.resolve();
function oneTabAtATime(action) {
    if (navigator.locks) return navigator.locks.request(`bureau.${key}`, action);
    return (last = last.then(action, action));
}

function signedOut() {
    const [title, detail] = [t("You are signed out."), t("Sign in to continue.")];
    return new Problem(401, { code: "unauthenticated", title, detail });
}
