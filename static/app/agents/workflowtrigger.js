import { facts } from "../../ui/facts.js";
import { eventTypes } from "../eventtypes.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { typedFor } from "./workflowinput.js";
import { conditionInWords, operators } from "./workflowsteps.js";

/* The events by which a workflow begins by itself. */

const titleOf = (type) => (type.endsWith(".*") ? t("Everything about: {kind}", { kind: words(type.slice(0, -2)) })
    : words(type));

/** Tells what begins a workflow, under which condition, and what of it a run is given. */
export const triggerFacts = ({ events = [], when, state }) => facts([
    [t("Event"), events.map(titleOf).join(", ")],
    [t("Only if"), when && conditionInWords(when)],
    ...Object.entries(state ?? {}).map(([name, place]) => [words(name), words(place)]),
]);

const isSimple = (when) => !when || Boolean(when.field) || (when.all ?? []).every(({ field }) => field)
    && Boolean(when.all);

/** The condition's parts, as rows. */
const rowsOf = (when) => (!when ? [] : when.all ?? [when]).map((part) => ({ ...part,
    value: Array.isArray(part.value) ? part.value.join(", ") : String(part.value ?? "") }));

/** The dialog's part about it; `shown` is the value that it begins with. */
export async function triggerPart(trigger) {
    const types = await eventTypes().catch(() => []);
    const known = types.filter(({ stored }) => stored).map(({ name }) => name);
    const chosen = (trigger?.events ?? []).filter((name) => !known.includes(name));
    const options = [...chosen, ...known].map((name) => [name, titleOf(name)]);
    const when = { name: "when", label: t("Only if"), type: "rows", item: t("Part of the condition"), isLine: true,
        help: t("Such as {example}.", { example: "record.company" }), fields: [
            { name: "field", label: t("If the value"), required: true },
            { name: "op", label: t("Compared"), type: "choice", required: true, options: operators(), default: "eq" },
            { name: "value", label: t("With") },
        ] };
    const field = {
        name: "trigger", label: t("Begins by itself"), type: "group", fields: [
            { name: "events", label: t("When this happens"), type: "rows", item: t("Event"),
                fields: [{ name: "", label: t("Event"), type: "choice", required: true, options }] },
            ...isSimple(trigger?.when) ? [when] : [],
            { name: "state", label: t("What the run is given of it"), type: "map", item: t("Value"),
                keyLabel: t("Short name"), of: { label: t("Place in the event") },
                help: t("Such as {example}.", { example: "lead_id: subject.id, company: record.company" }) },
        ],
    };
    const shown = { events: trigger?.events ?? [], when: rowsOf(trigger?.when), state: trigger?.state ?? {} };
    return { field, shown };
}

/** The trigger as the API takes it, for a merge with the one before; null where nothing begins it. */
export function triggerOf(values, before) {
    const events = (values?.events ?? []).filter(Boolean);
    if (!events.length) return null;
    if (!isSimple(before?.when)) return { events, state: values.state };
    const parts = (values.when ?? []).map(({ field, op, value }) => ({ field, op,
        ...(op !== "exists" && { value: typedFor(value, op) }) }));
    const gone = Object.fromEntries(Object.keys(before?.when ?? {}).map((name) => [name, null]));
    const when = parts.length > 1 ? { ...gone, all: parts } : parts.length ? { ...gone, ...parts[0] } : null;
    return { events, when, state: values.state };
}
