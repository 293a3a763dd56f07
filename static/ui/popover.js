import { h } from "./dom.js";

/**
 * A button with a panel below it: {element, button, panel, open, shut, call}. `onOpen` fills the panel each time it is
 * opened, `call` gives the button another name. Escape and a press elsewhere close it, and the keyboard comes back to
 * the button.
 */
export function popover({ name, id, class: className, onOpen }, ...face) {
    const panel = h("div", { class: className, hidden: true, id });
    const button = h("button", {
        type: "button", "aria-label": name, "aria-expanded": "false", "aria-controls": id,
        onclick: () => (panel.hidden ? open() : shut()),
    }, face);
    const element = h("span", { class: "menu-place" }, button, panel);

    function open() {
        panel.hidden = false;
        button.setAttribute("aria-expanded", "true");
        document.addEventListener("pointerdown", onOutside, true);
        return onOpen();
    }
    function shut() {
        document.removeEventListener("pointerdown", onOutside, true);
        const isInside = panel.contains(document.activeElement);
        panel.hidden = true;
        button.setAttribute("aria-expanded", "false");
        if (isInside) button.focus();
    }
    const onOutside = ({ target }) => !element.contains(target) && shut();
    element.addEventListener("keydown", (event) => event.key === "Escape" && shut());
    return { element, button, panel, open, shut, call: (other) => button.setAttribute("aria-label", other) };
}
