import { bar, facts, h, quiet, section, table } from "../dom.js";
import { day, lasting, number, percent, words } from "../format.js";

const daysMax = 14, rowsMax = 20;

/** `zone` is where the agency's days begin. */
export function drawFigures({ open, total, escalated, by_day }, late, zone) {
    const figure = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
    const today = by_day.find((one) => one.day === dayIn(zone)) ?? { created: 0, resolved: 0 };
    return [
        h(
            "dl", { class: "figures" },
            figure("Open", number(open)), figure("Late", number(late)),
            figure("Came in today", number(today.created)), figure("Solved today", number(today.resolved))),
        h("h3", {}, "Since the beginning"),
        h(
            "dl", { class: "figures" },
            figure("Came in", number(total.created)), figure("Answered", number(total.answered)),
            figure("Solved", number(total.resolved)), figure("Reopened", number(total.reopened)),
            figure("Taken further", number(escalated))),
        h(
            "dl", { class: "figures" },
            figure("First answer after", lasting(total.first_response_seconds)),
            figure("Solved after", lasting(total.resolution_seconds)),
            figure("Satisfaction", content(total))),
    ];
}

/** Of five, by what they have answered to surveys. */
const content = ({ satisfaction }) =>
    satisfaction === null ? "–" : `${number(Math.round(satisfaction * 10) / 10)} of 5`;

/** "2027-01-19", where the agency is. */
const dayIn = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date());

/** How many came and were solved on each of the last days, those without any among them. */
export function drawDays(by_day, zone) {
    const known = new Map(by_day.map((one) => [one.day, one]));
    const last = [dayIn(zone), ...known.keys()].sort().at(-1);
    const dates = Array.from({ length: daysMax }, (_, index) =>
        new Date(Date.parse(`${last}T00:00:00Z`) - index * 86_400_000).toISOString().slice(0, 10));
    const days = dates.map((date) => ({ created: 0, resolved: 0, ...known.get(date), date }));
    const most = Math.max(1, ...days.map(({ created }) => created));
    const row = ({ date, created, resolved }) => h(
        "tr", {},
        h("th", { scope: "row", class: "one-line" }, day(date)),
        h("td", { class: "wide" }, bar(created / most)),
        h("td", { class: "figure" }, number(created)), h("td", { class: "figure" }, number(resolved)));
    const figure = (text) => ({ text, class: "figure" });
    return table("Tickets of the last days", ["Day", "", figure("Came in"), figure("Solved")], days.map(row), "stages");
}

/** What was promised and kept, and what was answered without a person. */
export function drawPromises({ sla_met, sla_breached, by_itself }) {
    const promise = (text, clock) => {
        const [kept, broken] = [sla_met[clock], sla_breached[clock]];
        const all = kept + broken;
        return [
            h("h3", {}, text),
            all === 0 ? quiet("None is kept or broken yet.") : [
                bar(kept / all, { tone: broken > 0 ? "warn" : "" }),
                h("p", {}, `${number(kept)} kept, ${number(broken)} broken (${percent(kept / all)} kept)`),
            ],
        ];
    };
    const { answered, confirmed, silent, denied } = by_itself;
    return [
        section("Promises", {}, promise("First answers", "first_response"), promise("Solutions", "resolution")),
        section("Answered by itself", {}, answered === 0
            ? quiet("Nothing yet: customer service answers what an article answers.")
            : facts([
                ["Answered", number(answered)], ["Helped", number(confirmed)], ["Nothing was said", number(silent)],
                ["Did not help", number(denied)],
            ])),
    ];
}

/** The same figures by person, category, channel and tier, the most first. */
export function drawTables(figures, nameOf) {
    const none = (text) => (value) => (value === "none" ? text : words(value));
    return [
        drawTable("By person", "assignee", figures.by_assignee, nameOf),
        drawTable("By category", "category", figures.by_category, words),
        drawTable("By channel", "channel", figures.by_channel, words),
        drawTable("By tier", "tier", figures.by_tier, none("Without a tier")),
    ];
}

function drawTable(title, dimension, rows, nameOf) {
    const sorted = rows.toSorted((one, other) => other.created - one.created || other.resolved - one.resolved);
    const shown = sorted.slice(0, rowsMax), rest = sorted.length - shown.length;
    const cell = (label, value) => h("td", { class: "figure", "data-label": label }, value);
    const row = (one) => h(
        "tr", {},
        h("th", { scope: "row", class: "line" }, nameOf(one[dimension])),
        cell("Came in", number(one.created)), cell("Answered", number(one.answered)),
        cell("Solved", number(one.resolved)), cell("Reopened", number(one.reopened)),
        cell("First answer after", lasting(one.first_response_seconds)),
        cell("Solved after", lasting(one.resolution_seconds)), cell("Satisfaction", content(one)));
    const headings = [
        "Came in", "Answered", "Solved", "Reopened", "First answer after", "Solved after", "Satisfaction",
    ].map((text) => ({ text, class: "figure" }));
    const caption = `Tickets ${title.toLowerCase()}`;
    return section(title, {},
        // Between a phone and a desk it is moved about; by keyboard, too.
        h("div", { class: "scroll", role: "group", "aria-label": caption, tabindex: 0 },
            table(caption, ["", ...headings], shown.map(row), "stacked breakdown")),
        rest > 0 && quiet(`The API has ${number(rest)} more.`));
}
