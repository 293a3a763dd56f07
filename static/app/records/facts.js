import { badge, fill, h, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { spokenAs, unheard } from "../../ui/state.js";
import { statusBadge, tone } from "../../ui/status.js";
import { inSentence, t } from "../../ui/words.js";
import { editInPlace, isEditable } from "./inplace.js";
import { show } from "./show.js";

/** Fields that are for programs, or are said elsewhere on the page. */
const hidden = new Set([
    "id", "version", "external_ids", "merged_into", "custom", "updated_at", "public_url", "file_id", "signed_file_id",
    "message_id", "document_hash", "signed_hash", "evidence", "checkout_session", "payment_intent",
]);

/**
 * The facts of a record, those that people ask for first on top; `left` are named elsewhere. With `reload` they are
 * edited where they stand, unless the record `isFixed`.
 */
export function details(kind, record, left, { etag, reload, isFixed = false } = {}) {
    const shown = [...kind.fields.values()].filter(({ name }) =>
        !hidden.has(name) && name !== kind.name && !left.includes(name));
    const first = kind.form.map((name) => kind.fields.get(name)).filter((one) => shown.includes(one));
    const ordered = [...first, ...shown.filter((one) => !first.includes(one))];
    const status = record.status ?? record.stage;
    const desk = reload && !isFixed ? { kind, record, tag: etag, reload } : null;
    const lines = ordered.map((one) => line(one, desk, record, first.includes(one))).filter(Boolean);
    const said = (value) => (value === "true" ? t("Yes") : value === "false" ? t("No") : String(value));
    // Values stay with the record when their field is deleted, and are there for readers who may not see the fields.
    const custom = Object.entries(record.custom ?? {})
        .filter(([name]) => !kind.fields.has(`custom.${name}`))
        .map(([name, value]) =>
            h("div", {}, h("dt", { dir: "auto" }, words(name)), h("dd", { dir: "auto" }, said(value))));
    return [
        status && h("p", { class: "badges" }, statusBadge(status),
            record.priority && badge(t("{priority} priority", { priority: words(record.priority) }),
                tone(record.priority))),
        section(t("Details"), { class: "details" }, h("dl", { class: "facts" }, lines, custom)),
    ];
}

/** A fact; what is empty has a place only where it can be filled. */
function line(one, desk, record, isUsual) {
    const value = show(one, record[one.name]);
    const mayEdit = desk && isEditable(desk.kind, one);
    if (value === null && !(mayEdit && isUsual)) return null;
    const place = h("dd", { class: mayEdit ? "editable" : "" });
    const term = h("dt", {}, one.label);
    if (mayEdit) settle(place, one, desk);
    else fill(place, value);
    return h("div", {}, term, place);
}

/** Shows a value that a click, or Enter on its button, opens for editing. */
function settle(place, one, desk) {
    const open = () => {
        place.classList.add("open");
        editInPlace(place, { kind: desk.kind, field: one, record: desk.record, tag: desk.tag, done(saved) {
            place.classList.remove("open");
            if (saved) Object.assign(desk,
                { record: saved, tag: saved.version ? `"${saved.version}"` : desk.tag, isDue: true });
            const hadFocus = place.contains(document.activeElement);
            settle(place, one, desk);
            if (hadFocus) place.querySelector(".edit-value").focus({ preventScroll: true });
            // A field that is being edited elsewhere stays under the hand.
            if (desk.isDue && !place.closest(".facts").querySelector(".in-place")) {
                desk.isDue = false;
                desk.reload();
            }
        } });
    };
    place.onclick = ({ target }) => {
        const isSelecting = String(window.getSelection()) !== "";
        if (!place.querySelector(".in-place") && !target.closest("a, button") && !isSelecting) open();
    };
    fill(place, h("span", { class: "value" }, show(one, desk.record[one.name]) ?? h("span", { class: "quiet" }, "–")),
        h("button", { type: "button", class: "plain-button edit-value", ...spokenAs(t("Edit {field}",
            { field: inSentence(one.label) })), onclick: open },
        h("span", { class: "icon pencil", ...unheard })));
}
