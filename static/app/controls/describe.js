import { isLanguage, listOfTheWorld } from "../settings/world.js";
import { choiceOf } from "../titles.js";
import { words } from "../../ui/format.js";
import { called, explained, heard, t } from "../../ui/words.js";

/* Descriptions of controls from JSON Schemas, as the API declares settings of agents, services and records. */

const typesOf = ({ type }) => [type ?? []].flat();
const isA = (schema, ...kinds) => typesOf(schema).some((type) => kinds.includes(type));

/** The API says lengths of time as "PT15M"; their fields are known by their form, or by such a default. */
const isDuration = (schema) => schema.format === "duration" || /^P(\d|T)/.test(schema.default ?? "")
    || /^P(\d|T)/.test([schema.examples ?? schema.example ?? []].flat()[0] ?? "") || /^\^P/.test(schema.pattern ?? "");

/** Lengths of time that are declared as short texts. */
const spans = new Set([
    "first_response", "resolution", "remind_every", "timeout", "deadline", "delay", "every", "overlap", "expires_in",
    "observe_for", "jitter", "catch_up", "for",
]);

const isMoney = (schema) => Boolean(schema.properties?.amount && schema.properties?.currency);

/**
 * Returns a description that was written for programs as people see it: names in words, and no code. Descriptions are
 * in English, unless the server has said them in the reader's language: then `say` gives them back.
 */
export function helpOf(schema, say = explained) {
    const given = schema.help ?? schema.description;
    if (!given || (!schema.help && /[{}<>/]/.test(given))) return null;
    return say(given)?.replaceAll(/`?\b([a-z]+(?:_[a-z]+)+)\b`?/g, (_, name) => t("“{name}”", { name: words(name) }))
        .replaceAll("`", "").replaceAll(/\bnull\b/gi, t("empty"));
}

/** By its code where the reader's language has it, or else as the server says it. */
function labelOf(name, { label, title }) {
    const base = name.replace(/_ids?$/, ""), own = label ?? title;
    return own && (heard(own) || !called(base)) ? heard(own) ?? own : words(base);
}

/** A schema that is one of several: the one that is no null. */
const chosen = (schema) => {
    const several = schema.anyOf ?? schema.oneOf;
    return several ? { ...schema, ...several.find((one) => !isA(one, "null")) ?? several[0] } : schema;
};

/** The description of a value; null where a person has no control for it. */
export function describe(name, given, more = {}, say = explained) {
    const schema = chosen(given);
    const { choices, ...rest } = more;
    const refers = more.refers ?? schema["x-refers"] ?? schema.items?.["x-refers"];
    const one = {
        name, label: labelOf(name, schema), help: helpOf(schema, say),
        default: schema.default,
    };
    for (const [key, value] of Object.entries(rest)) if (value !== undefined && value !== null) one[key] = value;
    if (refers) return { ...one, refers, type: isA(schema, "array") ? "records" : "record" };
    if (isMoney(schema)) return { ...one, type: "money" };
    const codes = choices ?? schema.choices ?? schema.enum?.filter((code) => code !== null).map((value) => ({ value }));
    const options = codes?.map((code) => [code.value, choiceOf(code)]);
    const wantsNumber = isA(schema, "integer", "number");
    if (options) return { ...one, type: "choice", options, read: wantsNumber ? Number : undefined };
    if (schema.format === "password" || schema.writeOnly) return { ...one, type: "secret" };
    if (isA(schema, "boolean")) return { ...one, type: "yes" };
    if (isA(schema, "array")) return listOf(one, schema.items ?? {}, say);
    if (wantsNumber) return { ...one, type: "number", isWhole: isA(schema, "integer"), ...range(schema) };
    if (isA(schema, "string")) return { ...one, ...textOf(name, schema) };
    return objectOf(one, schema, say);
}

function range({ minimum, maximum }) {
    const isShare = minimum === 0 && maximum === 1;
    return isShare ? { isPercent: true, isWhole: false, unit: "%" } : {};
}

function textOf(name, schema) {
    if (isDuration(schema) || (spans.has(name) && (schema.maxLength ?? 0) <= 40)) return { type: "duration" };
    const kinds = { "date-time": "instant", date: "date", time: "time" };
    if (kinds[schema.format]) return { type: kinds[schema.format] };
    if (/^(\^?\(?\[01\]|\^\\d\{2\}:)/.test(schema.pattern ?? "")) return { type: "time" };
    if ((schema.maxLength ?? 0) >= 1000 && schema.format !== "uri") {
        return { type: "area", rows: schema.maxLength > 20_000 ? 8 : 4 };
    }
    if (isLanguage(name)) return { type: "language", maxlength: schema.maxLength };
    const input = { email: "email", uri: "url", phone: "tel" }[schema.format] ?? "text";
    return { type: "text", inputType: input, maxlength: schema.maxLength };
}

function listOf(one, items, say) {
    const item = chosen(items);
    if (item.enum) return { ...one, type: "ticks", options: item.enum.map((code) => [code, words(String(code))]) };
    if (isA(item, "integer", "number")) return { ...one, type: "list", isNumber: true };
    const world = isA(item, "string") && listOfTheWorld(one.name);
    if (world) return { ...one, ...world, type: "several" };
    if (isA(item, "string") && !isDuration(item)) return { ...one, type: "list", isLong: (item.maxLength ?? 0) > 120 };
    const fields = item.properties ? fieldsOf(item, say)
        : [describe("", item, { label: one.label }, say)].filter(Boolean);
    return fields.length ? { ...one, type: "rows", fields, item: singular(one.label), isLine: fields.length < 5 }
        : null;
}

/** "Steps" → "Step": what one of a list is called. */
const singular = (label) => label.replace(/ies$/, "y").replace(/([^s])s$/, "$1");

function objectOf(one, schema, say) {
    if (schema.properties) {
        const fields = fieldsOf(schema, say);
        return fields.length ? { ...one, type: "group", fields, mayBeNothing: isA(schema, "null"),
            isLine: fields.length < 5 && fields.every(({ type }) => !["rows", "group", "ticks"].includes(type)) }
                : null;
    }
    const of = schema.additionalProperties;
    if (!of || typeof of !== "object") return null;
    const value = describe("value", of, { label: t("Value") }, say);
    return value && { ...one, type: "map", of: value, item: singular(one.label) };
}

export const fieldsOf = ({ properties, required = [] }, say) => Object.entries(properties ?? {})
    .filter(([, schema]) => !schema.readOnly)
    .map(([name, schema]) => describe(name, schema, { required: required.includes(name) }, say)).filter(Boolean);

/** Reads the fields of settings whose descriptions the server says in the reader's language. */
export const saidFieldsOf = (schema) => fieldsOf(schema, (text) => text);
