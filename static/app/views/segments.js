import { members } from "../content/members.js";
import { pagesOf } from "../records/pages.js";

/** Segments: some of the leads, contacts or clients, and who they are. */
export const { list, newRecord, record, editRecord } = pagesOf("segments", { record: { panels: members } });
