import { get, withQuery } from "../api.js";
import { declared, nameOf } from "../records/meta.js";
import { naming } from "../records/naming.js";
import { combobox } from "../../ui/combobox.js";
import { fill, h } from "../../ui/dom.js";
import { labelled } from "../../ui/field.js";
import { describedBy, groupTitled, speakAs, spokenAs, unheard } from "../../ui/state.js";
import { inSentence, t } from "../../ui/words.js";

/* Controls of lists and of several values together; `one.fields` of rows and groups are controls' descriptions. */

let made = 0;

/** Several boxes under a legend: each option is [code, text, what it means]. */
export function ticks(one, value) {
    const chosen = new Set((value ?? []).map(String));
    const boxOf = ([code, said, about]) => h("label", { class: "tick", title: about },
        h("input", { type: "checkbox", value: code, checked: chosen.has(String(code)) }), said);
    const fault = h("p", { class: "fault" });
    const element = h("fieldset", { class: `ticks ${one.isRow ? "days" : ""}` }, h("legend", {}, one.label),
        one.help && h("p", { class: "hint wide" }, one.help), one.options.map(boxOf), fault);
    const read = () => [...element.querySelectorAll("input:checked")].map((box) => (one.isNumber
        ? Number(box.value) : box.value));
    return { name: one.name, element, get: read, at: () => ({ fault }) };
}

/** Searches the records of a list by what is typed. */
export const searchIn = (plural) => async (said) => {
    const kind = (await declared()).get(plural);
    if (!kind?.mayRead) return [];
    const isSearched = [...kind.fields.values()].some(({ searchable }) => searchable);
    const { data } = await get(withQuery(kind.path, { q: isSearched ? said : "", limit: isSearched ? 12 : 100 }));
    const found = data.map((record) => ({ id: record.id, text: nameOf(kind, record) }));
    return isSearched ? found : found.filter((each) => each.text.toLowerCase().includes(said.toLowerCase()));
};

/** One record of another list, by its name. */
export function record(one, value) {
    let box;
    const { element } = labelled(one, ({ id, ...more }) => {
        box = combobox({
            id, name: one.name, describedBy: describedBy(more), required: one.required,
            search: one.search ?? searchIn(one.refers),
            value: value ? { id: value, text: "…" } : null, onPick: one.onPick,
        });
        return box.element;
    });
    const tell = (found) => box.get()?.id === value && box.restore({ id: value, text: found?.text ?? "–" });
    if (value && one.refers) naming(one.refers, value).then(tell);
    if (value && one.textOf) tell({ text: one.textOf(value) });
    return { name: one.name, element, get: () => box.get()?.id ?? null, at: () => element };
}

/** Several records: each by its name, with a button that takes it away. */
export function records(one, value) {
    let chosen = (value ?? []).map((id) => ({ id, text: "…" }));
    const shown = h("ul", { class: "chosen", ...spokenAs(one.label) });
    const draw = () => fill(shown, chosen.map((each) => h("li", {}, h("span", { dir: "auto" }, each.text), h("button", {
        type: "button", class: "plain-button", ...spokenAs(t("Remove {name}", { name: each.text })), onclick() {
            chosen = chosen.filter((other) => other !== each);
            // The keyboard first: what is edited where it stands is saved when that has left.
            box.querySelector("input").focus();
            change();
        },
    }, h("span", { class: "icon close", ...unheard })))));
    const change = () => {
        draw();
        shown.dispatchEvent(new Event("input", { bubbles: true }));
    };
    let box;
    const { element } = labelled(one, ({ id, ...more }) => {
        const made = combobox({
            id, name: one.name, describedBy: describedBy(more), required: one.required,
            search: one.search ?? searchIn(one.refers),
            onPick(item) {
                if (item && !chosen.some((each) => each.id === item.id)) chosen.push({ id: item.id, text: item.text });
                made.restore(null);
                change();
            },
        });
        return box = made.element;
    });
    for (const each of chosen) {
        const known = one.textOf?.(each.id);
        if (known) each.text = known;
        else {
            naming(one.refers, each.id).then((found) => {
                each.text = found?.text ?? "–";
                draw();
            });
        }
    }
    draw();
    element.querySelector(".fault").before(shown);
    return { name: one.name, element, get: () => chosen.map(({ id }) => id), at: () => element };
}

/** Of options, [code, name], those that are asked for: one of that code first, then those whose names begin so. */
function matching(options, said) {
    const asked = said.toLowerCase();
    const rank = ([code, text]) => {
        const name = text.toLowerCase();
        return [code.toLowerCase() === asked, name.startsWith(asked), name.includes(asked)].indexOf(true);
    };
    return options.map((one) => [rank(one), one]).filter(([at]) => at >= 0)
        .toSorted(([one], [other]) => one - other).map(([, [id, text]]) => ({ id, text }));
}

/** Several of very many, such as countries: each is found by its name. `options()` are [code, name]. */
export const several = (one, value) => records({
    ...one, textOf: one.nameOf, search: async (said) => matching(one.options(), said),
}, value);

/** Fields that belong together, under a legend. */
export function group(one, value, make) {
    const parts = one.fields.map((each) => make(each, value?.[each.name]));
    const fault = h("p", { class: "fault" });
    const element = h("fieldset", { class: "group-fields" }, h("legend", {}, one.label),
        one.help && h("p", { class: "hint" }, one.help),
        h("div", { class: `fields ${one.isLine ? "in-line" : ""}` }, parts.map((part) => part.element)), fault);
    const read = () => {
        const values = readAll(parts);
        const isNothing = Object.values(values).every((each) => each === null || each === undefined || each === false);
        return isNothing && one.mayBeNothing !== false ? one.nothing ?? null : { ...value, ...values };
    };
    const at = ([first, ...rest]) => parts.find(({ name }) => name === first)?.at(rest) ?? { fault };
    return { name: one.name, element, get: read, at };
}

/** A list of groups; each can be taken away, and one more added. A list of single values has one field named "". */
export function rows(one, value, make) {
    const place = h("div", { class: "rows" }), fault = h("p", { class: "fault" });
    const isPlain = one.fields.length === 1 && one.fields[0].name === "";
    let all = [];
    const add = (values) => {
        const parts = one.fields.map((each) => make(each, isPlain ? values : values?.[each.name]));
        const row = { parts, before: isPlain ? null : values };
        row.element = h("fieldset", { class: `fields ${one.isLine ? "in-line" : ""}` }, h("legend", {}, ""),
            parts.map((part) => part.element),
            h("button", { type: "button", class: "small remove", onclick() {
                all = all.filter((other) => other !== row);
                draw();
                more.focus();
            } }, t("Remove")));
        all.push(row);
        draw();
        return row;
    };
    const draw = () => {
        all.forEach(({ element }, index) => {
            const said = t("{item} {number}", { item: one.item, number: index + 1 });
            element.querySelector("legend").textContent = said;
            speakAs(element.querySelector(":scope > .remove"), t("Remove {name}", { name: said }));
        });
        fill(place, all.map(({ element }) => element));
    };
    const more = h("button", { type: "button", class: "small", onclick() {
        add(one.standard ?? (isPlain ? null : {})).element.querySelector("input, select, textarea")?.focus();
    } }, one.add ?? t("Add {item}", { item: inSentence(one.item) }));
    for (const each of value ?? []) add(each);
    const id = `rows-${++made}`;
    const element = h("div", { class: "row-list", ...groupTitled(id) }, h("p", { class: "label", id },
        one.label), one.help && h("p", { class: "hint" }, one.help), place, h("p", {}, more), fault);
    const read = () => all.map(({ parts, before }) => (isPlain ? parts[0].get() : { ...before, ...readAll(parts) }));
    const at = ([index, ...rest]) => {
        const row = all[Number(index)];
        if (!row) return { fault };
        return (isPlain ? row.parts[0] : row.parts.find(({ name }) => name === rest[0]))?.at(rest.slice(1))
            ?? { fault };
    };
    return { name: one.name, element, get: read, at };
}

/** Values by names that the person gives. */
export function map(one, value, make) {
    const fields = [{ name: "key", label: one.keyLabel ?? t("Name"), type: one.keyType ?? "text",
        options: one.keyOptions, required: true }, { ...one.of, name: "value", label: one.of.label ?? t("Value") }];
    const entries = Object.entries(value ?? {}).map(([key, each]) => ({ key, value: each }));
    const inner = rows({ ...one, fields, isLine: true }, entries, make);
    const read = () => {
        const now = Object.fromEntries(inner.get().filter(({ key }) => key).map(({ key, value: each }) => [key, each]));
        const gone = Object.keys(value ?? {}).filter((key) => !(key in now)).map((key) => [key, null]);
        return { ...now, ...Object.fromEntries(gone) };
    };
    return { ...inner, get: read };
}

/** Every control's value by its name; throws all their faults at once. What is undefined is left out. */
export function readAll(controls) {
    const read = {}, errors = [];
    for (const { name, get: value } of controls) {
        try {
            const found = value();
            if (found !== undefined) read[name] = found;
        } catch (fault) {
            if (!fault.errors) throw fault;
            errors.push(...fault.errors.map((each) => ({ ...each,
                pointer: each.pointer.startsWith(`/${name}`) ? each.pointer : `/${name}${each.pointer}` })));
        }
    }
    if (errors.length) throw { title: t("Not saved."), errors };
    return read;
}
