import { get } from "../../app/api.js";
import { fileName, listPage, recordPage, said, saving } from "../parts.js";
import { goals } from "../goals.js";
import { chart } from "../../ui/chart.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Reports, goals, and the figures of the last weeks, each with where it comes from. */

export const reports = ({ signal }) => listPage(t("Reports"), "/v1/portal/reports", {
    signal, none: t("No reports yet."),
    before: [goals(signal), pending(() => get("/v1/portal/metrics", signal), drawFigures, { signal })],
    item: ({ id, title, summary, period_start, period_end }) => [
        h("h2", {}, h("a", { href: `#/reports/${id}` }, title)),
        h("p", { class: "quiet" }, [day(period_start), day(period_end)].filter(Boolean).join(" – ")), said(summary),
    ],
});

function drawFigures({ data, from, to }) {
    if (!data.length) return null;
    return section(t("Your metrics"), {}, quiet(`${day(from)} – ${day(to)}`),
        h("div", { class: "charts" }, data.map(({ metric, ...series }) => chart({ title: words(metric), ...series }))));
}

export function report({ id, signal }) {
    const path = `/v1/portal/reports/${encodeURIComponent(id)}`;
    return recordPage(t("Report"), path, ["/reports", t("Reports")], {
        signal, name: ({ title }) => title,
        draw: ({ title, period_start, period_end, summary, sections }) => [
            facts([[t("Period"), `${day(period_start)} – ${day(period_end)}`]]),
            said(summary), saving(t("Download as PDF"), `${path}.pdf`, fileName(title, "pdf")),
            sections.map((one) => section(one.title, {},
                said(one.text),
                one.figures?.length > 0 && table(t("Metrics: {title}", { title: one.title }),
                    [t("Metric"), t("Value"), t("Previous"), t("Source")],
                    one.figures.map(drawFigure), "stacked"),
                one.charts?.length > 0 && h("div", { class: "charts" }, one.charts.map(chart)))),
        ],
    });
}

const withUnit = (value, unit) =>
    value === null || value === undefined ? "–" : [number(value), unit].filter(Boolean).join(" ");

const drawFigure = ({ label, value, unit, previous, source }) => h("tr", {},
    h("th", { scope: "row" }, label),
    h("td", { "data-label": t("Value") }, withUnit(value, unit)),
    h("td", { "data-label": t("Previous") }, withUnit(previous, unit)),
    h("td", { "data-label": t("Source") }, words(source)));
