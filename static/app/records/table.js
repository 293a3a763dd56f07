import { h } from "../../ui/dom.js";
import { rowAt, spokenAs, unheard } from "../../ui/state.js";
import { column, setWidth, sorter } from "../../ui/table.js";
import { t } from "../../ui/words.js";
import { isEditable, openCell } from "./inplace.js";
import { addressOf, isMoney, nameOf, typesOf } from "./meta.js";
import { isFigure, show } from "./show.js";

/* The table of a list: its columns and rows. */

/** Returns a column's width in rem: the same for every page of a list, so that nothing moves as rows are read. */
function widthOf(field, isName) {
    if (isName) return 15;
    if (isMoney(field) || isFigure(field)) return 8;
    if (typesOf(field).includes("boolean")) return 7;
    if (["date", "date-time"].includes(field.schema.format)) return 8.5;
    return field.schema.enum ? 11 : 11.5;
}

/** {table, columns}: an empty one, whose heading says how it is sorted; `again` is told when it is to be otherwise. */
export function emptyTable(kind, fields, { sort, again, head }) {
    const all = [kind.fields.get(kind.name) ?? { name: kind.name, label: kind.title, schema: {} }, ...fields];
    const table = h("table", { class: "records", ...spokenAs(kind.title) },
        h("colgroup", {}, head && h("col", { class: "pick" }),
            all.map((one, index) => column(widthOf(one, index === 0)))),
        h("thead", {}, h("tr", { ...rowAt(1) }, head, all.map((one) => heading(one, sort, again)))),
        h("tbody"));
    const sum = all.reduce((width, one, index) => width + widthOf(one, index === 0), head ? 2.5 : 0);
    setWidth(table, sum);
    return { table, columns: all.length + (head ? 1 : 0) };
}

function heading(one, sort, again) {
    const attributes = { class: isFigure(one) && "figure", title: one.label };
    if (!one.sortable) return h("th", { scope: "col", ...attributes }, h("span", { dir: "auto" }, one.label));
    const way = sort === one.name ? "ascending" : sort === `-${one.name}` ? "descending" : null;
    const next = way === "descending" ? one.name : way === "ascending" ? "" : `-${one.name}`;
    return sorter(one.label, { way, turn: () => again({ sort: next }), ...attributes });
}

/** A record as a row; `tools` are {chosen, saved, pathOf}. */
export function rowOf(kind, fields, record, { chosen, onSaved, addressFor }) {
    const address = addressFor ? addressFor(record) : addressOf(kind, record.id), name = nameOf(kind, record);
    const row = h("tr", { "data-id": record.id },
        chosen.isOffered && chosen.box(record, name),
        h("th", { scope: "row", title: name.length > 24 ? name.slice(0, 500) : null },
            address ? h("a", { href: address, dir: "auto", class: "name" }, name) : h("span", { dir: "auto" }, name)),
        fields.map((one) => cell(kind, one, record, onSaved)));
    return row;
}

function cell(kind, one, record, onSaved) {
    const editable = isEditable(kind, one);
    const element = h("td", {
        class: [isFigure(one) && "figure", editable && "editable"].filter(Boolean).join(" "), "data-label": one.label,
        title: editable ? t("Double-click to edit") : null,
    }, show(one, record[one.name]) ?? "–");
    if (editable) {
        element.addEventListener("dblclick", (event) => {
            if (!event.target.closest("input, select, textarea, a")) openCell(element, kind, one, record, onSaved);
        });
    }
    return element;
}

/** A row that is not there yet, as high as one that is. */
export const bone = (columns) => h("tr", { class: "bone", ...unheard },
    Array.from({ length: columns }, (_, index) => h(index ? "td" : "th", {}, h("span", { class: "bone-line" }))));
