import { may } from "../api.js";
import { badge, h, quiet } from "../dom.js";
import { day, money, number, percent, words } from "../format.js";
import { nextStep } from "../stages.js";
import { bring, mover } from "./dealmove.js";

/**
 * A column for each stage. Deals are moved by the menu of their card, or carried to another column with a pointer: the
 * card is there at once, and goes back where the server refuses it. `moved` reads anew.
 */
export function board({ stages, currency }, cardsMax, moved) {
    const carrying = { deal: null, card: null };
    return h("div", { class: "board scroll", tabindex: 0, role: "region", "aria-label": "Deals by stage" },
        stages.map((stage) => column(stage, { currency, cardsMax, carrying, moved })));
}

function column({ stage, deals, value, weighted_value, cards }, context) {
    const { currency, cardsMax, carrying, moved } = context;
    const id = `stage-${stage}`;
    const sum = (amount) => money({ amount, currency });
    const list = h("ol", { class: "plain", "aria-labelledby": `${id}-name` }, cards.map((card) => h("li", {
        draggable: may("deals:write") && "true", "data-deal": card.deal.id,
        ondragstart(event) {
            Object.assign(carrying, { deal: card.deal, card: event.currentTarget });
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", card.deal.name);
        },
        ondragend: () => Object.assign(carrying, { deal: null, card: null }),
    }, drawCard(card, moved))));
    const element = h(
        "section", { class: "column", "aria-labelledby": id },
        h("h2", { id }, h("span", { id: `${id}-name` }, words(stage)), h("span", { class: "unseen" }, ": "),
            h("span", { class: "of" }, number(deals))),
        h("p", { class: "quiet" }, sum(value), deals > 0 && [h("br", {}), `${sum(weighted_value)} weighted`]),
        list, deals > cards.length && quiet(`Showing the ${number(cardsMax)} that have been here longest.`));
    if (may("deals:write")) takeDrops(element, list, stage, carrying, moved);
    return element;
}

function drawCard({ deal, age_days, is_stale }, moved) {
    const { id, name, value, weighted_value, probability, stage, expected_close } = deal;
    const age = age_days === 0 ? "Entered today" : `${number(age_days)} ${age_days === 1 ? "day" : "days"} in stage`;
    return h(
        "article", { class: `deal ${is_stale ? "stale" : ""}`, "aria-labelledby": `card-${id}` },
        h("h3", { id: `card-${id}` }, h("a", { href: `#/deals/${id}`, draggable: "false", dir: "auto" }, name)),
        h("p", {}, value ? h("strong", {}, money(value)) : "No value",
            value && h("span", { class: "evidence" }, `${money(weighted_value)} weighted (${percent(probability)})`)),
        h("p", { class: "badges" }, badge(age, is_stale ? "warn" : ""), is_stale && badge("Stalled", "warn")),
        h("p", { class: "quiet" }, `Next: ${nextStep(stage)}`,
            expected_close && h("span", { class: "evidence" }, `Expected close: ${day(expected_close)}`)),
        may("deals:write") && mover(deal, () => moved(id)));
}

function takeDrops(element, list, stage, carrying, moved) {
    const mayTake = () => carrying.deal !== null && carrying.deal.stage !== stage;
    element.addEventListener("dragover", (event) => {
        if (!mayTake()) return;
        event.preventDefault();
        element.classList.add("over");
    });
    element.addEventListener("dragleave", (event) => {
        if (!element.contains(event.relatedTarget)) element.classList.remove("over");
    });
    element.addEventListener("drop", (event) => {
        element.classList.remove("over");
        if (!mayTake()) return;
        event.preventDefault();
        const { deal, card } = carrying;
        list.append(card);
        bring(deal, stage, () => moved(deal.id));
    });
}
