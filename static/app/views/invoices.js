import { call, may } from "../api.js";
import { h, table } from "../dom.js";
import { money, number } from "../format.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { pagesOf } from "../records/pages.js";
import { confirm } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";
import { paperActions } from "./papers.js";

/** Invoices: what is on one, what is due, and what has been paid by hand. */
export const { list, newRecord, record, editRecord } = pagesOf("invoices", {
    record: {
        facts: [
            "items", "credits", "currency", "sequence", "reminders", "tax", "subtotal", "tax_amount", "credited",
            "owed",
        ],
        actions: (invoice, tools) => [paperActions(invoice, tools), ownActions(invoice, tools)],
        panels: items,
    },
});

function ownActions(invoice, { kind, reload }) {
    const { id, status, due } = invoice;
    if (!["open", "overdue"].includes(status)) return null;
    return [
        may("payments:write") && due.amount > 0 && h("button", { type: "button", class: "primary",
            onclick: () => pay(invoice, reload) }, "Record payment"),
        kind.mayWrite && h("button", { type: "button", onclick: () => voidIt(id, reload) }, "Void"),
    ];
}

async function pay({ id, due }, reload) {
    const kind = await kindOf("payments");
    const given = { invoice_id: id, amount: due, received_on: new Date().toLocaleDateString("en-CA") };
    askNew({ ...kind, form: kind.form.filter((name) => name !== "invoice_id") },
        { given, title: "Record payment", said: "Payment recorded", onSaved: reload });
}

async function voidIt(id, reload) {
    const isMeant = await confirm({
        title: "Void invoice?", text: "It is not owed any more. This cannot be undone.", action: "Void", isGrave: true,
    });
    if (!isMeant) return;
    await call(`/v1/invoices/${encodeURIComponent(id)}/void`, { method: "POST" })
        .catch((problem) => toast(`Not voided: ${problem.detail ?? problem.title}`));
    await reload();
}

function items({ items, subtotal, tax_amount, total, paid, due }) {
    const figure = (text) => ({ text, class: "figure" });
    const cell = (label, text) => h("td", { class: "figure", "data-label": label }, text);
    const row = ({ description, quantity, unit_price }) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, description), cell("Quantity", number(quantity)),
        cell("Unit price", money(unit_price)),
        cell("Amount", money({ ...unit_price, amount: unit_price.amount * quantity })));
    const sum = ([name, value]) => value && h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, money(value)));
    return h("section", { "aria-labelledby": "invoice-items" },
        h("h2", { id: "invoice-items" }, "Items"),
        table("Items", ["Description", figure("Quantity"), figure("Unit price"), figure("Amount")], items.map(row),
            "stacked"),
        h("dl", { class: "facts sums" },
            [["Subtotal", subtotal], ["Tax", tax_amount], ["Total", total], ["Paid", paid], ["Due", due]].map(sum)));
}
