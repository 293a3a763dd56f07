import { fill, h } from "./dom.js";
import { t } from "./words.js";

let made = 0;

/**
 * A box that searches while one types: `search(words)` gives [{id, text}]. What is chosen is kept beside
 * it; `make()` gives {text, run(words)}, or nothing, once that has been searched: it offers to make what is not found.
 */
export function combobox({ id, name, describedBy, search, value = null, required, make, onPick }) {
    const own = `combobox-${++made}`;
    const list = h("ul", {
        role: "listbox", id: own, class: "options floating", hidden: true, "aria-label": t("Choices"),
    });
    const kept = h("input", { type: "hidden", value: value?.id ?? "" });
    const box = h("input", {
        type: "text", id, name, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
        "aria-controls": own, "aria-describedby": describedBy, "aria-required": required ? "true" : null,
        autocomplete: "off",
    });
    box.value = value?.text ?? "";
    let shown = [], marked = 0, turn = 0, timer;

    const shut = () => {
        // A search that is still under way must not open it again.
        clearTimeout(timer);
        turn += 1;
        list.hidden = true;
        box.setAttribute("aria-expanded", "false");
        box.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
        marked = (index + shown.length) % shown.length;
        [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === marked)));
        box.setAttribute("aria-activedescendant", list.children[marked].id);
        list.children[marked].scrollIntoView({ block: "nearest" });
    };
    const set = (item) => {
        kept.value = item?.id ?? "";
        box.value = item?.text ?? "";
        box.dispatchEvent(new Event("input", { bubbles: true }));
        onPick?.(item);
    };
    const pick = (item) => {
        shut();
        if (item.run) return item.run();
        isPicking = true;
        set(item);
        isPicking = false;
    };
    let isPicking = false;

    async function look() {
        const mine = ++turn, said = box.value.trim();
        const found = await search(said).catch(() => []);
        if (mine !== turn || document.activeElement !== box) return;
        const making = make?.();
        shown = [...found, ...(making ? [{ text: making.text, run: () => making.run(said) }] : [])];
        fill(list, shown.length ? shown.map((item, index) => h("li", {
            role: "option", id: `${own}-${index}`, "aria-selected": "false", dir: "auto",
            onpointerdown: (event) => event.preventDefault(), onclick: () => pick(item),
        }, item.text)) : h("li", { role: "option", "aria-disabled": "true", class: "quiet" }, t("Nothing found")));
        list.hidden = false;
        box.setAttribute("aria-expanded", "true");
        if (shown.length) mark(0);
    }
    box.addEventListener("focus", () => box.select());
    box.addEventListener("click", look);
    box.addEventListener("input", () => {
        if (isPicking) return;
        kept.value = "";
        clearTimeout(timer);
        timer = setTimeout(look, 150);
    });
    box.addEventListener("blur", () => {
        shut();
        // Half a name means nothing.
        if (!kept.value) box.value = "";
    });
    box.addEventListener("keydown", (event) => {
        const isOpen = !list.hidden && shown.length > 0;
        if (event.key === "ArrowDown") isOpen ? mark(marked + 1) : look();
        else if (event.key === "ArrowUp" && isOpen) mark(marked - 1);
        else if (event.key === "Enter" && isOpen && !event.ctrlKey) pick(shown[marked]);
        else if (event.key === "Escape" && !list.hidden) {
            shut();
            event.stopPropagation();
        } else return;
        event.preventDefault();
    });
    const element = h("div", { class: "combobox" }, box, kept, list);
    const get = () => (kept.value ? { id: kept.value, text: box.value } : null);
    const restore = (item) => {
        kept.value = item?.id ?? "";
        box.value = item?.text ?? "";
    };
    return { element, get, restore };
}
