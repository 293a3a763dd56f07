import { h } from "./dom.js";

/** Rows drawn before and after those that are seen, and at most altogether. */
const spare = 8, most = 58;

/**
 * A table that holds only the rows that are seen, of as many as there are. `mark(index)` says what a row shows, so that
 * it is drawn anew when that is another; `draw(index)` gives the row; `onSeen(first, last)` is told what is in sight.
 * The row that has the keyboard stays where it is.
 */
export function seenRows(table, { box, columns, mark, draw, onSeen, signal }) {
    const body = table.tBodies[0];
    let count = 0, height = 36, first = 0, last = 0, asked = 0;
    const drawn = new Map();
    const rowOf = (element) => [...drawn].find(([, { row }]) => row.contains(element))?.[0];

    function range() {
        const own = box.getBoundingClientRect(), at = body.getBoundingClientRect().top;
        const top = Math.max(own.top, 0) - at, bottom = Math.min(own.bottom, window.innerHeight) - at;
        first = Math.max(0, Math.min(count, Math.floor(top / height) - spare));
        last = Math.min(count, first + most, Math.max(first, Math.ceil(bottom / height) + spare));
    }
    function update() {
        asked = 0;
        if (!table.isConnected) return;
        range();
        const held = rowOf(document.activeElement);
        const wanted = Array.from({ length: last - first }, (_, index) => first + index);
        if (held !== undefined && held < count && (held < first || held >= last)) wanted.push(held);
        place(wanted.sort((a, b) => a - b));
        measure();
        if (last > first) onSeen(first, last);
    }
    function place(wanted) {
        for (const [index, { row }] of drawn) {
            if (wanted.includes(index)) continue;
            row.remove();
            drawn.delete(index);
        }
        const list = [];
        let end = 0;
        for (const index of wanted) {
            if (index > end) list.push(gap(index - end));
            list.push(rowAt(index));
            end = index + 1;
        }
        if (count > end) list.push(gap(count - end));
        put(list);
    }
    /** Leaves a row that stays where it is: one that is taken out and put back loses the keyboard. */
    function put(list) {
        for (const child of [...body.children]) if (!list.includes(child)) child.remove();
        let at = body.firstChild;
        for (const element of list) {
            if (element === at) at = at.nextSibling;
            else body.insertBefore(element, at);
        }
    }
    function rowAt(index) {
        const known = drawn.get(index), now = mark(index);
        if (known && known.now === now) return known.row;
        const row = draw(index);
        row.setAttribute("aria-rowindex", index + 2);
        drawn.set(index, { row, now });
        if (known?.row.contains(document.activeElement)) handOver(known.row, row);
        return row;
    }
    function handOver(before, after) {
        const controls = (row) => [...row.querySelectorAll("a, button, input")];
        const at = controls(before).indexOf(document.activeElement);
        before.replaceWith(after);
        controls(after)[at]?.focus({ preventScroll: true });
    }
    function gap(rows) {
        const cell = h("td", { colspan: columns() });
        cell.style.setProperty("height", `${rows * height}px`);
        return h("tr", { class: "gap", "aria-hidden": "true" }, cell);
    }
    function measure() {
        const rows = [...drawn.values()].slice(0, 5);
        const now = rows.reduce((sum, { row }) => sum + row.getBoundingClientRect().height, 0) / rows.length;
        if (!now || Math.abs(now - height) < .5) return;
        height = now;
        later();
    }
    function later() {
        asked ||= requestAnimationFrame(update);
    }
    document.addEventListener("scroll", later, { capture: true, passive: true, signal });
    window.addEventListener("resize", later, { signal });
    const watch = new ResizeObserver(later);
    watch.observe(box);
    signal?.addEventListener("abort", () => watch.disconnect());

    return {
        /** Sets the number of rows that there are now; those in sight are drawn at once. */
        set(next) {
            count = next;
            table.setAttribute("aria-rowcount", count + 1);
            update();
            later();
        },
        update,
        /** Forgets how rows looked, as after other columns have been chosen. */
        clear() {
            for (const { row } of drawn.values()) row.remove();
            drawn.clear();
        },
    };
}
