import { fill, h } from "./dom.js";

/**
 * A button that opens a menu. `items()` gives {text, run, href}. Arrows move, letters find, Escape closes, and the
 * keyboard comes back to the button unless an item has taken it elsewhere. "menushut" says that it is closed.
 */
export function menuButton(label, items, attributes = {}) {
    const list = h("div", { role: "menu", class: "menu", hidden: true });
    const button = h("button", {
        type: "button", "aria-haspopup": "menu", "aria-expanded": "false",
        onclick: () => (list.hidden ? open() : shut()), ...attributes,
    }, label);
    const place = h("span", { class: "menu-place" }, button, list);
    const all = () => [...list.children];
    let typed = "", forget;

    function open() {
        fill(list, items().filter(Boolean).map(({ text, href, run }) => h(href ? "a" : "button", {
            role: "menuitem", tabindex: -1, dir: "auto", href, type: href ? null : "button",
            onclick() {
                shut();
                run?.();
            },
        }, text)));
        list.hidden = false;
        typed = "";
        button.setAttribute("aria-expanded", "true");
        stand();
        all()[0]?.focus({ preventScroll: true });
        document.addEventListener("pointerdown", onOutside, true);
        document.addEventListener("scroll", onScroll, true);
    }
    function shut() {
        document.removeEventListener("pointerdown", onOutside, true);
        document.removeEventListener("scroll", onScroll, true);
        const isInside = list.contains(document.activeElement);
        list.hidden = true;
        button.setAttribute("aria-expanded", "false");
        if (isInside) button.focus();
        place.dispatchEvent(new Event("menushut", { bubbles: true }));
    }
    /** Over the page and within the window, wherever the button is: a box that scrolls would cut it off. */
    function stand() {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        const { offsetWidth: width, offsetHeight: height } = list;
        const isBelow = bottom + height + 8 <= innerHeight || top < height + 8;
        Object.assign(list.style, {
            position: "fixed", right: "auto", bottom: "auto",
            left: `${Math.max(8, Math.min(left < 200 ? left : right - width, innerWidth - width - 8))}px`,
            top: `${Math.max(8, isBelow ? Math.min(bottom + 5, innerHeight - height - 8) : top - height - 5)}px`,
        });
    }
    // It goes with its button; what scrolls elsewhere by itself, such as a thread, is none of its business.
    const onScroll = ({ target }) => {
        if (!target.contains(button)) return;
        const { top, bottom } = button.getBoundingClientRect();
        if (bottom < 0 || top > innerHeight) shut();
        else stand();
    };
    const onOutside = ({ target }) => !place.contains(target) && shut();
    const move = (index) => all().at(index % all().length)?.focus();

    place.addEventListener("keydown", (event) => {
        if (list.hidden) return;
        const at = all().indexOf(document.activeElement);
        const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
        if (event.key in steps) move(steps[event.key]);
        else if (event.key === "Escape" || event.key === "Tab") return shut();
        else if (isText(event)) find(event.key);
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    // A space chooses, but within a name it is part of it.
    const isText = ({ key, ctrlKey, metaKey }) => key.length === 1 && (key !== " " || typed) && !ctrlKey && !metaKey;
    function find(letter) {
        clearTimeout(forget);
        forget = setTimeout(() => (typed = ""), 800);
        typed += letter.toLowerCase();
        all().find((one) => one.textContent.trim().toLowerCase().startsWith(typed))?.focus();
    }
    place.close = shut;
    return place;
}
