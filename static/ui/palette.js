import { dialog } from "./dialog.js";
import { fill, h } from "./dom.js";
import { polite } from "./state.js";
import { t } from "./words.js";

/**
 * A search over everything: `find(words, show)` calls `show(list, isAll)` with [{text, kind, href}], at once and again
 * when more is there. Enter opens what is marked; where there is nothing at all, that is said, with a way on.
 */
export function palette({ label, find }) {
    const list = h("ul", { role: "listbox", id: "palette-list", "aria-label": label, class: "options" });
    const box = h("input", {
        type: "text", role: "combobox", "aria-label": label, "aria-expanded": "true", "aria-controls": list.id,
        "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
        placeholder: t("Records, pages, actions…"),
    });
    const none = h("div", polite);
    let shown = [], marked = 0, turn = 0, isMoved = false, close;

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
    const clear = () => {
        box.value = "";
        box.focus();
        look();
    };
    const draw = (items, isAll) => {
        fill(none, isAll && !items.length && h("p", { class: "quiet" },
            t("Nothing is called “{words}”. Try fewer or other words.", { words: box.value.trim() }), " ",
            h("button", { type: "button", class: "small", onclick: clear }, t("Clear search"))));
        // A marked entry stays so, while more is found.
        const held = shown[marked];
        const at = isMoved ? items.findIndex(({ text, href }) => text === held?.text && href === held?.href) : -1;
        shown = items;
        fill(list, items.map((item, index) => h("li", {
            role: "option", id: `palette-${index}`, onclick: () => open(item), onpointermove: () => mark(index),
        }, h("span", { dir: "auto" }, item.text), h("span", { class: "quiet" }, item.kind))));
        mark(Math.max(0, at));
    };
    const look = () => {
        const own = ++turn;
        isMoved = false;
        find(box.value.trim(), (items, isAll) => own === turn && draw(items, isAll));
    };
    box.addEventListener("input", look);
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter") open(shown[marked]);
        else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
            isMoved = true;
            mark(marked + (event.key === "ArrowDown" ? 1 : -1));
        } else return;
        event.preventDefault();
    });
    ({ close } = dialog({ title: label, content: () => h("div", { class: "palette" }, box, list, none) }));
    box.focus();
    look();
}
