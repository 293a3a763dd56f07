import { listView } from "./list.js";
import { recordView } from "./record.js";

/** The views of a kind of record; `list` and `record` say what is special about them, `controls` about its forms. */
export const pagesOf = (plural, { list, record, controls } = {}) => {
    const lists = listView(plural, { ...list, controls }), records = recordView(plural, { ...record, controls });
    return {
        list: lists,
        newRecord: (context) => lists({ ...context, isNew: true }),
        record: records,
        editRecord: (context) => records({ ...context, isEdit: true }),
    };
};
