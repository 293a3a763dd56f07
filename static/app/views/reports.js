import { pagesOf } from "../records/pages.js";
import { paperActions } from "../selling/papers.js";

export const { list, newRecord, record, editRecord } = pagesOf("reports", { record: { actions: paperActions } });
