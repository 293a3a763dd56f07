import { bar } from "../../ui/bar.js";
import { badge, h, quiet } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** Draws the forecast of the seven days after today; `reason` says why where there can be none. */
export function drawAhead({ days, reason, weeks_known, open }) {
    if (!days) return quiet(reason);
    const most = Math.max(1, ...days.map((one) => one.open));
    const range = ({ expected, low, high }) => [
        number(expected), " ", h("span", { class: "quiet" },
            t("{low} to {high}", { low: number(low), high: number(high) }))];
    const row = (one) => h(
        "tr", {},
        h("th", { scope: "row", class: "one-line" }, day(one.date)),
        cell(t("Received"), range(one.created)), cell(t("Resolved"), range(one.solved)),
        h("td", { class: "wide" }, bar(one.open / most, { tone: one.open > open ? "warn" : "" })),
        cell(t("Open"), number(one.open)));
    return [
        table(t("Expected tickets, next 7 days"),
            [t("Day"), figure(t("Received")), figure(t("Resolved")), "", figure(t("Open at end of day"))],
                days.map(row),
            "stacked factors"),
        quiet(plural(weeks_known, "Based on {count} week of history. The ranges hold on four days in five.",
            "Based on {count} weeks of history. The ranges hold on four days in five.")),
    ];
}

/** Where more tickets are open than can be handled, the soonest first, and what to do about it. */
export function drawBottlenecks({ bottlenecks }) {
    if (!bottlenecks.length) return quiet(t("No bottlenecks: open and expected tickets are within capacity."));
    const line = (one) => h(
        "li", {},
        h("p", { class: "badges" },
            one.reason === "over_capacity" ? badge(t("Now"), "bad") : badge(t("By {day}", { day: day(one.tips_on) }),
                "warn"),
            h("strong", {}, placeName(one))),
        h("p", {}, happening(one)),
        h("p", {}, t("What to do:"), " ", one.recommended_action));
    return h("ul", { class: "papers" }, bottlenecks.map(line));
}

function placeName({ kind, name }) {
    if (kind === "queue") return t("All tickets");
    return kind === "category" ? t("Category: {name}", { name: words(name) }) : name;
}

function happening({ reason, open, capacity, came_per_day, solved_per_day, open_then }) {
    const values = { open: number(open), capacity: number(capacity), then: number(open_then),
        came: number(came_per_day),
        solved: number(solved_per_day) };
    if (reason === "over_capacity") return t("{open} open, capacity {capacity}.", values);
    if (reason === "will_exceed_capacity") return t("{open} open, {then} expected, capacity {capacity}.", values);
    return t("{came} received and {solved} resolved per day: {open} open, {then} expected.", values);
}
