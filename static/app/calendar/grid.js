import { dialog } from "../../ui/dialog.js";
import { fill, h } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { current, spokenAs } from "../../ui/state.js";
import { pair, plural, t } from "../../ui/words.js";
import { dayName, monthDays, daysFrom, today, weekdayName, weekOf } from "./days.js";
import { drawCard, drawLine, keyOf, titleOf } from "./entries.js";

/** The most entries that a day shows; the rest is a press away. */
const monthMost = 4, weekMost = 24;

/** A month by its weeks: a day has what there is room for. */
export function drawMonth(on, look) {
    const days = monthDays(on), month = on.slice(0, 7), weeks = [];
    for (let at = 0; at < days.length; at += 7) weeks.push(days.slice(at, at + 7));
    const heading = (day) => h("th", { scope: "col" }, weekdayName(day));
    const cell = (day) => h("td", { "data-day": day, class: [
        "day", day.slice(0, 7) !== month && "beside", day === today() && "today", look.of(day).length === 0 && "free",
    ].filter(Boolean).join(" ") }, drawDay(day, look, { most: monthMost, draw: drawLine }));
    return h("table", { class: "month-grid" },
        h("caption", { class: "unseen" }, t("Calendar")),
        h("thead", {}, h("tr", {}, weeks[0].map(heading))),
        h("tbody", {}, weeks.map((week) => h("tr", {}, week.map(cell)))));
}

/** A week by its days, in cards. */
export function drawWeek(on, look) {
    return h("div", { class: "week-grid" }, daysFrom(weekOf(on), 7).map((day) => h("section", {
        "data-day": day, class: `day${day === today() ? " today" : ""}`, ...spokenAs(dayName(day)),
    }, drawDay(day, look, { most: weekMost, draw: drawCard, isWide: true }))));
}

/** The entries of a day that are shown; what has just been moved is among them. */
function shown(all, most, held) {
    if (all.length <= most) return [all, []];
    const first = all.slice(0, most), kept = all.find((one) => keyOf(one) === held);
    const seen = !kept || first.includes(kept) ? first : [...first.slice(0, -1), kept];
    return [seen, all.filter((one) => !seen.includes(one))];
}

function drawDay(day, look, { most, draw, isWide = false }) {
    const all = look.of(day), known = all.filter(({ kind }) => kind === "key_date");
    const entries = all.filter(({ kind }) => kind !== "key_date");
    const [seen, others] = shown(entries, most, look.held);
    const gaps = look.gaps(day);
    const title = Number(day.slice(8));
    return [
        h("p", { class: "day-head" },
            h("time", { datetime: day, class: "number", ...current(day === today(), "date") },
                isWide ? [h("span", { class: "soft" }, weekdayName(day)), " ", title] : title),
            known.map((one) => h("span", { class: "key-date", title: titleOf(one), dir: "auto" }, titleOf(one)))),
        seen.length > 0 && h("ol", { class: "entries" }, seen.map((one) => draw(one, look))),
        others.length > 0 && h("button", { type: "button", class: "more-entries",
            ...spokenAs(pair(dayName(day), plural(others.length, "{count} more", "{count} more"))),
            onclick: () => showDay(day, look) }, t("+ {count} more", { count: number(others.length) })),
        entries.length > 0 && h("button", { type: "button", class: "dots", ...spokenAs(pair(dayName(day),
            plural(entries.length, "{count} entry", "{count} entries"))), onclick: () => showDay(day, look) },
        number(entries.length)),
        gaps.length > 0 && look.mayPost && h("a", { class: "gap-link", href: look.gapHref(day, gaps),
            ...spokenAs(pair(dayName(day), plural(gaps.length, "{count} free slot", "{count} free slots"))),
            title: gaps.map(look.accountName).join(", ") },
        plural(gaps.length, "{count} free slot", "{count} free slots")),
    ];
}

const pageSize = 50;

/** All of a day, as cards, some at a time. */
export function showDay(day, look) {
    const entries = look.of(day), list = h("ol", { class: "entries day-list" }), more = h("p", { class: "actions" });
    let count = 0;
    const go = () => {
        list.append(...entries.slice(count, count + pageSize).map((one) => drawCard(one, look)));
        count += pageSize;
        fill(more, count < entries.length && h("button", { type: "button", onclick: go }, t("Show more")));
    };
    go();
    dialog({ title: dayName(day), wide: true, content: () => [list, more] });
}
