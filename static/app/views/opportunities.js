import { may } from "../api.js";
import { opportunityBoard, steps } from "../delivery/opportunities.js";
import { pagesOf } from "../records/pages.js";
import { named } from "../records/naming.js";
import { h, quiet } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

const kindsOfEvidence = {
    client: "clients", contract: "contracts", dlv: "deliverables", goal: "goals", inv: "invoices", lead: "leads",
    task: "tasks", ticket: "tickets",
};
const evidenceMax = 10;

/** Opportunities: what clients may buy or go on with, from the day on which it is seen to their answer. */
export const { list, newRecord, record, editRecord } = pagesOf("opportunities", {
    list: { tabs: [{ name: "board", get text() { return t("Board"); }, draw: opportunityBoard }] },
    record: {
        facts: ["status"], isFixed: ({ status }) => !["open", "offered"].includes(status), lead: evidence,
        actions: (one, { kind, reload }) => kind.mayWrite && steps(one, reload).map(({ text, run }, index) =>
            h("button", { type: "button", class: index === 0 && one.status === "open" && "primary", onclick: run },
                text)),
    },
});

/** The records that it rests on, as far as they have pages. */
function evidence({ evidence: ids }) {
    const known = ids.map((id) => [kindsOfEvidence[id.split("_")[0]], id])
        .filter(([plural]) => plural && may(`${plural}:read`)).slice(0, evidenceMax);
    return known.length > 0 && quiet(t("Because of"), " ",
        known.map(([plural, id], index) => [index > 0 && ", ", named(plural, id)]));
}
