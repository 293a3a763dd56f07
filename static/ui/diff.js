import { h } from "./dom.js";
import { t } from "./words.js";

const linesMax = 1500;

/**
 * Returns the changes from one text to another, line by line: what has gone and what is new, and what is the same
 * between.
 */
export function diff(before, after) {
    const rows = changes(String(before ?? "").split("\n"), String(after ?? "").split("\n"));
    const said = { gone: t("Removed:"), new: t("Added:") };
    return h("div", { class: "diff scroll", tabindex: 0, role: "group", "aria-label": t("Changes") },
        rows.map(([state, line]) => h("p", { class: state },
            h("span", { class: "sign", "aria-hidden": "true" }, { gone: "−", new: "+" }[state] ?? " "),
            said[state] && h("span", { class: "unseen" }, said[state]), h("span", { dir: "auto" }, line || "\u00a0"))));
}

/** [["same" | "gone" | "new", line]], by the longest lines that both have in order. */
function changes(before, after) {
    if (before.length * after.length > linesMax ** 2) {
        return [...before.map((line) => ["gone", line]), ...after.map((line) => ["new", line])];
    }
    const width = after.length + 1;
    const length = new Uint32Array((before.length + 1) * width);
    for (let i = before.length - 1; i >= 0; i -= 1) {
        for (let j = after.length - 1; j >= 0; j -= 1) {
            length[i * width + j] = before[i] === after[j] ? length[(i + 1) * width + j + 1] + 1
                : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
        }
    }
    const rows = [];
    let i = 0, j = 0;
    while (i < before.length || j < after.length) {
        if (i < before.length && j < after.length && before[i] === after[j]) {
            rows.push(["same", before[i]]);
            i += 1;
            j += 1;
        } else if (j >= after.length || (i < before.length
            && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
            rows.push(["gone", before[i]]);
            i += 1;
        } else {
            rows.push(["new", after[j]]);
            j += 1;
        }
    }
    return rows;
}
