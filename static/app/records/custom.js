import { get, may, withQuery } from "../api.js";
import { words } from "../../ui/format.js";

/*
 * The fields that an agency has added to a kind. The API keeps their values in the record's `custom`; here each is a
 * field beside the declared ones, "custom.tier", so that forms, lists, filters and imports have it.
 */

const prefix = "custom.";
const schemas = { text: "string", choice: "string", number: "number", boolean: "boolean" };
const controls = { text: "text", choice: "choice", number: "number", boolean: "checkbox" };

/** The kind with the agency's own fields. They are asked for each time, as others may add some at any time. */
export async function withOwnFields(kind, resource) {
    if (!may("custom_fields:read")) return kind;
    const asked = withQuery("/v1/custom-fields", { resource, limit: 200 });
    const { data } = await get(asked).catch(() => ({ data: [] }));
    return { ...kind, fields: new Map([...kind.fields, ...data.map((one) => [prefix + one.key, fieldOf(one)])]) };
}

const fieldOf = ({ key, label, type, choices }) => ({
    name: prefix + key, label: label ?? words(key), control: controls[type], isOwn: true, filterable: true,
    pointer: `/custom/${key}`, schema: { type: [schemas[type], "null"], enum: type === "choice" ? choices : undefined },
    choices: type === "choice" ? choices.map((value) => ({ value, said: value })) : undefined,
});

/** A record as the page has it: the values in `custom` are beside the others, too. What the page has changed stays. */
export const flat = (record) => ({
    ...Object.fromEntries(Object.entries(record.custom ?? {}).map(([key, value]) => [prefix + key, value])), ...record,
});

/** Changes as the API takes them: of `custom` it changes the keys that are named, and removes those that are null. */
export function nested(body) {
    const isOwn = ([name]) => name.startsWith(prefix), all = Object.entries(body ?? {});
    if (!all.some(isOwn)) return body;
    const custom = all.filter(isOwn).map(([name, value]) => [name.slice(prefix.length), value]);
    return { ...Object.fromEntries(all.filter((one) => !isOwn(one))), custom: Object.fromEntries(custom) };
}
