import { dialog } from "../../ui/dialog.js";
import { failure, fill, h } from "../../ui/dom.js";
import { form, inUnits, inWords, labelOf } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { absolve, blame } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { pair, reason, t, wrong } from "../../ui/words.js";
import * as leaves from "./leaves.js";
import * as many from "./many.js";

const types = { ...leaves, ...many };

/** The control of a description {name, label, type, help, required, …}, with a value. */
export const make = (one, value) => types[one.type ?? "text"](one, value === undefined ? one.default : value, make);

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Reads the values of these controls, beside what stood there before: `changed()` has only what differs. */
export function controlsOf(fields, values = {}) {
    const all = fields.map((one) => make(one, values?.[one.name]));
    const lax = (control) => {
        try {
            return control.get();
        } catch {
            return undefined;
        }
    };
    const before = Object.fromEntries(all.map((control) => [control.name, lax(control)]));
    const changed = () => Object.fromEntries(Object.entries(many.readAll(all))
        .filter(([name, value]) => !same(value, before[name])));
    return { all, elements: all.map(({ element }) => element), values: () => many.readAll(all), changed };
}

/** Puts the faults of a problem beside their controls; `strip` takes a leading part off their pointers. */
export function showFaults(controls, problem, notice, strip = "") {
    const others = [];
    let first = null;
    for (const { pointer = "", code, detail: written } of problem.errors ?? []) {
        const parts = pointer.replace(strip, "").split("/").slice(1);
        // Controls of a part of the settings have its name before theirs: "/sending/per_day".
        const isNested = !controls.some((one) => one.name === parts[0]);
        const at = isNested && controls.some((one) => one.name === parts[1]) ? 1 : 0;
        const [name, ...rest] = parts.slice(at);
        const control = controls.find((one) => one.name === name), place = control?.at(rest);
        const detail = inUnits(written, place);
        const said = wrong(code) ?? reason(detail) ?? inWords(detail, name, rest.length === 0 && labelOf(control?.element));
        if (!place) {
            const isNamed = !name || said.startsWith(words(name));
            others.push(isNamed ? said : pair(pointer.slice(1).replaceAll(/[/_]/g, " "), said));
            continue;
        }
        const fault = place.fault ?? place.querySelector(".fault");
        fault.append(said, " ");
        const input = place.querySelector?.("input, select, textarea");
        blame(input);
        first ??= input ?? fault;
    }
    if (!first || others.length) {
        fill(notice, failure(problem), others.map((each) => h("p", { class: "fault" }, each)));
    }
    first?.closest("details")?.setAttribute("open", "");
    first?.focus?.();
    return true;
}

const clearFaults = (element) => {
    for (const fault of element.querySelectorAll(".fault")) fill(fault);
    absolve(element);
};

/**
 * A form of described fields. `save({values, changed})` is given all of them, or what differs. `more` are fields behind
 * "More fields"; `focus` names the field that gets the keyboard; `second` is another thing to do with what is entered,
 * {action, run}.
 */
export function controlForm({ fields, more = [], values, save, action = t("Save"), isPrimary = true, focus, lead, tail,
    strip, second }) {
    const set = controlsOf([...fields, ...more], values);
    const usual = set.elements.slice(0, fields.length), rest = set.elements.slice(fields.length);
    let isSecond = false;
    const element = form({
        action, isPrimary, class: "form described",
        async submit(_, notice) {
            const run = isSecond ? second.run : save;
            isSecond = false;
            clearFaults(element);
            await run({ values: set.values(), changed: set.changed(), notice });
        },
        onProblem: (problem, notice) => problem.errors?.length > 0 && showFaults(set.all, problem, notice, strip),
    }, lead, usual, rest.length > 0 && h("details", { class: "fold" }, h("summary", {}, t("More fields")), rest), tail);
    if (second) {
        element.querySelector(":scope > .actions").append(h("button", { type: "button", onclick() {
            isSecond = true;
            element.requestSubmit();
        } }, second.action));
    }
    // Of fields that belong together, the first one.
    const wanted = focus && set.all.find(({ name }) => name === focus)?.element.querySelector("input, select, textarea");
    if (wanted) setTimeout(() => wanted.focus());
    return element;
}

/**
 * Shows the form in a dialog, which closes when it is saved and says so. `save` may give another content, to stay
 * open.
 */
export function ask({ title, told, wide = false, onSaved, save, onClose, ...more }) {
    const place = h("div");
    const { close } = dialog({ title, wide, onClose, content: () => place });
    fill(place, controlForm({ ...more, async save(entered) {
        const after = await save(entered);
        if (after instanceof Node) fill(place, after);
        else close();
        if (told) toast(typeof told === "function" ? told(entered.values) : told);
        await onSaved?.();
    } }));
    (place.querySelector("[autofocus]") ?? place.querySelector("input, select, textarea"))?.focus();
    return { close, place };
}
