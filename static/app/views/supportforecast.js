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
        cell("Come in", range(one.created)), cell("Solved", range(one.solved)),
        h("td", { class: "wide" }, bar(one.open / most, { tone: one.open > open ? "warn" : "" })),
        cell("Open", number(one.open)));
    return [
        table("Tickets expected on each of the next seven days",
            ["Day", figure("Come in"), figure("Solved"), "", figure("Open by the evening")], days.map(row),
            "stacked factors"),
        quiet(`After ${number(weeks_known)} weeks like these; four days in five lie in the ranges.`),
    ];
}

/** Where more waits than can be done, the soonest first, and what to do about it. */
export function drawBottlenecks({ bottlenecks }) {
    if (!bottlenecks.length) return quiet("Nowhere: what is open and what is expected can be done.");
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
    return kind === "category" ? `About ${words(name).toLowerCase()}` : name;
}

function happening({ reason, open, capacity, came_per_day, solved_per_day, open_then }) {
    if (reason === "over_capacity") return `${number(open)} are open, ${number(capacity)} can be had at a time.`;
    if (reason === "will_exceed_capacity") {
        return `${number(open)} are open, ${number(open_then)} will be; ${number(capacity)} can be had at a time.`;
    }
    return `${number(came_per_day)} come a day and ${number(solved_per_day)} are solved: ${number(open)} are open, `
        + `${number(open_then)} will be.`;
}
