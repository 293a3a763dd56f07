import { h } from "./dom.js";
import { send } from "./http.js";
import { accessToken } from "./session.js";

/** Sends a request as whoever is signed in; a token that was refused is renewed once. */
export async function call(path, options = {}) {
    const withToken = (token) => ({ ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });
    const token = await accessToken();
    try {
        return await send(path, withToken(token));
    } catch (problem) {
        if (problem.status !== 401) throw problem;
        return send(path, withToken(await accessToken(token)));
    }
}

export const get = async (path, signal) => (await call(path, { signal })).json();

/** "/v1/leads?q=acme&status=new"; empty values are left out. */
export function withQuery(path, query) {
    const kept = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
    return kept.length ? `${path}?${new URLSearchParams(kept)}` : path;
}

/** Saves what a path answers as a file; a plain link could not carry the token. */
export async function download(path, name) {
    const blob = await (await call(path)).blob();
    const url = URL.createObjectURL(blob);
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

let me = null;

/** Who is signed in; asked once. */
export async function whoAmI() {
    me ??= await get("/v1/me");
    return me;
}

export function forgetMe() {
    me = null;
}

/** Whether the server will let them. It checks again; here it only keeps dead buttons off the page. */
export const may = (permission) => me?.permissions?.includes(permission) ?? false;

/** The same as the last answer to `whoAmI`. */
export const whoIsMe = () => me;

export const tenant = () => me?.tenant ?? {};
