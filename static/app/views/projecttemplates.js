import { pagesOf } from "../records/pages.js";

/** Project templates: how the projects of a package begin. */
export const { list, newRecord, record, editRecord } = pagesOf("project-templates");
