import { get } from "../api.js";
import { pagesOf } from "../records/pages.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { outside } from "../../ui/link.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { dayOf } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const path = ({ id }) => `/v1/competitors/${encodeURIComponent(id)}`;

/** Competitors: what they ask for beside the agency's packages, and how they set themselves apart. */
export const { list, newRecord, record, editRecord } = pagesOf("competitors", {
    record: {
        panels: (one, { signal }) => section(t("Compared with your packages"), {},
            pending(() => get(`${path(one)}/comparison`, signal), drawComparison, { signal })),
        tabs: (one, { signal }) => [{ name: "statements", text: t("What its pages say"), draw: () => pending(
            () => get(`${path(one)}/statements?limit=100&sort=-found_at`, signal), drawStatements, { signal }) }],
    },
});

function drawComparison({ prices, monthly, positions }) {
    if (!prices.length && !positions.length) {
        return quiet(t("Its pages have named no prices yet. They are read each day."));
    }
    return [prices.length > 0 && drawPrices(prices), drawMonthly(monthly.filter(({ theirs }) => theirs)),
        positions.length > 0 && drawPositions(positions)];
}

const drawPrices = (prices) => table(t("Prices"), [t("Offer"), figure(t("Price")), t("Your package"),
    figure(t("Its price")), figure(t("Difference"))], prices.map((one) => h("tr", {},
    h("th", { scope: "row", dir: "auto" }, one.name, h("span", { class: "evidence" }, outside(one.url))),
    cell(t("Price"), one.is_from ? t("from {price}", { price: money(one.price) }) : money(one.price),
        one.period && [" ", h("span", { class: "quiet" }, words(one.period))]),
    h("td", { "data-label": t("Your package"), dir: "auto" }, one.package ?? "–"),
    cell(t("Its price"), money(one.package_price) ?? "–"),
    cell(t("Difference"), one.difference === null ? "–"
        : t("{share} %", { share: `${one.difference > 0 ? "+" : ""}${number(one.difference)}` })))), "stacked");

const drawMonthly = (all) => all.map(({ currency, theirs, ours }) => {
    const range = (one) => (one ? t("{low} to {high}", { low: money({ amount: one.low, currency }),
        high: money({ amount: one.high, currency }) }) : "–");
    return quiet(t("A month: theirs {theirs}, yours {ours}.", { theirs: range(theirs), ours: range(ours) }));
});

const drawPositions = (positions) => [h("h3", {}, t("How it sets itself apart")), h("ul", {}, positions.map((one) =>
    h("li", { dir: "auto" }, badge(words(one.kind)), " ", one.text, one.packages.length > 0
        && h("span", { class: "evidence" }, t("So do: {names}",
            { names: one.packages.map(({ name }) => name).join(", ") })))))];

function drawStatements({ data }) {
    if (!data.length) return quiet(t("Nothing has been read on its pages yet."));
    return table(t("What its pages say"), [t("Statement"), t("Type"), figure(t("Price")), t("Found"), t("Until")],
        data.map((one) => h("tr", {},
            h("th", { scope: "row", dir: "auto" }, one.text, h("span", { class: "evidence" }, outside(one.url))),
            h("td", { "data-label": t("Type") }, words(one.kind)), cell(t("Price"), money(one.price) ?? "–"),
            h("td", { "data-label": t("Found") }, dayOf(one.found_at)),
            h("td", { "data-label": t("Until") }, dayOf(one.ended_at) ?? t("Still there")))), "stacked");
}
