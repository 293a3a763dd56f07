import { get } from "../api.js";
import { drawDecisions } from "../decisions.js";
import { linkTo } from "../places.js";
import { asked, ask, operate } from "../records/ask.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { drawTargets, valueOf } from "./campaign.js";

const pathOf = ({ id }) => `/v1/campaigns/${encodeURIComponent(id)}`;
const cells = (...values) => h("tr", {}, values.map((value) => h("td", { dir: "auto" }, value)));

/** The records that a figure is made of: those with a page of their own, the first of many. */
function drawTrace({ trace }) {
    const known = new Map(trace.map((record) => [record.id, record]));
    const links = [...known.values()].filter(({ type }) => type !== "campaign_spend" && type !== "metric").slice(0, 3);
    return links.length ? links.map((record, place) => [place ? ", " : null, linkTo(record)])
        : t("{count} records", { count: number(known.size) });
}

/** Shows the cost and the results of each channel of a campaign, with the records of each figure. */
export function campaignResults(one, { kind, signal, follow }) {
    const place = pending(() => get(`${pathOf(one)}/results`, signal), (results) => [
        drawTargets(results),
        results.channels.length ? results.channels.map(drawChannel) : quiet(t("There are no figures yet.")),
        results.lift.length ? drawLift(results.lift) : null,
        results.differences.length ? drawDifferences(one, results.differences, kind, place) : null,
    ], { signal });
    follow(() => place.reload());
    return section(t("Results"), {}, place);
}

function drawChannel({ channel, spent, budget, cost_per_result: cost, figures }) {
    const told = [
        spent && t("Spent: {amount}", { amount: money(spent) }),
        budget && t("Budget: {amount}", { amount: money(budget) }),
        cost && t("Cost per result: {amount}", { amount: money(cost) }),
    ].filter(Boolean).join(" · ");
    return h("section", {}, h("h3", { dir: "auto" }, words(channel)), told ? quiet(told) : null,
        figures.length ? table(t("Figures of {channel}", { channel: words(channel) }),
            [t("Figure"), figure(t("Value")), t("Records")],
            figures.map((row) => h("tr", {}, h("th", { scope: "row" }, words(row.name)), cell(t("Value"), valueOf(row)),
                h("td", { "data-label": t("Records") }, drawTrace(row)))), "stacked") : null);
}

function drawLift(lift) {
    return table(t("Beyond what happens anyway"),
        [t("Email campaign"), t("With the email"), t("Without it"), t("Difference"), t("Certain")],
        lift.map((row) => cells(linkTo({ type: "email_campaign", id: row.email_campaign_id }),
            percent(row.rate_treated), percent(row.rate_held_out),
            `${percent(row.difference)} (${percent(row.low)} – ${percent(row.high)})`,
            row.sure ? t("Yes") : t("No"))));
}

function drawDifferences(one, differences, kind, place) {
    const settle = ({ metric, date, figures }) => ask({
        title: t("Which figure is right?"), action: t("Settle"), said: t("Difference settled"),
        fields: [
            asked.choice("source", t("Right is"), figures.map(({ source }) => source), { required: true }),
            asked.text("reason", t("Reason")),
        ],
        run: (body) => operate(`${pathOf(one)}/differences/settle`, { body: { metric, date, ...body } })
            .then(() => place.reload()),
    });
    return table(t("Systems tell different figures"), [t("Day"), t("Figure"), t("Told"), t("Right is")],
        differences.map((row) => cells(day(row.date), words(row.metric),
            row.figures.map((told) =>
                `${words(told.source)}: ${valueOf({ ...told, name: row.metric })}`).join("; "),
            row.settled ? words(row.settled.source)
                : kind.mayWrite && h("button", { type: "button", onclick: () => settle(row) }, t("Settle")))));
}

/** Shows the agents' decisions about a campaign, with what waits for a yes. */
export function campaignDecisions(one, { signal, follow }) {
    const id = encodeURIComponent(one.id);
    const load = () => Promise.all([
        get(`/v1/decisions?subject_id=${id}&limit=10`, signal), get("/v1/approvals?status=pending&limit=100", signal),
    ]);
    const place = pending(load, ([decisions, approvals]) => {
        const waiting = approvals.data.filter(({ subject }) => subject?.id === one.id);
        return [
            waiting.length ? h("ul", {}, waiting.map((approval) =>
                h("li", {}, linkTo({ type: "approval", id: approval.id }, approval.title), " ",
                    h("span", { class: "quiet" }, approval.preview?.text ?? "")))) : null,
            drawDecisions(decisions),
        ];
    }, { signal });
    follow(() => place.reload());
    return section(t("Proposals and decisions"), {}, place);
}
