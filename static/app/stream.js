import { may } from "./api.js";
import { follow, seen } from "./sse.js";
import { throttled } from "../ui/dom.js";

export { follow };

/**
 * Calls `action` soon after events of these types ("approval.*,alert.*"), as long as a view is shown. What passes, such
 * as that somebody types, changes nothing that is kept: it goes to `onSign`.
 */
export function live(types, action, signal, onSign) {
    const soon = throttled(1500, action, signal);
    hear(types, {
        signal, onMissed: soon,
        onEvent: (event) => (event.id === undefined ? onSign?.(event) : soon()),
    });
}

/**
 * Tells of each event of these types, of the state of the line ("live", "waiting"), and when events may have been
 * missed.
 */
export function hear(types, { onEvent, onState, onMissed, signal }) {
    if (!may("events:read")) return;
    const listener = { wants: wanted(types), onEvent, onState, onMissed };
    listeners.add(listener);
    if (state) onState?.(state);
    signal.addEventListener("abort", () => {
        listeners.delete(listener);
        // The next view takes the line over; only when none does it ends.
        setTimeout(() => listeners.size === 0 && hangUp(), 2000);
    });
    pickUp();
}

/*
 * All tabs share one line: the tab that holds the lock follows the stream and tells the others. One that nobody sees lets go, and the next begins after the last event of which it heard.
 */
const listeners = new Set();
const tabs = new BroadcastChannel("bureau.events");
let line = null, lastID, state = null, isLeading = false;

function pickUp() {
    if (line) return;
    const own = line = new AbortController();
    tabs.postMessage({ asks: true });
    // The page stays as it was read, which reading it anew cures.
    lead(own.signal).catch(() => line === own && (line = null));
}

async function lead(signal) {
    while (!signal.aborted) {
        await seen(signal);
        if (signal.aborted) return;
        await inTurn(() => (document.hidden || signal.aborted ? null : untilHidden(signal)), signal);
    }
}

/** Browsers have locks on https and localhost only; elsewhere each tab has a line of its own. */
const inTurn = (action, signal) => (navigator.locks
    ? navigator.locks.request("bureau.events", { signal }, action).catch((problem) => {
        if (!signal.aborted) throw problem;
    }) : action());

async function untilHidden(signal) {
    const turn = new AbortController();
    const end = () => turn.abort();
    const onSight = () => document.hidden && end();
    document.addEventListener("visibilitychange", onSight);
    signal.addEventListener("abort", end);
    isLeading = true;
    try {
        await follow("/v1/events/stream", {
            lastID, signal: turn.signal, onEvent: (event) => share({ event }), onState: (now) => share({ state: now }),
        });
    } finally {
        isLeading = false;
        document.removeEventListener("visibilitychange", onSight);
        signal.removeEventListener("abort", end);
    }
}

function share(message) {
    if (navigator.locks) tabs.postMessage(message);
    take(message);
}

tabs.onmessage = ({ data }) => {
    if (data.asks) return isLeading && state && tabs.postMessage({ state, isKnown: true });
    if (line) take(data);
};

function take({ event, state: now, isKnown }) {
    if (event) {
        lastID = event.id ?? lastID;
        for (const { wants, onEvent } of [...listeners]) if (wants(event.type)) onEvent?.(event);
        return;
    }
    const isBack = now === "live" && state === "waiting" && !isKnown;
    state = now;
    // Without the stream it may be that there is no line at all: whoever watches it looks.
    if (now === "waiting") window.dispatchEvent(new Event("streamlost"));
    for (const { onState, onMissed } of [...listeners]) {
        onState?.(now);
        if (isBack) onMissed?.();
    }
}

/** Ends the line, as when somebody else signs in. */
export function hangUp() {
    line?.abort();
    [line, lastID, state] = [null, undefined, null];
}

window.addEventListener("signedout", hangUp);
window.addEventListener("signedin", hangUp);

function wanted(types) {
    const parts = types.split(",");
    return (type) => parts.some((part) => (part.endsWith("*") ? type.startsWith(part.slice(0, -1)) : type === part));
}
