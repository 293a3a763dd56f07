import { kindOf } from "../records/meta.js";
import { countries, currencies, isLanguage, languageName, languageOptions, timeZones } from "../settings/world.js";
import { choiceOf } from "../titles.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/* The questions of a segment's filter: to which fields, in which way, and by which control the answer is given. */

const equal = ["eq", "ne", "in"], order = ["gt", "gte", "lt", "lte"], presence = ["known", "unknown"];
const written = [...equal, "contains", ...presence], chosen = [...equal, ...presence];
const ways = {
    text: written, multiline: written, email: written, phone: written, url: written, country: chosen, currency: chosen,
    time_zone: chosen, choice: chosen, reference: chosen, number: [...equal, ...order, ...presence],
    date: [...equal, ...order, ...presence], instant: ["eq", "ne", ...order, ...presence],
    money: ["eq", "ne", ...order, ...presence], checkbox: ["eq", ...presence], tags: ["contains", ...presence],
};
const unasked = new Set(["id", "version", "merged_into"]);

/** The deeds of people, as conditions name them. */
export const deeds = () => [
    ["message.opened", t("Opened a message")], ["message.clicked", t("Followed a link")],
    ["message.replied", t("Replied to a message")],
];

/** The fields of a list's records that can be asked, and those that the agency has added: {fields, custom}. */
export async function questionsOf(plural) {
    const kind = await kindOf(plural);
    const all = [...kind.fields.values()].filter(({ name, control }) => ways[control] && !unasked.has(name))
        .map(({ name, label, control, refers, choices, schema, isOwn }) => ({
            name, label, control, refers, isOwn, isWhole: [schema.type].flat().includes("integer"),
            options: choices?.map((one) => [one.value, choiceOf(one)]),
        }));
    return { fields: sorted(all.filter(({ isOwn }) => !isOwn)), custom: sorted(all.filter(({ isOwn }) => isOwn)) };
}

const sorted = (questions) => questions.toSorted((a, b) => a.label.localeCompare(b.label));

/** The question about a field; one that is not there any more is still shown as it was asked. */
export const questionOf = ({ fields, custom }, name) => [...fields, ...custom].find((one) => one.name === name)
    ?? { name, label: words(name.replace("custom.", "")), control: "text" };

/** The ways in which a field can be asked, [code, text]; `now` is the one that was chosen. */
export function waysOf({ control }, now) {
    const isTime = control === "date" || control === "instant";
    const said = {
        eq: t("is"), ne: t("is not"), in: t("is one of"), contains: t("contains"), known: t("is known"),
        unknown: t("is not known"), gt: isTime ? t("is after") : t("is more than"),
        gte: isTime ? t("is on or after") : t("is at least"), lt: isTime ? t("is before") : t("is less than"),
        lte: isTime ? t("is on or before") : t("is at most"),
    };
    return [...new Set([...ways[control], now].filter((way) => said[way]))].map((way) => [way, said[way]]);
}

/** Whether a question takes no answer. */
export const isAlone = (way) => presence.includes(way);

/** The description of the control that takes the answer to a question. */
export function answerOf({ name, control, refers, options, isWhole }, way) {
    const one = { name: "value", label: t("Value"), required: true };
    if (way === "contains") return { ...one, type: "text", maxlength: 500 };
    const world = { country: countries, currency: currencies, time_zone: timeZones }[control]?.();
    const all = world ?? options;
    if (way === "in") {
        if (refers) return { ...one, type: "records", refers };
        if (isLanguage(name)) return { ...one, type: "several", options: languageOptions, nameOf: languageName };
        if (world) return { ...one, type: "several", options: () => world, nameOf: nameAmong(world) };
        return options ? { ...one, type: "ticks", options } : { ...one, type: "list", isNumber: control === "number" };
    }
    if (isLanguage(name) && !options) return { ...one, type: "language" };
    if (refers) return { ...one, type: "record", refers };
    if (control === "checkbox") {
        return { ...one, type: "choice", options: [["true", t("Yes")], ["false", t("No")]],
            read: (code) => code === "true" };
    }
    if (all) return { ...one, type: "choice", options: all };
    return { ...one, isWhole, type: ["number", "date", "instant", "money"].includes(control) ? control : "text" };
}

const nameAmong = (options) => (code) => options.find(([one]) => one === code)?.[1] ?? code;
