import { fill, h } from "../app/dom.js";
import { dialog } from "./dialog.js";

/**
 * A search over everything: `find(words, show)` calls `show(list)` with [{text, kind, href}], at once and again when
 * more is there. Enter opens what is marked.
 */
export function palette({ label, find }) {
    const list = h("ul", { role: "listbox", id: "palette-list", "aria-label": label, class: "options" });
    const box = h("input", {
        type: "text", role: "combobox", "aria-label": label, "aria-expanded": "true", "aria-controls": list.id,
        "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
        placeholder: "Records, pages, actions…",
    });
    let shown = [], marked = 0, turn = 0, close;

    const mark = (index) => {
        marked = shown.length ? (index + shown.length) % shown.length : 0;
        [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === marked)));
        const at = list.children[marked];
        if (!at) return box.removeAttribute("aria-activedescendant");
        box.setAttribute("aria-activedescendant", at.id);
        at.scrollIntoView({ block: "nearest" });
    };
    const open = (item) => {
        close();
        if (item?.run) item.run();
        else if (item) location.hash = item.href.slice(1);
    };
    const draw = (items) => {
        shown = items;
        fill(list, items.map((item, index) => h("li", {
            role: "option", id: `palette-${index}`, onclick: () => open(item), onpointermove: () => mark(index),
        }, h("span", { dir: "auto" }, item.text), h("span", { class: "quiet" }, item.kind))));
        mark(0);
    };
    const look = () => {
        const own = ++turn;
        find(box.value.trim(), (items) => own === turn && draw(items));
    };
    box.addEventListener("input", look);
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter") open(shown[marked]);
        else if (event.key === "ArrowDown") mark(marked + 1);
        else if (event.key === "ArrowUp") mark(marked - 1);
        else return;
        event.preventDefault();
    });
    ({ close } = dialog({ title: label, content: () => h("div", { class: "palette" }, box, list) }));
    box.focus();
    look();
}
