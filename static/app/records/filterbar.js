import { wordsIn } from "../titles.js";
import { dialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { chips } from "../../ui/filter.js";
import { number } from "../../ui/format.js";
import { day } from "../../ui/when.js";
import { inSentence, t } from "../../ui/words.js";
import { control } from "./control.js";
import { isMoney, typesOf } from "./meta.js";
import { named } from "./naming.js";
import { sayCode } from "./show.js";

/* Filters of a list as chips. A filter is a parameter of the list: "status", "score[gte]". */

const isBoolean = (one) => typesOf(one).includes("boolean");
const isNumber = (one) => typesOf(one).some((type) => ["integer", "number"].includes(type));
const isDay = (one) => ["date", "date-time"].includes(one.schema.format);
const isRange = (one) => isNumber(one) || isDay(one);
const codesOf = (one) => one.schema.enum?.filter((code) => code !== null);

/** Which fields an address may ask for. What is text is found by the search. */
const isFilter = (one) => one.filterable && !isMoney(one) && one.name !== "external_ids"
    && one.name !== "custom" && !(one.refers && typesOf(one).includes("array"));

/** Of records, those that can be chosen from a list. */
const isOffered = (one) => (one.refers ? one.isListed : !one.isForPrograms);

const valuesOf = (one) => (isRange(one) ? [`${one.name}[gte]`, `${one.name}[lte]`] : [one.name]);
/** The parameter by which those without a value are found, or those with any. */
const presenceOf = ({ name }) => `${name}[is]`;
const mayLack = (one) => typesOf(one).some((type) => ["null", "array"].includes(type));

/** The parameters of a field's filter. */
const partsOf = (one) => [...valuesOf(one), ...(mayLack(one) ? [presenceOf(one)] : [])];

/** The names that an address may give a filter by. */
export const filterNames = (kind) => [...kind.fields.values()].filter(isFilter).flatMap(partsOf);

const inOrder = (kind) => {
    const fields = [...kind.fields.values()].filter(isFilter);
    const first = kind.filters.map((name) => kind.fields.get(name)).filter((one) => fields.includes(one));
    return [...first, ...fields.filter((one) => !first.includes(one))];
};

/** The fields that "Add filter" offers. */
export const filterMenu = (kind) => inOrder(kind).filter(isOffered);

/** {element, draw}: a chip for each filter that is on, and the menu of the others. */
export function filterBar(kind, { wanted, onChange }) {
    const ordered = inOrder(kind), menu = filterMenu(kind);
    const isOn = (one) => partsOf(one).some((name) => wanted()[name]);
    const drop = (...fields) => onChange(Object.fromEntries(fields.flatMap(partsOf).map((name) => [name, ""])));
    const on = () => ordered.filter(isOn);
    const filterOf = (one) => ({
        label: one.label, said: () => said(one, wanted()), ask: () => ask(one), drop: () => drop(one),
    });

    function ask(one) {
        const { element, read } = chooser(one, wanted());
        const form = h("form", { class: "form", onsubmit(event) {
            event.preventDefault();
            close();
            onChange(read());
        } }, element, h("div", { class: "actions end" },
            isOn(one) && h("button", { type: "button", onclick: () => { close(); drop(one); } }, t("Remove filter")),
            h("button", { type: "submit", class: "primary" }, t("Apply filter"))));
        const { close } = dialog({ title: t("Filter by {field}", { field: inSentence(one.label) }), content: () => form });
    }
    return chips({
        on: () => on().map(filterOf), off: () => menu.filter((one) => !isOn(one)).map(filterOf),
        clear: () => drop(...on()),
    });
}

/** Says a filter, for the eye. */
function said(one, wanted) {
    const text = (value) => (isDay(one) ? day(value.slice(0, 10)) : number(Number(value)));
    const presence = wanted[presenceOf(one)];
    if (presence) return presence === "null" ? t("No value") : t("Any value");
    const [from, to] = valuesOf(one).map((name) => wanted[name]);
    if (isRange(one) && from && to) return t("{from} to {to}", { from: text(from), to: text(to) });
    if (isRange(one)) return from ? t("from {from}", { from: text(from) }) : t("up to {to}", { to: text(to) });
    const values = from.split(",");
    if (one.refers) return values.map((id, index) => [index > 0 && ", ", named(one.refers, id)]);
    if (isBoolean(one)) return from === "true" ? t("Yes") : t("No");
    const texts = values.map((value) => (codesOf(one) ? wordsIn(one, value) : sayCode(one, value)));
    return h("span", { dir: "auto" }, texts.length > 2 ? t("{count} chosen", { count: number(texts.length) })
        : texts.join(", "));
}

let made = 0;

/** {element, read}: the control of a field's filter; where records may lack the field, they can be asked for. */
function chooser(one, wanted) {
    const own = valueChooser(one, wanted);
    if (!mayLack(one)) return own;
    const presence = presenceOf(one), id = `presence-${++made}`;
    const box = h("select", { id }, [["", t("As given above")], ["null", t("No value")], ["not_null", t("Any value")]]
        .map(([value, text]) => h("option", { value, selected: (wanted[presence] ?? "") === value }, text)));
    const cleared = Object.fromEntries(valuesOf(one).map((name) => [name, ""]));
    return {
        element: h("div", {}, own.element, h("div", { class: "field" }, h("label", { for: id }, t("Value")), box)),
        read: () => (box.value ? { ...cleared, [presence]: box.value } : { ...own.read(), [presence]: "" }),
    };
}

function valueChooser(one, wanted) {
    const codes = codesOf(one) ?? (isBoolean(one) ? ["true", "false"] : null);
    if (isRange(one)) return range(one, wanted);
    if (!codes) {
        const made = control({ ...one, label: one.label, required: false, read_only: false, isSought: true,
            schema: { ...one.schema, type: "string", items: undefined, maxLength: 200 } }, wanted[one.name] || null);
        return { element: made.element, read: () => ({ [one.name]: made.get() ?? "" }) };
    }
    const now = (wanted[one.name] ?? "").split(",");
    const text = (code) => ({ true: t("Yes"), false: t("No") })[code] ?? wordsIn(one, code);
    const boxes = codes.map((code) => h("label", { class: "tick" },
        h("input", { type: isBoolean(one) ? "radio" : "checkbox", name: one.name, value: code,
            checked: now.includes(code) }), text(code)));
    return {
        element: h("fieldset", { class: "ticks" }, h("legend", {}, one.label), boxes),
        read: () => ({ [one.name]: boxes.map(({ firstChild }) => firstChild).filter(({ checked }) => checked)
            .map(({ value }) => value).join(",") }),
    };
}

function range(one, wanted) {
    const [from, to] = valuesOf(one);
    const schema = isDay(one) ? { type: ["string", "null"], format: "date" } : { type: ["number", "null"] };
    const shown = (value) => (value ? (isDay(one) ? value.slice(0, 10) : Number(value)) : null);
    const make = (name, label) => control({ name, label, schema }, shown(wanted[name]));
    const low = make(from, isDay(one) ? t("From") : t("At least"));
    const high = make(to, isDay(one) ? t("Until") : t("At most"));
    const isInstant = one.schema.format === "date-time";
    const write = (value, time) => (value === null ? "" : isInstant ? new Date(`${value}T${time}`).toISOString()
        : String(value));
    return {
        element: h("div", {}, low.element, high.element),
        read: () => ({ [from]: write(low.get(), "00:00:00"), [to]: write(high.get(), "23:59:59.999") }),
    };
}
