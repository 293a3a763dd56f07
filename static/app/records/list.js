import { tabAddresses } from "../address.js";
import { may, withQuery } from "../api.js";
import { fill, h, pending, quiet } from "../../ui/dom.js";
import { tabs } from "../../ui/tabs.js";
import { inSentence, t } from "../../ui/words.js";
import { askNew } from "./edit.js";
import { exporting, saveList } from "./export.js";
import { kindOf, singularOf, titleOf } from "./meta.js";
import { recordTable } from "./recordtable.js";
import { whenViewed } from "./views.js";

export { recordTable };

/**
 * The list of a kind of record, from its declaration. `more` may give other ways to look at it, as tabs:
 * {tabs: [{name, text, draw(context)}], actions: (context) => nodes, controls: of forms, by the names of fields, given:
 * the values that a new one begins with}.
 */
export const listView = (plural, more = {}) => (context) => {
    const title = titleOf(plural), singular = singularOf(plural);
    const address = `#/${plural}`;
    const actions = h("div", { class: "actions" }), origin = h("div", { class: "origin" });
    const load = async () => {
        const [kind] = await Promise.all([kindOf(plural), whenViewed(plural, context.signal)]);
        return kind;
    };
    const body = pending(load, (kind) => {
        const opened = (more.tabs && context.query.as) ?? "list";
        // In the address of a tab stands what that tab shows.
        const contextOf = (name) => (name === opened ? context : { ...context, query: {} });
        const table = recordTable(kind, { ...contextOf("list"), address });
        fill(actions, listActions(kind, { address, table, more, context }));
        fill(origin, isMadeElsewhere(kind, more) && kind.empty && quiet(kind.empty));
        if (context.isNew && kind.mayWrite) setTimeout(() => openNew(kind, address, table, more));
        if (!more.tabs) return table.element;
        const list = [{ name: "list", text: t("List"), draw: () => table.element },
            ...more.tabs.map((tab) => ({ ...tab, draw: () => tab.draw(contextOf(tab.name), table) }))];
        return tabs(t("Ways to see {things}", { things: inSentence(title) }), list, {
            opened, onOpen: tabAddresses(opened, (as) => withQuery(address, as === "list" ? {} : { as })),
        }).element;
    }, { signal: context.signal });
    return {
        title: context.isNew ? t("New {thing}", { thing: singular }) : title,
        content: [h("div", { class: "heading" }, h("h1", {}, title), actions), origin, body],
    };
};

/** A kind that nobody makes by hand says where it comes from, in the place of "New". */
const isMadeElsewhere = (kind, more) => kind.noNew && !more.actions;

function listActions(kind, { address, table, more, context }) {
    const { singular, plural, mayWrite } = kind;
    return [
        more.actions?.(context),
        kind.imports && may(`${kind.table}:import`)
            && h("a", { class: "button", href: plural === "leads" ? "#/import" : `#/import?into=${plural}` },
                t("Import")),
        kind.exports && may(`${kind.table}:export`) && exporting(t("Export"), () => saveList(kind, table.wanted())),
        mayWrite && !kind.noNew && h("button", { type: "button", class: "primary", "data-key": "n",
            onclick: () => openNew(kind, address, table, more) }, t("New {thing}", { thing: singular })),
    ];
}

function openNew(kind, address, table, { controls, given }) {
    const before = location.hash;
    const own = `${address}/new`;
    if (before !== own) history.pushState(null, "", own);
    askNew(kind, {
        controls, given, onSaved: () => table.reload(),
        onClose() {
            if (location.hash === own) history.replaceState(null, "", before === own ? address : before);
        },
    });
}
