import { send } from "./http.js";
import { accessToken, isSignedIn, own } from "./session.js";
import { h } from "../ui/dom.js";

/** Sends a request as whoever is signed in, for them alone; a token that was refused is renewed once. */
export async function call(path, options = {}) {
    const withToken = (token) => ({ ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });
    const token = await accessToken();
    try {
        return own(await send(path, withToken(token)));
    } catch (problem) {
        if (problem.status !== 401) throw problem;
        return own(await send(path, withToken(await accessToken(token))));
    }
}

/** The answers that were read last, for reading on without a line: {body, etag} by path. */
const answers = new Map();
const answersMax = 60;

/** Changes an answer before a page sees it, such as by a change that still waits for the line. */
let amend = (path, body) => body;
export const amendAnswers = (change) => (amend = change);

/** A record with the tag of its version, as the server has it. */
export async function readTagged(path, signal) {
    const response = await call(path, { signal });
    return { body: await response.json(), etag: response.headers.get("ETag") };
}

/** Reads with the changes that wait for a line; where the server cannot be reached, as it was read last. */
export async function getTagged(path, signal) {
    try {
        const read = await readTagged(path, signal);
        answers.delete(path);
        answers.set(path, read);
        if (answers.size > answersMax) answers.delete(answers.keys().next().value);
        return { ...read, body: amend(path, read.body) };
    } catch (problem) {
        const known = problem.status === 0 && answers.get(path);
        if (!known) throw problem;
        return { ...known, body: amend(path, known.body) };
    }
}

export const get = async (path, signal) => (await getTagged(path, signal)).body;

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

/** Asks once who is signed in. */
export async function whoAmI() {
    if (me) return me;
    const answer = await get("/v1/me");
    // Nobody is signed in any more where it comes too late.
    if (isSignedIn()) me ??= answer;
    return answer;
}

export function forgetMe() {
    me = null;
    answers.clear();
}

/** Whether the server will let them. It checks again; here it only keeps dead buttons off the page. */
export const may = (permission) => me?.permissions?.includes(permission) ?? false;

/** Returns the last answer to `whoAmI`. */
export const whoIsMe = () => me;

export const tenant = () => me?.tenant ?? {};
