import { later } from "../later.js";
import { failure, fill, h, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { t } from "../../ui/words.js";

/* When a step is taken: always, by what became of the email before, or by what is known of the lead. */

export const previous = () => ({
    opened: t("If the email before was opened"), not_opened: t("If the email before was not opened"),
    clicked: t("If a link in the email before was clicked"),
    not_clicked: t("If no link in the email before was clicked"),
});

/** {element, get(at), raw(), restore(raw)} of a step's condition; `get` throws a fault at its place below `at`. */
export function conditionControl(condition) {
    const when = field(t("When"), "condition", { control: "select",
        value: condition?.previous ?? (condition?.field ? "field" : ""),
        options: [["", t("Always")], ...Object.entries(previous()), ["field", t("If a fact of the lead holds")]] });
    const chosen = when.querySelector("select"), place = h("div");
    let given = condition ?? {}, fact = null, unchanged = null, isAsking = false;

    async function draw() {
        place.hidden = chosen.value !== "field";
        if (place.hidden || fact || isAsking) return;
        isAsking = true;
        fill(place, quiet(t("Loading…")));
        try {
            const { leadQuestion, leadQuestions } = await later(() => import("./leadquestion.js"));
            const questions = await leadQuestions();
            fact = leadQuestion(given, questions);
            if (given === condition) unchanged = JSON.stringify(fact.raw());
            fill(place, fact.element);
        } catch (problem) {
            fill(place, failure(problem, draw));
        }
        isAsking = false;
    }
    chosen.addEventListener("change", draw);
    draw();
    return {
        element: h("div", {}, when, place),
        raw: () => ({ ...fact?.raw() ?? given, which: chosen.value }),
        restore({ which, ...rest } = {}) {
            [chosen.value, given, fact] = [which ?? "", rest, null];
            draw();
        },
        get(at) {
            if (!chosen.value) return null;
            if (chosen.value !== "field") return { previous: chosen.value };
            if (fact && JSON.stringify(fact.raw()) !== unchanged) return fact.get(at);
            // A condition that is only shown in another form has not changed.
            if (condition?.field && given === condition) return condition;
            when.setAttribute("data-pointer", `${at}/field`);
            throw { title: t("Not saved."), errors: [{ pointer: `${at}/field`, detail: t("Choose a field.") }] };
        },
    };
}
