import { Problem, send } from "./http.js";

// One session for all tabs. Not sessionStorage: a duplicated tab would copy the refresh token, and the
// server ends a session whose refresh token is used twice.
const key = "bureau.session";

const read = () => JSON.parse(localStorage.getItem(key) ?? "null");

export const isSignedIn = () => read() !== null;

/** Keeps the tokens of an answer to signing in or refreshing. */
export function keep(answer) {
    const { access_token, refresh_token, expires_in } = answer;
    const expires_at = Date.now() + expires_in * 1000;
    localStorage.setItem(key, JSON.stringify({ access_token, refresh_token, expires_at }));
}

/** Forgets the session here and, by the storage event, in the other tabs. */
export function forget() {
    localStorage.removeItem(key);
    window.dispatchEvent(new Event("signedout"));
}

export function watchOtherTabs(onChange) {
    window.addEventListener("storage", ({ key: changed, oldValue, newValue }) => {
        // Not when tokens replace tokens.
        if (changed === key && !oldValue !== !newValue) onChange();
    });
}

/** A token that is still good for a while; `refused` is one that the server has just turned down. */
export async function accessToken(refused) {
    const session = read();
    if (!session) throw signedOut();
    const isFresh = session.expires_at - Date.now() > 30_000;
    return isFresh && session.access_token !== refused ? session.access_token : refresh(session.access_token);
}

/** Each refresh token works once, so one tab refreshes, and those who waited find the new token. */
function refresh(stale) {
    return oneTabAtATime(async () => {
        const session = read();
        if (!session) throw signedOut();
        if (session.access_token !== stale) return session.access_token;
        try {
            const body = { refresh_token: session.refresh_token };
            const response = await send("/v1/auth/refresh", { method: "POST", body });
            const answer = await response.json();
            keep(answer);
            return answer.access_token;
        } catch (problem) {
            if (problem.status === 401 || problem.code === "tenant_suspended") forget();
            throw problem;
        }
    });
}

// Browsers have locks on https and localhost only. Elsewhere a tab still waits for itself; two tabs that
// refresh in the same instant are signed out.
let last = Promise.resolve();
function oneTabAtATime(action) {
    if (navigator.locks) return navigator.locks.request(key, action);
    return (last = last.then(action, action));
}

function signedOut() {
    return new Problem(401, { code: "unauthenticated", title: "You are signed out.", detail: "Sign in to go on." });
}
