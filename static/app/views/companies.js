import { pagesOf } from "../records/pages.js";
import { duplicatesLink } from "../records/duplicates.js";
import { mergeItem } from "../records/merging.js";

export const { list, newRecord, record, editRecord } = pagesOf("companies", {
    list: { actions: () => duplicatesLink("companies") }, record: { menu: mergeItem("companies") },
});
