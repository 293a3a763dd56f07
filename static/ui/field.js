import { h } from "./dom.js";
import { describing, needed } from "./state.js";

let made = 0;

/**
 * Draws the surroundings of a control: its label, a hint, and room for what is wrong with it. `draw` makes the
 * control, with the attributes that it is given: {element, input}.
 */
export function labelled({ name, label, help, required }, draw, { isBox = false, scale } = {}) {
    const id = `field-${++made}`;
    const input = draw({ id, name, ...describing(`${id}-error`, help && `${id}-hint`), ...needed(required) });
    const title = h("label", { for: id }, label);
    const element = h("div", { class: `field ${isBox ? "box" : ""}`, "data-name": name, "data-scale": scale },
        isBox ? [input, title] : [title, input],
        help && h("p", { class: "hint", id: `${id}-hint` }, help), h("p", { class: "fault", id: `${id}-error` }));
    return { element, input };
}

/** The usual one, with the attributes of its control; `options` of a select are [value, text]. */
export function field(label, name, { hint, control = "input", options = [], value = "", ...attributes } = {}) {
    const draw = (own) => h(control, { ...own, ...attributes },
        options.map(([code, text]) => h("option", { value: code, selected: code === value }, text)));
    const { element, input } = labelled({ name, label, help: hint }, draw);
    if (control !== "select") input.value = value;
    return element;
}
