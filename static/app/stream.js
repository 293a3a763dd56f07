import { call, may } from "./api.js";
import { fill, h, throttled } from "./dom.js";

/** The server sends a comment every 15 s; a line that is silent for longer than this is dead. */
const silenceMax = 45_000;
const delayMax = 30_000;

/**
 * Follows a stream of server-sent events until `signal` aborts: reconnects with the last id it saw, after a
 * growing delay. `EventSource` would do this, too, but cannot send a token.
 * `onState` is told "live" and "waiting"; a refusal that trying again cannot cure is thrown.
 * A tab that nobody sees lets go: browsers share six connections among all tabs of a server.
 */
export async function follow(path, { lastID, onEvent, onState, signal }) {
    let delay = 1000;
    while (!signal.aborted) {
        await seen(signal);
        const connection = new AbortController();
        const end = () => connection.abort();
        const onSight = () => document.hidden && end();
        signal.addEventListener("abort", end);
        document.addEventListener("visibilitychange", onSight);
        try {
            const headers = { Accept: "text/event-stream", ...(lastID && { "Last-Event-ID": lastID }) };
            const response = await call(path, { headers, signal: connection.signal });
            onState("live");
            delay = 1000;
            for await (const event of parse(response.body, end)) {
                lastID = event.id ?? lastID;
                onEvent(event);
            }
        } catch (problem) {
            if ([401, 403, 404].includes(problem.status)) throw problem;
        } finally {
            signal.removeEventListener("abort", end);
            document.removeEventListener("visibilitychange", onSight);
        }
        if (signal.aborted) return;
        onState("waiting");
        await new Promise((resolve) => setTimeout(resolve, delay * (0.75 + Math.random() / 2)));
        delay = Math.min(delay * 2, delayMax);
    }
}

/** Once the tab is in sight, or nobody waits any more. */
function seen(signal) {
    return new Promise((resolve) => {
        const over = new AbortController();
        const look = () => {
            if (document.hidden && !signal.aborted) return;
            over.abort();
            resolve();
        };
        document.addEventListener("visibilitychange", look, { signal: over.signal });
        signal.addEventListener("abort", look, { signal: over.signal });
        look();
    });
}

/**
 * Calls `action` soon after events of these types ("approval.*,alert.*"), as long as a view is shown. What passes, such
 * as that somebody types, changes nothing that is kept: it goes to `onSign`.
 */
export function live(types, action, signal, onSign) {
    if (!may("events:read")) return;
    const soon = throttled(1500, action, signal);
    const listener = { wants: wanted(types), soon, onSign };
    listeners.add(listener);
    signal.addEventListener("abort", () => {
        listeners.delete(listener);
        // The next view takes the line over; only when none does it ends.
        setTimeout(() => listeners.size === 0 && hangUp(), 2000);
    });
    pickUp();
}

/** All that is looked at shares one line: browsers have six for all tabs of a server. */
const listeners = new Set();
let line = null;

function pickUp() {
    if (line) return;
    const own = line = new AbortController();
    let hasMissed = false;
    follow("/v1/events/stream", {
        signal: own.signal,
        onEvent(event) {
            for (const { wants, soon, onSign } of listeners) {
                if (!wants(event.type)) continue;
                if (event.id === undefined) onSign?.(event);
                else soon();
            }
        },
        onState(state) {
            if (state === "live" && hasMissed) listeners.forEach(({ soon }) => soon());
            hasMissed = state !== "live";
        },
    }).catch(() => { line = null; }); // The page stays as it was read, which reading it anew cures.
}

function hangUp() {
    line?.abort();
    line = null;
}

window.addEventListener("signedout", hangUp);

function wanted(types) {
    const parts = types.split(",");
    return (type) => parts.some((part) => (part.endsWith("*") ? type.startsWith(part.slice(0, -1)) : type === part));
}

/**
 * The same for what must not move under a hand that reads on, chooses or types: while `isAtWork()`, nothing is read, and
 * the place that this gives says so, with a button that does. `clear` empties it when somebody has read anew otherwise.
 * `onChange` is called either way.
 */
export function liveUnless(types, { isAtWork, reload, onChange, onSign, text, signal }) {
    const place = h("div");
    const clear = () => fill(place);
    const show = h("button", { type: "button", async onclick() {
        clear();
        await reload();
        // The button is gone: reading goes on at the top.
        const heading = document.querySelector("main h1");
        heading?.setAttribute("tabindex", "-1");
        heading?.focus();
    } }, "Refresh");
    live(types, () => {
        onChange?.();
        if (!isAtWork()) {
            clear();
            return void reload();
        }
        if (!place.firstChild) fill(place, h("p", { class: "notice", role: "status" }, text, " ", show));
    }, signal, onSign);
    return { place, clear };
}

/** The events of a body (WHATWG HTML §9.2.6), as far as our server uses the format: id, event, data. */
async function* parse(body, onSilence) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", event = {};
    while (true) {
        const watch = setTimeout(onSilence, silenceMax);
        const { done, value } = await reader.read().finally(() => clearTimeout(watch));
        if (done) return;
        const lines = (rest + value).split(/\r?\n/);
        rest = lines.pop();
        for (const line of lines) {
            if (line === "") {
                if (event.data !== undefined) yield { id: event.id, type: event.event, data: JSON.parse(event.data) };
                event = {};
                continue;
            }
            const [, name, text] = /^([^:]*):? ?(.*)$/.exec(line);
            event[name] = name === "data" && event.data !== undefined ? `${event.data}\n${text}` : text;
        }
    }
}
