import { call } from "./api.js";
import { isReached } from "./http.js";

/** The server sends a comment every 15 s; a line that is silent for longer than this is dead. */
const silenceMax = 45_000;
const delayMax = 30_000;

/**
 * Follows a stream of server-sent events until `signal` aborts: reconnects with the last id it saw, after a growing
 * delay. `EventSource` cannot send a token. `onState` is told "live" and "waiting"; a refusal that trying again cannot
 * cure is thrown. A tab that nobody sees lets go: browsers share six connections among all tabs.
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
        await pause(delay * (0.75 + Math.random() / 2), signal);
        delay = Math.min(delay * 2, delayMax);
    }
}

/** For a while, or until there is a line again. */
function pause(ms, signal) {
    return new Promise((resolve) => {
        const over = new AbortController();
        const end = () => {
            clearTimeout(timer);
            over.abort();
            resolve();
        };
        const timer = setTimeout(end, ms);
        for (const event of ["line", "online"]) {
            window.addEventListener(event, () => isReached() && end(), { signal: over.signal });
        }
        signal.addEventListener("abort", end, { signal: over.signal });
    });
}

/** Once the tab is in sight, or nobody waits any more. */
export function seen(signal) {
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
