import { leaveSandbox, lentSandbox } from "./borrowed.js";
import { Problem, send } from "./http.js";
import { remember, remembered } from "./store.js";
import { t } from "../ui/words.js";

// One session for all tabs, in IndexedDB: a refresh token works once, localStorage is not in step between tabs, and
// sessionStorage is copied with a tab.
const key = location.pathname.startsWith("/portal") ? "portal.session" : "session";
const otherTabs = new BroadcastChannel(`bureau.${key}`);

/** The session as this tab knows it; another one may have newer tokens. */
let session = null;

/** The page's owner: what somebody has begun here, in however many steps, is done as nobody else. */
let owner;

/** Returns who is signed in here, or was. */
export const person = () => owner ?? "";

export const isSignedIn = () => session !== null && session.user === owner;

/** Reads the session at the start, and whenever another tab has signed in or out; the same person's work goes on. */
export async function openSession() {
    take(await remembered(key));
    otherTabs.onmessage = async () => {
        const now = await remembered(key), was = isSignedIn();
        take(now);
        found?.abort();
        if (isSignedIn() && !was) window.dispatchEvent(new Event("signedin"));
    };
}

/** Takes what is kept. For somebody else the page is loaded anew, with nothing left of what it knew and showed. */
function take(now) {
    const was = isSignedIn();
    session = now;
    owner ??= now?.user;
    if (was && !isSignedIn()) window.dispatchEvent(new Event("signedout"));
    if (!isAnothers() || document.body.hidden) return;
    document.body.hidden = true;
    location.reload();
}

const isAnothers = () => session !== null && !isSignedIn();

/** An answer, unless somebody else has signed in meanwhile. */
export function own(answer) {
    if (isAnothers()) throw signedOut();
    return answer;
}

/** Begins a session with the answer to signing in. */
export async function enter(answer) {
    await keep(answer);
    otherTabs.postMessage("in");
    if (isSignedIn()) window.dispatchEvent(new Event("signedin"));
}

/**
 * Has somebody sign in again whose session has ended: null where they would rather not, nothing where it is not known
 * who they are. Its signal aborts when they have done so in another tab.
 */
let again = null;

export const onExpired = (ask) => (again = ask);

export async function leave() {
    session = null;
    const now = await remembered(key), isOwn = now?.user === owner;
    if (isOwn) {
        await remember(key, null);
        otherTabs.postMessage("out");
    }
    leaveHere();
    if (!isOwn) take(now);
}

function leaveHere() {
    session = null;
    window.dispatchEvent(new Event("signedout"));
}

async function keep({ access_token, refresh_token, expires_in, user }) {
    const now = { access_token, refresh_token, user: user?.id, expires_at: Date.now() + expires_in * 1000 };
    await remember(key, now);
    take(now);
}

/** A token that is still good for a while; `refused` is one that the server has just turned down. */
export async function accessToken(refused) {
    if (!isSignedIn()) throw signedOut();
    const lent = key === "session" ? lentSandbox() : null;
    if (lent) {
        if (refused !== lent.token) return lent.token;
        // A request for the sandbox must not reach the agency.
        setTimeout(leaveSandbox);
        throw new Problem(401, { title: t("You are no longer in the sandbox."), detail: t("Enter it again to go on.") });
    }
    const isFresh = session.expires_at - Date.now() > 30_000;
    if (!isFresh || session.access_token === refused) await refresh(session.access_token);
    if (!isSignedIn()) throw signedOut();
    return session.access_token;
}

/** Every tab in which something is to go on asks for itself. */
async function refresh(stale) {
    const problem = await oneTabAtATime(() => renew(stale));
    if (problem) await (asking ??= signInAgain(stale, problem).finally(() => (asking = null)));
}

/** Whether another tab has signed in or out, or has newer tokens; then those count. */
async function isOver(stale) {
    take(await remembered(key));
    return session?.access_token !== stale;
}

/** One tab refreshes; those who waited find the new token. Gives the problem where somebody can sign in again. */
async function renew(stale) {
    if (await isOver(stale)) return null;
    let answer, problem = null;
    try {
        const body = { refresh_token: session.refresh_token };
        answer = await (await send("/v1/auth/refresh", { method: "POST", body })).json();
    } catch (found) {
        problem = found;
    }
    if (await isOver(stale)) return null;
    if (!problem) await keep(answer);
    if (!problem || (problem.status === 401 && again)) return problem;
    if (problem.status === 401 || problem.code === "tenant_suspended") await leave();
    throw problem;
}

/** While somebody is asked in this tab: all that waits for it, and what ends it when another tab was quicker. */
let asking = null, found = null;

async function signInAgain(stale, problem) {
    found = new AbortController();
    const answer = await again(found.signal);
    found = null;
    if (await isOver(stale) && session) return;
    if (session && answer) {
        await keep(answer);
        otherTabs.postMessage("in");
        return;
    }
    // A tab that has only just been opened leaves to the others what they have begun.
    if (session && answer === undefined) leaveHere();
    else if (session) await leave();
    throw problem;
}

// Browsers have locks on https and localhost only. Elsewhere two tabs that refresh at once are signed out.
let last = Promise.resolve();
function oneTabAtATime(action) {
    if (navigator.locks) return navigator.locks.request(`bureau.${key}`, action);
    return (last = last.then(action, action));
}

function signedOut() {
    const [title, detail] = [t("You are signed out."), t("Sign in to continue.")];
    return new Problem(401, { code: "unauthenticated", title, detail });
}
