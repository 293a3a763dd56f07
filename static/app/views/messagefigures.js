import { get } from "../api.js";
import { bar } from "../../ui/bar.js";
import { dayBars } from "../../ui/daybars.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Shows the results of messages: by channel, purpose, day and hour, and how far leads get. */
export function messageFigures({ signal }) {
    return {
        title: t("Message figures"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/insights" }, t("Insights"))),
            h("h1", {}, t("Message figures")),
            pending(() => get("/v1/communication-figures", signal), draw, { signal }),
        ],
    };
}

function draw({ total, by_channel: channels, by_purpose: purposes, by_hour: hours, by_day: days, conversion }) {
    if (total.sent === 0) return quiet(t("Nothing has been sent yet. Figures come with the first messages."));
    return [
        h("dl", { class: "figures even" }, [[t("Sent"), number(total.sent)], [t("Opened"), percent(total.open_rate)],
            [t("Clicked"), percent(total.click_rate)], [t("Replied"), percent(total.response_rate)],
            [t("Bounced"), number(total.bounced)]].map(([label, value]) =>
            h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
        section(t("By channel"), {}, rates(t("By channel"), t("Channel"), channels, ({ channel }) => words(channel))),
        section(t("By purpose"), {}, rates(t("By purpose"), t("Purpose"), purposes, ({ purpose }) => words(purpose))),
        days.length > 1 && section(t("By day"), {}, dayBars({
            title: t("Messages"), series: [t("Sent"), t("Replied")],
            days: days.slice(-30).map((one) => ({ date: one.day, values: [one.sent, one.replied] })),
        })),
        section(t("By hour"), {}, rates(t("By hour"), t("Hour"), hours, ({ hour }) => `${Number(hour)}:00`)),
        section(t("From step to step"), {}, drawSteps(conversion)),
    ];
}

const rates = (title, first, all, name) => table(title, [first, figure(t("Sent")), figure(t("Opened")),
    figure(t("Clicked")), figure(t("Replied"))], all.map((one) => h("tr", {},
    h("th", { scope: "row" }, name(one)), cell(t("Sent"), number(one.sent)),
    cell(t("Opened"), percent(one.open_rate)), cell(t("Clicked"), percent(one.click_rate)),
    cell(t("Replied"), percent(one.response_rate)))), "stacked");

const drawSteps = (steps) => table(t("From step to step"), [t("Step"), "", figure(t("Leads")), figure(t("Went on"))],
    steps.map(({ from, to, leads, reached, rate }) => h("tr", {},
        h("th", { scope: "row" }, t("{from} to {to}", { from: words(from), to: words(to) })),
        h("td", { class: "wide" }, bar(rate ?? 0)), cell(t("Leads"), number(leads)),
        cell(t("Went on"), number(reached), rate !== null && ` (${percent(rate)})`))), "stages");
