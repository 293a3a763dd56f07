import { pagesOf } from "../records/pages.js";
import { paperActions } from "./papers.js";

export const { list, newRecord, record, editRecord } = pagesOf("contracts", { record: { actions: paperActions } });
