import { get, may, withQuery } from "../api.js";
import { drawForecast } from "../selling/forecast.js";
import { closed, funnel, leadFigures, since } from "../selling/salesfigures.js";
import { told } from "../sentences.js";
import { bar } from "../../ui/bar.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { counted, number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { current, spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

const periods = () => [[30, t("30 days")], [90, t("90 days")], [365, t("A year")]];

/** The figures of sales: how far leads come, from where, what is won, and what is to be expected. */
export function sales({ query, signal }) {
    const days = Number(query.days) || 90;
    const part = (title, permission, load, draw) => may(permission)
        && section(title, {}, pending(() => load(days, signal), (found) => draw(found, days), { signal }));
    let asked = null;
    const figures = (from, own) => (asked ??= leadFigures(from, own));
    const forecast = () => get("/v1/pipeline?per_stage=1", signal);
    return {
        title: t("Sales figures"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/insights" }, t("Insights"))),
            h("h1", {}, t("Sales figures")),
            h("nav", { class: "tabs", ...spokenAs(t("Period")) }, periods().map(([value, text]) => h("a", {
                href: withQuery("#/insights/sales", { days: value }), ...current(value === days),
            }, text))),
            part(t("From lead to client"), "leads:read", figures, drawFunnel),
            part(t("Won and lost"), "deals:read", closed, drawClosed),
            may("deals:read") && pending(forecast, (found) => [drawForecast(found), drawStages(found)], { signal }),
            part(t("By source"), "leads:read", figures, drawSources),
        ],
    };
}

const leads = (query) => withQuery("#/leads", query);

function drawFunnel(found, days) {
    const steps = funnel(found, days);
    const [{ count: all }] = steps;
    if (all === 0) return quiet(t("No leads were added in this period."));
    const names = {
        added: t("Added"), qualified: t("Qualified"), contacted: t("Contacted"), engaged: t("Answered"),
        proposal: t("Got a proposal"), won: t("Became a client"),
    };
    return table(t("From lead to client"), [t("Step"), "", figure(t("Leads")), figure(t("Of all"))],
        steps.map(({ step, count, query }) => h("tr", {},
            h("th", { scope: "row" }, names[step]), h("td", { class: "wide" }, bar(count / all)),
            cell(t("Leads"), h("a", { href: leads(query), ...spokenAs(`${names[step]}: ${count}`) }, number(count))),
            cell(t("Of all"), percent(count / all)))), "stages");
}

function drawClosed({ query, won, lost, days, reasons }) {
    const all = won.total + lost.total;
    if (all === 0) return quiet(t("No deal was won or lost in this period."));
    const list = (stage) => withQuery("#/deals", { ...query, stage });
    const line = (label, value, href) => h("div", {}, h("dt", {}, label),
        h("dd", {}, href ? h("a", { href }, value) : value));
    return [
        h("dl", { class: "figures" },
            line(t("Won"), number(won.total), list("won")), line(t("Lost"), number(lost.total), list("lost")),
            line(t("Win rate"), percent(won.total / all)), line(t("Value won"), sum(won.data) ?? "–", list("won")),
            days !== null && line(t("Days to win"), counted(Math.round(days), "day"))),
        reasons.length > 0 && [h("h3", {}, t("Why deals were lost")), h("ul", {}, reasons.map(([reason, count]) =>
            h("li", { dir: "auto" }, told(reason), " ", h("span", { class: "quiet" }, `× ${number(count)}`))))],
    ];
}

/** The value of deals in the currency that most of them have. */
function sum(deals) {
    const priced = deals.filter(({ value }) => value);
    if (!priced.length) return null;
    const { currency } = priced[0].value;
    return money({ currency, amount: priced.filter(({ value }) => value.currency === currency)
        .reduce((total, { value }) => total + value.amount, 0) });
}

function drawStages({ stages, currency }) {
    const most = Math.max(1, ...stages.map(({ value }) => value));
    return section(t("Open deals by stage"), {}, table(t("Open deals by stage"),
        [t("Stage"), "", figure(t("Deals")), figure(t("Value")), figure(t("Stalled"))],
        stages.map(({ stage, deals, value, stale }) => h("tr", {},
            h("th", { scope: "row" }, h("a", { href: withQuery("#/deals", { stage }) }, words(stage))),
            h("td", { class: "wide" }, bar(value / most)), cell(t("Deals"), number(deals)),
            cell(t("Value"), money({ amount: value, currency })), cell(t("Stalled"), number(stale)))), "stages"));
}

function drawSources({ by_source: sources, more_sources: more }, days) {
    if (!sources.length) return quiet(t("No leads were added in this period."));
    const from = { "created_at[gte]": since(days) };
    const name = ({ source }) => (source ? h("a", { href: leads({ ...from, source }), dir: "auto" }, source)
        : h("a", { href: leads({ ...from, "source[is]": "null" }) }, t("Not named")));
    return [
        table(t("By source"), [t("Source"), figure(t("Leads")), figure(t("Qualified")), figure(t("Won")),
            figure(t("Win rate"))],
        sources.slice(0, 20).map((one) => h("tr", {},
            h("th", { scope: "row" }, name(one)), cell(t("Leads"), number(one.leads)),
            cell(t("Qualified"), number(one.qualified)), cell(t("Won"), number(one.won)),
            cell(t("Win rate"), percent(one.won / one.leads)))), "stacked"),
        (more > 0 || sources.length > 20) && quiet(t("The 20 sources with the most leads.")),
    ];
}
