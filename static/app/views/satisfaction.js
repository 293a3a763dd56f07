import { get } from "../api.js";
import { measured } from "../support/measures.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Shows the clients' satisfaction: by what they have answered, by what they do, and by what became of them. */
export function satisfaction({ signal }) {
    return {
        title: t("Satisfaction"),
        content: [
            h("p", { class: "links crumbs" }, h("a", { href: "#/surveys" }, t("Surveys"))),
            h("h1", {}, t("Satisfaction")), pending(() => get("/v1/satisfaction", signal), draw, { signal }),
        ],
    };
}

const score = ({ value, sample }) => [value === null ? "–" : number(Math.round(value)),
    h("span", { class: "quiet" }, ` (${number(sample)})`)];
const rated = ({ value, sample }) => [measured("satisfaction", value),
    h("span", { class: "quiet" }, ` (${number(sample)})`)];
const none = (code) => (code === "none" ? t("None") : words(code));

function draw({ direct, indirect, outcomes }) {
    const rows = (name) => (direct[`by_${name}`] ?? []).map((one) => h("tr", {},
        h("th", { scope: "row" }, none(one[name])), cell(t("Satisfaction"), rated(one.csat)),
            cell(t("Recommend"), score(one.nps))));
    const answers = (title, name) => section(title, {}, (direct[`by_${name}`] ?? []).length
        ? table(title, ["", figure(t("Satisfaction")), figure(t("Would recommend"))], rows(name), "stacked")
            : quiet(t("No answers yet.")));
    return [
        h("dl", { class: "figures" },
            h("div", {}, h("dt", {}, t("Satisfaction")), h("dd", {}, h("a", { href: "#/survey-responses" },
                measured("satisfaction", direct.csat.value)))),
            h("div", {}, h("dt", {}, t("Would recommend, less would not")),
                h("dd", {}, h("a", { href: "#/survey-responses" },
                direct.nps.value === null ? "–" : number(Math.round(direct.nps.value)))))),
        quiet(t("Behind each figure: the number of answers. Too few answers give no figure.")),
        answers(t("By tier"), "tier"), answers(t("By channel"), "channel"), answers(t("By category"), "category"),
        section(t("What clients do"), {}, table(t("What clients do"),
            ["", figure(t("Clients")), figure(t("Tickets per client")),
            figure(t("Reopened")), figure(t("Surveys answered"))], indirect.by_tier.map((one) => h("tr", {},
            h("th", { scope: "row" }, h("a", { href: `#/clients?tier=${one.tier}` }, none(one.tier))),
            cell(t("Clients"), number(one.clients)),
            cell(t("Tickets per client"), number(one.tickets_per_client)),
            cell(t("Reopened"), percent(one.reopened_rate.value)),
                cell(t("Surveys answered"), percent(one.answered_rate)))),
        "stacked")),
        section(t("What became of them"), {}, table(t("What became of them"),
            [t("Clients who are"), figure(t("Now")), figure(t("Left")),
            figure(t("Grew")), figure(t("Shrank"))], outcomes.map((one) => h("tr", {},
            h("th", { scope: "row" }, words(one.band)), cell(t("Now"), number(one.clients)),
                cell(t("Left"), number(one.left)),
            cell(t("Grew"), number(one.grew)), cell(t("Shrank"), number(one.shrank)))), "stacked")),
    ];
}
