import { fill, h, quiet } from "../../ui/dom.js";
import { markdown } from "../../ui/markdown.js";
import { describing, grouped, needed, press, pressed } from "../../ui/state.js";
import { t } from "../../ui/words.js";

let made = 0;

/** A control for a long text in Markdown: written, and seen as its readers will. */
export function writtenControl({ name, label, required, help, schema }, value) {
    const id = `written-${++made}`;
    const box = h("textarea", { id, name, rows: 14, maxlength: schema.maxLength, ...needed(required),
        ...describing(`${id}-hint`, `${id}-error`) });
    box.value = value ?? "";
    const seen = h("div", { class: "written", hidden: true, tabindex: 0, ...grouped(t("Preview")) });
    const button = h("button", { type: "button", class: "small", ...pressed(false), onclick() {
        const isShown = seen.hidden;
        if (isShown) fill(seen, box.value.trim() ? markdown(box.value) : quiet(t("Nothing is written yet.")));
        seen.hidden = !isShown;
        box.hidden = isShown;
        press(button, isShown);
        (isShown ? seen : box).focus();
    } }, t("Preview"));
    const element = h("div", { class: "field", "data-name": name },
        h("div", { class: "bar-line" }, h("label", { for: id }, label), button), box, seen,
        h("p", { class: "hint", id: `${id}-hint` },
            help ?? t("Markdown: # heading, **bold**, *stressed*, - list, [text](https://address).")),
        h("p", { class: "fault", id: `${id}-error` }));
    return {
        name, field: { name, label, required, schema }, element, id, input: box,
        get: () => box.value.trim() || null, raw: () => box.value, restore: (raw) => (box.value = raw),
    };
}
