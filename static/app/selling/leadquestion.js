import { choices, question, wrongAt } from "../content/condition.js";
import { answers } from "../content/filterwords.js";
import { isAlone, questionOf, questionsOf, waysOf } from "../content/questions.js";
import { fill, h } from "../../ui/dom.js";
import { labelled } from "../../ui/field.js";
import { pieces, t } from "../../ui/words.js";
import { previous } from "./condition.js";

/* A step of a sequence asks of its lead as filters of segments do: by the same questions, comparisons and answers. */

export const leadQuestions = () => questionsOf("leads");

/** Programs may name the amount of money alone; there it is a number. */
const fieldOf = (questions, name) => (name.endsWith(".amount")
    ? { ...questionOf(questions, name.replace(".amount", "")), name, control: "number" } : questionOf(questions, name));

/** Older conditions ask with `exists` whether something is known. */
const wayOf = ({ op, value }) => (op !== "exists" ? op : value === false ? "unknown" : "known");

/** {element, get(at), raw()} of a condition on the lead. */
export function leadQuestion(given, { fields, custom }) {
    const isAmount = given.field?.endsWith(".amount");
    const questions = { fields: [...fields, ...isAmount ? [fieldOf({ fields, custom }, given.field)] : []], custom };
    const { element: which, input } = labelled({ name: "field", label: t("Fact"), required: true },
        (attributes) => h("select", attributes, choices(questions, given.field ?? "")));
    const rest = h("div", { class: "part" });
    let asked = null;
    const turn = (one) => {
        asked = input.value ? question(questionOf(questions, input.value), one) : null;
        fill(rest, asked?.elements);
    };
    input.addEventListener("input", () => turn({}));
    turn({ op: wayOf(given), value: given.value ?? undefined });
    return {
        element: h("div", { class: "step-line" }, which, rest),
        raw: () => asked?.raw() ?? {},
        get(at) {
            which.setAttribute("data-pointer", `${at}/field`);
            if (!asked) throw wrongAt(`${at}/field`, t("Choose a field."));
            return asked.get(at);
        },
    };
}

/** A condition in words, for the list of steps; null where there is none. */
export function conditionInWords(condition, questions) {
    if (!condition) return null;
    if (condition.previous) return previous()[condition.previous];
    const asked = fieldOf(questions, condition.field), way = wayOf(condition);
    return pieces("If {field} {sign}{value}", {
        field: asked.label, sign: Object.fromEntries(waysOf(asked, way))[way] ?? way,
        value: !isAlone(way) && [" ", answers(asked, condition.value)],
    });
}
