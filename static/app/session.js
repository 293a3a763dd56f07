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

/**
 * Reads the session at the start, and calls `onChange` whenever another tab has signed in or out. Where the same person
 * has signed in anew, what is begun here goes on.
 */
export async function openSession(onChange) {
    session = await remembered(key);
    otherTabs.onmessage = async () => {
        const before = session;
        session = await remembered(key);
        found?.abort();
        if (!isSame(session, before)) onChange();
    };
}

const isSame = (one, other) => Boolean(one?.user) && one.user === other?.user;

/** Begins a session with the answer to signing in. */
export async function enter(answer) {
    await keep(answer);
    otherTabs.postMessage("in");
    window.dispatchEvent(new Event("signedin"));
}

/**
 * How somebody whose session has ended in the middle signs in again: gives null where they would rather not, and nothing
 * where it is not known who they are. The signal it gets aborts when they have done so in another tab.
 */
let again = null;

export const onExpired = (ask) => (again = ask);

export async function leave() {
    session = null;
    await remember(key, null);
    otherTabs.postMessage("out");
    leaveHere();
}

function leaveHere() {
    session = null;
    window.dispatchEvent(new Event("signedout"));
}

async function keep({ access_token, refresh_token, expires_in, user }) {
    session = { access_token, refresh_token, user: user?.id, expires_at: Date.now() + expires_in * 1000 };
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

/** Every tab in which something is to go on asks for itself, so that nobody has to look for the one that does. */
async function refresh(stale) {
    const problem = await oneTabAtATime(() => renew(stale));
    if (problem) await (asking ??= signInAgain(stale, problem).finally(() => (asking = null)));
    return session.access_token;
}

/** One tab refreshes; those who waited find the new token. Gives the problem where somebody can sign in again. */
async function renew(stale) {
    session = await remembered(key);
    if (!session) throw signedOut();
    if (session.access_token !== stale) return null;
    try {
        const body = { refresh_token: session.refresh_token };
        const response = await send("/v1/auth/refresh", { method: "POST", body });
        await keep(await response.json());
        return null;
    } catch (problem) {
        if (problem.status === 401 && again) return problem;
        if (problem.status === 401 || problem.code === "tenant_suspended") await leave();
        throw problem;
    }
}

/** While somebody is asked in this tab: all that waits for it, and what ends it when another tab was quicker. */
let asking = null, found = null;

async function signInAgain(stale, problem) {
    const ended = session;
    found = new AbortController();
    const answer = await again(found.signal);
    found = null;
    session = await remembered(key);
    if (session && session.access_token !== stale) {
        if (isSame(session, ended)) return;
        throw signedOut();
    }
    if (!session || !answer) {
        // A tab that has only just been opened leaves to the others what they have begun.
        if (session && answer === undefined) leaveHere();
        else if (session) await leave();
        throw problem;
    }
    await keep(answer);
    otherTabs.postMessage("in");
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
