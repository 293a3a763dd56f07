import { stepControl } from "../selling/step.js";
import { fill, h } from "../../ui/dom.js";
import { grouped } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** The steps of a sequence in their order: each can be changed, moved and taken out. */
export function stepsControl({ name, label }, value) {
    const place = h("div");
    let rows = [];

    function add(step = {}, at = rows.length) {
        const row = stepControl(step, {
            remove: () => change(rows.filter((one) => one !== row)),
            move(by) {
                const from = rows.indexOf(row), next = rows.filter((one) => one !== row);
                next.splice(from + by, 0, row);
                change(next);
                row.element.querySelector("select").focus();
            },
        });
        rows.splice(at, 0, row);
        draw();
        return row;
    }
    function change(next) {
        rows = next;
        draw();
        place.dispatchEvent(new Event("input", { bubbles: true }));
        if (!place.contains(document.activeElement)) more.focus();
    }
    function draw() {
        rows.forEach((row, index) => row.place(index, rows.length));
        fill(place, rows.map(({ element }) => element));
    }
    const more = h("button", { type: "button", class: "small", onclick: () => add().focus() }, t("Add step"));
    const restore = (kept) => {
        rows = [];
        kept.forEach(({ step, raw }) => add(step).restore(raw));
    };
    const raw = () => rows.map((row) => ({ step: row.step, raw: row.raw() }));
    (value?.length ? value : [{}]).forEach((step) => add(step));
    const element = h("div", { class: "field", "data-name": name, ...grouped(label) },
        place, more, h("p", { class: "fault" }));
    return { name, element, get: () => rows.map((row) => row.get()), raw, restore };
}
