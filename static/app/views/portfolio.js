import { get, may } from "../api.js";
import { named, whenNamed } from "../records/naming.js";
import { bar } from "../../ui/bar.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** The clients together: how much depends on whom, who stays, and how much work there is room for. */
export function portfolio({ signal }) {
    return {
        title: t("Portfolio"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/insights" }, t("Insights"))),
            h("div", { class: "heading" }, h("h1", {}, t("Portfolio")), h("div", { class: "actions" },
                may("opportunities:read") && h("a", { class: "button", href: "#/opportunities" }, t("Opportunities")),
                may("referrals:read") && h("a", { class: "button", href: "#/referrals" }, t("Referrals")))),
            pending(() => load(signal), draw, { signal }),
        ],
    };
}

async function load(signal) {
    const found = await get("/v1/portfolio", signal);
    const clients = [...found.at_risk, ...[...found.dependence, ...found.pricing].map(({ client_id }) => client_id)];
    await whenNamed(clients.map((id) => ["clients", id]));
    return found;
}

const draw = (found) => (found.clients === 0
    ? quiet(t("No active clients yet. What depends on whom is told as soon as there are some."))
    : [
        found.warnings.length > 0 && section(t("Warnings"), {}, found.warnings.map(({ detail }) =>
            h("p", { class: "notice warn" }, detail))),
        section(t("Key metrics"), {}, keyFigures(found)),
        section(t("Concentration"), {}, concentration(found.concentration)),
        section(t("Share of each client"), {}, dependence(found.dependence)),
        section(t("Capacity by week"), {}, capacity(found.capacity)),
        found.at_risk.length > 0 && section(t("Clients at risk"), {}, h("ul", {}, found.at_risk.map((id) =>
            h("li", {}, named("clients", id))))),
        found.pricing.length > 0 && section(t("Fees to talk about"), {}, pricing(found.pricing)),
    ]);

function keyFigures({ clients, monthly, largest_share, retention, capacity: { free } }) {
    const figure = (label, value, href) => h("div", {}, h("dt", {}, label),
        h("dd", {}, href ? h("a", { href }, value) : value));
    return h("dl", { class: "figures even" },
        figure(t("Clients"), number(clients), "#/clients"),
        figure(t("Monthly revenue"), money(monthly), may("subscriptions:read") && "#/subscriptions"),
        figure(t("Share of the largest client"), percent(largest_share)),
        figure(t("Stayed over the year"), retention.of === 0 ? "–"
            : t("{kept} of {all}", { kept: number(retention.kept), all: number(retention.of) })),
        figure(t("Free hours in 8 weeks"), number(Math.round(free))));
}

function dependence(clients) {
    const row = ({ client_id, share }) => h("tr", {}, h("th", { scope: "row" }, named("clients", client_id)),
        h("td", { class: "wide" }, bar(share, { tone: share > 0.3 ? "warn" : "" })), cell(t("Share"), percent(share)));
    return table(t("Share of each client"), [t("Client"), "", figure(t("Share"))], clients.map(row), "stacked");
}

function concentration({ clients, industries, sizes }) {
    const row = ([name, value]) => h("tr", {}, h("th", { scope: "row" }, name),
        h("td", { class: "wide" }, value !== null && bar(value, { tone: value > 0.5 ? "warn" : "" })),
        cell(t("Concentration"), value === null ? t("Not known") : percent(value)));
    return [
        table(t("Concentration"), [t("Spread over"), "", figure(t("Concentration"))],
            [[t("Clients"), clients], [t("Industries"), industries], [t("Company sizes"), sizes]].map(row), "stacked"),
        quiet(t("100% is all the revenue in one place; the lower, the better it is spread.")),
    ];
}

function capacity({ weeks }) {
    const row = ({ week, hours, planned }) => {
        const isOver = planned > hours, share = hours > 0 ? planned / hours : Number(isOver);
        return h("tr", {}, h("th", { scope: "row" }, day(week)),
            h("td", { class: "wide" }, bar(share, { tone: isOver ? "bad" : share > 0.85 ? "warn" : "good" })),
            cell(t("Planned hours"), number(Math.round(planned * 10) / 10)), cell(t("Hours there are"), number(hours)),
            h("td", { "data-label": t("Room") }, isOver ? t("Too full") : share > 0.85 ? t("Tight") : t("Free")));
    };
    return [
        table(t("Capacity by week"),
            [t("Week of"), "", figure(t("Planned hours")), figure(t("Hours there are")), t("Room")],
            weeks.map(row), "stacked"),
        may("tasks:read") && h("p", { class: "links after" }, h("a", { href: "#/tasks" }, t("View tasks"))),
    ];
}

function pricing(all) {
    const row = ({ client_id, fee, hours, tasks, rate, usual_rate, suggested_fee }) => h("tr", {},
        h("th", { scope: "row" }, named("clients", client_id)), cell(t("Monthly fee"), money(fee)),
        cell(t("Hours in 90 days"), number(Math.round(hours))), cell(t("Finished tasks"), number(tasks)),
        cell(t("An hour brings"), money(rate)), cell(t("Usual"), money(usual_rate)),
        cell(t("Usual fee"), money(suggested_fee)));
    return [
        table(t("Fees to talk about"), [t("Client"), figure(t("Monthly fee")), figure(t("Hours in 90 days")),
            figure(t("Finished tasks")), figure(t("An hour brings")), figure(t("Usual")), figure(t("Usual fee"))],
        all.map(row), "stacked"),
        quiet(t("These clients pay far less for an hour of finished work than clients usually do.")),
    ];
}
