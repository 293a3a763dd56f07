import { placeOf } from "./places.js";
import { readable } from "./readable.js";
import { told } from "./sentences.js";
import { h } from "../ui/dom.js";
import { facts } from "../ui/facts.js";
import { field } from "../ui/field.js";
import { number, within, words } from "../ui/format.js";
import { money } from "../ui/money.js";
import { ago } from "../ui/when.js";
import { called, pair, t } from "../ui/words.js";

/* Documents whose form only the server knows: arguments of calls, states of workflows. Never markup. */

/** A line for each of a document's fields that has a value. */
export function drawValues(document, depth = 0) {
    const known = Object.entries(document ?? {}).filter(([, value]) => value !== null);
    return facts(known.map(([name, value]) => [labelOf(name, value), drawValue(value, depth)]));
}

const depthMax = 3;

export function drawValue(value, depth = 0) {
    if (value === null || value === undefined) return "–";
    if (typeof value === "boolean") return value ? t("Yes") : t("No");
    if (typeof value === "number") return number(value);
    if (typeof value === "string") return drawText(value);
    if (typeof value.amount === "number" && typeof value.currency === "string") return money(value);
    if (depth >= depthMax) return "…";
    if (!Array.isArray(value)) return Object.keys(value).length ? drawValues(value, depth + 1) : "–";
    if (value.length === 0) return "–";
    if (value.every((item) => typeof item !== "object")) {
        return value.map((item, index) => [index > 0 && ", ", drawValue(item)]);
    }
    return h("ul", {}, value.map((item) => h("li", {}, drawValue(item, depth + 1))));
}

/** The meaning of an identifier's first letters. */
const types = {
    lead: "lead", wfr: "workflow_run", run: "agent_run", apr: "approval", deal: "deal", contact: "contact",
    company: "company", conv: "conversation", prop: "proposal", contract: "contract", inv: "invoice", client: "client",
    proj: "project", task: "task", dlv: "deliverable", rep: "report", ticket: "ticket", article: "article",
    seq: "sequence",
    tmpl: "template", pkg: "package", wfl: "workflow", int: "integration", user: "user",
};
const identifier = /^([a-z]{2,9})_[0-9a-hjkmnp-tv-z]{26}$/;
const typeOfID = (value) => types[identifier.exec(value)?.[1]];

const isCode = (value) => typeof value === "string" && Boolean(called(value));

/** A link to the lead is not its id any more. */
const labelOf = (name, value) => words(typeOfID(value) ? name.replace(/_id$/, "") : name);

/** Draws a document's first fields in one line; the whole of it is in the API. */
export function drawLine(value) {
    if (value?.constructor !== Object) return drawValue(value);
    const entries = Object.entries(value).filter(([name, one]) =>
        one !== null && typeof one !== "object" && !(/_id$/.test(name) && !typeOfID(one)));
    const parts = entries.slice(0, lineMax).flatMap(([name, one], index) =>
        [index > 0 && ", ", pair(labelOf(name, one), ""), drawValue(isCode(one) ? words(one) : one)]);
    return [parts, entries.length > lineMax && " …"];
}
const lineMax = 4;

function drawText(text) {
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return ago(text);
    if (/^[a-z]+(_[a-z0-9]+)+$/.test(text) && !identifier.test(text)) return words(text);
    if (!identifier.test(text)) return readable(told(text));
    const type = typeOfID(text), href = type && placeOf({ type, id: text });
    return href ? h("a", { href }, t("View {thing}", { thing: within(type) })) : type ? words(type) : "–";
}

const typeOf = (value) => {
    if (Array.isArray(value)) return "list";
    if (value === null) return "any";
    return { boolean: "boolean", number: "number", string: "string" }[typeof value] ?? "object";
};

/** The types of a document's fields, as a workflow's state declares them: {name: {type}}. */
export const typesOf = (document) =>
    Object.fromEntries(Object.entries(document).map(([name, value]) => [name, { type: typeOf(value) }]));

/** A control for each declared text, number and yes or no; `readValues` takes their values again. */
export function valueFields(declared, values = {}) {
    return Object.entries(declared).map(([name, { type, required, description, default: standard }]) => {
        const value = values[name] ?? standard;
        const shared = { required, hint: description };
        if (type === "boolean") {
            const options = [["", "–"], ["true", t("Yes")], ["false", t("No")]];
            return field(words(name), name, { control: "select", options, value: String(value ?? ""), ...shared });
        }
        if (type === "number") {
            return field(words(name), name, { inputmode: "decimal", value: value ?? "", ...shared });
        }
        const isLong = String(value ?? "").length > 60;
        const control = isLong && { control: "textarea", rows: 4 };
        return field(words(name), name, { value: value ?? "", ...control, ...shared });
    });
}

/** Reads the controls as a document; empty ones are left out. Throws every fault at once. */
export function readValues(declared, entered) {
    const document = {}, errors = [];
    for (const [name, { type }] of Object.entries(declared)) {
        const text = (entered[name] ?? "").trim();
        if (!text) continue;
        if (type === "number" && !Number.isFinite(Number(text))) {
            errors.push({ pointer: `/${name}`, detail: t("Enter a number.") });
        }
        document[name] = { number: Number, boolean: (answer) => answer === "true" }[type]?.(text) ?? entered[name];
    }
    if (errors.length) throw { title: t("Not saved."), detail: t("Correct the marked fields."), errors };
    return document;
}

/** The merge patch (RFC 7396) that makes one document the other: what has gone is null, at any depth. */
export function mergePatch(before, after) {
    const isObject = (value) => value?.constructor === Object;
    if (!isObject(before) || !isObject(after)) return after;
    const changed = Object.entries(after)
        .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
        .map(([name, value]) => [name, mergePatch(before[name], value)]);
    const gone = Object.keys(before).filter((name) => before[name] !== null && !(name in after));
    return Object.fromEntries([...changed, ...gone.map((name) => [name, null])]);
}
