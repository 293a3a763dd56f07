import { getTagged } from "../api.js";
import { draftOf, dropDraft, keepDraft } from "../drafts.js";
import { dialog } from "../../ui/dialog.js";
import { announce, fill, h } from "../../ui/dom.js";
import { showProblem } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { absolve, faultyFold, hold, isHeld, polite, release, urgent } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { control } from "./control.js";
import { flat } from "./custom.js";
import { addressOf } from "./meta.js";
import { changeRecord, makeRecord, pathOf, same } from "./save.js";
import { show } from "./show.js";

const isNothing = (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Makes a record in a dialog; `given` are values that are known already. Resolves to it, or to undefined. */
export function askNew(kind, { given = {}, title, said, onClose, onSaved, controls } = {}) {
    const draft = `${kind.plural} new`;
    openForm(kind, {
        title: title ?? t("New {thing}", { thing: kind.singular }), draft, values: given, onClose, controls,
        async save(read, before) {
            const isFilled = ([name, value]) => !isNothing(value) && !same(value, before[name]);
            const filled = Object.entries(read).filter(isFilled);
            const body = { ...given, ...Object.fromEntries(filled) };
            const { record, isKept } = await makeRecord(kind, body);
            if (isKept) {
                return toast(t("{thing} will be made when you are online again", { thing: words(kind.singular) }));
            }
            const href = addressOf(kind, record.id);
            toast(said ?? t("{thing} created", { thing: words(kind.singular) }), href && { text: t("Open"), href });
            await onSaved?.(record);
        },
    });
}

/** Changes a record in a dialog; what somebody else has changed meanwhile is merged or asked about. */
export function askEdit(kind, { record, etag, onClose, onSaved, controls }) {
    let base = record, tag = etag;
    openForm(kind, {
        title: t("Edit {thing}", { thing: kind.singular }), draft: `${kind.plural} ${record.id}`, values: record,
        onClose, isEdit: true, controls,
        async save(read, before, form) {
            const body = Object.fromEntries(Object.entries(read).filter(([name, value]) => !same(value, before[name])));
            if (!Object.keys(body).length) return announce(t("Nothing has changed"));
            const found = await changeRecord(kind, { record: base, tag, body });
            if (found.both) {
                [base, tag] = [found.theirs, found.tag];
                return form.tellConflict(found.both, found.theirs);
            }
            toast(found.isKept ? t("Kept here, and saved when you are online again")
                : t("{thing} saved", { thing: words(kind.singular) }));
            await onSaved?.(found.record);
        },
    });
}

/**
 * `own` makes controls of a kind's own, by the names of their fields; one that goes by other fields has `begin({element,
 * now(name)})`, which is told the form and asks it for their values.
 */
function openForm(kind, { title, draft, values, save, onClose, isEdit, controls: own = {} }) {
    const notice = h("div", { class: "notices" });
    const usual = h("div", { class: "record-fields" }), others = h("div", { class: "record-fields" });
    const settable = [...kind.fields.values()].filter((field) => !field.read_only && !(isEdit && field.write_once));
    const first = kind.form.map((name) => kind.fields.get(name)).filter((field) => settable.includes(field));
    const make = (field, value) => (own[field.name] ?? control)(field, value);
    const rest = settable.filter((field) => !first.includes(field));
    const required = rest.filter((field) => field.required && !isEdit);
    const controlsOf = (fields, place) => {
        const made = fields.map((field) => make(field, values[field.name])).filter(Boolean);
        fill(place, made.map(({ element }) => element));
        return made;
    };
    const controls = [...controlsOf([...first, ...required], usual),
        ...controlsOf(rest.filter((field) => !required.includes(field)), others)];
    const before = readAll(controls, { isLax: true });
    const kept = draftOf(draft);
    const button = h("button", { type: "submit", class: "primary" }, t("Save"));
    const form = h("form", { class: "form", novalidate: true, onsubmit: submit, oninput: keep },
        notice, usual,
        others.children.length > 0 && h("details", { class: "fold" }, h("summary", {}, t("More fields")), others),
        h("div", { class: "actions end" },
            h("button", { type: "button", onclick: () => close() }, t("Cancel")), button));
    form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    if (kept) restore(kept);
    const now = (name) => controls.find((one) => one.name === name)?.get() ?? values[name];
    for (const one of controls) one.begin?.({ element: form, now });

    function keep() {
        keepDraft(draft, Object.fromEntries(controls.map(({ name, raw }) => [name, raw()])));
    }
    function restore(raw) {
        for (const one of controls) if (raw[one.name] !== undefined) one.restore(raw[one.name]);
        fill(notice, h("p", { class: "notice", ...polite }, t("What you had begun is here again."), " ",
            h("button", { type: "button", class: "small", onclick: discard }, t("Discard"))));
    }
    function discard() {
        dropDraft(draft);
        close();
    }
    async function submit(event) {
        event.preventDefault();
        if (isHeld(button)) return;
        await attempt(() => save(readAll(controls), before, { tellConflict }));
    }
    async function attempt(action) {
        hold(button);
        fill(button, t("Saving…"));
        clearFaults(form, notice);
        try {
            if (await action() !== "asked") {
                dropDraft(draft);
                close();
            }
        } catch (problem) {
            showProblem(form, notice, problem);
            faultyFold(form)?.setAttribute("open", "");
        }
        fill(button, t("Save"));
        release(button);
    }
    function tellConflict(both, theirs) {
        const names = both.map((name) => kind.fields.get(name).label).join(", ");
        const line = (name) => h("li", {},
            `${kind.fields.get(name).label}: `, show(kind.fields.get(name), theirs[name]) ?? t("empty"));
        fill(notice, h("div", { class: "notice warn", ...urgent },
            h("p", {}, h("strong", {}, t("{fields} changed while you were editing.", { fields: names })), " ",
                t("It says now:")),
            h("ul", {}, both.map(line)),
            h("div", { class: "actions" },
                h("button", { type: "button", class: "keep", onclick: keepMine }, t("Keep mine")),
                h("button", { type: "button", onclick: () => takeTheirs(both, theirs) }, t("Use theirs")))));
        notice.querySelector(".keep").focus();
        return "asked";
    }
    /** The decision is made: only what fails brings the form back. */
    async function keepMine() {
        hide();
        await attempt(() => save(readAll(controls), before, { tellConflict }));
        showAgain();
    }
    function takeTheirs(both, theirs) {
        for (const name of both) {
            const at = controls.findIndex((one) => one.name === name);
            const fresh = make(kind.fields.get(name), theirs[name]);
            controls[at].element.replaceWith(fresh.element);
            controls[at] = fresh;
            fresh.begin?.({ element: form, now });
            before[name] = fresh.get();
        }
        fill(notice);
        controls.find(({ name }) => name === both[0]).element.querySelector("input, select, textarea").focus();
    }
    const { close, hide, show: showAgain } = dialog({ title, content: () => form, onClose });
}

/** Every control's value by its name. What is not a value yet counts as none where `isLax`. */
function readAll(controls, { isLax = false } = {}) {
    const read = {}, errors = [];
    for (const { name, get: value } of controls) {
        try {
            read[name] = value();
        } catch (fault) {
            errors.push(...fault.errors);
        }
    }
    if (errors.length && !isLax) throw { title: t("Not saved."), errors };
    return read;
}

function clearFaults(form, notice) {
    fill(notice);
    for (const fault of form.querySelectorAll(".fault")) fill(fault);
    absolve(form);
}

/** Reads a record for the form, with the tag that says which version it is. */
export async function readRecord(kind, id, signal) {
    const { body, etag } = await getTagged(pathOf(kind, id), signal);
    return { record: flat(body), etag };
}

