import { tabAddresses } from "../address.js";
import { call, get, withQuery } from "../api.js";
import { recordParts } from "../slices.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { confirm } from "../../ui/dialog.js";
import { fill, h, pending, quiet, refill, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { tabs } from "../../ui/tabs.js";
import { timeline } from "../../ui/timeline.js";
import { toast } from "../../ui/toast.js";
import { pair, t } from "../../ui/words.js";
import { askEdit, askNew, readRecord } from "./edit.js";
import { details } from "./facts.js";
import { addressOf, declarationOf, kindOf, nameOf, related, singularOf, titleOf, typeOf } from "./meta.js";
import { learn, whenNamed } from "./naming.js";
import { backTo, neighbours } from "./neighbours.js";
import { recordTable } from "./recordtable.js";

export { details };

/** The most ms that the facts wait for the names that they show, so that no line grows under the eye. */
const namesMax = 200;
/** As many lists beside a record as a person overlooks; the others are behind a menu. */
const tabsMost = 10;
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const referred = (kind, record) => [...kind.fields.values()].filter(({ refers }) => refers)
    .flatMap(({ refers, name }) => [record[name]].flat().map((id) => [refers, id]));

/**
 * A record's page, from its declaration. `more` adds what is special: {actions(record, tools), menu(record, tools),
 * panels(record, tools), tabs(record, tools), facts: names to leave out, without: lists of others to leave out,
 * order: names of tabs that come first, isFixed(record), isWide, controls: of forms, by the names of fields}; tools are
 * {kind, reload, signal, query, follow}.
 * Panels and tabs are drawn once: what they `follow` with is called with the record when it has changed. Parts of the
 * console may add the same to the pages of other kinds.
 */
export const recordView = (plural, more = {}) => (context) => {
    const { id, signal, query } = context;
    const heading = h("h1", { dir: "auto" }, words(singularOf(plural)));
    const actions = h("div", { class: "actions" });
    const followers = [];
    let drawn = null;
    const type = typeOf(plural);
    const load = async () => {
        const [kind, read, parts] = await Promise.all([
            kindOf(plural), declarationOf(plural).then((known) => readRecord(known, id, signal)), recordParts(type),
        ]);
        // Only at first: read anew, a record is there at once, before a value of it is opened for editing.
        if (!drawn) await Promise.race([whenNamed(referred(kind, read.record)), pause(namesMax)]);
        return { kind, ...read, all: [more, ...parts] };
    };
    const body = pending(load, (read) => {
        const { kind, record, all } = read;
        const name = nameOf(kind, record);
        learn(kind, record);
        fill(heading, name);
        document.title = `${name.slice(0, 80)} – ${titleOf(plural)} – Bureau`;
        const tools = {
            kind, signal, query, controls: more.controls, reload: () => body.reload(),
            follow: (run) => followers.push(run),
        };
        const menu = all.flatMap((part) => part.menu?.(record, tools) || []).filter(Boolean);
        const isFixed = more.isFixed?.(record);
        refill(actions, all.map((part) => part.actions?.(record, tools)), ownActions(read, tools, { menu, isFixed }));
        if (context.isEdit && !drawn && kind.mayWrite) setTimeout(() => openEdit(read, tools));
        const desk = { etag: read.etag, isFixed, reload: tools.reload };
        const left = h("div", { class: more.isWide && "side-by-side" }, more.lead?.(record, tools),
            details(kind, record, more.facts ?? [], desk));
        // The parts beside the record are drawn once: an edit must not throw away an opened tab.
        if (drawn) followers.forEach((run) => run(record));
        drawn ??= beside(plural, record, tools, all);
        return h("div", { class: more.isWide ? "" : "columns even" }, left, drawn);
    }, { signal, also: [actions] });
    // Where a list of events has the record's own, they are its plural's.
    const isAtWork = () =>
        document.querySelector("dialog[open]") || body.querySelector(".in-place");
    live(`${type}.*`, () => isAtWork() || gone.has(id) || body.reload(), signal);
    return {
        title: words(singularOf(plural)),
        content: [
            h("p", { class: "links crumbs" }, h("a", { href: backTo(plural) }, titleOf(plural)),
                neighbours(plural, id)),
            h("div", { class: "heading" }, heading, actions), body,
        ],
    };
};

export function ownActions(read, tools, { menu = [], isFixed = false } = {}) {
    const { kind, record } = read;
    const mayChange = kind.mayWrite && !isFixed;
    const items = [...menu, mayChange && !kind.noDelete && { text: t("Delete"), run: () => remove(kind, record) }];
    return [
        mayChange && !kind.noEdit && h("button", { type: "button", "data-key": "e",
            onclick: () => openEdit(read, tools) }, t("Edit")),
        items.some(Boolean) && menuButton(t("More"), () => items),
    ];
}

/** The form begins with what is so now, not with what was when the page was opened. */
function openEdit({ kind, record, etag }, { reload, controls }) {
    const at = addressOf(kind, record.id), own = `${at}/edit`;
    if (location.hash !== own) history.pushState(null, "", own);
    askEdit(kind, {
        record, etag, controls, onSaved: reload,
        onClose: () => location.hash === own && history.replaceState(null, "", at),
    });
}

/** The records that are being deleted here: the event that tells of one must not have it read once more. */
const gone = new Set();

async function remove(kind, record) {
    const isMeant = await confirm({
        title: t("Delete {thing}?", { thing: kind.singular }), action: t("Delete"), isGrave: true,
        text: t("{name} goes. This cannot be undone.", { name: nameOf(kind, record) }),
    });
    if (!isMeant) return;
    gone.add(record.id);
    try {
        await call(`${kind.path}/${encodeURIComponent(record.id)}`, { method: "DELETE" });
        toast(t("{thing} deleted", { thing: words(kind.singular) }));
        location.hash = kind.page.slice(1);
    } catch (problem) {
        gone.delete(record.id);
        alarm(t("Not deleted. {why}", { why: whyNot(problem) }));
    }
}

function beside(plural, record, tools, all) {
    const place = h("div", {}, quiet(t("Loading…")));
    const { kind, signal, query } = tools;
    const without = all.flatMap((part) => part.without ?? []);
    related(plural).then((found) => {
        const others = found.filter(([other]) => !without.includes(other.plural));
        const list = [
            ...all.flatMap((part) => part.tabs?.(record, tools) || []),
            ...others.map(([other, by]) => ({
                name: other.plural, text: other.title, draw: () => relatedList(other, by, record, signal),
            })),
        ];
        const order = all.flatMap((part) => part.order ?? []), at = ({ name }) => order.indexOf(name);
        list.sort((one, other) => (at(one) >>> 0) - (at(other) >>> 0));
        const opened = query.tab ?? list[0]?.name;
        const row = list.length > 0 && tabs(t("Related"), list, {
            opened, most: tabsMost,
            onOpen: tabAddresses(opened, (tab) => withQuery(`#/${kind.plural}/${record.id}`, { tab })),
        }).element;
        fill(place, all.map((part) => part.panels?.(record, tools)),
            row && h("section", spokenAs(t("Related")), row));
    });
    return place;
}

function relatedList(other, by, record, signal) {
    const list = recordTable(other, {
        query: {}, signal, narrow: { [by]: record.id }, isPart: true,
    });
    const given = { [by]: record.id };
    return [
        other.mayWrite && !other.noNew && !other.fields.get(by).read_only && other.form.length > 0
            && h("p", { class: "actions" }, h("button", { type: "button", class: "small",
                onclick: () => askNew(other, { given, onSaved: list.reload }) },
                t("New {thing}", { thing: other.singular }))),
        list.element,
    ];
}

/** Shows a record's history, newest first, with the changed fields by their labels. */
export function activity(path, plural, signal) {
    const load = async () => {
        const kind = await kindOf(plural);
        const { data } = await get(path, signal);
        const labelOf = (name) => kind.fields.get(name)?.label ?? words(name.replace("custom.", ""));
        return data.map(({ summary, fields, at }) => ({ at,
            what: fields.length ? pair(summary, fields.map(labelOf).join(", ")) : summary }));
    };
    return pending(load, (all) => (all.length ? timeline(all) : quiet(t("No activity yet."))), { signal });
}
