import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/* Returns a step's input as rows of names and texts: a text may name a value of the run. */

const flat = (values, path = "") => Object.entries(values ?? {}).flatMap(([name, value]) => {
    const own = path ? `${path}.${name}` : name;
    return value?.constructor === Object ? flat(value, own)
        : [{ key: own, value: Array.isArray(value) ? value.join(", ") : String(value) }];
});

export const inputRows = () => ({
    name: "input", label: t("What it is given"), type: "rows", item: t("Value"), isLine: true,
    help: t("A value of the run in double braces, such as {example}, or a text.", { example: "{{lead_id}}" }),
    shown: ({ input }) => flat(input),
    fields: [{ name: "key", label: t("Name") }, { name: "value", label: t("Value") }],
});

const at = (values, path) => path.reduce((value, name) => value?.[name], values);

/** The rows as the API takes them: of the kind that stood there before, or as they look. */
export function readInput(rows, before) {
    const input = {};
    for (const { key, value } of rows) {
        if (!key) continue;
        const path = key.trim().split("."), last = path.pop();
        let place = input;
        for (const name of path) place = place[name] ??= {};
        const old = at(before, [...path, last]);
        place[last] = Array.isArray(old) ? (value ?? "").split(",").map((one) => one.trim()).filter(Boolean)
            : typed(value ?? "");
    }
    return input;
}

const typed = (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text)
    : text === "true" ? true : text === "false" ? false : text);

/** A condition's value as it looks; several of them, separated by commas, where it is one of a list. */
export const typedFor = (text, op) => (op === "in" ? (text ?? "").split(",").map((one) => typed(one.trim()))
    : typed(text ?? ""));

/** The controls of what a run is given at its start. */
export const startFields = (state) => Object.entries(state ?? {}).map(([name, declared]) => {
    const { type, required, description, default: standard } = declared;
    const one = { name, label: words(name.replace(/_id$/, "")), help: description, required, default: standard };
    const plural = { lead_id: "leads", deal_id: "deals", contact_id: "contacts", client_id: "clients",
        company_id: "companies", ticket_id: "tickets", project_id: "projects" }[name];
    if (plural) return { ...one, type: "record", refers: plural };
    if (["integer", "number"].includes(type)) return { ...one, type: "number", isWhole: type === "integer" };
    if (type === "boolean") return { ...one, type: "yes" };
    if (type === "list") return { ...one, type: "list" };
    if (type === "object") return { ...one, type: "map", item: t("Value"), of: { label: t("Value") } };
    return one;
});
