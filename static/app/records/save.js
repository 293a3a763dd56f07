import { readTagged } from "../api.js";
import { sendOrKeep } from "../sending.js";
import { flat } from "./custom.js";
import { learn } from "./naming.js";
import { addressOf, nameOf } from "./meta.js";

export const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The names of what both sides have changed, each otherwise. */
export const contested = (body, before, theirs) => Object.keys(body).filter((name) =>
    !same(theirs[name], before[name]) && !same(theirs[name], body[name]));

export const pathOf = (kind, id) => `${kind.path}/${encodeURIComponent(id)}`;

/** Kinds that are not made later: money, and what comes with a secret. */
const atOnce = new Set(["payments", "users", "invitations", "api-keys", "webhooks", "integrations"]);

/** Makes a record: {record}, or {isKept} where there is no line and it will be made later. */
export async function makeRecord(kind, body) {
    const { answer, isKept } = await sendOrKeep({
        method: "POST", path: kind.path, body, what: nameOf(kind, body), href: kind.page, labels: labelsOf(kind, body),
        mustBeNow: atOnce.has(kind.plural),
    });
    if (answer) learn(kind, answer);
    return { record: answer, isKept };
}

/**
 * Changes a record as it was read, `record` with its `tag`: {record}, {isKept} where there is no line, or {both,
 * theirs, tag} where somebody else has changed the same meanwhile. What only one has changed is merged.
 */
export async function changeRecord(kind, { record, tag, body }) {
    const path = pathOf(kind, record.id);
    let base = flat(record), own = tag ?? `"${record.version}"`;
    for (let attempt = 0; ; attempt++) {
        try {
            const before = Object.fromEntries(Object.keys(body).map((name) => [name, base[name] ?? null]));
            const { answer, isKept } = await sendOrKeep({
                method: "PATCH", path, body, tag: own, before, what: nameOf(kind, record),
                href: addressOf(kind, record.id), labels: labelsOf(kind, body),
                mustBeNow: atOnce.has(kind.plural),
            });
            if (isKept) return { record: { ...record, ...body }, isKept };
            learn(kind, answer);
            return { record: flat(answer) };
        } catch (problem) {
            if (problem.status !== 412 || attempt > 4) throw problem;
            const { body: read, etag } = await readTagged(path), theirs = flat(read);
            own = etag;
            const both = contested(body, base, theirs);
            base = theirs;
            if (both.length) return { both, theirs, tag: own };
        }
    }
}

const labelsOf = (kind, body) => Object.fromEntries(Object.keys(body).map((name) =>
    [name, kind.fields.get(name)?.label ?? name]));
