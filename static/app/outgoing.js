import { amendAnswers, tenant, whoIsMe } from "./api.js";
import { later } from "./later.js";
import { remember, remembered } from "./store.js";

/*
 * Changes that could not be sent since there was no line. They are kept in this browser, per person and agency, and
 * sent in their order once there is one (sending.js). Only what can be sent later without harm comes here: nothing that
 * pays, deletes, approves or stops.
 *
 * A change is {method, path, body, tag, before, labels, what, href, mustBeNow}: `what` is how people call the record,
 * `before` what the changed fields said, `labels` how they are called.
 */

const channel = new BroadcastChannel("bureau.outgoing");
let kept = [], owner = null;

const place = () => `outgoing ${tenant().id} ${whoIsMe()?.user?.id ?? ""}`;
const told = () => window.dispatchEvent(new Event("outgoing"));

/** Whether somebody is signed in whose changes are kept. */
export const isOpen = () => owner !== null;

/** The changes that wait for the line, and those that came back with a problem. */
export const waitingChanges = () => kept.filter(({ problem }) => !problem);
export const failedChanges = () => kept.filter(({ problem }) => problem);

/** Takes up what somebody had left behind, and sends it. */
export async function openOutgoing() {
    const own = owner = place(), found = (await remembered(own)) ?? [];
    // Its owner has left meanwhile.
    if (own !== owner) return;
    kept = found;
    told();
    await flush();
}

export function closeOutgoing() {
    [owner, kept] = [null, []];
    told();
}

export async function forgetOutgoing() {
    if (owner) await remember(owner, []);
    closeOutgoing();
}

channel.onmessage = async ({ data }) => {
    if (data !== owner || !owner) return;
    kept = (await remembered(owner)) ?? [];
    told();
};

/** Changes what is kept, here and in the other tabs. */
export async function write(change) {
    const own = owner;
    if (!own) return;
    const now = change((await remembered(own)) ?? []);
    await remember(own, now);
    channel.postMessage(own);
    if (own === owner) kept = now;
    told();
}

/** Sends what waits, if anything does. */
export const flush = async () =>
    (waitingChanges().length ? (await later(() => import("./sending.js"))).sendWaiting() : 0);

/** Shows the waiting changes in what is read meanwhile. */
amendAnswers((path, answer) => {
    const changes = kept.filter(({ method, problem }) => method === "PATCH" && !problem);
    if (!changes.length || !answer) return answer;
    const [own] = path.split("?");
    const change = (one, at) => Object.assign({}, one, ...changes.filter((kept) => kept.path === at)
        .map(({ body }) => body));
    if (Array.isArray(answer.data)) {
        return { ...answer, data: answer.data.map((one) => change(one, `${own}/${one.id}`)) };
    }
    return change(answer, own);
});
