import { get, withQuery } from "../api.js";
import { h } from "../../ui/dom.js";
import { addressOf, declared, nameOf } from "./meta.js";

/* The names of records that others refer to, asked for together. */

const known = new Map();
const wanted = new Map();
const atOnce = 50, pause = 15;
let timer = null;

/** The name of a record by its list and id, {text, href}, asked once while the page is open; null where there is none. */
export function naming(plural, id) {
    const key = `${plural} ${id}`;
    if (!known.has(key)) {
        known.set(key, new Promise((resolve) => {
            if (!wanted.has(plural)) wanted.set(plural, new Map());
            wanted.get(plural).set(id, resolve);
            timer ??= setTimeout(ask, pause);
        }));
    }
    return known.get(key);
}

async function ask() {
    timer = null;
    const all = [...wanted];
    wanted.clear();
    const kinds = await declared().catch(() => new Map());
    for (const [plural, resolvers] of all) {
        const ids = [...resolvers.keys()];
        for (let at = 0; at < ids.length; at += atOnce) {
            answer(kinds.get(plural), ids.slice(at, at + atOnce), resolvers);
        }
    }
}

async function answer(kind, ids, resolvers) {
    const found = kind?.mayRead ? await read(kind, ids) : [];
    for (const id of ids) {
        const record = found.find((one) => one.id === id);
        resolvers.get(id)(record ? { text: nameOf(kind, record), href: addressOf(kind, id) } : null);
        // A name that could not be read now is asked for again when it is next needed.
        if (!found.length) known.delete(`${kind?.plural} ${id}`);
    }
}

async function read(kind, ids) {
    const fields = ["id", kind.name, kind.fallback].filter((name, index, all) =>
        kind.fields.has(name) && all.indexOf(name) === index).join(",");
    const asked = withQuery(kind.path, { id: ids.join(","), fields, limit: atOnce });
    return get(asked).then(({ data }) => data, () => []);
}

/** Takes a name that has just been read or changed. */
export const learn = (kind, record) =>
    known.set(`${kind.plural} ${record.id}`, Promise.resolve(
        { text: nameOf(kind, record), href: addressOf(kind, record.id) }));

/** Done when the names of these are known, [list, id] each: rows that show them then do not grow afterwards. */
export const whenNamed = (all) => Promise.all(all.filter(([, id]) => id).map(([plural, id]) => naming(plural, id)));

/** The name as an element, a link where the record has a page. */
export function named(plural, id, other = "–") {
    const place = h("span", { dir: "auto" }, "…");
    naming(plural, id).then((found) => place.replaceChildren(
        !found ? other : found.href ? h("a", { href: found.href }, found.text) : found.text));
    return place;
}
