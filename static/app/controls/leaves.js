import { tenant } from "../api.js";
import { readAmount } from "../records/amount.js";
import { languageOptions } from "../settings/world.js";
import { fill, h } from "../../ui/dom.js";
import { labelled } from "../../ui/field.js";
import { digitsOf, writeMoney } from "../../ui/money.js";
import { spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { scaled, unscaled } from "./scale.js";

/*
 * Controls of single values. A control is {name, element, get(), at(parts)}: `get` gives the value as the API takes it
 * and throws a fault of the field; `at` is the element that shows a fault of a value below it.
 */

export const faultOf = (name, detail) => ({ title: t("Not saved."), errors: [{ pointer: `/${name}`, detail }] });

const leaf = (one, draw, read, options) => {
    const { element, input } = labelled(one, draw, options);
    const value = () => read(input);
    return { name: one.name, element, get: value, at: () => element };
};

const box = (tag, value, more) => (attributes) => {
    const input = h(tag, { ...attributes, ...more });
    input.value = value ?? "";
    return input;
};

export function text(one, value) {
    const { placeholder, inputType: type = "text", maxlength, autocomplete = "off" } = one;
    const empty = one.keepsEmpty ? "" : null;
    return leaf(one, box("input", value, { type, maxlength, placeholder, autocomplete }),
        (input) => input.value.trim() || empty);
}

export const area = (one, value) =>
    leaf(one, box("textarea", value, { rows: one.rows ?? 4, maxlength: one.maxlength }),
        (input) => input.value.trim() || null);

export const secret = (one) => leaf(one, box("input", "", { type: "password", autocomplete: "new-password" }),
    (input) => input.value || undefined);

export const time = (one, value) => leaf(one, box("input", value, { type: "time" }), (input) => input.value || null);

export const date = (one, value) => leaf(one, box("input", value, { type: "date" }), (input) => input.value || null);

/** Written in the reader's own zone; the API has instants. */
export function instant(one, value) {
    const here = value && new Date(new Date(value) - new Date(value).getTimezoneOffset() * 60_000);
    return leaf(one, box("input", here ? here.toISOString().slice(0, 16) : "", { type: "datetime-local" }),
        (input) => (input.value ? new Date(input.value).toISOString() : null));
}

/** `scale`: how many of the API's one is that people enter; of a share (`isPercent`) it has a hundredth. */
export function number(one, value) {
    const scale = one.scale ?? (one.isPercent ? 0.01 : undefined);
    const shown = scale && typeof value === "number" ? unscaled(value, scale) : value;
    const draw = box("input", shown ?? "", { inputmode: one.isWhole ? "numeric" : "decimal" });
    return leaf(one, one.unit ? withUnit(draw, one.unit) : draw, (place) => {
        const said = (place.matches("input") ? place : place.querySelector("input")).value.trim().replace(",", ".");
        if (!said) return null;
        const read = Number(said);
        if (!Number.isFinite(read) || (one.isWhole && !Number.isInteger(read))) {
            throw faultOf(one.name, one.isWhole ? t("Enter a whole number.") : t("Enter a number."));
        }
        return scale ? scaled(read, scale) : read;
    }, { scale });
}

const withUnit = (draw, unit) => (attributes) => h("div", { class: "money" }, draw(attributes),
    h("span", { class: "quiet" }, unit));

export function yes(one, value) {
    return leaf(one, (attributes) => h("input", { ...attributes, type: "checkbox", checked: value === true }),
        (input) => input.checked, { isBox: true });
}

/** One of `options`, [code, text]; where nothing may be chosen, `none` says what that means. */
export function choice(one, value) {
    const now = value === null || value === undefined ? "" : String(value);
    const isOpen = one.none !== undefined || (!one.required && now === "");
    const options = [isOpen && ["", one.none ?? "–"], ...one.options].filter(Boolean);
    return leaf(one, (attributes) => h("select", attributes, options.map(([code, said]) =>
        h("option", { value: code, selected: String(code) === now }, said))),
    (input) => (input.value === "" ? null : one.read ? one.read(input.value) : input.value));
}

/** The code of a language, by the language's name. */
export const language = (one, value) => choice({ ...one, options: languageOptions(value, one.maxlength) }, value);

/** Short words, separated by commas; long ones stand in lines of their own. */
export function list(one, value) {
    const isLong = one.isLong ?? (value ?? []).some((each) => String(each).includes(","));
    const help = one.help ?? (isLong ? t("One in a line.") : t("Separate with commas."));
    const draw = isLong ? box("textarea", (value ?? []).join("\n"), { rows: Math.min(8, (value ?? []).length + 2) })
        : box("input", (value ?? []).join(", "), { autocomplete: "off" });
    const read = ({ value: said }) => said.split(isLong ? "\n" : /[,\n]/).map((each) => each.trim()).filter(Boolean);
    return leaf({ ...one, help }, draw, (input) => read(input).map((each) => (one.isNumber ? Number(each) : each)));
}

export function money(one, value) {
    const currency = value?.currency ?? one.currency ?? tenant().currency ?? "USD";
    const draw = withUnit(box("input", value ? writeMoney(value) : "", { inputmode: "decimal" }), currency);
    return leaf(one, draw, (place) => {
        const said = place.querySelector("input").value;
        return said.trim() ? readAmount(said, currency, one.name) : null;
    }, { scale: 10 ** digitsOf(currency) });
}

const units = [["W", 604_800], ["D", 86_400], ["H", 3600], ["M", 60], ["S", 1]];
const spans = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** The seconds of "PT8H" or "P1DT30M"; null where it is no such time. */
export function secondsOf(said) {
    const found = spans.exec(said ?? "");
    return found && units.reduce((sum, [, size], index) => sum + Number(found[index + 1] ?? 0) * size, 0);
}

const written = { D: (n) => `P${n}D`, H: (n) => `PT${n}H`, M: (n) => `PT${n}M`, S: (n) => `PT${n}S` };

/** A time by its number and unit. */
export function duration(one, value) {
    const seconds = secondsOf(value) ?? 0;
    const names = { D: t("days"), H: t("hours"), M: t("minutes"), S: t("seconds") };
    const fits = units.slice(1).find(([, size]) => seconds > 0 && seconds % size === 0) ?? units[value ? 3 : 2];
    const unit = h("select", spokenAs(t("Unit of {field}", { field: one.label })),
        units.slice(1).map(([code]) =>
        h("option", { value: code, selected: code === fits[0] }, names[code])));
    const shown = value ? String(seconds / fits[1]) : "";
    const draw = (attributes) => h("div", { class: "money" }, box("input", shown, { inputmode: "numeric" })(attributes),
        unit);
    return leaf(one, draw, (place) => {
        const said = place.querySelector("input").value.trim();
        if (!said) return null;
        if (!/^\d+$/.test(said)) throw faultOf(one.name, t("Enter a whole number."));
        return written[unit.value](Number(said));
    });
}

/** A colour, picked or written; `tell(colour)` gives what is to be known about it. */
export function colour(one, value) {
    const told = h("div");
    const { element, input } = labelled(one, (attributes) => {
        const written = h("input", { ...attributes, type: "text", maxlength: 7, value: value ?? "",
            autocomplete: "off" });
        const picked = h("input", { type: "color", value: value ?? "#000000", ...spokenAs(t("Pick a colour")) });
        const show = () => fill(told, /^#[0-9a-f]{6}$/i.test(written.value) && one.tell?.(written.value));
        written.addEventListener("input", () => {
            if (/^#[0-9a-f]{6}$/i.test(written.value)) picked.value = written.value;
            show();
        });
        picked.addEventListener("input", () => {
            written.value = picked.value;
            show();
        });
        show();
        return h("div", { class: "money" }, written, picked);
    });
    element.append(told);
    return { name: one.name, element, get: () => input.querySelector("input").value.trim() || null, at: () => element };
}

/** A control of its own: `draw(one, value)` gives it. */
export const custom = (one, value) => one.draw(one, value);
