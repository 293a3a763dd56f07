import { h } from "./dom.js";
import { number, words } from "./format.js";
import { picture } from "./state.js";
import { table } from "./table.js";
import { day } from "./when.js";
import { pair, t } from "./words.js";

/* A line over days, drawn as SVG; what it shows is said in words and stands in a table below it, too. */

const space = "http://www.w3.org/2000/svg";
const [width, height] = [640, 160];

/** An element of a drawing. */
export function svg(tag, attributes, ...children) {
    const element = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
}

/** `{title, source, unit, points: [{date, value}]}` */
export function chart({ title, source, unit, points }) {
    const list = points ?? [];
    const name = t("{title}, from {source}", { title, source: words(source) });
    const shown = (value) => [number(value), unit].filter(Boolean).join(" ");
    if (!list.length) return null;
    const [first, last] = [list[0], list[list.length - 1]];
    const values = list.map(({ value }) => value);
    const [low, high] = [Math.min(0, ...values), Math.max(...values)];
    const told = t("{name}: {first} on {begin}, {last} on {end}, maximum {most}.", {
        name, first: shown(first.value), begin: day(first.date), last: shown(last.value), end: day(last.date),
        most: shown(high),
    });
    return h("figure", { class: "chart" },
        h("figcaption", {}, title, " ",
            h("span", { class: "quiet" }, t("Source: {source}", { source: words(source) }))),
        svg("svg", { viewBox: `-4 -4 ${width + 8} ${height + 8}`, ...picture(told) },
            svg("line", { class: "ground", x1: 0, x2: width, y1: height, y2: height }),
            svg("polyline", { class: "line", points: place(list, low, high) })),
        h("p", { class: "ends" },
            h("span", {}, pair(day(first.date), shown(first.value))),
            h("span", {}, pair(day(last.date), shown(last.value)))),
        h("details", {}, h("summary", {}, t("Show as table")),
            table(name, [t("Day"), { text: t("Value"), class: "figure" }], list.map(({ date, value }) => h("tr", {},
                h("th", { scope: "row" }, day(date)), h("td", { class: "figure" }, shown(value)))))));
}

function place(list, low, high) {
    const at = (date) => new Date(`${date}T00:00:00Z`).getTime();
    const [start, span] = [at(list[0].date), Math.max(at(list[list.length - 1].date) - at(list[0].date), 1)];
    const points = list.map(({ date, value }) => {
        const x = list.length === 1 ? width / 2 : ((at(date) - start) / span) * width;
        const y = height - ((value - low) / (high - low || 1)) * height;
        return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    // A single day is a short line rather than nothing.
    return list.length === 1 ? `0,${points[0].split(",")[1]} ${width},${points[0].split(",")[1]}` : points.join(" ");
}
