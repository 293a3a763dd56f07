import { words } from "../ui/format.js";
import { locale, t } from "../ui/words.js";

/* People's preferences of what to be sent, when and where: their names, and what may be chosen. */

const channels = ["email", "whatsapp", "messenger", "instagram", "telegram", "sms"];
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const topics = ["educational", "case_study", "industry_insights", "company_news", "product_launch"];

// The fifth of January 2026 is a Monday.
const at = (day, hour, options) => new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" })
    .format(Date.UTC(2026, 0, 5 + day, hour));
const hourText = (hour) => at(0, hour, { hour: "numeric", minute: "2-digit" });
const dayText = (code) => at(weekdays.indexOf(code), 12, { weekday: "long" });

const lengths = () => [["short", t("Short")], ["medium", t("Medium length")], ["long", t("Long")]];
const rhythms = () => [
    ["P1D", t("At most daily")], ["P7D", t("At most weekly")], ["P14D", t("At most every two weeks")],
    ["P30D", t("At most monthly")], ["P91D", t("At most quarterly")],
];

/** Each with its name, what it is called, and its choices. */
export const likes = () => [
    { name: "channel", label: t("Channel"), options: channels.map((code) => [code, words(code)]) },
    { name: "hour", label: t("Time of day"),
        options: Array.from({ length: 24 }, (_, hour) => [String(hour), hourText(hour)]) },
    { name: "weekday", label: t("Day of the week"), options: weekdays.map((code) => [code, dayText(code)]) },
    { name: "length", label: t("Length"), options: lengths() },
    { name: "frequency", label: t("How often"), options: rhythms() },
    { name: "content_types", label: t("Topics"), many: true, options: topics.map((code) => [code, words(code)]) },
];

/** A value in words. */
export function likeText({ options }, value) {
    const said = (one) => options.find(([code]) => code === String(one))?.[1] ?? String(one);
    if (value === null || value === undefined || value.length === 0) return "–";
    return Array.isArray(value) ? value.map(said).join(", ") : said(value);
}

/** The choices of one, among which what was stated always is. */
export const choicesOf = ({ options }, stated) => (stated === null || options.some(([code]) => code === String(stated))
    ? options : [...options, [String(stated), String(stated)]]);

/** As the API takes what was chosen: nothing chosen withdraws it. */
export function likeValue({ name, many }, chosen) {
    if (many) return chosen.length > 0 ? chosen : null;
    if (chosen === "" || chosen === null) return null;
    return name === "hour" ? Number(chosen) : chosen;
}

/** Returns the stated preferences, as their controls have them. */
export const statedOf = (found) => Object.fromEntries(Object.entries(found)
    .map(([name, { source, value }]) => [name, source === "stated" ? value : null]));
