import { listView } from "./list.js";
import { recordView } from "./record.js";

/** The views of a kind of record; `list` and `record` say what is special about them. */
export const pagesOf = (plural, { list, record } = {}) => ({
    list: listView(plural, list),
    newRecord: (context) => listView(plural, list)({ ...context, isNew: true }),
    record: recordView(plural, record),
    editRecord: (context) => recordView(plural, record)({ ...context, isEdit: true }),
});
