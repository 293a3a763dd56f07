import { h } from "./dom.js";
import { locale, perLocale, t } from "./words.js";

/* Times and days, as the reader writes them. */

const dateTime = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }));
const relative = perLocale((tag) => new Intl.RelativeTimeFormat(tag ?? "en", { numeric: "auto", style: "short" }));

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

/** A time as a distance from now up to a day, which `keepTimes` keeps true, and then its date; its title is exact. */
export function ago(instant) {
    if (!instant) return "–";
    const date = new Date(instant);
    const element = h("time", { datetime: instant, title: dateTime().format(date), class: "ago" });
    element.textContent = distance(date);
    return element;
}

function distance(date) {
    const seconds = Math.round((date - Date.now()) / 1000);
    const [size, unit] = [[3600, "hour"], [60, "minute"], [1, "second"]].find(
        ([size]) => Math.abs(seconds) >= size) ?? [1, "second"];
    if (Math.abs(seconds) < 10) return t("just now");
    if (Math.abs(seconds) >= 86400) return localDays().format(date);
    return relative().format(Math.trunc(seconds / size), unit);
}

/** Keeps the distances true that are on the page. */
export function keepTimes() {
    setInterval(() => {
        for (const element of document.querySelectorAll("time.ago")) {
            element.textContent = distance(new Date(element.dateTime));
        }
    }, 20_000);
}
