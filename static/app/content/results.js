import { get } from "../api.js";
import { bar } from "../../ui/bar.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

const counts = () => [["sent", t("Sent")], ["delivered", t("Delivered")], ["opened", t("Opened")],
    ["clicked", t("Clicked")], ["replied", t("Answered")], ["converted", t("Became a client")]];

/** Shows a content item's results, variant by variant. */
export function results({ id }, { signal, follow }) {
    const path = `/v1/content-items/${encodeURIComponent(id)}/results`;
    const place = pending(() => get(path, signal), draw, { signal });
    follow(place.reload);
    return section(t("Results"), {}, place);
}

function draw({ variants, goal, winner, sure }) {
    if (variants.every(({ sent }) => sent === 0)) return quiet(t("Nobody has got it yet."));
    const most = Math.max(0.01, ...variants.map(({ high }) => high)), isTried = variants.length > 1;
    const row = (one) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, isTried ? one.name : t("As it is written"), " ",
            one.name === winner && badge(t("Winner"), "good")),
        h("td", { class: "wide" }, bar(one.rate / most)),
        counts().map(([name, text]) => cell(text, number(one[name]))),
        cell(t("Rate"), percent(one.rate), h("span", { class: "evidence" },
            t("{low} to {high}", { low: percent(one.low), high: percent(one.high) }))));
    return [
        table(t("Results"), [t("Variant"), "", ...counts().map(([, text]) => figure(text)), figure(t("Rate"))],
            variants.map(row), "stacked"),
        quiet(goal === "converted"
            ? t("The rate is the share of those whose lead was won afterwards, with its bounds.")
            : t("The rate is the share of those who followed a link or answered, with its bounds.")),
        isTried && !sure && quiet(t("No winner yet: the difference may be chance.")),
    ];
}
