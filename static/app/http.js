import { counted } from "../ui/format.js";
import { allWords, t } from "../ui/words.js";

/** An answer that is no success, as its problem document (RFC 9457) tells it. */
export class Problem extends Error {
    constructor(status, body) {
        super(body.detail ?? body.title);
        Object.assign(this, {
            status, code: body.code, title: body.title, detail: body.detail, errors: body.errors ?? [],
            requestID: body.request_id, body,
        });
    }

    static async from(response) {
        // The first view lacks the words for the problem's code.
        await allWords();
        const isProblem = response.headers.get("Content-Type")?.includes("json");
        const body = isProblem ? await response.json().catch(() => ({})) : {};
        const wait = response.headers.get("Retry-After");
        if (response.status === 429 && wait) {
            body.detail = t("Try again in {wait}.", { wait: counted(Number(wait), "second") });
        }
        const title = t("The server returned an error ({status})", { status: response.status });
        return new Problem(response.status, { title, detail: "", ...body });
    }
}

/** A key for a change, by which the server knows it again when it comes twice. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

/** Whether the last request has reached the server; the event "line" tells when that changes. */
let reached = true;

export const isReached = () => navigator.onLine && reached;

function note(isThere) {
    if (isThere === reached) return;
    reached = isThere;
    window.dispatchEvent(new Event("line"));
}

/** The most repeats of a read that came too soon, and the longest wait for one, in seconds. */
const repeatsMax = 3, waitMax = 5;

/** Sends a request and gives the response if it is a success; throws a `Problem`, or what aborted it. */
export async function send(path, { method = "GET", body, headers = {}, signal } = {}) {
    const isJSON = body !== undefined && !(body instanceof Blob);
    const options = {
        method, signal, cache: "no-store", credentials: "omit",
        headers: isJSON ? { "Content-Type": "application/json", ...headers } : headers,
        body: isJSON ? JSON.stringify(body) : body,
    };
    for (let repeats = 0; ; repeats += 1) {
        const response = await reach(path, options);
        if (response.ok) return response;
        const wait = response.status === 429 ? Number(response.headers.get("Retry-After")) : 0;
        if (method !== "GET" || !wait || wait > waitMax || repeats === repeatsMax) throw await Problem.from(response);
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
}

/** Gives whatever the server answers. */
async function reach(path, options) {
    try {
        const response = await fetch(path, options);
        note(true);
        return response;
    } catch (error) {
        if (error.name === "AbortError") throw error;
        note(false);
        const detail = t("Check your connection and try again.");
        throw new Problem(0, { title: t("The server could not be reached."), detail });
    }
}
