import { call } from "../api.js";
import { fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { number } from "../format.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

/** What is ticked in a list, and what can be done with all of it at once. */
export function selection(kind, { reload }) {
    const picked = new Map();
    const bar = h("div", { role: "toolbar", "aria-label": "Selection", class: "selection", hidden: true });
    const isOffered = kind.mayWrite && (kind.fields.has("tags") || !kind.noDelete);
    const clear = () => {
        picked.clear();
        draw();
    };

    function draw() {
        bar.hidden = picked.size === 0;
        const tags = kind.fields.get("tags");
        fill(bar, h("strong", {}, `${number(picked.size)} selected`),
            tags && !tags.read_only && h("button", { type: "button", onclick: askTag }, "Add tag"),
            !kind.noDelete && h("button", { type: "button", onclick: askDelete }, "Delete"),
            h("button", { type: "button", class: "plain-button", onclick: () => {
                for (const box of document.querySelectorAll("td.pick input, th.pick input")) box.checked = false;
                clear();
            } }, "Clear selection"));
    }
    function box(record, name) {
        return h("td", { class: "pick" }, h("input", {
            type: "checkbox", "aria-label": `Select ${name}`, checked: picked.has(record.id),
            onchange({ target }) {
                if (target.checked) picked.set(record.id, record);
                else picked.delete(record.id);
                draw();
            },
        }));
    }
    const head = (body) => h("td", { class: "pick" }, h("input", {
        type: "checkbox", "aria-label": "Select all shown", onchange({ target }) {
            for (const one of body.querySelectorAll(".pick input")) {
                if (one.checked !== target.checked) one.click();
            }
        },
    }));

    /** One after the other: what became of each is told, and one that fails leaves the others done. */
    async function each(action, done) {
        const failed = [];
        let count = 0;
        for (const record of [...picked.values()]) {
            try {
                await action(record, `${kind.path}/${encodeURIComponent(record.id)}`);
                count += 1;
                picked.delete(record.id);
            } catch (problem) {
                failed.push(problem.detail ?? problem.title);
            }
        }
        const what = count === 1 ? kind.singular : kind.title.toLowerCase();
        const trouble = failed.length > 0 ? `, ${number(failed.length)} failed: ${failed[0]}` : "";
        toast(`${number(count)} ${what} ${done}${trouble}`);
        draw();
        await reload();
    }
    function askTag() {
        const { close } = dialog({
            title: "Add tag",
            content: () => form({ action: "Add tag", async submit({ tag }) {
                const said = tag.trim();
                if (!said) throw { errors: [{ pointer: "/tag", detail: "Enter a tag." }] };
                close();
                await each(({ tags }, path) => call(path, {
                    method: "PATCH", body: { tags: [...new Set([...tags, said])] },
                }), "tagged");
            } }, field("Tag", "tag", { required: true, autofocus: true, maxlength: 100 })),
        });
    }
    async function askDelete() {
        const what = `${number(picked.size)} ${picked.size === 1 ? kind.singular : kind.title.toLowerCase()}`;
        const isMeant = await confirm({
            title: `Delete ${what}?`, text: "This cannot be undone.", action: "Delete", isGrave: true,
        });
        if (isMeant) await each((_, path) => call(path, { method: "DELETE" }), "deleted");
    }
    return { bar, box, head, isOffered, isOpen: () => picked.size > 0, clear };
}
