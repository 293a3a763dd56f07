import { drawValue } from "../values.js";
import { words } from "../../ui/format.js";
import { pieces, t } from "../../ui/words.js";

/** Says the remedy of an issue in a sentence, and likewise that of a kind of rule. */
export function whatToDo({ kind, field, remedy: { action, changes } }) {
    const values = { field: words(field) };
    if (action === "set") return pieces("Is {value} meant?", { value: drawValue(Object.values(changes)[0]) });
    if (action === "merge") return t("Merge it with the record that has the same value: {field}.", values);
    if (action === "clear") return t("Empty the field, since the record does not exist: {field}.", values);
    switch (kind) {
        case "required": return t("Enter the value: {field}.", values);
        case "format": return action === "verify" ? t("Verify it, since its domain takes no mail: {field}.", values)
            : t("Correct it, since it is not what it should be: {field}.", values);
        case "range": return t("Correct it, since it is out of its range: {field}.", values);
        case "stale": return t("Confirm that the record still holds: nobody has for long.");
        case "reference": return t("Look at it, since what it refers to is missing or leads back: {field}.", values);
        case "consistent": return t("Compare it with the other field, since they contradict each other: {field}.", values);
        default: return t("Confirm it, since it is far from what others have: {field}.", values);
    }
}
