import { facts, h } from "./dom.js";
import { field } from "./forms.js";
import { ago, money, number, within, words } from "./format.js";
import { placeOf } from "./places.js";

/* Documents whose form only the server knows: arguments of calls, states of workflows. Never markup. */

/** A line for each of a document's fields that has a value. */
export function drawValues(document) {
    // A link to the lead is not its id any more.
    const label = (name, value) => words(identifier.test(value) ? name.replace(/_id$/, "") : name);
    const known = Object.entries(document ?? {}).filter(([, value]) => value !== null);
    return facts(known.map(([name, value]) => [label(name, value), drawValue(value)]));
}

export function drawValue(value) {
    if (value === null || value === undefined) return "–";
    if (typeof value === "boolean") return value ? "Yes" : "No";
    if (typeof value === "number") return number(value);
    if (typeof value === "string") return drawText(value);
    if (typeof value.amount === "number" && typeof value.currency === "string") return money(value);
    if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ") || "–";
    return h("pre", { tabindex: 0 }, JSON.stringify(value, null, 2));
}

const identifier = /^(lead|wfr|run|apr)_[0-9a-z]{26}$/;
const types = { lead: "lead", wfr: "workflow_run", run: "agent_run", apr: "approval" };

/** The same in one line, of a document's first fields; the whole of it is in the API. */
export function drawLine(value) {
    if (value?.constructor !== Object) return drawValue(value);
    const entries = Object.entries(value).filter(([, one]) => one !== null);
    const short = (one) => (typeof one === "object" ? `${JSON.stringify(one).slice(0, 60)}…` : drawValue(one));
    const parts = entries.slice(0, lineMax).flatMap(([name, one], index) =>
        [index > 0 && ", ", `${words(name)}: `, short(one)]);
    return [parts, entries.length > lineMax && " …"];
}
const lineMax = 4;

function drawText(text) {
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return ago(text);
    const type = types[identifier.exec(text)?.[1]];
    return type ? h("a", { href: placeOf({ type, id: text }) }, `View ${within(type)}`) : text;
}

const typeOf = (value) => {
    if (Array.isArray(value)) return "list";
    if (value === null) return "any";
    return { boolean: "boolean", number: "number", string: "string" }[typeof value] ?? "object";
};

/** The types of a document's fields, as a workflow's state declares them: {name: {type}}. */
export const typesOf = (document) =>
    Object.fromEntries(Object.entries(document).map(([name, value]) => [name, { type: typeOf(value) }]));

/** A control for each declared field; `read` is what takes their values again. */
export function valueFields(declared, values = {}) {
    return Object.entries(declared).map(([name, { type, required, description, default: standard }]) => {
        const value = values[name] ?? standard;
        const shared = { required, hint: description };
        if (type === "boolean") {
            const options = [["", "–"], ["true", "Yes"], ["false", "No"]];
            return field(words(name), name, { control: "select", options, value: String(value ?? ""), ...shared });
        }
        if (["integer", "number"].includes(type)) {
            return field(words(name), name, { inputmode: "decimal", value: value ?? "", ...shared });
        }
        if (type === "string") {
            const isLong = String(value ?? "").length > 60;
            const control = isLong && { control: "textarea", rows: 4 };
            return field(words(name), name, { value: value ?? "", ...control, ...shared });
        }
        const text = value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
        return field(words(name), name, {
            control: "textarea", rows: Math.min(12, text.split("\n").length + 1), value: text, spellcheck: "false",
            ...shared, hint: [description, "Enter JSON."].filter(Boolean).join(" "),
        });
    });
}

/** What the controls say, as a document; what is empty is left out. Throws every fault at once. */
export function readValues(declared, entered) {
    const document = {}, errors = [];
    for (const [name, { type }] of Object.entries(declared)) {
        const text = (entered[name] ?? "").trim();
        if (!text) continue;
        try {
            document[name] = type === "string" ? entered[name] : JSON.parse(text);
        } catch {
            const isNumber = ["integer", "number"].includes(type);
            errors.push({ pointer: `/${name}`, detail: isNumber ? "Enter a number." : "Enter valid JSON." });
        }
    }
    if (errors.length) throw { title: "Not saved.", detail: "Correct the marked fields.", errors };
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
