import { may } from "../api.js";
import { badge, failure, fill, h, quiet } from "../dom.js";
import { day, money, number, percent, words } from "../format.js";
import { nextStep } from "../stages.js";
import { moveDeal, mover } from "./dealmove.js";

/**
 * A column for each stage. Deals are moved by the menu of their card, or carried to another column with a pointer.
 * `moved` is told afterwards, `tell` how many there are.
 */
export function board({ stages, currency }, { q, stage: chosen, cardsMax, tell }, moved) {
    const shown = stages.filter(({ stage }) => !chosen || stage === chosen);
    const carrying = { deal: null };
    const place = h("div", { class: "notices" });
    const matches = ({ deal }) => matchesText(deal, q);
    const columns = shown.map((stage) => {
        const cards = stage.cards.filter(matches);
        const context = { carrying, place, moved, isNarrowed: q !== "", cardsMax };
        return { element: column(stage, cards, currency, context), cards };
    });
    const found = columns.reduce((sum, { cards }) => sum + cards.length, 0);
    tell(`${number(found)} ${found === 1 ? "deal" : "deals"}`);
    if (stages.every(({ deals }) => deals === 0)) {
        return h("div", { class: "empty" },
            h("p", {}, "No open deals."),
            quiet("Deals are created from qualified leads. ",
                h("a", { href: "#/leads?status=qualified" }, "View qualified leads")));
    }
    return [place, h("div", { class: "board" }, columns.map(({ element }) => element))];
}

function matchesText({ name, notes }, q) {
    const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const text = `${name} ${notes ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
}

function column({ stage, deals, value, weighted_value, cards: all }, cards, currency, context) {
    const { carrying, place, moved, isNarrowed, cardsMax } = context;
    const id = `stage-${stage}`;
    const sum = (amount) => money({ amount, currency });
    const element = h(
        "section", { class: "column", "aria-labelledby": id },
        h("h2", { id }, words(stage), h("span", { class: "unseen" }, ": "), h("span", { class: "of" }, number(deals))),
        deals > 0 && h("p", { class: "quiet" }, sum(value), h("br", {}), `${sum(weighted_value)} weighted`),
        cards.length > 0
            ? h("ol", { class: "plain" }, cards.map((card) => h("li", {}, drawCard(card, carrying, moved))))
            : quiet(isNarrowed && deals > 0 ? "No matches." : "No deals."),
        deals > all.length && quiet(`Showing the ${number(cardsMax)} that have been here longest.`));
    if (may("deals:write")) takeDrops(element, stage, { carrying, place, moved });
    return element;
}

function drawCard({ deal, age_days, is_stale }, carrying, moved) {
    const { id, name, value, weighted_value, probability, stage, expected_close } = deal;
    const age = age_days === 0 ? "Entered today" : `${number(age_days)} ${age_days === 1 ? "day" : "days"} in stage`;
    const card = h(
        "article",
        {
            class: `deal ${is_stale ? "stale" : ""}`, draggable: may("deals:write") && "true",
            "aria-labelledby": `card-${id}`,
        },
        h("h3", { id: `card-${id}` }, h("a", { href: `#/deals/${id}`, draggable: "false" }, name)),
        h("p", {}, value ? h("strong", {}, money(value)) : "No value",
            value && h("span", { class: "evidence" }, `${money(weighted_value)} weighted (${percent(probability)})`)),
        h("p", { class: "badges" }, badge(age, is_stale ? "warn" : ""), is_stale && badge("Stalled", "warn")),
        h("p", { class: "quiet" }, `Next: ${nextStep(stage)}`,
            expected_close && h("span", { class: "evidence" }, `Expected close: ${day(expected_close)}`)),
        may("deals:write") && mover(deal, moved));
    card.addEventListener("dragstart", (event) => {
        carrying.deal = deal;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", name);
        card.classList.add("carried");
    });
    card.addEventListener("dragend", () => {
        carrying.deal = null;
        card.classList.remove("carried");
    });
    return card;
}

function takeDrops(element, stage, { carrying, place, moved }) {
    const mayTake = () => carrying.deal !== null && carrying.deal.stage !== stage;
    element.addEventListener("dragover", (event) => {
        if (!mayTake()) return;
        event.preventDefault();
        element.classList.add("over");
    });
    element.addEventListener("dragleave", (event) => {
        if (!element.contains(event.relatedTarget)) element.classList.remove("over");
    });
    element.addEventListener("drop", async (event) => {
        element.classList.remove("over");
        if (!mayTake()) return;
        event.preventDefault();
        const { deal } = carrying;
        carrying.deal = null;
        fill(place);
        try {
            await moveDeal(deal, stage);
            await moved();
        } catch (problem) {
            fill(place, failure(problem, moved, "Load latest"));
        }
    });
}
