import { make } from "../controls/controls.js";
import { describe } from "../controls/describe.js";

const structured = new Set(["rows", "group", "map", "records", "duration", "ticks", "time", "several"]);

/**
 * The control of a field with parts, or of a length of time, in the form's own terms; null for those that are plain.
 * A draft of one is what it says, as far as it says something.
 */
export function structuredControl(field, value) {
    const { name, label, help, required, refers, choices, schema } = field;
    const found = describe(name, schema, { label, help, required, refers, choices });
    if (!found || !structured.has(found.type)) return null;
    let control = make(found, value ?? undefined);
    const get = () => control.get();
    const raw = () => {
        try {
            return get();
        } catch {
            return undefined;
        }
    };
    const restore = (kept) => {
        const fresh = make(found, kept);
        control.element.replaceWith(fresh.element);
        own.element = fresh.element;
        control = fresh;
    };
    const own = { name, field, element: control.element, get, raw, restore };
    return own;
}
