import { may } from "../api.js";
import { named } from "../records/naming.js";
import { pagesOf } from "../records/pages.js";
import { askCredit, askPayment, askReminder, askVoid, paymentsOf, withTabs } from "../selling/billing.js";
import { mailNote } from "../selling/held.js";
import { priceTable, sumList } from "../selling/paper.js";
import { paperActions } from "../selling/papers.js";
import { invoiceState } from "../selling/paperstate.js";
import { revise } from "../selling/revise.js";
import { h, section } from "../../ui/dom.js";
import { percent } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { pieces, t } from "../../ui/words.js";

const said = [
    "items", "credits", "currency", "sequence", "reminders", "reminded_at", "tax", "subtotal", "tax_amount",
    "credited", "owed", "total", "paid", "due", "status", "sent_at", "paid_at", "voided_at", "locale",
];

const pages = pagesOf("invoices", {
    record: {
        facts: said, without: ["payments"], isFixed: ({ status }) => status !== "draft",
        lead: (invoice, { signal }) => [
            invoiceState(invoice), mailNote(invoice.message_id, signal),
            invoice.credit_of && h("p", {}, pieces("For invoice {number}.",
                { number: named("invoices", invoice.credit_of) })),
        ],
        actions: (invoice, tools) => [
            isOwed(invoice) && may("payments:write") && h("button", { type: "button", class: "primary",
                onclick: () => askPayment(invoice, tools.reload) }, t("Record payment")),
            paperActions(invoice, tools),
        ],
        menu: (invoice, { kind, reload }) => kind.mayWrite && [
            isIssued(invoice) && { text: t("Create credit note"), run: () => askCredit(invoice, reload) },
            isOwed(invoice) && invoice.status === "overdue"
                && { text: t("Send a reminder"), run: () => askReminder(invoice, reload) },
            isOwed(invoice) && { text: t("Void"), run: () => askVoid(invoice, reload) },
            invoice.status !== "draft" && { text: t("Revise"), run: () => revise(kind, invoice,
                ["client_id", "items", "currency", "tax", "due_on", "notes", "locale"]) },
        ],
        panels(invoice, tools) {
            const place = h("div", {}, drawItems(invoice));
            tools.follow((next) => place.replaceChildren(drawItems(next)));
            return [place, paymentsOf(invoice, tools)];
        },
    },
});

/** Invoices: what is on one, what is due, and what has been paid. */
export const { newRecord, record, editRecord } = pages;
export const list = withTabs("invoices", pages.list);

const isOwed = ({ status, due, kind }) =>
    kind === "invoice" && ["open", "overdue"].includes(status) && due.amount > 0;
const isIssued = ({ status, kind }) => kind === "invoice" && ["open", "overdue", "paid"].includes(status);

function drawItems({ items, credits, subtotal, tax, tax_amount, total, paid, credited, due, status }) {
    const taxName = tax?.rate > 0
        ? t("{name} ({rate})", { name: tax.name ?? t("Tax"), rate: percent(tax.rate / 10_000) }) : t("Tax");
    const some = (value) => value?.amount > 0 && money(value);
    return section(t("As the client sees it"), { class: "paper" },
        priceTable(items),
        sumList([
            [t("Subtotal"), money(subtotal)], [taxName, some(tax_amount)],
            ...(credits ?? []).map(({ description, amount }) => [description, `−${money(amount)}`]),
            [t("Total"), money(total)], [t("Credited"), some(credited)], [t("Paid"), some(paid)],
            [t("Due"), status !== "draft" && money(due)],
        ]));
}
