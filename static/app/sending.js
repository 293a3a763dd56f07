import { call, readTagged } from "./api.js";
import { isReached, newKey } from "./http.js";
import { isOpen, waitingChanges, write } from "./outgoing.js";
import { flat, nested } from "./records/custom.js";

/* Sends changes, or keeps them until there is a line (outgoing.js). */

/** One tab at a time: what is kept is read, changed and written as one. */
let last = Promise.resolve();
const alone = (action) => (navigator.locks ? navigator.locks.request("bureau.outgoing", action)
    : (last = last.then(action, action)));

/** Sends a change: {answer}. Where the server cannot be reached it is kept: {isKept}. Other problems are thrown. */
export async function sendOrKeep(change) {
    const one = { key: newKey(), ...change };
    const isBehind = waitingChanges().some(({ path }) => path === one.path && one.method !== "POST");
    if (change.mustBeNow || (!isBehind && isReached())) {
        try {
            return { answer: await send(one) };
        } catch (problem) {
            if (problem.status !== 0 || change.mustBeNow) throw problem;
        }
    }
    await alone(() => write((list) => added(list, one)));
    return { isKept: true };
}

/** Changes of one record that wait are one change. */
function added(list, one) {
    const at = one.method === "PATCH" ? list.findIndex((other) =>
        other.method === "PATCH" && other.path === one.path && !other.problem) : -1;
    if (at < 0) return [...list, one];
    const other = list[at];
    const body = { ...other.body, ...one.body }, before = { ...one.before, ...other.before };
    return list.with(at, { ...other, body, before, labels: { ...other.labels, ...one.labels } });
}

async function send({ method, path, body, tag, key }) {
    const headers = { ...(tag && { "If-Match": tag }), ...(method === "POST" && { "Idempotency-Key": key }) };
    const response = await call(path, { method, body: nested(body), headers });
    return response.status === 204 ? null : response.json();
}

let isSending = false;

/** Sends what waits, in its order; what the server refuses stays, with the reason. Resolves to how many were sent. */
export async function sendWaiting() {
    if (isSending || !isOpen() || !isReached() || !waitingChanges().length) return 0;
    isSending = true;
    let count = 0;
    try {
        await alone(async () => {
            await write((list) => list);
            for (const one of waitingChanges()) {
                const result = await attempt(one);
                if (result === "later") return;
                count += result === "sent" ? 1 : 0;
            }
        });
    } finally {
        isSending = false;
    }
    if (count) window.dispatchEvent(new CustomEvent("sent", { detail: count }));
    return count;
}

async function attempt(one) {
    try {
        await send(one);
        await write((list) => list.filter(({ key }) => key !== one.key));
        return "sent";
    } catch (problem) {
        const isLater = [0, 401].includes(problem.status) || problem.code === "idempotency_in_progress";
        if (isLater) return "later";
        if (problem.status === 412 && one.method === "PATCH") return merge(one);
        return refuse(one, { title: problem.title, detail: problem.detail });
    }
}

/** Merges what only one side has changed; for the rest the person is asked. */
async function merge(one) {
    try {
        const { body: read, etag } = await readTagged(one.path), theirs = flat(read);
        const text = (value) => JSON.stringify(value ?? null);
        const both = Object.keys(one.body).filter((name) =>
            text(theirs[name]) !== text(one.before[name]) && text(theirs[name]) !== text(one.body[name]));
        if (both.length) return refuse(one, { both, theirs: pick(theirs, both), tag: etag });
        const now = { ...one, tag: etag, before: pick(theirs, Object.keys(one.body)) };
        await write((list) => list.map((other) => (other.key === one.key ? now : other)));
        return attempt(now);
    } catch (problem) {
        return [0, 401].includes(problem.status) ? "later" : refuse(one, { title: problem.title, detail: problem.detail });
    }
}

const pick = (record, names) => Object.fromEntries(names.map((name) => [name, record[name] ?? null]));

async function refuse(one, problem) {
    await write((list) => list.map((other) => (other.key === one.key ? { ...one, problem } : other)));
    return "refused";
}

/** "Keep mine": it is sent again, over what the others say now. */
export async function keepMine({ key }) {
    await alone(() => write((list) => list.map((one) => {
        if (one.key !== key) return one;
        const { problem, ...rest } = one;
        return { ...rest, tag: problem.tag ?? one.tag, before: { ...one.before, ...problem.theirs } };
    })));
    await sendWaiting();
}

/** "Use theirs": the change goes. */
export const discard = ({ key }) => alone(() => write((list) => list.filter((one) => one.key !== key)));
