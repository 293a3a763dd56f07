import { told } from "../sentences.js";
import { countryName, isLanguage, languageName } from "../settings/world.js";
import { sourceTitle, wordsIn } from "../titles.js";
import { bar } from "../../ui/bar.js";
import { badge, h } from "../../ui/dom.js";
import { due } from "../../ui/due.js";
import { lasting } from "../../ui/duration.js";
import { number, percent, words } from "../../ui/format.js";
import { outside } from "../../ui/link.js";
import { money } from "../../ui/money.js";
import { tone } from "../../ui/status.js";
import { ago, day, moment } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";
import { componentName } from "./component.js";
import { emailStatus } from "./emailstatus.js";
import { isMoney, isShare, typesOf } from "./meta.js";
import { named } from "./naming.js";

const identifier = /^[a-z]{2,9}_[0-9a-hjkmnp-tv-z]{26}$/;
const marked = new Set(["status", "priority", "stage", "health", "lifecycle", "tier", "kind", "sentiment", "purpose"]);

const isWorldly = (name) => name === "country" || isLanguage(name);

/** "Germany" for the "DE" of a country's field, "German" for the "de" of a language's; else what is given. */
export const sayCode = ({ name }, value) => (name === "country" ? countryName(value.toUpperCase())
    : isLanguage(name) ? languageName(value) : value);

/** Texts that are mostly one of the product's own codes: "invoice_reminder". */
const coded = new Set(["kind", "tier", "field", "resource", "provider"]), code = /^[a-z]+(_[a-z]+)*$/;
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Texts that are mostly the product's own sentences. */
const sentences = new Set(["next_action", "recommendation", "reason", "note", "paused_because"]);

/** The seconds of "PT8H", "P1DT30M". */
export function secondsOf(text) {
    const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text);
    return found && (Number(found[1] ?? 0) * 24 + Number(found[2] ?? 0)) * 3600 + Number(found[3] ?? 0) * 60;
}

/** A field's value for the eye; null where there is none to show. */
export function show(field, value) {
    if (value === null || value === undefined || value === "") return null;
    if (isMoney(field)) return h("span", { class: "number" }, money(value));
    if (field.refers) return references(field, value);
    if (typeof value === "boolean") return value ? t("Yes") : t("No");
    const { format } = field.schema;
    if (typeof value === "number") return h("span", { class: "number" }, figure(field, value));
    if (typeof value === "string") return text(field, value, format);
    if (Array.isArray(value)) return value.length === 0 ? null : listOf(field, value);
    return pairs(value);
}

const references = ({ refers }, value) => [value].flat().filter(Boolean).map((id, index) => [
    index > 0 && ", ", named(refers, id, refers === "users" ? t("A colleague") : "–"),
]);

function figure(field, value) {
    const { name } = field;
    if (name === "score") return [String(value), " ", bar(value / 100)];
    if (name === "progress") return percent(value / 100);
    return isShare(field) ? percent(value) : number(value);
}

function text(field, value, format) {
    if (identifier.test(value)) return null;
    if (field.name === "next_due_at") return due(value);
    if (format === "date-time") return ago(value);
    if (format === "date") return day(value);
    if (format === "uri") return outside(value);
    if (format === "email") return h("a", { href: `mailto:${encodeURIComponent(value)}` }, value);
    if (format === "phone") return h("a", { href: `tel:${value.replaceAll(/[^+\d]/g, "")}` }, value);
    if (field.name === "email_status") return emailStatus(value);
    if (field.schema.enum) {
        const said = wordsIn(field, value);
        return marked.has(field.name) ? badge(said, tone(value)) : said;
    }
    if (isWorldly(field.name)) return sayCode(field, value);
    if (field.name === "component") return componentName(value);
    if (coded.has(field.name) && code.test(value)) return words(value.replace(/_id$/, ""));
    const seconds = secondsOf(value);
    if (seconds) return lasting(seconds);
    return h("span", { class: value.length > 120 ? "said" : "", dir: "auto" },
        sentences.has(field.name) ? told(value) : value);
}

function listOf({ name }, value) {
    if (value.every((one) => typeof one !== "object")) {
        const said = (one) => (name === "sources" ? sourceTitle({ name: one })
            : name === "countries" ? countryName(one) : name === "languages" ? languageName(one)
            : name === "pauses" ? words(one) : String(one));
        return h("span", { class: "badges" }, value.map((one) => badge(said(one))));
    }
    return h("ul", {}, value.map((one) => h("li", {}, pairs(one))));
}

/** Texts by their names, and how many there are of anything else. */
const several = (all) => (all.length <= 5 && all.every((one) => typeof one === "string")
    ? all.map((one) => (code.test(one) ? words(one) : one)).join(", ") : number(all.length));

/** An object as "Name: value, …", without what only a machine would want. */
function pairs(value) {
    const draw = (name, one) => (one?.currency ? money(one) : one === true ? t("Yes") : one === false ? t("No")
        : Array.isArray(one) ? several(one) : typeof one === "object" ? "…"
            : typeof one === "number" ? number(one) : isLanguage(name) ? languageName(one)
                : name === "component" ? componentName(one)
                : instant.test(one) ? moment(one) : code.test(one) ? words(one) : told(String(one)));
    const shown = Object.entries(value).filter(([name, one]) =>
        one !== null && one !== "" && !/(^|_)ids?$/.test(name) && !(typeof one === "object" && !one.currency));
    return shown.length === 0 ? null
        : h("span", { dir: "auto" }, shown.map(([name, one]) => pair(words(name), draw(name, one))).join(", "));
}

/** Whether a column's values stand to the right, as numbers do. */
export const isFigure = (field) => isMoney(field)
    || typesOf(field).some((type) => ["integer", "number"].includes(type));
