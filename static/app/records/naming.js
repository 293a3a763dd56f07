import { get } from "../api.js";
import { h } from "../dom.js";
import { addressOf, declared, nameOf } from "./meta.js";

const known = new Map();
const waiting = [];
let running = 0;

/** A few at a time: a long list names many records. */
function next() {
    while (running < 4 && waiting.length) {
        running += 1;
        waiting.shift()().finally(() => {
            running -= 1;
            next();
        });
    }
}

/** The name of a record by its list and id; asked once while the page is open. */
export function naming(plural, id) {
    const key = `${plural} ${id}`;
    if (!known.has(key)) {
        known.set(key, new Promise((resolve) => {
            waiting.push(async () => {
                const kind = (await declared().catch(() => new Map())).get(plural);
                const record = kind?.mayRead && await get(`${kind.path}/${encodeURIComponent(id)}`).catch(() => null);
                resolve(record ? { text: nameOf(kind, record), href: addressOf(kind, id) } : null);
            });
            next();
        }));
    }
    return known.get(key);
}

/** Takes a name that has just been read or changed. */
export const learn = (kind, record) =>
    known.set(`${kind.plural} ${record.id}`, Promise.resolve(
        { text: nameOf(kind, record), href: addressOf(kind, record.id) }));

/** The name as an element, a link where the record has a page. */
export function named(plural, id, other = "–") {
    const place = h("span", { dir: "auto" }, "…");
    naming(plural, id).then((found) => place.replaceChildren(
        !found ? other : found.href ? h("a", { href: found.href }, found.text) : found.text));
    return place;
}
