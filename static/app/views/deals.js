import { get, withQuery } from "../api.js";
import { h, pending, quiet, section, table } from "../dom.js";
import { month, money, number } from "../format.js";
import { pagesOf } from "../records/pages.js";
import { live } from "../stream.js";
import { board } from "./board.js";
import { dealPapers } from "./dealpapers.js";
import { dealTalk } from "./dealtalk.js";
import { dealStep } from "./deal.js";
import { mover } from "./dealmove.js";

const cardsMax = 200;

/** Deals: a list, a board of the stages, and what is special about one. */
export const { list, newRecord, record, editRecord } = pagesOf("deals", {
    list: { tabs: [{ name: "board", text: "Board", draw: drawBoard }] },
    record: {
        facts: ["stage", "has_own_probability", "needs"],
        lead: dealStep,
        actions: (deal, { kind, reload }) => kind.mayWrite && mover(deal, reload),
        panels: (deal, { signal }) => [dealPapers(deal, signal).content, dealTalk(deal, signal).content],
    },
});

function drawBoard({ signal }) {
    const load = () => get(withQuery("/v1/pipeline", { per_stage: cardsMax }), signal);
    const place = pending(load, (found) => [board(found, cardsMax, moved), drawForecast(found)], { signal });
    async function moved(id) {
        await place.reload();
        // The keyboard goes with the card.
        place.querySelector(`[data-deal="${id}"] button`)?.focus();
    }
    const isAtWork = () => place.querySelector('[aria-expanded="true"]') || document.querySelector("dialog[open]");
    live("deal.*", () => isAtWork() || place.reload(), signal);
    return place;
}

function drawForecast({ forecast, currency }) {
    if (!forecast.length) return null;
    const figure = (text) => ({ text, class: "figure" });
    const cell = (label, text) => h("td", { class: "figure", "data-label": label }, text);
    const sum = (amount) => money({ amount, currency });
    const row = (one) => h(
        "tr", {},
        h("th", { scope: "row" }, one.month ? month(one.month) : "No close date"),
        cell("Deals", number(one.deals)), cell("Weighted", sum(one.weighted)), cell("Committed", sum(one.committed)),
        cell("Best case", sum(one.best)));
    return section("Forecast", {},
        table(
            "Open deals by expected close month",
            ["Month", figure("Deals"), figure("Weighted"), figure("Committed"), figure("Best case")],
            forecast.map(row), "stacked"),
        quiet(`All open deals, in ${currency}. Weighted values count each deal by its probability.`));
}
