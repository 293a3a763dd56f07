import { pagesOf } from "../records/pages.js";

/** Goals: what clients want to reach, and where it stands. */
export const { list, newRecord, record, editRecord } = pagesOf("goals");
