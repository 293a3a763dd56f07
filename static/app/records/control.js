import { get, tenant, withQuery } from "../api.js";
import { scaled, unscaled } from "../controls/scale.js";
import { countries, currencies, isLanguage, languageOptions, timeZones } from "../settings/world.js";
import { choiceOf } from "../titles.js";
import { combobox } from "../../ui/combobox.js";
import { h } from "../../ui/dom.js";
import { digitsOf, writeMoney } from "../../ui/money.js";
import { describing, needed, spokenAs } from "../../ui/state.js";
import { inSentence, t } from "../../ui/words.js";
import { addressOfNew, declared, isMoney, isShare, nameOf, typesOf } from "./meta.js";
import { naming } from "./naming.js";
import { itemsControl } from "./items.js";
import { structuredControl } from "./structured.js";
import { stepsControl } from "./steps.js";
import { readAmount } from "./amount.js";
import { writtenControl } from "./written.js";

let made = 0;

/**
 * A labelled control for a field of the declaration: {name, element, get(), raw(), restore(raw)}. `get` gives the value
 * as the API takes it and throws a fault of the field; `raw` is what a draft keeps. Null where only the API can set it.
 */
export function control(field, value) {
    // Each of its values is a field of its own.
    if (field.name === "custom") return null;
    if (isItems(field)) return itemsControl(field, value);
    if (field.name === "steps" && field.schema.items?.properties?.template_id) return stepsControl(field, value);
    if (isWritten(field)) return writtenControl(field, value);
    const structured = structuredControl(field, value);
    if (structured) return structured;
    const parts = kindOfControl(field, value ?? defaultOf(field));
    if (!parts) return null;
    const { id, input, isBox, scale } = parts;
    // The API's own descriptions are for those who write programs.
    const hint = field.help ?? (isList(field) ? t("Separate with commas.") : null);
    const about = h("p", { class: "hint", id: `${id}-hint` }, hint);
    const fault = h("p", { class: "fault", id: `${id}-error` });
    const label = h("label", { for: id }, field.label);
    const element = h("div", { class: `field ${isBox ? "box" : ""}`, "data-name": field.name,
        "data-pointer": field.pointer, "data-scale": scale },
        isBox ? [input, label] : [label, input], hint && about, fault);
    return { name: field.name, field, element, ...parts };
}

/** A page that people read, not a message: there Markdown can be looked at before. */
const isWritten = ({ name, schema }) => name === "body" && schema.maxLength === 100_000;

const isItems = ({ name, schema }) => name === "items" && schema.items?.properties?.unit_price;

const defaultOf = ({ schema, name }) => schema.default ?? (schema.enum && name === "status" ? null : undefined);

const isList = (field) => typesOf(field).includes("array") && field.schema.items?.type === "string";

function kindOfControl(field, value) {
    const { name, schema, refers, required } = field;
    const id = `record-${++made}`;
    const about = `${id}-hint ${id}-error`;
    const shared = { id, name, ...describing(about), ...needed(required) };
    const plain = (input, read = (text) => text.trim() || null) => ({
        id, input, get: () => read(input.value), raw: () => input.value, restore: (raw) => (input.value = raw),
    });
    if (typesOf(field).includes("array") && refers) return null;
    if (refers) return reference(field, value, id);
    if (isMoney(field)) return money(field, value, shared, plain);
    if (schema.enum) return choice(field, value, shared, plain);
    const ofTheWorld = worldly[schema.format] ?? (isLanguage(name) ? languageOptions : null);
    if (ofTheWorld) return choice(chosenFrom(field, ofTheWorld(value, schema.maxLength)), value, shared, plain);
    if (typesOf(field).includes("boolean")) return yesOrNo(field, value, shared, plain);
    if (isList(field)) {
        const input = textBox("input", shared, (value ?? []).join(", "));
        return plain(input, (text) => text.split(/[,\n]/).map((one) => one.trim()).filter(Boolean));
    }
    if (isShare(field)) return share(name, value, shared, plain);
    if (typesOf(field).some((type) => ["integer", "number"].includes(type))) {
        const input = textBox("input", { ...shared, inputmode: "decimal" }, value ?? "");
        return plain(input, (text) => readNumber(name, text));
    }
    if (!typesOf(field).includes("string")) return null;
    if (schema.format === "date-time") return instant(value, shared, plain);
    if (schema.format === "date") return plain(textBox("input", { ...shared, type: "date" }, value ?? ""));
    const isLong = (schema.maxLength ?? 0) >= 1000 && schema.format !== "uri" && name !== "url";
    if (isLong) return plain(textBox("textarea", { ...shared, rows: schema.maxLength > 20_000 ? 8 : 3 }, value ?? ""));
    const type = { email: "email", uri: "url", phone: "tel" }[schema.format] ?? "text";
    return plain(textBox("input", { ...shared, type, autocomplete: "off" }, value ?? ""));
}

function textBox(tag, attributes, value) {
    const input = h(tag, attributes);
    input.value = value;
    return input;
}

/** Countries, currencies and time zones are chosen by their names, not typed as codes. */
const worldly = { country: countries, currency: currencies, "time-zone": timeZones };

const chosenFrom = (field, options) => ({
    ...field, schema: { ...field.schema, enum: options.map(([code]) => code) },
    choices: options.map(([code, said]) => ({ value: code, said })),
});

function choice({ schema: { enum: codes }, choices, required }, value, shared, plain) {
    const label = (code) => choiceOf(choices?.find(({ value }) => value === code) ?? { value: code });
    const options = codes.filter((code) => code !== null).map((code) => [code, label(code)]);
    const isOpen = codes.includes(null) || !required || value === null || value === undefined;
    const input = h("select", shared, isOpen && h("option", { value: "" }, "–"),
        options.map(([code, text]) => h("option", { value: code, selected: code === value }, text)));
    return plain(input, (code) => code || null);
}

function yesOrNo(field, value, shared, plain) {
    if (typesOf(field).includes("null")) {
        const options = [["", t("Not known")], ["true", t("Yes")], ["false", t("No")]];
        const input = h("select", shared, options.map(([code, text]) =>
            h("option", { value: code, selected: code === String(value ?? "") }, text)));
        return plain(input, (code) => (code === "" ? null : code === "true"));
    }
    const input = h("input", { ...shared, type: "checkbox", checked: value === true });
    return {
        id: shared.id, input, isBox: true, get: () => input.checked, raw: () => input.checked,
        restore: (raw) => (input.checked = raw),
    };
}

function readNumber(name, text) {
    if (!text.trim()) return null;
    const value = Number(text.trim().replace(",", "."));
    if (Number.isFinite(value)) return value;
    throw { title: t("Not saved."), errors: [{ pointer: `/${name}`, detail: t("Enter a number.") }] };
}

function money({ name, label, isAnyCurrency }, value, shared, plain) {
    const currency = value?.currency ?? tenant().currency ?? "USD";
    const input = textBox("input", { ...shared, inputmode: "decimal" }, value ? writeMoney(value) : "");
    if (isAnyCurrency) return moneyOfAny(name, label, currency, input, shared.id);
    const box = h("div", { class: "money" }, input, h("span", { class: "quiet" }, currency));
    return { ...plain(input, (text) => readAmount(text, currency, name)), input: box, scale: 10 ** digitsOf(currency) };
}

/** Asks for an amount whose currency is chosen, too; `spendIn(code)` chooses it. */
function moneyOfAny(name, label, first, input, id) {
    const unit = h("select", { ...spokenAs(t("Currency of {field}", { field: inSentence(label) })),
        onchange: ({ target }) => (target.closest("[data-scale]").dataset.scale = 10 ** digitsOf(target.value)),
    }, currencies().map(([code, said]) => h("option", { value: code, selected: code === first }, said)));
    const spendIn = (code) => {
        unit.value = code;
        unit.dispatchEvent(new Event("change", { bubbles: true }));
    };
    return {
        id, input: h("div", { class: "money" }, input, unit), scale: 10 ** digitsOf(first), spendIn,
        get: () => readAmount(input.value, unit.value, name), raw: () => [input.value, unit.value],
        restore([text, code]) {
            input.value = text;
            spendIn(code);
        },
    };
}

/** A share in percent: the API has a fraction. */
function share(name, value, shared, plain) {
    const scale = 0.01, shown = typeof value === "number" ? unscaled(value, scale) : "";
    const input = textBox("input", { ...shared, inputmode: "decimal" }, shown);
    const read = (text) => {
        const entered = readNumber(name, text);
        return entered === null ? null : scaled(entered, scale);
    };
    return { ...plain(input, read), input: h("div", { class: "money" }, input, h("span", { class: "quiet" }, "%")), scale };
}

/** Written in the reader's own zone; the API has instants. */
function instant(value, shared, plain) {
    const here = value && new Date(new Date(value) - new Date(value).getTimezoneOffset() * 60_000);
    const input = textBox("input", { ...shared, type: "datetime-local" }, here ? here.toISOString().slice(0, 16) : "");
    return plain(input, (text) => (text ? new Date(text).toISOString() : null));
}

function reference(field, value, id) {
    const { refers, name, required, isSought, among } = field;
    let kind = null;
    const search = async (said) => {
        kind = (await declared()).get(refers);
        if (!kind?.mayRead) return [];
        const isSearched = [...kind.fields.values()].some(({ searchable }) => searchable);
        const asked = { ...among, q: isSearched ? said : "", limit: isSearched ? 12 : 50 };
        const { data } = await get(withQuery(kind.path, asked));
        const found = data.map((record) => ({ id: record.id, text: nameOf(kind, record) }));
        return isSearched ? found : found.filter(({ text }) => text.toLowerCase().includes(said.toLowerCase()));
    };
    const box = combobox({
        id, name, describedBy: `${id}-hint ${id}-error`, search, required,
        make: isSought ? null : () => making(kind),
        value: value ? { id: value, text: "…" } : null,
    });
    const tell = (found) => box.get()?.id === value && box.restore({ id: value, text: found?.text ?? "–" });
    if (value) naming(refers, value).then(tell);
    return { id, input: box.element, get: () => box.get()?.id ?? null, raw: box.get, restore: box.restore };
}

/** A reference can be made where it is missed: its own page keeps the form, which waits as a draft. */
function making(kind) {
    const address = kind && addressOfNew(kind);
    if (!address) return null;
    return { text: t("New {thing}…", { thing: kind.singular }), run: () => {
        document.querySelector("dialog[open]")?.dispatchEvent(new Event("cancel", { cancelable: true }));
        location.hash = address.slice(1);
    } };
}

