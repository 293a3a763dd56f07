import { get } from "../api.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { month } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Shows the reviews of deliverables, month by month: the share that passes, the score, and what is found again. */
export const deliverableQuality = ({ signal }) => ({
    title: t("Quality of deliverables"),
    content: [
        h("p", { class: "links crumbs" }, h("a", { href: "#/deliverables" }, t("Deliverables")), " · ",
            h("a", { href: "#/review-rules" }, t("Review rules"))),
        h("h1", {}, t("Quality of deliverables")),
        pending(() => get("/v1/deliverable-quality", signal), draw, { signal }),
    ],
});

function draw({ trend }) {
    if (!trend.length) return quiet(t("Nothing was reviewed yet."));
    const months = [...new Set(trend.map((one) => one.month))].sort().reverse();
    return months.map((name) => section(month(name), {}, drawMonth(trend.filter((one) => one.month === name))));
}

function drawMonth(rows) {
    const label = (text) => ({ "data-label": text });
    const counted = (list) => list.map(({ name, count }) => h("li", { dir: "auto" },
        t("{name}: {count}", { name: words(name), count: number(count) })));
    return table(t("Reviews"), [t("Type"), figure(t("Reviews")), figure(t("Passed")), figure(t("Score")),
        t("Found most often"), t("Missing most often")], rows.map((one) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, one.type ? words(one.type) : t("All types")),
        cell(t("Reviews"), number(one.reviews)),
        cell(t("Passed"), one.reviews ? percent(one.passed / one.reviews) : "–"),
        cell(t("Score"), one.score === null ? "–" : percent(one.score)),
        h("td", label(t("Found most often")), one.findings.length ? h("ul", { class: "plain" }, counted(one.findings))
            : "–"),
        h("td", label(t("Missing most often")), one.missed.length ? h("ul", { class: "plain" }, counted(one.missed))
            : "–"))), "stacked");
}
