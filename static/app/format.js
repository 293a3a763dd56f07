import { h } from "./dom.js";

const numbers = new Intl.NumberFormat();
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

export const number = (value) => (value === null || value === undefined ? "–" : numbers.format(value));

/** 0.314 → "31 %". */
export const percent = (share) =>
    share === null || share === undefined ? "–" : `${numbers.format(Math.round(share * 100))} %`;

/** An amount in whole units of a currency: dashboards give plain numbers. */
export function amount(value, currency) {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, maximumFractionDigits: 0 }).format(value);
}

/** `{amount, currency}`, whose amount counts the currency's smallest unit. */
export function money(value) {
    if (!value) return null;
    const format = new Intl.NumberFormat(undefined, {
        style: "currency", currency: value.currency, trailingZeroDisplay: "stripIfInteger",
    });
    return format.format(value.amount / 10 ** format.resolvedOptions().minimumFractionDigits);
}

/** "needs_information" → "Needs information". */
export function words(code) {
    const text = String(code).replaceAll(/[_.]/g, " ");
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Tue, 24 Nov, 10:00 CET", where `zone` is a name of the tz database, or where the reader is. */
export function instantIn(instant, zone) {
    return new Intl.DateTimeFormat(undefined, {
        weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
        timeZone: zone, timeZoneName: "short",
    }).format(new Date(instant));
}

/** A time as a distance from now, which `keepTimes` keeps true; the exact one is its title. */
export function ago(instant) {
    if (!instant) return "–";
    const date = new Date(instant);
    const element = h("time", { datetime: instant, title: dateTime.format(date), class: "ago" });
    element.textContent = distance(date);
    return element;
}

function distance(date) {
    const seconds = Math.round((date - Date.now()) / 1000);
    const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(
        ([size]) => Math.abs(seconds) >= size) ?? [1, "second"];
    if (Math.abs(seconds) < 10) return "just now";
    if (Math.abs(seconds) > 30 * 86400) return dateTime.format(date);
    return relative.format(Math.trunc(seconds / size), unit);
}

export function keepTimes() {
    setInterval(() => {
        for (const element of document.querySelectorAll("time.ago")) {
            element.textContent = distance(new Date(element.dateTime));
        }
    }, 20_000);
}

const statuses = [
    "new", "researched", "scored", "qualified", "disqualified", "contacted", "engaged", "proposal",
    "negotiation", "won", "lost", "archived",
];

/** What a select offers: [value, text]. */
export const statusOptions = statuses.map((status) => [status, words(status)]);

/** The colour a status, priority, state or result is shown in, beside its word. */
export function tone(code) {
    if (["qualified", "won", "high", "met", "healthy", "active", "completed"].includes(code)) return "good";
    if (["disqualified", "lost", "not_met", "failing", "failed"].includes(code)) return "bad";
    if (["medium", "unknown", "needs_information", "degraded", "handover"].includes(code)) return "warn";
    return code === "low" ? "low" : "";
}
