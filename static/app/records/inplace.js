import { announce, fill, h } from "../../ui/dom.js";
import { showProblem } from "../../ui/form.js";
import { absolve, polite, setBusy, urgent } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { control } from "./control.js";
import { isMoney, typesOf } from "./meta.js";
import { changeRecord, same } from "./save.js";
import { show } from "./show.js";

/* Values that are edited where they stand. */

const plainTypes = ["string", "number", "integer", "boolean"];

/** Whether a field's value has a control that fits where the value stands. */
export function isEditable(kind, field) {
    if (!kind.mayWrite || kind.noEdit || field.read_only) return false;
    if (kind.guarded?.includes(field.name)) return false;
    const types = typesOf(field);
    const { items } = field.schema;
    if (types.includes("array")) return !field.refers && items?.type === "string" && !items.enum;
    return Boolean(field.refers) || isMoney(field) || types.some((type) => plainTypes.includes(type));
}

/**
 * Shows a control in `place` until its value is saved (Enter, Ctrl and Enter, or leaving it) or given up (Escape).
 * `done(record)` is told what the record is then, or nothing; what is wrong stays at the control.
 */
export function editInPlace(place, { kind, field, record, tag, done }) {
    const made = control(field, record[field.name]);
    const before = readOf(made, record[field.name]);
    const notice = h("div", { class: "notices" });
    const form = h("form", { class: "in-place", novalidate: true, onsubmit(event) {
        event.preventDefault();
        save();
    } }, made.element, notice);
    let isBusy = false, isOver = false, known = { record, tag };
    made.element.querySelector("label")?.classList.add("unseen");
    fill(place, form);
    const box = form.querySelector("input:not([type=hidden]), select, textarea");
    box.focus();
    box.select?.();

    form.addEventListener("keydown", (event) => {
        const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.tagName === "SELECT");
        if (event.key === "Escape" && !event.defaultPrevented) end();
        else if (isSend) save();
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    form.addEventListener("focusout", ({ relatedTarget }) => {
        // A dialog over the page takes the keyboard only for a while.
        if (!form.contains(relatedTarget) && !relatedTarget?.closest?.("dialog") && document.hasFocus()) save();
    });
    if (box.tagName === "SELECT") box.addEventListener("change", () => save());

    async function save(isMine = false) {
        if (isBusy || isOver) return;
        if (notice.querySelector(".conflict") && !isMine) return;
        isBusy = true;
        try {
            const value = made.get();
            if (same(value, before) && !isMine) return end();
            setBusy(form, true);
            fill(notice, h("p", { class: "quiet loading", ...polite }, t("Saving…")));
            clearFaults();
            const found = await changeRecord(kind, { ...known, body: { [field.name]: value } });
            if (found.both) return tellConflict(found);
            end(found.record);
            announce(found.isKept ? t("Kept until you are online again") : t("{field} saved", { field: field.label }));
        } catch (problem) {
            fill(notice);
            if (!isOver) showProblem(form, notice, problem);
        } finally {
            isBusy = false;
            setBusy(form, false);
        }
    }
    function tellConflict({ theirs, tag: newer }) {
        known = { record: theirs, tag: newer };
        const now = show(field, theirs[field.name]) ?? t("empty");
        fill(notice, h("div", { class: "notice warn conflict", ...urgent },
            h("p", {}, h("strong", {}, t("{fields} changed while you were editing.", { fields: field.label })), " ",
                t("It says now:"), " ", now),
            h("div", { class: "actions" },
                h("button", { type: "button", class: "small keep", onclick: () => save(true) }, t("Keep mine")),
                h("button", { type: "button", class: "small", onclick: () => end(theirs) }, t("Use theirs")))));
        notice.querySelector(".keep").focus();
    }
    function clearFaults() {
        for (const fault of form.querySelectorAll(".fault")) fill(fault);
        absolve(form);
    }
    function end(saved) {
        if (isOver) return;
        isOver = true;
        done(saved);
        document.dispatchEvent(new Event("menushut"));
    }
}

/** Returns the control's value while nobody has touched it. */
function readOf(made, value) {
    try {
        return made.get();
    } catch {
        return value;
    }
}

/** Edits a cell of a list; the row is drawn anew with what is so then. */
export function openCell(cell, kind, field, record, onSaved) {
    const held = [...cell.childNodes];
    cell.classList.add("open");
    editInPlace(cell, { kind, field, record, done(saved) {
        cell.classList.remove("open");
        fill(cell, held);
        cell.closest("tr")?.querySelector("a, button, input")?.focus({ preventScroll: true });
        if (saved) onSaved(saved);
    } });
}
