import { get, withQuery } from "../api.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { current, spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

const ways = () => [
    ["type", t("By type")], ["item", t("By piece")], ["segment", t("By segment")], ["stage", t("By stage")],
    ["hour", t("By hour")],
];

/** Shows the results of content that was sent, told apart by what it is, whom it reached and when. */
export function contentFigures({ query, signal }) {
    const [by, title] = ways().find(([name]) => name === query.by) ?? ways()[0];
    return {
        title: t("Content figures"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/insights" }, t("Insights"))),
            h("h1", {}, t("Content figures")),
            h("nav", { class: "tabs", ...spokenAs(t("Told apart")) }, ways().map(([name, text]) => h("a", {
                href: withQuery("#/insights/content", { by: name }), ...current(name === by),
            }, text))),
            pending(() => get(withQuery("/v1/content-figures", { by }), signal), (found) => draw(found, title),
                { signal }),
        ],
    };
}

function draw({ by, figures }, title) {
    if (!figures.length) return quiet(t("No content has been sent yet. Figures come with the first distribution."));
    const columns = [["sent", t("Sent")], ["open_rate", t("Opened")], ["click_rate", t("Clicked")],
        ["response_rate", t("Replied")], ["conversion_rate", t("Became clients")]];
    const value = (one, name) => (name === "sent" ? number(one.sent) : percent(one[name]));
    return [
        table(title, [columnOf(by), ...columns.map(([, text]) => figure(text)), figure(t("Surely between"))],
            figures.map((one) => h("tr", {}, h("th", { scope: "row", dir: "auto" }, nameOf(by, one)),
                columns.map(([name, text]) => cell(text, value(one, name))),
                cell(t("Surely between"), t("{low} to {high}", { low: percent(one.low), high: percent(one.high) })))),
            "stacked"),
        quiet(t("The last column is the share that clicked or answered, as far as these counts can tell it.")),
    ];
}

const columnOf = (by) => ({ type: t("Type"), item: t("Piece"), segment: t("Segment"), stage: t("Stage"),
    hour: t("Hour") }[by]);

function nameOf(by, { key, name }) {
    const page = { item: "#/content-items", segment: "#/segments" }[by];
    if (page) return h("a", { href: `${page}/${encodeURIComponent(key)}` }, name ?? t("Without a name"));
    return by === "hour" ? `${Number(key)}:00` : name ?? words(key);
}
