import {
    deliverableActions, deliverableMenu, drawDeliverable, isOpen, standing,
} from "../delivery/deliverable.js";
import { pagesOf } from "../records/pages.js";
import { h } from "../../ui/dom.js";

const said = [
    "text", "files", "requirements", "versions", "quality", "review_notes", "reviewed_by", "change_request",
    "decided_at",
];

/** Deliverables: made, checked, and decided by the client. */
export const { list, newRecord, record, editRecord } = pagesOf("deliverables", {
    record: {
        facts: said, lead: standing, isFixed: (one) => !isOpen(one),
        actions: deliverableActions, menu: deliverableMenu,
        panels(one, { follow }) {
            const place = h("div", {}, drawDeliverable(one));
            follow((next) => place.replaceChildren(...drawDeliverable(next).filter(Boolean)));
            return place;
        },
    },
});
