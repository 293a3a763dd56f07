import { dialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const never = new Set(["version", "external_ids", "custom", "merged_into"]);

/** Texts that do not fit a line of a table. */
const isLong = ({ schema }) => (schema.maxLength ?? 0) > 5000;

/** Which columns a list has; the address keeps them. */
export function columnChooser(kind, chosen, set) {
    return h("button", { type: "button", class: "small", onclick: open }, t("Columns"));

    function open() {
        const offered = [...kind.fields.values()].filter((one) =>
            !never.has(one.name) && !one.isForPrograms && one.name !== kind.name && !isLong(one));
        const box = (one) => h("label", { class: "tick" },
            h("input", { type: "checkbox", value: one.name, checked: chosen().includes(one.name) }), one.label);
        const boxes = offered.map(box);
        const read = () =>
            boxes.map(({ firstChild }) => firstChild).filter((one) => one.checked).map((one) => one.value);
        const { close } = dialog({
            title: t("Columns"),
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
                h("button", { type: "button", onclick: () => { set(kind.columns); close(); } }, t("Usual columns")),
                h("button", { type: "submit", class: "primary" }, t("Show columns")))),
        });
    }
}
