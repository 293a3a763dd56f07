import { h } from "../dom.js";
import { dialog } from "../../ui/dialog.js";

const never = new Set(["id", "version", "external_ids", "custom"]);

/** Which columns a list has; the address keeps them. */
export function columnChooser(kind, chosen, set) {
    return h("button", { type: "button", class: "small", onclick: open }, "Columns");

    function open() {
        const offered = [...kind.fields.values()].filter(({ name }) => !never.has(name) && name !== kind.name);
        const box = (one) => h("label", { class: "tick" },
            h("input", { type: "checkbox", value: one.name, checked: chosen().includes(one.name) }), one.label);
        const boxes = offered.map(box);
        const read = () =>
            boxes.map(({ firstChild }) => firstChild).filter((one) => one.checked).map((one) => one.value);
        const { close } = dialog({
            title: "Columns",
            content: () => h("form", { onsubmit(event) {
                event.preventDefault();
                const next = read();
                // Those that were shown keep their order.
                const before = chosen();
                const added = next.filter((name) => !before.includes(name));
                set([...before.filter((name) => next.includes(name)), ...added]);
                close();
            } },
            h("div", { class: "ticks" }, boxes),
            h("div", { class: "actions end" },
                h("button", { type: "button", onclick: () => { set(kind.columns); close(); } }, "Usual columns"),
                h("button", { type: "submit", class: "primary" }, "Show"))),
        });
    }
}
