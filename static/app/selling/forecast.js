import { withQuery } from "../api.js";
import { openStages } from "../stages.js";
import { h, quiet, section } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { month } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** The deals that are expected to close in a month. */
function dealsOf(text) {
    const [year, number] = text.split("-").map(Number);
    const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
    return withQuery("#/deals", {
        "expected_close[gte]": `${text}-01`, "expected_close[lte]": `${text}-${last}`, stage: openStages.join(","),
    });
}

/** Draws what the open deals may bring, by the month in which they are expected to close. */
export function drawForecast({ forecast, currency }) {
    if (!forecast.length) return null;
    const sum = (amount) => money({ amount, currency });
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, one.month ? h("a", { href: dealsOf(one.month) }, month(one.month))
            : t("No close date")),
        cell(t("Deals"), number(one.deals)), cell(t("Weighted"), sum(one.weighted)),
        cell(t("Committed"), sum(one.committed)), cell(t("Best case"), sum(one.best)));
    return section(t("Forecast"), {},
        table(t("Open deals by expected close month"),
            [t("Month"), figure(t("Deals")), figure(t("Weighted")), figure(t("Committed")), figure(t("Best case"))],
            forecast.map(row), "stacked"),
        quiet(t("All open deals, in {currency}. Weighted values count each deal by its probability.", { currency })));
}
