import { call, get, may, withQuery } from "../api.js";
import { confirm } from "../../ui/dialog.js";
import { fill, h } from "../../ui/dom.js";
import { spokenAs, toolbar } from "../../ui/state.js";
import { inSentence, plural, t } from "../../ui/words.js";
import { askAssign, askChange, askTag } from "./bulkforms.js";
import { exporting, saveSelection } from "./export.js";
import { nameOf } from "./meta.js";
import { pathOf } from "./save.js";
import { carryOut } from "./bulk.js";

/** More than this is not chosen at once. */
const allMax = 1000;

/**
 * Holds the ticked records of a list, and offers what can be done with all of them at once. `list` is {records(),
 * total(), query(), redraw(), reload(), put(record)}.
 */
export function selection(kind, list) {
    const picked = new Map();
    const bar = h("div", { ...toolbar(t("Selection")), class: "selection", hidden: true });
    const isOffered = kind.mayWrite || may(`${kind.table}:export`);
    const assigned = ["assignee_id",
        "owner_id"].map((name) => kind.fields.get(name)).find((one) => one && !one.read_only);
    const tags = kind.fields.get("tags");
    const mayTag = kind.mayWrite && !kind.noEdit && tags && !tags.read_only;
    const [save, trouble] = exporting(t("Export selection"), () => saveSelection(kind, [...picked.values()]));
    const count = () => plural(picked.size, "{count} selected", "{count} selected");

    function draw() {
        bar.hidden = picked.size === 0;
        if (headBox) headBox.checked = picked.size > 0 && list.records().every(({ id }) => picked.has(id));
        if (bar.hidden) return fill(bar);
        const button = (text, run) => h("button", { type: "button", onclick: run }, text);
        fill(bar, h("strong", {}, count()),
            list.total() > picked.size && list.total() <= allMax
                && h("button", { type: "button", class: "plain-button", onclick: pickAll },
                    t("Select all {count}", { count: list.total() })),
            mayTag && button(t("Add tag"), () => askTag(kind, (tag) => each({
                doing: t("Adding tag"), done: t("tagged"), isSafe: true,
                change: (record) => ({ tags: [...new Set([...record.tags ?? [], tag])] }),
            }))),
            kind.mayWrite && !kind.noEdit && assigned && button(t("Assign"), () => askAssign(assigned, (user) => each({
                doing: t("Assigning"), done: t("assigned"), isSafe: true, change: () => ({ [assigned.name]: user }),
            }))),
            kind.mayWrite && !kind.noEdit && button(t("Change field"), () => askChange(kind, (field, value) => each({
                doing: t("Changing"), done: t("changed"), change: () => ({ [field.name]: value }),
            }))),
            may(`${kind.table}:export`) && save,
            kind.mayWrite && !kind.noDelete && button(t("Delete"), askDelete),
            h("button", { type: "button", class: "plain-button", onclick: clear }, t("Clear selection")), trouble);
    }
    function clear() {
        picked.clear();
        for (const box of document.querySelectorAll("td.pick input, th.pick input")) box.checked = false;
        draw();
    }
    function pick(record, isPicked) {
        if (isPicked) picked.set(record.id, record);
        else picked.delete(record.id);
        draw();
    }
    function box(record, name) {
        return h("td", { class: "pick" }, h("input", {
            type: "checkbox", ...spokenAs(t("Select {name}", { name })), checked: picked.has(record.id),
            onchange: ({ target }) => pick(record, target.checked),
        }));
    }
    const headBox = h("input", {
        type: "checkbox", ...spokenAs(t("Select all shown")), onchange({ target }) {
            for (const record of list.records()) {
                if (target.checked) picked.set(record.id, record);
                else picked.delete(record.id);
            }
            list.redraw();
            draw();
        },
    });
    async function pickAll() {
        let cursor;
        do {
            const page = await get(withQuery(kind.path, { ...list.query(), limit: 200, cursor }));
            for (const record of page.data) picked.set(record.id, record);
            cursor = page.has_more ? page.next_cursor : null;
        } while (cursor && picked.size < allMax);
        list.redraw();
        draw();
    }
    async function each(action) {
        const left = await carryOut(kind, [...picked.values()], { ...action, put: list.put });
        picked.clear();
        for (const record of left) picked.set(record.id, record);
        draw();
        await list.reload();
    }
    async function askDelete() {
        const names = [...picked.values()].slice(0, 3).map((record) => nameOf(kind, record)).join(", ");
        const isMeant = await confirm({
            title: picked.size === 1 ? t("Delete {thing}?", { thing: kind.singular })
                : t("Delete {count} {things}?", { count: picked.size, things: inSentence(kind.title) }),
            text: t("{names}. This cannot be undone.", { names: picked.size > 3 ? `${names}, …` : names }),
            action: t("Delete"), isGrave: true,
        });
        if (!isMeant) return;
        await each({
            doing: t("Deleting"), done: t("deleted"),
            run: (record) => call(pathOf(kind, record.id), { method: "DELETE" }),
        });
    }
    return { bar, box, head: h("td", { class: "pick" }, headBox), isOffered, isOpen: () => picked.size > 0, clear };
}
