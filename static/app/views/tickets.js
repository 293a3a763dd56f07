import { pagesOf } from "../records/pages.js";
import { ticketBoard } from "../tickets/board.js";
import { ticket } from "../tickets/ticket.js";
import { supportMenu } from "../support/menu.js";
import { t } from "../../ui/words.js";

/** Tickets: a list, a board of their statuses, and a page of its own for each. */
export const { list, newRecord } = pagesOf("tickets", {
    list: { get tabs() { return [{ name: "board", text: t("Board"), draw: ticketBoard }]; }, actions: supportMenu },
});

export const record = ticket;
export const editRecord = (context) => ticket({ ...context, isEdit: true });
