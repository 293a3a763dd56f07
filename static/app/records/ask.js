import { call } from "../api.js";
import { dialog } from "../../ui/dialog.js";
import { fill, h } from "../../ui/dom.js";
import { showProblem } from "../../ui/form.js";
import { absolve, hold, release } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { control } from "./control.js";

/**
 * Asks in a dialog and then does it. `fields` are those of a declaration, {name, label, schema, refers, required,
 * help}, or ready controls {name, element, get()}; `run(values)` does it, and what it throws stays in the dialog.
 * `said` is told afterwards, or what `said(answer)` gives: a text, or {text, way}.
 */
export function ask({ title, text, fields = [], values = {}, action, isGrave, wide, run, said, onClose }) {
    const notice = h("div", { class: "notices" });
    const controls = fields.filter(Boolean)
        .map((field) => (field.element ? field : control(field, values[field.name])));
    const button = h("button", {
        type: "submit", class: isGrave ? "grave" : "primary", autofocus: controls.length === 0,
    }, action);
    const form = h("form", { class: "form", novalidate: true, onsubmit: submit }, notice,
        text && h("p", {}, text), controls.map(({ element }) => element),
        h("div", { class: "actions end" },
            h("button", { type: "button", onclick: () => close() }, t("Cancel")), button));
    form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });

    async function submit(event) {
        event.preventDefault();
        if (!hold(button)) return;
        clear();
        try {
            const answer = await run(read());
            close();
            const told = typeof said === "function" ? said(answer) : said;
            if (told) toast(told.text ?? told, told.way);
        } catch (problem) {
            showProblem(form, notice, problem);
        }
        release(button);
    }
    function read() {
        const found = {}, errors = [];
        for (const { name, field, get } of controls) {
            try {
                found[name] = get();
                if (field?.required && isEmpty(found[name])) errors.push(missing(name));
            } catch (fault) {
                errors.push(...fault.errors);
            }
        }
        if (errors.length) throw { title: t("Not saved."), errors };
        return found;
    }
    function clear() {
        fill(notice);
        for (const fault of form.querySelectorAll(".fault")) fill(fault);
        absolve(form);
    }
    const { close } = dialog({ title, wide, content: () => form, onClose });
    return { close };
}

const isEmpty = (value) => value === null || value === undefined || value === "" || value?.length === 0;
const missing = (name) => ({ pointer: `/${name}`, detail: t("Fill this in.") });

/** Does an operation of a record, unless somebody has changed it since that version was read. */
export async function operate(path, { version, body } = {}) {
    const headers = version === undefined ? {} : { "If-Match": `"${version}"` };
    const answer = await call(path, { method: "POST", body, headers });
    return answer.status === 204 ? null : answer.json();
}

/** Fields for `ask`, by what they hold. */
export const asked = {
    text: (name, label, more) => ({ name, label, schema: { type: "string", maxLength: 500 }, ...more }),
    long: (name, label, more) => ({ name, label, schema: { type: "string", maxLength: 5000 }, ...more }),
    number: (name, label, more) => ({ name, label, schema: { type: "number" }, ...more }),
    day: (name, label, more) => ({ name, label, schema: { type: "string", format: "date" }, ...more }),
    instant: (name, label, more) => ({ name, label, schema: { type: "string", format: "date-time" }, ...more }),
    /** `among`: a filter of those that can be chosen. */
    record: (name, label, refers, more) => ({ name, label, refers, schema: { type: "string" }, ...more }),
    country: (name, label, more) => ({ name, label, schema: { type: "string", format: "country" }, ...more }),
    countries: (label, more) => ({
        name: "countries", label, schema: { type: "array", items: { type: "string" } }, ...more,
    }),
    choice: (name, label, codes, more) => ({ name, label, schema: { type: "string", enum: codes }, ...more }),
    /** `isAnyCurrency`: the currency is chosen beside the amount. */
    money: (name, label, more) => ({
        name, label, schema: { type: "object", properties: { amount: {}, currency: {} } }, ...more,
    }),
};
