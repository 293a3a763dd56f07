import { fill, h } from "./dom.js";

let made = 0;

/**
 * Suggestions in a text box: after `mark` ("/" or "@") at the beginning of a word, `find(words)` gives
 * [{text, about, pick}], and `pick()` gives what stands instead. Arrows choose, Enter takes, Escape closes.
 */
export function suggests(box, label, sources) {
    const id = `suggest-${++made}`;
    const list = h("ul", { role: "listbox", id, class: "options floating above", hidden: true, "aria-label": label });
    box.setAttribute("aria-controls", id);
    box.setAttribute("aria-autocomplete", "list");
    let shown = [], marked = 0, turn = 0, begin = 0;

    const shut = () => {
        list.hidden = true;
        box.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
        marked = (index + shown.length) % shown.length;
        [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === marked)));
        box.setAttribute("aria-activedescendant", list.children[marked].id);
        list.children[marked].scrollIntoView({ block: "nearest" });
    };
    async function take(item) {
        const end = box.selectionStart;
        shut();
        const text = await item.pick();
        box.setRangeText(text, begin, end, "end");
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
    }
    async function look() {
        const own = ++turn;
        const before = box.value.slice(0, box.selectionStart);
        const found = sources().map((source) => {
            const at = before.lastIndexOf(source.mark);
            const isBegun = at >= 0 && (at === 0 || /\s/.test(before[at - 1]));
            const said = before.slice(at + 1);
            return isBegun && !/\n/.test(said) && said.length <= 30 ? { source, at, said } : null;
        }).find(Boolean);
        if (!found) return shut();
        const items = await found.source.find(found.said.toLowerCase()).catch(() => []);
        if (own !== turn || document.activeElement !== box) return;
        if (!items.length) return shut();
        shown = items.slice(0, 12);
        begin = found.at;
        fill(list, shown.map((item, index) => h("li", {
            role: "option", id: `${id}-${index}`, "aria-selected": "false",
            onpointerdown: (event) => event.preventDefault(), onclick: () => take(item),
        }, h("span", { dir: "auto" }, item.text), item.about && h("span", { class: "quiet", dir: "auto" },
            item.about))));
        list.hidden = false;
        choose(0);
    }
    box.addEventListener("input", look);
    box.addEventListener("blur", shut);
    box.addEventListener("keydown", (event) => {
        if (list.hidden) return;
        if (event.key === "ArrowDown") choose(marked + 1);
        else if (event.key === "ArrowUp") choose(marked - 1);
        else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey)
            || event.key === "Tab") take(shown[marked]);
        else if (event.key === "Escape") shut();
        else return;
        event.preventDefault();
        event.stopImmediatePropagation();
    });
    return list;
}
