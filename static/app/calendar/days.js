import { tenant } from "../api.js";
import { perLocale } from "../../ui/words.js";

/* Days of the calendar, "2027-01-15" each, and moments where the agency is. */

const dayMs = 86_400_000;
const utc = (day) => Date.parse(`${day}T00:00:00Z`);

export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(utc(text));
export const addDays = (day, count) => new Date(utc(day) + count * dayMs).toISOString().slice(0, 10);
export const addMonths = (day, count) => {
    const [year, month] = day.split("-").map(Number);
    return new Date(Date.UTC(year, month - 1 + count, 1)).toISOString().slice(0, 10);
};
/** Monday is 1. */
export const weekdayOf = (day) => (new Date(utc(day)).getUTCDay() + 6) % 7 + 1;
export const weekOf = (day) => addDays(day, 1 - weekdayOf(day));
export const daysFrom = (first, count) => Array.from({ length: count }, (_, index) => addDays(first, index));

/** The whole weeks that show a month, day by day. */
export function monthDays(day) {
    const first = weekOf(`${day.slice(0, 7)}-01`), last = addDays(addMonths(day, 1), -1);
    return daysFrom(first, (Math.round((utc(weekOf(last)) - utc(first)) / dayMs) + 7));
}

const zone = () => tenant().time_zone ?? "UTC";

const parts = new Map();
function partsOf(instant) {
    const own = zone();
    if (!parts.has(own)) {
        parts.set(own, new Intl.DateTimeFormat("en-GB", {
            timeZone: own, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit",
            minute: "2-digit", second: "2-digit",
        }));
    }
    return Object.fromEntries(parts.get(own).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}

/** "2027-01-15T09:00:00" of a moment, where the agency is. */
export function wallOf(instant) {
    const { year, month, day, hour, minute, second } = partsOf(instant);
    return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** The moment of a day and hour where the agency is; of an hour that a change of clocks leaves out, one after it. */
export function instantOf(wall) {
    const wanted = Date.parse(`${wall}Z`);
    let moment = wanted;
    for (let turn = 0; turn < 2; turn += 1) moment += wanted - Date.parse(`${wallOf(moment)}Z`);
    return new Date(moment).toISOString();
}

/** Moves an instant to the same hour of another day. */
export const onDay = (instant, day) => instantOf(`${day}T${wallOf(instant).slice(11)}`);

export const nowWall = () => wallOf(Date.now()).slice(0, 16);

export const today = () => wallOf(Date.now()).slice(0, 10);

const format = (options) => perLocale((tag) => new Intl.DateTimeFormat(tag, { timeZone: "UTC", ...options }));
const weekdays = format({ weekday: "short" }), wholeDays = format({ weekday: "long", day: "numeric", month: "long" });
const shortDays = format({ weekday: "short", day: "numeric", month: "short" });
const spans = format({ day: "numeric", month: "short", year: "numeric" });
const hours = perLocale((tag) => new Intl.DateTimeFormat(tag, {
    hour: "2-digit", minute: "2-digit", timeZone: zone(),
}));

export const weekdayName = (day) => weekdays().format(utc(day));
/** "Friday 15 January" */
export const dayName = (day) => wholeDays().format(utc(day));
/** "Fri, 15 Jan" */
export const shortDay = (day) => shortDays().format(utc(day));
export const spanName = (first, last) => spans().formatRange(utc(first), utc(last));
/** "09:00", where the agency is. */
export const hourOf = (instant) => hours().format(new Date(instant));

/** The next day that is that weekday, from today on. */
export const nextDay = (weekday) => addDays(today(), (weekday - weekdayOf(today()) + 7) % 7);
