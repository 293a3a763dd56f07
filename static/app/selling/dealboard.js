import { may } from "../api.js";
import { nextStep } from "../stages.js";
import { board as columns } from "../../ui/board.js";
import { badge, h, quiet } from "../../ui/dom.js";
import { counted, number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { titled } from "../../ui/state.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { bring, mover } from "./dealmove.js";

/** A column for each stage, with how many deals and how much money are in it; `moved` reads anew. */
export function board({ stages, currency }, cardsMax, moved) {
    const sum = (amount) => money({ amount, currency });
    const column = ({ stage, deals, value, weighted_value, cards }) => ({
        name: stage, title: words(stage), of: deals,
        note: h("p", { class: "quiet" }, sum(value),
            deals > 0 && [h("br", {}), t("{amount} weighted", { amount: sum(weighted_value) })]),
        items: cards.map((card) => ({
            id: card.deal.id, name: card.deal.name, column: stage, deal: card.deal, element: drawCard(card, moved),
        })),
        foot: deals > cards.length
            && quiet(t("Showing the {count} that have been here longest.", { count: number(cardsMax) })),
    });
    const move = ({ deal }, stage) => bring(deal, stage, () => moved(deal.id));
    return columns(t("Deals by stage"), stages.map(column), { move: may("deals:write") ? move : null });
}

function drawCard({ deal, age_days, is_stale }, moved) {
    const { id, name, value, weighted_value, probability, stage, expected_close } = deal;
    const age = age_days === 0 ? t("Entered today") : t("{days} in stage", { days: counted(age_days, "day") });
    return h(
        "article", { class: `deal ${is_stale ? "stale" : ""}`, ...titled(`card-${id}`) },
        h("h3", { id: `card-${id}` }, h("a", { href: `#/deals/${id}`, draggable: "false", dir: "auto" }, name)),
        h("p", {}, value ? h("strong", {}, money(value)) : t("No value"),
            value && h("span", { class: "evidence" }, t("{amount} weighted ({share})",
                { amount: money(weighted_value), share: percent(probability) }))),
        h("p", { class: "badges" }, badge(age, is_stale ? "warn" : ""), is_stale && badge(t("Stalled"), "warn")),
        h("p", { class: "quiet" }, t("Next: {step}", { step: nextStep(stage) }),
            expected_close && h("span", { class: "evidence" },
                t("Expected close: {day}", { day: day(expected_close) }))),
        may("deals:write") && mover(deal, () => moved(id)));
}
