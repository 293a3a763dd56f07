import { declared } from "../records/meta.js";
import { h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/* When a step is taken: always, by what became of the email before, or by what is known of the lead. */

const previous = () => ({
    opened: t("If the email before was opened"), not_opened: t("If the email before was not opened"),
    clicked: t("If a link in the email before was clicked"),
    not_clicked: t("If no link in the email before was clicked"),
});
const signs = () => [
    ["eq", t("is")], ["ne", t("is not")], ["gt", t("is more than")], ["gte", t("is at least")],
    ["lt", t("is less than")], ["lte", t("is at most")], ["contains", t("contains")], ["exists", t("is known")],
];

/** A condition in words, for the list of steps; null where there is none. */
export function conditionText(condition) {
    if (!condition) return null;
    if (condition.previous) return previous()[condition.previous];
    const sign = Object.fromEntries(signs())[condition.op] ?? condition.op;
    const value = condition.op === "exists" ? "" : ` ${condition.value}`;
    return t("If {field} {sign}{value}", { field: labelOf(condition.field), sign, value });
}

const labelOf = (name) => words(name.replace(".amount", ""));

/** The facts of a lead that can be compared: [code, label]. */
async function factsOfLeads() {
    const kind = (await declared()).get("leads");
    return [...kind?.fields.values() ?? []]
        .filter(({ schema, refers, name }) => !refers && name !== "id" && ![schema.type].flat().includes("array"))
        .filter(({ schema }) => ![schema.type].flat().includes("object") || schema.properties?.amount)
        .map(({ name, label, schema }) => [schema.properties?.amount ? `${name}.amount` : name, label]);
}

/** {element, get(), raw(), restore(raw)} of a step's condition. */
export function conditionControl(condition) {
    const which = field(t("When"), "condition", { control: "select",
        value: condition?.previous ?? (condition?.field ? "field" : ""),
        options: [["", t("Always")], ...Object.entries(previous()), ["field", t("If a fact of the lead holds")]] });
    const known = condition?.field ? [[condition.field, labelOf(condition.field)]] : [];
    const name = field(t("Fact"), "field", { control: "select", value: condition?.field ?? "", options: known });
    factsOfLeads().then((facts) => of(name).append(...facts.filter(([code]) => code !== condition?.field)
        .map(([code, label]) => h("option", { value: code }, label))), () => {});
    const sign = field(t("Comparison"), "op", { control: "select", value: condition?.op ?? "eq", options: signs() });
    const value = field(t("Value"), "value", { value: condition?.value ?? "" });
    const fact = h("div", { class: "step-line" }, name, sign, value);
    const of = (part) => part.querySelector("select, input");
    const turn = () => {
        fact.hidden = of(which).value !== "field";
        value.hidden = of(sign).value === "exists";
    };
    for (const part of [which, sign]) of(part).addEventListener("change", turn);
    turn();
    const all = { which, name, sign, value };
    return {
        element: h("div", {}, which, fact),
        raw: () => Object.fromEntries(Object.entries(all).map(([key, part]) => [key, of(part).value])),
        restore(kept) {
            for (const [key, part] of Object.entries(all)) of(part).value = kept?.[key] ?? "";
            turn();
        },
        get() {
            const chosen = of(which).value;
            if (!chosen) return null;
            if (chosen !== "field") return { previous: chosen };
            return { field: of(name).value, op: of(sign).value, value: valueOf(of(value).value) };
        },
    };
}

/** Numbers are compared as numbers. */
function valueOf(text) {
    const said = text.trim();
    if (said === "") return null;
    if (said === "true" || said === "false") return said === "true";
    return Number.isFinite(Number(said)) ? Number(said) : said;
}
