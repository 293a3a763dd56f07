import { fill, h } from "../app/dom.js";

let made = 0;

/**
 * Tabs over one panel. `list` is [{name, text, draw}]; `draw()` is called when a tab is opened first. `onOpen` is told
 * its name, so that the address can say it.
 */
export function tabs(label, list, { opened = list[0]?.name, onOpen } = {}) {
    const base = `tabs-${++made}`;
    const panel = h("div", { role: "tabpanel", id: `${base}-panel`, tabindex: -1 });
    const drawn = new Map();
    const buttons = list.map(({ name, text }, index) => h("button", {
        type: "button", role: "tab", id: `${base}-${index}`, "aria-controls": panel.id, "data-name": name,
        onclick: () => open(name),
    }, text));

    function open(name, isFirst = false) {
        const index = Math.max(0, list.findIndex((one) => one.name === name));
        buttons.forEach((button, at) => {
            button.setAttribute("aria-selected", String(at === index));
            button.tabIndex = at === index ? 0 : -1;
        });
        panel.setAttribute("aria-labelledby", buttons[index].id);
        if (!drawn.has(index)) drawn.set(index, list[index].draw());
        fill(panel, drawn.get(index));
        setTimeout(() => row.scrollTo({ left: buttons[index].offsetLeft - row.offsetLeft - 40 }));
        if (!isFirst) onOpen?.(list[index].name);
    }
    const row = h("div", { role: "tablist", "aria-label": label, class: "tablist", onkeydown(event) {
        const at = buttons.indexOf(document.activeElement);
        const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
        if (to === undefined || at < 0) return;
        event.preventDefault();
        const next = buttons.at(to % buttons.length);
        next.focus();
        open(next.dataset.name);
    } }, buttons);
    open(opened, true);
    return { element: h("div", { class: "tabbed" }, row, panel), row, panel, open };
}
