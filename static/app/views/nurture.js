import { get, may, withQuery } from "../api.js";
import { bar } from "../../ui/bar.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { current, spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { pair, t } from "../../ui/words.js";

const goals = () => [
    ["converted", t("Became a client")], ["replied", t("Answered")], ["reactivated", t("Came back after a year")],
    ["referred", t("Named somebody")],
];

/** Shows the results of the sequences that keep in touch, and what they bring against doing nothing. */
export function nurture({ query, signal }) {
    const goal = goals().some(([name]) => name === query.goal) ? query.goal : "converted";
    return {
        title: t("Nurture figures"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/insights" }, t("Insights"))),
            h("h1", {}, t("Nurture figures")),
            h("nav", { class: "tabs", ...spokenAs(t("What is hoped for")) }, goals().map(([name, text]) => h("a", {
                href: withQuery("#/insights/nurture", { goal: name }), ...current(name === goal),
            }, text))),
            pending(() => get(withQuery("/v1/nurture-figures", { goal }), signal), draw, { signal }),
        ],
    };
}


const draw = ({ lift, sequences, stages, reactivated, referrals }) => [
    section(t("What keeping in touch brings"), {}, drawLift(lift)),
    section(t("Sequences"), {}, drawSequences(sequences),
        h("p", { class: "links after" }, h("a", { href: "#/sequences" }, t("View sequences")))),
    section(t("Lifecycle stages"), {}, drawStages(stages)),
    section(t("What came of it"), {}, h("dl", { class: "figures" },
        h("div", {}, h("dt", {}, t("Came back after a year")), h("dd", {}, number(reactivated))),
        h("div", {}, h("dt", {}, t("People named")), h("dd", {}, may("referrals:read")
            ? h("a", { href: "#/referrals" }, number(referrals)) : number(referrals))))),
];

function drawLift({ treated, held_out, rate_treated, rate_held_out, difference, low, high, sure }) {
    if (treated + held_out === 0) {
        return quiet(t("Nobody is kept in touch with yet. Figures come with the first leads."));
    }
    const most = Math.max(0.01, rate_treated, rate_held_out), points = (share) => number(Math.round(share * 1000) / 10);
    const row = ([name, count, rate]) => h("tr", {}, h("th", { scope: "row" }, name),
        h("td", { class: "wide" }, bar(rate / most)), cell(t("People"), number(count)), cell(t("Rate"), percent(rate)));
    return [
        table(t("What keeping in touch brings"), [t("Group"), "", figure(t("People")), figure(t("Rate"))],
            [[t("Kept in touch with"), treated, rate_treated], [t("Left alone"), held_out, rate_held_out]].map(row),
            "stacked"),
        h("p", { class: "badges" }, t("Difference: {points} points, between {low} and {high}",
            { points: points(difference), low: points(low), high: points(high) }),
        badge(sure ? t("Not by chance") : t("May be chance"), sure ? "good" : "")),
    ];
}

function drawSequences(all) {
    const counts = [["enrolled", t("Enrolled")], ["sent", t("Sent")], ["opened", t("Opened")],
        ["clicked", t("Clicked")], ["replied", t("Replied")]];
    const left = (exited) => Object.entries(exited).map(([reason, count]) =>
        h("div", {}, pair(words(reason), number(count))));
    return table(t("Sequences"), [t("Sequence"), ...counts.map(([, text]) => figure(text)), t("Left before its end")],
        all.map((one) => h("tr", {}, h("th", { scope: "row" }, words(one.key)),
            counts.map(([name, text]) => cell(text, number(one[name]))),
            h("td", { "data-label": t("Left before its end") },
                Object.keys(one.exited).length ? left(one.exited) : "–"))), "stacked");
}

function drawStages(stages) {
    const most = Math.max(1, ...stages.map(({ leads }) => leads));
    return table(t("Lifecycle stages"), [t("Stage"), "", figure(t("Leads")), figure(t("New"))],
        stages.map(({ name, leads, moved }) => h("tr", {}, h("th", { scope: "row" }, words(name)),
            h("td", { class: "wide" }, bar(leads / most)), cell(t("Leads"), number(leads)),
            cell(t("New"), number(moved)))), "stacked");
}
