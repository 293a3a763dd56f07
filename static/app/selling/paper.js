import { h, quiet, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { markdown } from "../../ui/markdown.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* A proposal or a contract on the page, as its client reads it. */


/** Draws a proposal or contract, from the first word to the last. */
export function drawPaper(record) {
    const { title, introduction, needs, services, items, pricing_justification, case_studies, terms } = record;
    return section(t("As the client sees it"), { class: "paper" },
        title && h("h3", { dir: "auto" }, title),
        prose(introduction),
        needs?.length > 0 && part(t("What you need"), h("ul", {}, needs.map((one) => h("li", { dir: "auto" }, one)))),
        services?.length > 0 && part(t("What we do"), h("dl", { class: "plain-terms" }, services.map(service))),
        (items.length > 0 || record.price) && part(t("Price"),
            items.length > 0 && priceTable(items), sums(record), prose(pricing_justification)),
        case_studies?.length > 0 && part(t("Work for others"), case_studies.map(caseStudy)),
        prose(terms), conditions(record), prose(record.call_to_action),
        isEmpty(record) && quiet(t("Nothing is written yet. Edit it to say what you offer.")));
}

const isEmpty = ({ introduction, needs, services, items, terms }) =>
    !introduction && !needs?.length && !services?.length && !items?.length && !terms;

const part = (title, ...children) => [h("h3", { class: "part" }, title), children];
const prose = (text) => text && h("div", { class: "prose", dir: "auto" }, markdown(text));
const service = ({ title, description }) =>
    h("div", {}, h("dt", { dir: "auto" }, title), description && h("dd", { dir: "auto" }, description));
const caseStudy = ({ title, client, result, text, quote, speaker }) => [
    h("p", { dir: "auto" }, h("strong", {}, title),
        client && ` (${client})`, result && `: ${result}`, text && h("span", { class: "evidence" }, text)),
    quote && h("blockquote", { dir: "auto" }, quote, speaker && ` — ${speaker}`)];

/** Items with what each costs; how it is billed where that differs. */
export function priceTable(items) {
    const isBilled = items.some(({ billed }) => billed);
    return table(t("Items"), [t("Description"), figure(t("Quantity")), figure(t("Unit price")),
        isBilled && t("Billed"), figure(t("Amount"))].filter(Boolean),
    items.map(({ description, quantity, unit_price, billed }) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, description), cell(t("Quantity"), number(quantity)),
        cell(t("Unit price"), money(unit_price)),
        isBilled && h("td", { "data-label": t("Billed") }, words(billed ?? "monthly")),
        cell(t("Amount"), money({ ...unit_price, amount: unit_price.amount * quantity })))), "stacked");
}

export const sumList = (pairs) => h("dl", { class: "facts sums" }, pairs.filter(([, value]) => value).map(
    ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value))));

function sums({ price, one_off, total }) {
    return sumList([
        [t("Each month"), price?.amount > 0 && money(price)], [t("Once"), one_off?.amount > 0 && money(one_off)],
        [t("Total"), total && money(total)],
    ]);
}

function conditions({ sla, milestones, starts_on, months, notice_days, valid_until }) {
    return [
        sla?.length > 0 && part(t("Service levels"),
            h("ul", {}, sla.map(({ name, target }) => h("li", { dir: "auto" }, `${name}: ${target}`)))),
        milestones?.length > 0 && part(t("Milestones"),
            h("ul", {}, milestones.map(({ name, due }) =>
                h("li", { dir: "auto" }, due ? `${name}: ${day(due)}` : name)))),
        starts_on && quiet(t("Starts {day}", { day: day(starts_on) })),
        months && quiet(t("Months: {count}", { count: number(months) })),
        notice_days && quiet(t("Notice in days: {count}", { count: number(notice_days) })),
        valid_until && quiet(t("Valid until {day}", { day: day(valid_until.slice(0, 10)) })),
    ];
}
