import { h } from "./dom.js";
import { sorted, unheard } from "./state.js";

/** A table of ready rows. A column is its heading, or `{text, class}`; an empty one needs no heading. */
export function table(caption, columns, rows, className) {
    const heading = ({ text, class: own } = {}) =>
        text ? h("th", { scope: "col", class: own }, text) : h("td", {});
    return h(
        "table", { class: className },
        h("caption", { class: "unseen" }, caption),
        h("thead", {}, h("tr", {}, columns.map((column) => heading(column.text ? column : { text: column })))),
        h("tbody", {}, rows));
}

/** The heading of a column of figures, and a figure of it, beside which a narrow screen shows that heading. */
export const figure = (text) => ({ text, class: "figure" });
export const cell = (label, ...content) => h("td", { class: "figure", "data-label": label }, content);

/** A column of so many rem, which stays so wide while rows are read. */
export function column(rem) {
    const element = h("col");
    element.style.setProperty("width", `${rem}rem`);
    return element;
}

/** Sets the width of all columns of a table together. */
export const setWidth = (table, rem) => table.style.setProperty("--columns", `${rem}rem`);

/** A heading that sorts its table: `way` is "ascending", "descending" or null, and `turn` sorts it otherwise. */
export const sorter = (label, { way, turn, ...attributes }) => h("th", { scope: "col", ...sorted(way), ...attributes },
    h("button", { type: "button", class: "sorter", onclick: turn }, h("span", { dir: "auto" }, label),
        way && h("span", unheard, way === "ascending" ? " ↑" : " ↓")));
