import { get, withQuery } from "../api.js";
import { live } from "../stream.js";
import { failure, fill, h } from "../../ui/dom.js";
import { teller } from "../../ui/filter.js";
import { number } from "../../ui/format.js";
import { seenRows } from "../../ui/rows.js";
import { polite, setBusy } from "../../ui/state.js";
import { inSentence, t } from "../../ui/words.js";
import { columnChooser } from "./columns.js";
import { flat } from "./custom.js";
import { filterBar, filterNames } from "./filterbar.js";
import { typeOf } from "./meta.js";
import { keepOrder } from "./neighbours.js";
import { nothing } from "./nothing.js";
import { searchBox } from "./searchbox.js";
import { selection } from "./selection.js";
import { shelf } from "./shelf.js";
import { bone, emptyTable, rowOf } from "./table.js";
import { viewTabs } from "./views.js";

/** Rows that stand in while the first page is read. */
const bonesMax = 8;

/**
 * A kind's records as a table with search, filters, columns, sorting and a selection: {element, reload(), wanted()}.
 * Its rows are read and drawn as they are seen. A part of another page has none of what the address keeps.
 */
export function recordTable(kind, { query, signal, address, narrow = {}, isPart = false }) {
    const names = filterNames(kind);
    let wanted = { q: query.q ?? "", sort: query.sort ?? "",
        ...Object.fromEntries(names.filter((name) => query[name]).map((name) => [name, query[name]])) };
    const columnsOf = (text) => text?.split(",").filter((name) => kind.fields.has(name)) ?? kind.columns;
    let columns = columnsOf(query.columns);
    let drawing = new AbortController();
    let isRead = false, lacksRows = false, rows = null, box = null, view = query.view ?? "";
    const isSearched = [...kind.fields.values()].some(({ searchable }) => searchable);
    const asked = () => ({ ...wanted, ...narrow, fields: fieldsOf(kind, columns) });
    const tell = teller();
    const count = h("p", { class: "quiet list-count" });
    const place = h("div", { class: "list-place", "data-loading": "" }), trouble = h("div"), newer = h("div");
    const store = shelf(async (page) => {
        const read = await get(withQuery(kind.path, { ...asked(), ...page }), signal);
        return { ...read, data: read.data.map(flat) };
    }, draw);
    const chosen = selection(kind, {
        records: store.all, total: () => store.total, query: asked, put: store.put,
        reload: () => reload(), redraw: () => { rows?.clear(); rows?.update(); },
    });

    const state = () => ({ ...wanted, view, columns: columns === kind.columns ? "" : columns.join(",") });
    const addressNow = () => withQuery(address, state());
    const keepAddress = () => address && history.replaceState(null, "", addressNow());
    function again(next) {
        wanted = { ...wanted, ...next };
        keepAddress();
        bar?.draw();
        views?.draw();
        tell.again();
        chosen.clear();
        show();
        reload();
    }
    async function reload() {
        fill(newer);
        setBusy(place, true);
        lacksRows = false;
        try {
            await store.read({ limit: Math.max(50, Math.min(store.length, 200)) });
            fill(trouble);
        } catch (problem) {
            // Without a line what has been read stays, and the frame says so.
            if (!signal?.aborted && !(isRead && problem.status === 0)) fill(trouble, failure(problem, reload));
        }
        if (signal?.aborted) return;
        setBusy(place, false);
        place.removeAttribute("data-loading");
    }

    /** A table for these columns; its rows come as they are read. */
    function show() {
        const fields = columns.map((name) => kind.fields.get(name));
        const { table, columns: all } = emptyTable(kind, fields, {
            sort: wanted.sort, again, head: chosen.isOffered && chosen.head,
        });
        box = h("div", { class: "scroll", tabindex: -1 }, table);
        drawing.abort();
        drawing = new AbortController();
        rows = seenRows(table, {
            box, signal: AbortSignal.any([drawing.signal, ...(signal ? [signal] : [])]), columns: () => all,
            mark: (index) => store.at(index) ?? index,
            draw: (index) => (store.at(index)
                ? rowOf(kind, fields, store.at(index), { chosen, onSaved: store.put }) : bone(all)),
            onSeen: (first, last) => store.until(last).then(hasRows, (problem) => {
                if (signal?.aborted) return;
                lacksRows = true;
                fill(trouble, failure(problem, () => rows.update()));
            }),
        });
        fill(place, box);
        rows.set(isRead ? store.total : bonesMax);
    }
    /** Tells why the list could not be read, until it is read again, however it is scrolled meanwhile. */
    function hasRows() {
        if (lacksRows) fill(trouble);
        lacksRows = false;
    }
    function draw() {
        if (signal?.aborted) return;
        isRead = true;
        const { total } = store;
        const sum = `${number(total)} ${total === 1 ? kind.singular : inSentence(kind.many)}`;
        fill(count, sum);
        if (address && !isPart) keepOrder(kind.plural, addressNow(), store.all());
        tell(sum);
        const isNarrowed = wanted.q || names.some((name) => wanted[name]);
        if (total === 0) return fill(place, nothing(kind, isNarrowed, address));
        if (!box.isConnected) show();
        else rows.set(total);
    }

    const setColumns = (next) => {
        columns = next;
        keepAddress();
        views?.draw();
        show();
        reload();
    };
    // A part's changes come with those of the page that holds it.
    if (!isPart) live(`${typeOf(kind.plural)}.*`, catchUp, signal);
    function catchUp() {
        if (!isRead || chosen.isOpen() || place.querySelector("form")) return;
        if (store.isShort) return void reload();
        fill(newer, h("p", { class: "notice", ...polite }, t("This list has changed."), " ",
            h("button", { type: "button", class: "small", onclick: reload }, t("Refresh"))));
    }
    const bar = isPart || names.length === 0 ? null : filterBar(kind, { wanted: () => wanted, onChange: again });
    const views = isPart || !address ? null : viewTabs(kind, { state, open, signal });
    function open({ columns: chosenColumns, ...rest }, id) {
        const none = Object.fromEntries(Object.keys(wanted).map((name) => [name, ""]));
        [view, columns] = [id, columnsOf(chosenColumns)];
        if (search) search.set(rest.q ?? "");
        again({ ...none, ...rest });
    }
    const search = isSearched && !isPart && searchBox({
        label: t("Search {things}", { things: inSentence(kind.title) }), title: kind.title, value: wanted.q,
        onSearch: (q) => signal?.aborted || again({ q }),
    });
    const element = h("div", { class: isPart ? "record-list part" : "record-list" }, views && views.row,
        (search || bar || views) && h("div", { class: "list-tools" }, search && search.element,
            bar && bar.element,
            views && h("div", { class: "actions" }, columnChooser(kind, () => columns, setColumns), views.keeper)),
        count, chosen.bar, trouble, newer, place);
    show();
    reload();
    return { element, reload, wanted: () => ({ ...wanted, ...narrow }) };
}

/** Only what is shown is read: of ten thousand rows the rest would weigh. */
const fieldsOf = (kind, columns) => ["id", "version", kind.name, kind.fallback, "tags", ...columns]
    .map((name) => (kind.fields.get(name)?.isOwn ? "custom" : name))
    .filter((name, index, all) => kind.fields.has(name) && all.indexOf(name) === index).join(",");
