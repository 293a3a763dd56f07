import { h } from "../../ui/dom.js";
import { rolling } from "../../ui/rolling.js";
import { t } from "../../ui/words.js";
import { drawRow, keyOf } from "./entries.js";

const rowHeight = 60;

/** All that is planned, one after the other; however long it is, the page has only what is seen. */
export function drawList(look) {
    const items = look.entries.map((one, index, all) => ({
        id: keyOf(one) + index, one, isFirst: one.date !== all[index - 1]?.date,
    }));
    const list = rolling({
        label: t("Calendar"), height: rowHeight, stamp: ({ one }) => `${one.version} ${one.at} ${one.status}`,
        draw: ({ one, isFirst }) => drawRow(one, look, isFirst),
    });
    list.set(items);
    return h("div", { class: "calendar-list" }, list.element);
}
