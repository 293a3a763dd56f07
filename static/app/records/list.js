import { download, get, may, withQuery } from "../api.js";
import { announce, doing, fill, h, pending, quiet } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { number, words } from "../format.js";
import { isBeyond, paged } from "../paging.js";
import { live } from "../stream.js";
import { tabs } from "../../ui/tabs.js";
import { columnChooser } from "./columns.js";
import { askNew } from "./edit.js";
import { addressOf, kindOf, nameOf, singularOf, titleOf } from "./meta.js";
import { kinds } from "./kinds.js";
import { selection } from "./selection.js";
import { isFigure, show } from "./show.js";
import { viewTabs } from "./views.js";

/**
 * The list of a kind of record, from its declaration. `more` may give other ways to look at it, as tabs:
 * {tabs: [{name, text, draw(context)}], actions: (context) => nodes}.
 */
export const listView = (plural, more = {}) => (context) => {
    const title = titleOf(plural), singular = singularOf(plural);
    const address = `#/${plural}`;
    const actions = h("div", { class: "actions" });
    const load = () => kindOf(plural);
    const body = pending(load, (kind) => {
        const table = recordTable(kind, { ...context, address });
        fill(actions, listActions(kind, { address, table, more, context }));
        if (context.isNew && kind.mayWrite) setTimeout(() => openNew(kind, address, table));
        if (!more.tabs) return table.element;
        const list = [{ name: "list", text: "List", draw: () => table.element },
            ...more.tabs.map((tab) => ({ ...tab, draw: () => tab.draw(context, table) }))];
        return tabs(`Ways to see ${title.toLowerCase()}`, list, {
            opened: context.query.as ?? "list",
            onOpen: (as) => history.replaceState(null, "", withQuery(address, as === "list" ? {} : { as })),
        }).element;
    }, { signal: context.signal });
    return {
        title: context.isNew ? `New ${singular}` : title,
        content: [h("div", { class: "heading" }, h("h1", {}, title), actions), body],
    };
};

function listActions(kind, { address, table, more, context }) {
    const { singular, plural, mayWrite } = kind;
    return [
        more.actions?.(context),
        kind.imports && may(`${kind.table}:import`)
            && h("a", { class: "button", href: plural === "leads" ? "#/import" : `#/import?into=${plural}` }, "Import"),
        kind.exports && may(`${kind.table}:export`) && exporter(kind, table),
        mayWrite && !kind.noNew && h("button", { type: "button", class: "primary", "data-key": "n",
            onclick: () => openNew(kind, address, table) }, `New ${singular}`),
    ];
}

function openNew(kind, address, table) {
    const before = location.hash;
    const own = `${address}/new`;
    if (before !== own) history.pushState(null, "", own);
    askNew(kind, {
        onSaved: () => table.reload(),
        onClose() {
            if (location.hash === own) history.replaceState(null, "", before === own ? address : before);
        },
    });
}

function exporter(kind, table) {
    const trouble = h("div");
    return [doing("Export", async () => {
        announce("Exporting…");
        const path = withQuery(`${kind.path}/export`, { format: "csv", ...table.wanted() });
        await download(path, `${kind.plural}.csv`);
    }, { place: trouble }), trouble];
}

/** A kind's records as a table with search, filters, columns, sorting and a selection. */
export function recordTable(kind, { query, signal, address, narrow = {}, isPart = false }) {
    const names = kind.filters;
    let wanted = { q: query.q ?? "", sort: query.sort ?? "",
        ...Object.fromEntries(names.map((name) => [name, query[name] ?? ""])) };
    let columns = query.columns?.split(",").filter((name) => kind.fields.has(name)) ?? kind.columns;
    const isSearched = [...kind.fields.values()].some(({ searchable }) => searchable);
    const asked = (cursor) => get(withQuery(kind.path, {
        ...wanted, ...narrow, limit: 50, cursor, total: cursor ? "" : "true",
    }), signal);
    const keepAddress = () => address && history.replaceState(null, "", withQuery(address, {
        ...wanted, as: query.as, columns: columns === kind.columns ? "" : columns.join(","),
    }));
    const chosen = selection(kind, { reload: () => results.reload() });
    const results = pending(() => asked(), draw, { signal });
    const reload = () => results.reload();
    const again = (next) => {
        wanted = { ...wanted, ...next };
        keepAddress();
        reload();
    };
    // A part's changes come with those of the page that holds it.
    if (!isPart) {
        live(`${kind.table.replace(/ies$/, "y").replace(/s$/, "")}.*`,
            () => isBeyond(results) || chosen.isOpen() || reload(), signal);
    }

    function draw(first) {
        chosen.clear();
        const { total } = first;
        const isNarrowed = wanted.q || names.some((name) => wanted[name]);
        if (first.data.length === 0) return nothing(kind, isNarrowed, address);
        const fields = columns.map((name) => kind.fields.get(name));
        const body = h("tbody", {}, first.data.map((record) => row(kind, fields, record, chosen)));
        const table = h("table", { class: "records", "aria-label": kind.title },
            h("thead", {}, h("tr", {}, chosen.isOffered && chosen.head(body),
                [kind.fields.get(kind.name), ...fields].filter(Boolean)
                    .map((one) => heading(one, wanted.sort, again)))),
            body);
        return [
            h("div", { class: "scroll", tabindex: -1 }, table),
            quiet(`${number(total)} ${total === 1 ? kind.singular : kind.title.toLowerCase()}`),
            seen(paged(first, asked, (records) => {
                const rows = records.map((record) => row(kind, fields, record, chosen));
                body.append(...rows);
                return rows[0];
            })),
        ];
    }
    const setColumns = (next) => {
        columns = next;
        keepAddress();
        reload();
    };
    const controls = (isSearched || names.length > 0) && !isPart && filters(
        { label: kind.title, address, wanted, signal, onChange: again },
        isSearched && field(`Search ${kind.title.toLowerCase()}`, "q", { type: "search", value: wanted.q }),
        names.map((name) => choice(kind.fields.get(name), wanted[name])));
    const views = !isPart && viewTabs(kind, { address, state: () => ({ ...wanted, columns: columns.join(",") }) });
    const element = h("div", { class: "record-list" }, views && views.row,
        h("div", { class: "list-tools" }, controls, views && h("div", { class: "actions" },
            columnChooser(kind, () => columns, setColumns), views.keeper)),
        chosen.bar, results);
    return { element, reload, wanted: () => ({ ...wanted, ...narrow }) };
}

function choice(one, value) {
    const codes = one.schema.enum ?? ["true", "false"];
    const text = (code) => ({ true: "Yes", false: "No" })[code] ?? words(code);
    return field(one.label, one.name, {
        control: "select", value,
        options: [["", "All"], ...codes.filter((code) => code !== null).map((code) => [code, text(code)])],
    });
}

function heading(one, sort, again) {
    const number = isFigure(one) && "figure";
    if (!one.sortable) return h("th", { scope: "col", class: number }, one.label);
    const way = sort === one.name ? "ascending" : sort === `-${one.name}` ? "descending" : null;
    const next = way === "descending" ? one.name : way === "ascending" ? "" : `-${one.name}`;
    return h("th", { scope: "col", class: number, "aria-sort": way },
        h("button", { type: "button", class: "sorter", onclick: () => again({ sort: next }) }, one.label,
            way && h("span", { "aria-hidden": "true" }, way === "ascending" ? " ↑" : " ↓")));
}

function row(kind, fields, record, chosen) {
    const address = addressOf(kind, record.id), name = nameOf(kind, record);
    return h("tr", {},
        chosen.isOffered && chosen.box(record, name),
        h("th", { scope: "row", title: name.length > 40 ? name : null },
            address ? h("a", { href: address, dir: "auto", class: "name" }, name) : h("span", { dir: "auto" }, name)),
        fields.map((one) => h("td", { class: isFigure(one) ? "figure" : "", "data-label": one.label },
            show(one, record[one.name]) ?? "–")));
}

function nothing(kind, isNarrowed, address) {
    const title = kind.title.toLowerCase();
    if (isNarrowed) {
        return h("div", { class: "empty" }, h("p", {}, `No ${title} match.`),
            address && h("p", {}, h("a", { href: address }, "Clear filters")));
    }
    return h("div", { class: "empty" }, h("p", {}, h("strong", {}, `No ${title} yet`)),
        kinds[kind.plural]?.empty && h("p", { class: "quiet" }, kinds[kind.plural].empty));
}

/** The next page comes as its button comes into sight. */
function seen(more) {
    new IntersectionObserver((entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) more.querySelector("button")?.click();
    }, { rootMargin: "400px" }).observe(more);
    return more;
}
