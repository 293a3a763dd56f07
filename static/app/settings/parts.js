import { call, get } from "../api.js";
import { fill, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { askNew, readRecord } from "../records/edit.js";
import { recordTable } from "../records/list.js";
import { kindOf, nameOf } from "../records/meta.js";
import { details, ownActions } from "../records/record.js";
import { toast } from "../../ui/toast.js";

/** A page of the settings that is one kind's list, and the page of one of its records below it. */
export const listPage = (plural, more = {}) => (context) =>
    pending(() => kindOf(plural), (kind) => listOrRecord(kind, context, more), { signal: context.signal });

function listOrRecord(kind, { id, page, query, signal }, more) {
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
            h("button", { type: "button", class: "primary", "data-key": "n", onclick: open },
                more.label ?? `New ${kind.singular}`)),
        table.element,
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
                    ownActions({ kind, ...read }, { kind, reload: place.reload, signal }))),
            details(kind, record, more.facts ?? []),
            more.panels?.(record, { kind, reload: place.reload, signal }),
        ];
    }, { signal });
    return place;
}

/** Several kinds on one page, each under its own heading. */
export const listsPage = (...plurals) => ({ page, query, signal }) => plurals.map((plural) => {
    const place = pending(() => kindOf(plural), (kind) => {
        const table = recordTable(kind, { query, signal, address: `#/settings/${page}`, isPart: true });
        return [
            kind.mayWrite && h("p", { class: "actions" }, h("button", { type: "button",
                onclick: () => askNew(kind, { onSaved: table.reload }) }, `New ${kind.singular}`)),
            table.element,
        ];
    }, { signal });
    return h("section", {}, h("h2", {}, plural.charAt(0).toUpperCase() + plural.slice(1)), place);
});

/**
 * A part of the agency's settings with its own "Save". `draw(values)` gives its fields, `read(entered)` what is to be
 * changed. The field that the address names gets the keyboard.
 */
export function settingsSection(title, { path = "/v1/settings", signal, draw, read, query = {}, isPrimary = false }) {
    const place = pending(() => get(path, signal), (values) => {
        const element = form({ action: "Save", isPrimary, async submit(entered) {
            await call(path, { method: "PATCH", body: read(entered, values) });
            toast("Settings saved");
            await place.reload();
        } }, draw(values));
        const wanted = query.field && element.querySelector(`[name="${CSS.escape(query.field)}"]`);
        if (wanted) setTimeout(() => wanted.focus());
        return element;
    }, { signal });
    return section(title, { class: "narrow-form" }, place);
}

/** A box to tick, with its words beside it. */
export const tick = (label, name, isOn, hint) => h("div", { class: "field box", "data-name": name },
    h("input", { type: "checkbox", id: `tick-${name}`, name, value: "on", checked: isOn }),
    h("label", { for: `tick-${name}` }, label), hint && h("p", { class: "hint" }, hint), h("p", { class: "fault" }));

const dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The days of a week, and from when to when. */
export const hoursFields = (hours) => [
    h("fieldset", { class: "days" }, h("legend", {}, "Days"), dayNames.map((name, index) =>
        h("label", { class: "tick" }, h("input", {
            type: "checkbox", name: `day-${index + 1}`, checked: hours?.days?.includes(index + 1),
        }), name))),
    field("From", "from", { type: "time", value: hours?.from ?? "" }),
    field("To", "to", { type: "time", value: hours?.to ?? "" }),
];

export const readDays = (entered) => dayNames.map((_, index) => index + 1).filter((day) => entered[`day-${day}`]);

/** A secret that is shown once, to copy. */
export function secretBox(label, value) {
    const box = h("input", { type: "text", readonly: true, id: "secret", value, "aria-describedby": "secret-hint" });
    const copy = h("button", { type: "button", async onclick() {
        box.select();
        await navigator.clipboard?.writeText(value);
        fill(copy, "Copied");
    } }, "Copy");
    return h("div", { class: "notice good" }, h("label", { for: "secret" }, label),
        h("div", { class: "secret" }, box, copy),
        h("p", { class: "hint", id: "secret-hint" }, "Copy it now: it is not shown again."));
}
