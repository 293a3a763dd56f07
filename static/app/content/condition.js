import { make } from "../controls/controls.js";
import { fill, h } from "../../ui/dom.js";
import { labelled } from "../../ui/field.js";
import { speakAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { answerOf, deeds, isAlone, questionOf, waysOf } from "./questions.js";

/** Returns a control's value so far, if it has any. */
const lax = (control) => {
    try {
        return control.get() ?? undefined;
    } catch {
        return undefined;
    }
};

export const wrongAt = (pointer, detail) => ({ title: t("Not saved."), errors: [{ pointer, detail }] });

/** Returns a control's value; a fault is told at its own place. */
function read(control, at, isNeeded = false) {
    control.element.setAttribute("data-pointer", at);
    let value;
    try {
        value = control.get();
    } catch (fault) {
        throw wrongAt(at, fault.errors[0].detail);
    }
    if (isNeeded && (value === null || value.length === 0)) throw wrongAt(at, t("Fill this in."));
    return value;
}

export const remover = (run) => h("button", { type: "button", class: "small remove", onclick: run }, t("Remove"));

/**
 * One question about records, or about what their people did: {element, get(at), raw(), count(number)}. `get` throws
 * what is wrong at its place below `at`; `raw` is what a draft keeps.
 */
export function condition(filter, { questions, remove }) {
    const { element: which, input } = labelled({ name: "field", label: t("Field"), required: true },
        (attributes) => h("select", attributes, choices(questions, filter.did ?? filter.field ?? "", deeds())));
    const rest = h("div", { class: "part" }), title = h("legend", {}, ""), away = remover(remove);
    let asked = null;
    const turn = (given) => {
        const name = input.value, isDeed = deeds().some(([code]) => code === name);
        asked = !name ? null : isDeed ? deed(name, given) : question(questionOf(questions, name), given);
        fill(rest, asked?.elements);
    };
    input.addEventListener("input", () => turn({}));
    turn(filter);
    return {
        element: h("fieldset", { class: "fields in-line" }, title, which, rest, away),
        raw: () => asked?.raw() ?? {},
        get(at) {
            which.setAttribute("data-pointer", `${at}/field`);
            if (!asked) throw wrongAt(`${at}/field`, t("Choose a field."));
            return asked.get(at);
        },
        count(number) {
            const name = t("Condition {number}", { number });
            fill(title, name);
            speakAs(away, t("Remove {name}", { name }));
        },
    };
}

/** The options of what can be asked, in groups; what is not there any more is offered while it is chosen. */
export function choices({ fields, custom }, now, acts = []) {
    const option = (code, text) => h("option", { value: code, selected: code === now }, text);
    const part = (label, all) => all.length > 0
        && h("optgroup", { label }, all.map(([code, text]) => option(code, text)));
    const known = [...fields, ...custom].map(({ name, label }) => [name, label]);
    const isKnown = !now || [...known, ...acts].some(([code]) => code === now);
    return [
        option("", t("Choose…")), !isKnown && option(now, questionOf({ fields, custom }, now).label),
        part(t("Fields"), known.slice(0, fields.length)), part(t("Custom fields"), known.slice(fields.length)),
        part(t("Activity"), acts),
    ];
}

/** A field, how it is asked, and the answer, whose control goes by both: {elements, get(at), raw()}. */
export function question(field, given) {
    const options = waysOf(field, given.op);
    const way = make({ name: "op", label: t("Comparison"), type: "choice", required: true, options },
        given.op ?? options[0][0]);
    const place = h("div");
    let answer = null, type = null;
    const turn = (value) => {
        const one = answerOf(field, way.get());
        answer = isAlone(way.get()) ? null : make(one, value ?? (one.type === type ? lax(answer) : undefined));
        type = answer && one.type;
        fill(place, answer?.element);
    };
    way.element.addEventListener("input", () => turn());
    turn(given.value);
    const asked = () => ({ field: field.name, op: way.get() });
    return {
        elements: [way.element, place],
        raw: () => ({ ...asked(), ...(answer && { value: lax(answer) }) }),
        get(at) {
            way.element.setAttribute("data-pointer", `${at}/op`);
            return { ...asked(), ...(answer && { value: read(answer, `${at}/value`, true) }) };
        },
    };
}

/** Asks for a person's deed, how long ago at most, and how often. */
function deed(did, given) {
    const parts = [
        make({ name: "within", label: t("Within"), type: "duration" }, given.did ? given.within : "P30D"),
        make({ name: "at_least", label: t("At least (times)"), type: "number", isWhole: true }, given.at_least ?? 1),
    ];
    const all = (run) => Object.fromEntries(parts.map((one) => [one.name, run(one)])
        .filter(([, value]) => value !== null && value !== undefined));
    return {
        elements: parts.map(({ element }) => element),
        raw: () => ({ did, ...all(lax) }),
        get: (at) => ({ did, ...all((one) => read(one, `${at}/${one.name}`)) }),
    };
}
