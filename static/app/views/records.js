import { pagesOf } from "../records/pages.js";

/* Lists and records that need nothing special. */

export const list = (context) => pagesOf(context.plural).list(context);
export const newRecord = (context) => pagesOf(context.plural).newRecord(context);
export const record = (context) => pagesOf(context.plural).record(context);
export const editRecord = (context) => pagesOf(context.plural).editRecord(context);
