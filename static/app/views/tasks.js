import { taskBoard } from "../delivery/taskboard.js";
import { pagesOf } from "../records/pages.js";
import { t } from "../../ui/words.js";

/** Tasks: a list, and a board by their state. */
export const { list, newRecord, record, editRecord } = pagesOf("tasks", {
    list: {
        tabs: [{
            name: "board", get text() { return t("Board"); }, draw: ({ signal }) => taskBoard({}, { signal }),
        }],
    },
});
