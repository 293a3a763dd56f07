import { h } from "./dom.js";
import { names, spellings } from "./names.js";
import { called, locale, missing, perLocale, t } from "./words.js";

const numbers = perLocale((tag) => new Intl.NumberFormat(tag));
const dateTime = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }));
const relative = perLocale((tag) => new Intl.RelativeTimeFormat(tag ?? "en", { numeric: "auto", style: "short" }));

export const number = (value) => (value === null || value === undefined ? "–" : numbers().format(value));

const shares = perLocale((tag) => new Intl.NumberFormat(tag, { style: "percent" }));

/** 0.314 → "31%", or "31 %" where it is written so. */
export const percent = (share) => (share === null || share === undefined ? "–" : shares().format(share));

/** "1 day", "30 days": in English too, where nobody has said otherwise, like the text around it. */
export const counted = (value, unit) =>
    new Intl.NumberFormat(locale() ?? "en", { style: "unit", unit, unitDisplay: "long" }).format(value);

/** An amount in whole units of a currency: dashboards give plain numbers. */
export function amount(value, currency) {
    return new Intl.NumberFormat(locale(), { style: "currency", currency, maximumFractionDigits: 0 }).format(value);
}

/** `{amount, currency}`, whose amount counts the currency's smallest unit. */
export function money(value) {
    if (!value) return null;
    const format = new Intl.NumberFormat(locale(), {
        style: "currency", currency: value.currency, trailingZeroDisplay: "stripIfInteger",
    });
    return format.format(value.amount / 10 ** format.resolvedOptions().minimumFractionDigits);
}

/** "needs_information" → "Needs information", "sla_policy" → "SLA policy". */
export function words(code) {
    const text = within(code);
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What an agent or a tool is called, and what it does: in the reader's language, or else as the server says it. */
export const titleOf = ({ name, title }) => (called(name) ? words(name) : title ?? words(name));
export const purposeOf = ({ name, purpose, summary }) => called(`${name}.purpose`) ?? purpose ?? summary;

/** What a choice is called: as its kind `said` it, by its code in the reader's language, or as the server says it. */
export const choiceOf = ({ value, label, said }) => said ?? (called(value) || !label ? words(value) : label);

/** What a source of leads or facts is called. */
export const sourceTitle = ({ name, title }) => called(`source.${name}`) ?? title ?? words(name);

/** What the agency calls a schedule; those that were there from the beginning, in the reader's language. */
export const scheduleName = ({ name, agent }) => (name ? called(name) ?? name : words(agent));

/** The same for a value of a field. */
export const wordsIn = ({ choices }, value) => choices?.find((one) => one.value === value)?.said ?? words(value);

/** The same within a sentence: "needs information", but "WhatsApp". */
export function within(code) {
    const text = String(code);
    return called(code) ?? happened(text) ?? names[text]
        ?? missing(text).replaceAll(/[_.]/g, " ").replaceAll(/[a-z]+/g, (word) => spellings[word] ?? word);
}

/** "invoice.paid" in a language that has both: "Rechnung bezahlt". */
function happened(text) {
    const [thing, what] = text.split(".").map((part) => called(part));
    return thing && what ? `${thing} ${what.charAt(0).toLowerCase()}${what.slice(1)}` : undefined;
}

/** "Tue, 24 Nov, 10:00 CET", where `zone` is a name of the tz database, or where the reader is. */
export function instantIn(instant, zone) {
    return new Intl.DateTimeFormat(locale(), {
        weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
        timeZone: zone, timeZoneName: "short",
    }).format(new Date(instant));
}

const days = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }));
const months = perLocale((tag) => new Intl.DateTimeFormat(tag, { month: "long", year: "numeric", timeZone: "UTC" }));

/** "24 Nov 2026, 10:00", where the reader is: of what has no other name. */
export const moment = (instant) => dateTime().format(new Date(instant));

/** "2027-01-15" as people write it: a day of the calendar is the same in every zone. */
export const day = (date) => (date ? days().format(new Date(`${date}T00:00:00Z`)) : null);

const localDays = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium" }));

/** The day of an instant, where the reader is. */
export const dayOf = (instant) => (instant ? localDays().format(new Date(instant)) : null);

/** "2027-01" → "January 2027". */
export const month = (text) => months().format(new Date(`${text}-01T00:00:00Z`));

/** A time as a distance from now, which `keepTimes` keeps true; the exact one is its title. */
export function ago(instant) {
    if (!instant) return "–";
    const date = new Date(instant);
    const element = h("time", { datetime: instant, title: dateTime().format(date), class: "ago" });
    element.textContent = distance(date);
    return element;
}

function distance(date) {
    const seconds = Math.round((date - Date.now()) / 1000);
    const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(
        ([size]) => Math.abs(seconds) >= size) ?? [1, "second"];
    if (Math.abs(seconds) < 10) return t("just now");
    if (Math.abs(seconds) > 30 * 86400) return dateTime().format(date);
    return relative().format(Math.trunc(seconds / size), unit);
}

/** How long something took: "240 ms", "3.2 s", "5 min". */
export function took(start, end) {
    if (!start || !end) return "–";
    const ms = new Date(end) - new Date(start);
    if (ms < 1000) return `${numbers().format(ms)} ms`;
    if (ms < 60_000) return `${numbers().format(Math.round(ms / 100) / 10)} s`;
    const [size, unit] = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"]].find(([size]) => ms >= size);
    return `${numbers().format(Math.round(ms / size))} ${unit}`;
}

/** A time by its two largest units: "40 s", "5 min", "1 h 30 min", "2 d 3 h". */
export function lasting(seconds) {
    if (seconds === null || seconds === undefined) return "–";
    if (seconds < 60) return `${numbers().format(Math.round(seconds))}\u00a0s`;
    const inTwo = (whole, size, [large, small]) => {
        const rest = whole % size;
        const first = `${numbers().format((whole - rest) / size)}\u00a0${large}`;
        return rest === 0 ? first : `${first} ${numbers().format(rest)}\u00a0${small}`;
    };
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${numbers().format(minutes)}\u00a0min`;
    if (minutes < 1440) return inTwo(minutes, 60, ["h", "min"]);
    return inTwo(Math.round(seconds / 3600), 24, ["d", "h"]);
}

export function keepTimes() {
    setInterval(() => {
        for (const element of document.querySelectorAll("time.ago")) {
            element.textContent = distance(new Date(element.dateTime));
        }
    }, 20_000);
}

const tones = {
    good: [
        "qualified", "won", "high", "met", "healthy", "active", "completed", "succeeded", "approved", "resolved",
        "sent", "delivered", "accepted", "signed", "paid", "interested",
    ],
    bad: [
        "disqualified", "lost", "not_met", "failing", "failed", "critical", "rejected", "expired", "silent", "bounced",
        "bounce", "declined", "overdue", "refused", "unsubscribe", "not_interested",
    ],
    warn: [
        "medium", "unknown", "needs_information", "degraded", "handover", "waiting", "paused", "pending", "retrying",
        "warning", "held", "question", "objection", "waiting_for_human", "no_show",
    ],
    low: ["low"],
};

/** The colour a status, priority, state or result is shown in, beside its word. */
export function tone(code) {
    return Object.keys(tones).find((name) => tones[name].includes(code)) ?? "";
}
