import { svg } from "./chart.js";
import { h } from "./dom.js";
import { number } from "./format.js";
import { table } from "./table.js";
import { day } from "./when.js";
import { t } from "./words.js";

const [width, height] = [640, 140];

/**
 * Two counts of each day side by side: `series` are their names, `days` [{date, values: [one, other], href}], the
 * oldest first. The same stands below as a table, where a day leads to its records.
 */
export function dayBars({ title, series, days }) {
    const most = Math.max(1, ...days.flatMap(({ values }) => values));
    const step = width / days.length, thick = Math.min(18, step / 3);
    const bars = days.flatMap(({ date, values }, index) => values.map((value, which) => svg("rect", {
        class: which === 0 ? "first" : "second", width: thick, height: (value / most) * height,
        x: index * step + step / 2 - thick + which * thick, y: height - (value / most) * height,
    }, svg("title", {}, `${day(date)}: ${series[which]} ${number(value)}`))));
    const sums = series.map((name, which) => t("{name}: {count}", {
        name, count: number(days.reduce((sum, { values }) => sum + values[which], 0)),
    }));
    const told = t("{title}. {sums}.", { title, sums: sums.join(", ") });
    return h("figure", { class: "chart bars" },
        h("figcaption", { class: "legend" }, series.map((name, which) => h("span", {},
            h("span", { class: `swatch ${which === 0 ? "first" : "second"}`, "aria-hidden": "true" }), sums[which]))),
        svg("svg", { viewBox: `0 -4 ${width} ${height + 5}`, role: "img", "aria-label": told },
            svg("line", { class: "ground", x1: 0, x2: width, y1: height, y2: height }), ...bars),
        h("p", { class: "ends" }, h("span", {}, day(days[0].date)), h("span", {}, day(days.at(-1).date))),
        h("details", { class: "fold" }, h("summary", {}, t("Show as table")),
            table(title, [t("Day"), ...series.map((text) => ({ text, class: "figure" }))],
                days.toReversed().map(({ date, values, href }) => h("tr", {},
                    h("th", { scope: "row", class: "one-line" }, href ? h("a", { href }, day(date)) : day(date)),
                    values.map((value) => h("td", { class: "figure" }, number(value))))), "stages")));
}
