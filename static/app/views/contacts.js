import { pagesOf } from "../records/pages.js";
import { duplicatesLink } from "../records/duplicates.js";
import { mergeItem } from "../records/merging.js";

export const { list, newRecord, record, editRecord } = pagesOf("contacts", {
    list: { actions: () => duplicatesLink("contacts") }, record: { menu: mergeItem("contacts") },
});
