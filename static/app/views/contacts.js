import { pagesOf } from "../records/pages.js";
import { duplicatesLink } from "../records/duplicates.js";

export const { list, newRecord, record, editRecord } = pagesOf("contacts", {
    list: { actions: () => duplicatesLink("contacts") },
});
