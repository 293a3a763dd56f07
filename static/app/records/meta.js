import { get, may } from "../api.js";
import { helpOf } from "../controls/describe.js";
import { words } from "../../ui/format.js";
import { called, heard, inSentence, t } from "../../ui/words.js";
import { withOwnFields } from "./custom.js";
import { kinds, labels } from "./kinds.js";

/* The declarations of GET /v1/meta/resources, asked once, with the words that people have for them. */

let asked = null;

export function declared() {
    asked ??= get("/v1/meta/resources")
        .then(({ data }) => {
            const lists = new Set(data.filter(({ operations }) => operations?.list)
                .map(({ table }) => table.replaceAll("_", "-")));
            return new Map(data.map((one) => read(one, lists)).map((kind) => [kind.plural, kind]));
        });
    asked.catch(() => (asked = null));
    return asked;
}

/** The declaration of a list by its name in addresses: "leads", "sla-policies". */
export async function declarationOf(plural) {
    const found = (await declared()).get(plural);
    if (found) return found;
    throw { title: t("This cannot be shown."), detail: t("The server does not know it.") };
}

/** The declaration of a list with the fields that the agency has added to its records. */
export async function kindOf(plural) {
    const kind = await declarationOf(plural);
    return kind.fields.has("custom") ? withOwnFields(kind, typeOf(plural)) : kind;
}

const said = (text) => heard(text) ?? text;

export const titleOf = (plural) => said(kinds[plural]?.title ?? words(plural.replaceAll("-", "_")));
export const singularOf = (plural) => said(englishOf(plural));
const englishOf = (plural) => kinds[plural]?.singular ?? words(plural).toLowerCase().replace(/s$/, "");

/** The type of a list's records, as events and parts of the console name it. */
export const typeOf = (plural) =>
    plural.replaceAll("-", "_").replace(/ies$/, "y").replace(/(ss|ch)es$/, "$1").replace(/([^s])s$/, "$1");

function read(resource, lists) {
    const { path, table } = resource;
    const plural = table.replaceAll("_", "-");
    const known = kinds[plural] ?? {};
    const title = known.titled ?? resource.title_field ?? known.name, right = known.permission ?? table;
    const fields = new Map(resource.fields.map((field) => [field.name, {
        ...field,
        label: labelOf(field, known), help: helpOf({ help: field.help }),
        choices: choicesOf(field, known.choices?.[field.name]), isListed: lists.has(field.refers),
        isForPrograms: !field.refers && !known.labels?.[field.name] && machine.test(field.name),
    }]));
    tellApart(fields);
    const there = (names) => (names ?? []).filter((name) => fields.has(name));
    const named = title ?? ["name", "title", "subject"].find((name) => fields.has(name)) ?? "id";
    return {
        ...known, plural, path, fields, table, operations: resource.operations,
        singular: said(known.singular ?? resource.singular ?? englishOf(plural)), title: titleOf(plural), name: named,
        many: known.many ? said(known.many) : titleOf(plural),
        empty: known.empty && said(known.empty),
        columns: there(resource.columns).filter((name) => name !== named),
        form: there(known.form ?? [...fields.keys()].filter((name) => fields.get(name).required)),
        filters: there(known.filters),
        page: known.page === undefined ? (kinds[plural] ? `#/${plural}` : null) : known.page,
        mayRead: may(`${right}:read`), mayWrite: may(`${right}:write`),
    };
}

/** The choices of a field, with what a kind calls them that have other names elsewhere. */
const choicesOf = ({ choices }, names = {}) => choices?.map((one) => ({
    ...one, said: names[one.value] && said(names[one.value]),
}));

/** Returns a field's label: in the reader's language, or else in the words of the server, or in ours. */
function labelOf({ name, label }, known) {
    if (known.labels?.[name]) return said(known.labels[name]);
    const own = labels[name], base = name.replace(/_id$/, "");
    const code = [name, base].find(called);
    return heard(own) ?? heard(label) ?? (code ? words(code) : label ?? own ?? words(base));
}

/** A record that a field names, beside a text of the same name: a lead's company as written, and the company's record. */
function tellApart(fields) {
    const all = [...fields.values()];
    for (const one of all.filter(({ refers }) => refers)) {
        if (!all.some((other) => other !== one && other.label === one.label)) continue;
        one.label = t("Linked {thing}", { thing: inSentence(one.label) });
    }
}

/** Ids and digests that name no record which people know by a name. */
const machine = /^(id|\w+_id|\w+_digest|sha256|checkout_session|payment_intent)$/;

/** Returns a record's name, never its id. */
export const nameOf = (kind, record) =>
    String(kind.called?.(record) || (kind.name !== "id" && record[kind.name]) || record[kind.fallback]
        || words(kind.singular));

export const addressOf = (kind, id) => (kind.page ? `${kind.page}/${encodeURIComponent(id)}` : null);

/** Where a new one is made; null where nobody makes one by hand, or the reader may not. */
export const addressOfNew = (kind) => (kind.page && kind.mayWrite && !kind.noNew && kind.operations?.create
    ? `${kind.page}/new` : null);

/** The types a field's value may have. */
export const typesOf = ({ schema }) => [schema.type ?? []].flat();

export const isMoney = ({ schema }) => Boolean(schema.properties?.amount && schema.properties?.currency);

/** Parts of a whole, which people write in percent and the API as fractions. */
const shares = new Set(["probability", "conversion_probability", "holdout"]);
export const isShare = ({ name }) => shares.has(name);

/** The kinds whose records name a record of this one: [kind, the field that does]. */
export async function related(plural) {
    const found = [];
    for (const kind of (await declared()).values()) {
        if (!kinds[kind.plural] || !kind.mayRead || kind.plural === plural) continue;
        const by = [...kind.fields.values()].find(({ refers, filterable }) =>
            refers === plural && filterable);
        if (by) found.push([kind, by.name]);
    }
    const order = Object.keys(kinds);
    return found.sort(([a], [b]) => order.indexOf(a.plural) - order.indexOf(b.plural));
}
