import { fill, h } from "./dom.js";
import { menuButton } from "./menu.js";
import { t } from "./words.js";

let made = 0;

/**
 * Tabs over one panel. `list` is [{name, text, draw}]; `draw()` is called when a tab is opened first. `onOpen` is told
 * its name, so that the address can say it. Beyond `most` they are behind a menu, until one of them is opened.
 */
export function tabs(label, list, { opened = list[0]?.name, onOpen, most = Infinity } = {}) {
    const base = `tabs-${++made}`;
    const panel = h("div", { role: "tabpanel", id: `${base}-panel`, tabindex: -1 });
    const drawn = new Map();
    const buttons = list.map(({ name, text }, index) => h("button", {
        type: "button", role: "tab", id: `${base}-${index}`, "aria-controls": panel.id, "data-name": name,
        onclick: () => open(name), hidden: index >= most,
    }, text));
    const seen = () => buttons.filter((button) => !button.hidden);

    function open(name, isFirst = false) {
        const index = Math.max(0, list.findIndex((one) => one.name === name));
        buttons[index].hidden = false;
        buttons.forEach((button, at) => {
            button.setAttribute("aria-selected", String(at === index));
            button.tabIndex = at === index ? 0 : -1;
        });
        panel.setAttribute("aria-labelledby", buttons[index].id);
        if (!drawn.has(index)) drawn.set(index, list[index].draw());
        fill(panel, drawn.get(index));
        setTimeout(() => bringIn(buttons[index]));
        if (!isFirst) onOpen?.(list[index].name);
    }
    /** Returns how far the row scrolls until the tab is the first to be seen, with something of the one before. */
    const placeOf = (button) => (document.dir === "rtl"
        ? button.offsetLeft + button.offsetWidth - row.offsetLeft - row.clientWidth + 40
        : button.offsetLeft - row.offsetLeft - 40);
    /** At once, or as soon as the row is in the page. */
    function bringIn(button) {
        const watch = new ResizeObserver(() => {
            if (row.clientWidth === 0) return;
            watch.disconnect();
            row.scrollTo({ left: placeOf(button) });
        });
        watch.observe(row);
    }
    const row = h("div", { role: "tablist", "aria-label": label, class: "tablist", onkeydown(event) {
        const shown = seen(), at = shown.indexOf(document.activeElement);
        const after = document.dir === "rtl" ? -1 : 1;
        const to = { ArrowRight: at + after, ArrowLeft: at - after, Home: 0, End: -1 }[event.key];
        if (to === undefined || at < 0) return;
        event.preventDefault();
        const next = shown.at(to % shown.length);
        next.focus();
        open(next.dataset.name);
    } }, buttons);
    open(opened, true);
    const others = () => list.filter((_, index) => buttons[index].hidden).map(({ name, text }) => ({ text, run() {
        open(name);
        buttons.find((button) => button.dataset.name === name).focus();
    } }));
    const rest = list.length > most && menuButton(t("More lists"), others, { class: "small" });
    return { element: h("div", { class: "tabbed" }, h("div", { class: "tab-row" }, row, rest), panel), row, panel, open };
}
