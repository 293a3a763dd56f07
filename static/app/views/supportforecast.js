import { badge, bar, h, quiet, table } from "../dom.js";
import { day, number, words } from "../format.js";

/** What is expected of the seven days after today; `reason` says why where nothing can be. */
export function drawAhead({ days, reason, weeks_known, open }) {
    if (!days) return quiet(reason);
    const most = Math.max(1, ...days.map((one) => one.open));
    const figure = (text) => ({ text, class: "figure" });
    const cell = (label, ...text) => h("td", { class: "figure", "data-label": label }, text);
    const range = ({ expected, low, high }) => [
        number(expected), " ", h("span", { class: "quiet" }, `${number(low)} to ${number(high)}`)];
    const row = (one) => h(
        "tr", {},
        h("th", { scope: "row", class: "one-line" }, day(one.date)),
        cell("Received", range(one.created)), cell("Resolved", range(one.solved)),
        h("td", { class: "wide" }, bar(one.open / most, { tone: one.open > open ? "warn" : "" })),
        cell("Open", number(one.open)));
    return [
        table("Expected tickets, next 7 days",
            ["Day", figure("Received"), figure("Resolved"), "", figure("Open at end of day")], days.map(row),
            "stacked factors"),
        quiet(`Based on ${number(weeks_known)} weeks of history. The ranges hold on four days in five.`),
    ];
}

/** Where more tickets are open than can be handled, the soonest first, and what to do about it. */
export function drawBottlenecks({ bottlenecks }) {
    if (!bottlenecks.length) return quiet("No bottlenecks: open and expected tickets are within capacity.");
    const line = (one) => h(
        "li", {},
        h("p", { class: "badges" },
            one.reason === "over_capacity" ? badge("Now", "bad") : badge(`By ${day(one.tips_on)}`, "warn"),
            h("strong", {}, placeName(one))),
        h("p", {}, happening(one)),
        h("p", {}, "What to do: ", one.recommended_action));
    return h("ul", { class: "papers" }, bottlenecks.map(line));
}

function placeName({ kind, name }) {
    if (kind === "queue") return "All tickets";
    return kind === "category" ? `Category: ${words(name)}` : name;
}

function happening({ reason, open, capacity, came_per_day, solved_per_day, open_then }) {
    if (reason === "over_capacity") return `${number(open)} open, capacity ${number(capacity)}.`;
    if (reason === "will_exceed_capacity") {
        return `${number(open)} open, ${number(open_then)} expected, capacity ${number(capacity)}.`;
    }
    return `${number(came_per_day)} received and ${number(solved_per_day)} resolved per day: ${number(open)} open, `
        + `${number(open_then)} expected.`;
}
