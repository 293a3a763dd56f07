import { withQuery } from "../api.js";
import { bar } from "../../ui/bar.js";
import { dayBars } from "../../ui/daybars.js";
import { h, quiet, section } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { grouped } from "../../ui/state.js";
import { cell, table } from "../../ui/table.js";
import { plural, t } from "../../ui/words.js";

const daysMax = 14, rowsMax = 20;
const running = "new,open,waiting_on_client,on_hold";

/** The list of tickets behind a figure. */
const ticketsBy = (query) => withQuery("#/tickets", query);

/** `zone` is where the agency's days begin. */
export function drawMetrics({ open, total, escalated, by_day }, late, zone) {
    const figure = (label, value, href) => h("div", {}, h("dt", {}, label),
        h("dd", {}, href ? h("a", { href }, value) : value));
    const here = dayIn(zone);
    const today = by_day.find((one) => one.day === here) ?? { created: 0, resolved: 0 };
    return [
        h("dl", { class: "figures even" },
            figure(t("Open"), number(open), ticketsBy({ status: running })),
            figure(t("Overdue"), number(late), ticketsBy({ "next_due_at[lte]": new Date().toISOString() })),
            figure(t("Received today"), number(today.created), ticketsBy({ "created_at[gte]": here })),
            figure(t("Resolved today"), number(today.resolved), ticketsBy({ "resolved_at[gte]": here }))),
        h("h3", {}, t("All time")),
        h("dl", { class: "figures even" },
            figure(t("Received"), number(total.created), "#/tickets"),
            figure(t("Answered"), number(total.answered), "#/tickets"),
            figure(t("Resolved"), number(total.resolved), ticketsBy({ status: "resolved,closed" })),
            figure(t("Reopened"), number(total.reopened), ticketsBy({ "reopened[gte]": 1 })),
            figure(t("Escalated"), number(escalated), ticketsBy({ escalated: "true" }))),
        h("dl", { class: "figures even" },
            figure(t("First response time"), lasting(total.first_response_seconds), "#/tickets"),
            figure(t("Resolution time"), lasting(total.resolution_seconds), ticketsBy({ status: "resolved,closed" })),
            figure(t("Satisfaction"), content(total), "#/survey-responses")),
    ];
}

/** Of five, by what they have answered to surveys. */
const content = ({ satisfaction }) =>
    (satisfaction === null ? "–" : t("{score} of 5", { score: number(Math.round(satisfaction * 10) / 10) }));

/** "2027-01-19", where the agency is. */
const dayIn = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date());

/** Draws the number received and resolved on each of the last days, days without tickets among them. */
export function drawDays(by_day, zone) {
    const known = new Map(by_day.map((one) => [one.day, one]));
    const last = [dayIn(zone), ...known.keys()].sort().at(-1);
    const after = (date, by) => new Date(Date.parse(`${date}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
    const dates = Array.from({ length: daysMax }, (_, index) => after(last, index - daysMax + 1));
    return dayBars({
        title: t("Tickets by day"), series: [t("Received"), t("Resolved")],
        days: dates.map((date) => {
            const { created, resolved } = { created: 0, resolved: 0, ...known.get(date) };
            const href = ticketsBy({ "created_at[gte]": date, "created_at[lte]": `${date}T23:59:59Z` });
            return { date, values: [created, resolved], href };
        }),
    });
}

/** The SLA targets that were met and missed, and the tickets that were resolved without a person. */
export function drawTargets({ sla_met, sla_breached, by_itself }) {
    const target = (text, clock) => {
        const [met, missed] = [sla_met[clock], sla_breached[clock]];
        const all = met + missed;
        return [
            h("h3", {}, text),
            all === 0 ? quiet(t("No targets met or missed yet.")) : [
                bar(met / all, { tone: missed > 0 ? "warn" : "" }),
                h("p", {}, t("{met} met, {missed} missed ({percent} met)",
                    { met: number(met), missed: number(missed), percent: percent(met / all) })),
            ],
        ];
    };
    const { answered, confirmed, silent, denied } = by_itself;
    return [
        section(t("SLA targets"), {}, target(t("First response"), "first_response"),
            target(t("Resolution"), "resolution"),
            h("p", { class: "links after" }, h("a", { href: "#/settings/sla-targets" }, t("View SLA targets")))),
        section(t("Auto-resolved"), {}, answered === 0
            ? quiet(t("None yet. Customer service answers tickets that an article covers."))
            : facts([
                [t("Answered"), number(answered)], [t("Confirmed helpful"), number(confirmed)],
                [t("No feedback"), number(silent)], [t("Not helpful"), number(denied)],
            ])),
    ];
}

/** The metrics by assignee, category, channel and tier, the most first. */
export function drawTables(figures, nameOf) {
    return [
        drawTable(t("By assignee"), t("Tickets by assignee"), "assignee", figures.by_assignee, nameOf, "assignee_id"),
        drawTable(t("By category"), t("Tickets by category"), "category", figures.by_category, words, "category"),
        drawTable(t("By channel"), t("Tickets by channel"), "channel", figures.by_channel, words, "source"),
        drawTable(t("By tier"), t("Tickets by tier"), "tier", figures.by_tier,
            (value) => (value === "none" ? t("No tier") : words(value)), "tier"),
    ];
}

function drawTable(title, caption, dimension, rows, nameOf, filter) {
    const sorted = rows.toSorted((one, other) => other.created - one.created || other.resolved - one.resolved);
    const shown = sorted.slice(0, rowsMax), rest = sorted.length - shown.length;
    const name = (value) => (value === "none" ? nameOf(value)
        : h("a", { href: ticketsBy({ [filter]: value }) }, nameOf(value)));
    const row = (one) => h("tr", {},
        h("th", { scope: "row", class: "line" }, name(one[dimension])),
        cell(t("Received"), number(one.created)), cell(t("Answered"), number(one.answered)),
        cell(t("Resolved"), number(one.resolved)), cell(t("Reopened"), number(one.reopened)),
        cell(t("First response time"), lasting(one.first_response_seconds)),
        cell(t("Resolution time"), lasting(one.resolution_seconds)), cell(t("Satisfaction"), content(one)));
    const headings = [
        t("Received"), t("Answered"), t("Resolved"), t("Reopened"), t("First response time"), t("Resolution time"),
        t("Satisfaction"),
    ].map((text) => ({ text, class: "figure" }));
    return section(title, {},
        // Between a phone and a desk it is moved about; by keyboard, too.
        h("div", { class: "scroll", ...grouped(caption), tabindex: 0 },
            table(caption, ["", ...headings], shown.map(row), "stacked breakdown")),
        rest > 0 && quiet(plural(rest, "{count} more with fewer tickets.", "{count} more with fewer tickets.")));
}
