import { mailingActions, mailingReaders, mailingResults } from "../campaigns/mailing.js";
import { pagesOf } from "../records/pages.js";

/** Email campaigns: one email to the people of a segment, who gets it, and how its variants do. */
export const { list, newRecord, record, editRecord } = pagesOf("email-campaigns", {
    record: {
        actions: mailingActions, panels: (one, tools) => [mailingReaders(one, tools), mailingResults(one, tools)],
    },
});
