import { call, get, may } from "../api.js";
import { controlForm } from "../controls/controls.js";
import { askNew, readRecord } from "../records/edit.js";
import { exporting, saveList } from "../records/export.js";
import { recordTable } from "../records/list.js";
import { kindOf, nameOf, titleOf } from "../records/meta.js";
import { details, ownActions } from "../records/record.js";
import { fill, h, pending, quiet, section } from "../../ui/dom.js";
import { describing } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/** A page of the settings that is one kind's list, and the page of one of its records below it. */
export const listPage = (plural, more = () => ({})) => (context) =>
    pending(() => kindOf(plural), (kind) => listOrRecord(kind, context, more(context)), { signal: context.signal });

function listOrRecord(kind, context, more) {
    const { id, page, query, signal } = context;
    const address = `#/settings/${page}`;
    if (id && id !== "new") return recordPart(kind, { id, address, signal, more });
    const table = recordTable(kind, { query, signal, address });
    if (id === "new") setTimeout(open);
    function open() {
        if (more.open) return more.open(kind, table.reload);
        askNew(kind, { onSaved: table.reload, onClose: () => history.replaceState(null, "", address) });
    }
    return [
        more.about && quiet(more.about),
        kind.mayWrite && !more.isReadOnly && h("div", { class: "actions lead" },
            exchange(kind), more.ways?.({ kind, reload: table.reload }),
            h("button", { type: "button", class: "primary", "data-key": "n", onclick: open },
                more.label ?? t("New {thing}", { thing: kind.singular }))),
        table.element, more.below?.(context),
    ];
}

/** Bringing a list in from a file, and taking it out as one, where there is a way. */
function exchange(kind) {
    return [
        kind.imports && may(`${kind.table}:import`)
            && h("a", { class: "button", href: `#/import?into=${kind.plural}` }, t("Import")),
        kind.exports && may(`${kind.table}:export`) && exporting(t("Export"), () => saveList(kind)),
    ];
}

function recordPart(kind, { id, address, signal, more }) {
    const place = pending(() => readRecord(kind, id, signal), (read) => {
        const { record } = read;
        document.title = `${nameOf(kind, record)} – ${kind.title} – Bureau`;
        return [
            h("p", { class: "links" }, h("a", { href: address }, kind.title)),
            h("div", { class: "heading" }, h("h2", { dir: "auto" }, nameOf(kind, record)),
                h("div", { class: "actions" },
                    more.actions?.(record, { kind, reload: place.reload }),
                    ownActions({ kind, ...read }, { kind, reload: place.reload, signal },
                        { isFixed: more.isFixed?.(record) }))),
            more.lead?.(record, { kind, reload: place.reload, signal }),
            !more.hasOwnDetails && details(kind, record, more.facts ?? []),
            more.panels?.(record, { kind, reload: place.reload, signal }),
        ];
    }, { signal });
    return place;
}

/**
 * Several kinds on one page, each under its own heading; one of their records has its list's own page. One that is made
 * in other ways, too, is {plural, ways({kind, reload})}.
 */
export const listsPage = (...parts) => ({ query, signal }) => parts.map((part) => {
    const { plural, ways } = part.plural ? part : { plural: part };
    const heading = h("h2", {}, titleOf(plural));
    const place = pending(() => kindOf(plural), (kind) => {
        if (!kind.mayRead) return quiet(t("You may not see these. An owner or administrator can let you."));
        const table = recordTable(kind, { query, signal, address: kind.page, isPart: true });
        return [
            kind.mayWrite && h("p", { class: "actions" }, ways?.({ kind, reload: table.reload }),
                h("button", { type: "button", onclick: () => askNew(kind, { onSaved: table.reload }) },
                    t("New {thing}", { thing: kind.singular }))),
            table.element,
        ];
    }, { signal });
    return h("section", {}, heading, place);
});

/**
 * A part of the agency's settings with its own "Save". `fields(now)` describes its controls; `shown(now)` are their
 * values where they are not those of the settings, and `body(changed, now)` what is to be changed. The field that the
 * address names gets the keyboard.
 */
export function settingsSection(title, { path = "/v1/settings", signal, fields, more, shown = (now) => now,
    body = (changed) => changed, lead, tail, query = {}, isPrimary = false, mayWrite = may("settings:write"), told,
    onSaved }) {
    const place = pending(() => get(path, signal), (now) => {
        if (!mayWrite) return h("fieldset", { disabled: true, class: "read-only" }, lead?.(now), drawn(now));
        return drawn(now);
    }, { signal });
    const drawn = (now) => controlForm({
        fields: fields(now), more: more?.(now), values: shown(now), isPrimary, focus: query.field, lead: lead?.(now),
        tail: tail?.(now),
        async save({ changed }) {
            if (Object.keys(changed).length) await call(path, { method: "PATCH", body: body(changed, now) });
            toast(told ?? t("Settings saved"));
            await place.reload();
            onSaved?.();
        },
    });
    return section(title, { class: "narrow-form" }, place);
}

/** A box to tick, with its words beside it. */
export const tick = (label, name, isOn, hint) => h("div", { class: "field box", "data-name": name },
    h("input", { type: "checkbox", id: `tick-${name}`, name, value: "on", checked: isOn }),
    h("label", { for: `tick-${name}` }, label), hint && h("p", { class: "hint" }, hint), h("p", { class: "fault" }));

export const weekdays = () => [
    [1, t("Monday")], [2, t("Tuesday")], [3, t("Wednesday")], [4, t("Thursday")], [5, t("Friday")], [6, t("Saturday")],
    [7, t("Sunday")],
];

/** Days of the week, and from when to when. */
export const hoursFields = () => [
    { name: "days", label: t("Days"), type: "ticks", isRow: true, isNumber: true, options: weekdays() },
    { name: "from", label: t("From"), type: "time" }, { name: "to", label: t("To"), type: "time" },
];

let boxes = 0;

/** A value to copy; a secret is shown this once. */
export function secretBox(label, value, { isSecret = true } = {}) {
    const id = `secret-${++boxes}`;
    const box = h("input", { type: "text", readonly: true, id, value, ...describing(`${id}-hint`) });
    const copy = h("button", { type: "button", async onclick() {
        box.select();
        await navigator.clipboard?.writeText(value);
        fill(copy, t("Copied"));
    } }, t("Copy"));
    return h("div", { class: "notice good" }, h("label", { for: id }, label), h("div", { class: "secret" }, box, copy),
        h("p", { class: "hint", id: `${id}-hint` }, isSecret && t("Copy it now: it is not shown again.")));
}
