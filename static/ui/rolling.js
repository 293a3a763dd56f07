import { arrange } from "./arrange.js";
import { h } from "./dom.js";

/** The number of rows that are drawn above and below those in sight. */
const spare = 6;

/**
 * A list of any length, of which only what is in sight is drawn. Rows are `height` px high; `draw(item)` makes what is
 * in one, and is asked anew for an item whose `stamp(item)` has changed. `more()` is called as the end comes near.
 */
export function rolling({ label, height, draw, stamp, more }) {
    const list = h("ol", { "aria-label": label });
    const element = h("div", { class: "rolling" }, list);
    element.style.setProperty("--row", `${height}px`);
    let items = [], total = 0, drawn = new Map(), frame = 0;

    function row(item, index) {
        const own = stamp(item);
        let known = drawn.get(item.id);
        if (known?.own !== own) known = { own, row: fresh(item, known?.row) };
        known.row.setAttribute("aria-setsize", total);
        known.row.setAttribute("aria-posinset", index + 1);
        return [item.id, known];
    }
    function fresh(item, before) {
        const made = h("li", {}, draw(item));
        const held = before?.contains(document.activeElement) && document.activeElement.tagName;
        if (!held) return made;
        // The keyboard stays in the row that is drawn anew.
        queueMicrotask(() => made.querySelector(held.toLowerCase())?.focus({ preventScroll: true }));
        return made;
    }
    function paint() {
        frame = 0;
        const sight = element.clientHeight || 900;
        const first = Math.max(0, Math.floor(element.scrollTop / height) - spare);
        const last = Math.min(items.length, Math.ceil((element.scrollTop + sight) / height) + spare);
        const shown = items.slice(first, last).map((item, index) => row(item, first + index));
        drawn = new Map(shown);
        list.style.setProperty("--above", `${first * height}px`);
        list.style.setProperty("--below", `${(items.length - last) * height}px`);
        arrange(list, shown.map(([, known]) => known.row));
        if (last >= items.length - spare) more?.();
    }
    const later = () => (frame ||= requestAnimationFrame(paint));
    element.addEventListener("scroll", later, { passive: true });
    new ResizeObserver(later).observe(element);

    return {
        element, paint,
        set(next, count = next.length) {
            items = next;
            total = count;
            paint();
        },
        items: () => items,
        /** Brings the row at an index into sight, and gives it. */
        reach(index) {
            const top = index * height, sight = element.clientHeight;
            if (top < element.scrollTop) element.scrollTop = top;
            else if (top + height > element.scrollTop + sight) element.scrollTop = top + height - sight;
            paint();
            return drawn.get(items[index]?.id)?.row;
        },
    };
}
