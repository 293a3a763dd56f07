import { failure, fill, h } from "../ui/dom.js";
import { t } from "../ui/words.js";

/**
 * Shows below a list's first page a button that loads the next one. `page(cursor)` asks for it; `append` puts its
 * records into the list and gives the first new element, where reading goes on. `isBeyond` tells of a list whether that
 * has been done: read anew, it would lose what was added.
 */
export function paged(first, page, append) {
    const more = h("div", { class: "more" });

    function offer({ has_more, next_cursor }) {
        const button = h("button", { type: "button", async onclick() {
            fill(button, t("Loading…"));
            try {
                const next = await page(next_cursor);
                const element = append(next.data);
                more.classList.add("beyond");
                offer(next);
                // The button is new, or gone.
                element?.querySelector("a, button, input")?.focus();
            } catch (problem) {
                fill(more, failure(problem, () => offer({ has_more, next_cursor })));
            }
        } }, t("Load more"));
        fill(more, has_more && button);
        more.hidden = !has_more;
    }
    offer(first);
    return more;
}

export const isBeyond = (place) => place.querySelector(".more.beyond") !== null;

/** `append` of a table whose rows `row` makes. */
export const toTable = (table, row) => (records) => {
    const rows = records.map(row);
    table.tBodies[0].append(...rows);
    return rows[0];
};
