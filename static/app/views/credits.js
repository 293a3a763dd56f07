import { pagesOf } from "../records/pages.js";
import { withTabs } from "../selling/billing.js";

const pages = pagesOf("credits");

/** Service credits: what a client's next invoices are lowered by. */
export const { record, editRecord } = pages;
export const list = withTabs("credits", pages.list);
export const newRecord = withTabs("credits", pages.newRecord);
