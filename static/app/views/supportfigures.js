import { bar, facts, h, quiet, section, table } from "../dom.js";
import { day, lasting, number, percent, words } from "../format.js";

const daysMax = 14, rowsMax = 20;

/** `zone` is where the agency's days begin. */
export function drawMetrics({ open, total, escalated, by_day }, late, zone) {
    const figure = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
    const today = by_day.find((one) => one.day === dayIn(zone)) ?? { created: 0, resolved: 0 };
    return [
        h(
            "dl", { class: "figures" },
            figure("Open", number(open)), figure("Overdue", number(late)),
            figure("Received today", number(today.created)), figure("Resolved today", number(today.resolved))),
        h("h3", {}, "All time"),
        h(
            "dl", { class: "figures" },
            figure("Received", number(total.created)), figure("Answered", number(total.answered)),
            figure("Resolved", number(total.resolved)), figure("Reopened", number(total.reopened)),
            figure("Escalated", number(escalated))),
        h(
            "dl", { class: "figures" },
            figure("First response time", lasting(total.first_response_seconds)),
            figure("Resolution time", lasting(total.resolution_seconds)),
            figure("Satisfaction", content(total))),
    ];
}

/** Of five, by what they have answered to surveys. */
const content = ({ satisfaction }) =>
    satisfaction === null ? "–" : `${number(Math.round(satisfaction * 10) / 10)} of 5`;

/** "2027-01-19", where the agency is. */
const dayIn = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date());

/** How many were received and resolved on each of the last days, days without tickets among them. */
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
    return table("Tickets by day", ["Day", "", figure("Received"), figure("Resolved")], days.map(row), "stages");
}

/** The SLA targets that were met and missed, and the tickets that were resolved without a person. */
export function drawTargets({ sla_met, sla_breached, by_itself }) {
    const target = (text, clock) => {
        const [met, missed] = [sla_met[clock], sla_breached[clock]];
        const all = met + missed;
        return [
            h("h3", {}, text),
            all === 0 ? quiet("No targets met or missed yet.") : [
                bar(met / all, { tone: missed > 0 ? "warn" : "" }),
                h("p", {}, `${number(met)} met, ${number(missed)} missed (${percent(met / all)} met)`),
            ],
        ];
    };
    const { answered, confirmed, silent, denied } = by_itself;
    return [
        section("SLA targets", {}, target("First response", "first_response"), target("Resolution", "resolution")),
        section("Auto-resolved", {}, answered === 0
            ? quiet("None yet. Customer service answers tickets that an article covers.")
            : facts([
                ["Answered", number(answered)], ["Confirmed helpful", number(confirmed)],
                ["No feedback", number(silent)], ["Not helpful", number(denied)],
            ])),
    ];
}

/** The metrics by assignee, category, channel and tier, the most first. */
export function drawTables(figures, nameOf) {
    const none = (text) => (value) => (value === "none" ? text : words(value));
    return [
        drawTable("By assignee", "assignee", figures.by_assignee, nameOf),
        drawTable("By category", "category", figures.by_category, words),
        drawTable("By channel", "channel", figures.by_channel, words),
        drawTable("By tier", "tier", figures.by_tier, none("No tier")),
    ];
}

function drawTable(title, dimension, rows, nameOf) {
    const sorted = rows.toSorted((one, other) => other.created - one.created || other.resolved - one.resolved);
    const shown = sorted.slice(0, rowsMax), rest = sorted.length - shown.length;
    const cell = (label, value) => h("td", { class: "figure", "data-label": label }, value);
    const row = (one) => h(
        "tr", {},
        h("th", { scope: "row", class: "line" }, nameOf(one[dimension])),
        cell("Received", number(one.created)), cell("Answered", number(one.answered)),
        cell("Resolved", number(one.resolved)), cell("Reopened", number(one.reopened)),
        cell("First response time", lasting(one.first_response_seconds)),
        cell("Resolution time", lasting(one.resolution_seconds)), cell("Satisfaction", content(one)));
    const headings = [
        "Received", "Answered", "Resolved", "Reopened", "First response time", "Resolution time", "Satisfaction",
    ].map((text) => ({ text, class: "figure" }));
    const caption = `Tickets ${title.toLowerCase()}`;
    return section(title, {},
        // Between a phone and a desk it is moved about; by keyboard, too.
        h("div", { class: "scroll", role: "group", "aria-label": caption, tabindex: 0 },
            table(caption, ["", ...headings], shown.map(row), "stacked breakdown")),
        rest > 0 && quiet(`${number(rest)} more are available in the API.`));
}
