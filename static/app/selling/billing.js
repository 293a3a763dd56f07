import { get, may, withQuery } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { current, spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { figure, table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* Work with invoices and payments by hand. */

/** The pages of what clients owe and pay, above their lists. */
export function billingTabs(here) {
    const pages = [
        ["invoices", t("Invoices"), "invoices:read"], ["payments", t("Payments"), "payments:read"],
        ["subscriptions", t("Subscriptions"), "subscriptions:read"], ["credits", t("Service credits"), "credits:read"],
    ].filter(([, , permission]) => may(permission));
    return h("nav", { class: "tabs", ...spokenAs(t("Billing")) }, pages.map(([plural, label]) => h("a", {
        href: `#/${plural}`, ...current(plural === here),
    }, label)));
}

/** Returns views with these pages above them. */
export const withTabs = (here, view) => (context) => {
    const { title, content: [heading, ...rest] } = view(context);
    return { title, content: [heading, billingTabs(here), ...rest] };
};

/** Records a payment by hand; what is due is filled in. */
export async function askPayment({ id, due }, changed) {
    const kind = await kindOf("payments");
    const given = { invoice_id: id, amount: due, received_on: new Date().toLocaleDateString("en-CA") };
    askNew({ ...kind, form: kind.form.filter((name) => name !== "invoice_id") },
        { given, title: t("Record payment"), said: t("Payment recorded"), onSaved: changed });
}

export function askVoid({ id, version, number }, changed) {
    ask({
        title: t("Void {name}?", { name: number ?? t("invoice") }), action: t("Void"), isGrave: true,
        text: t("It is not owed any more. The number stays used. This cannot be undone."), said: t("Invoice voided"),
        run: () => operate(`/v1/invoices/${encodeURIComponent(id)}/void`, { version }).then(changed),
    });
}

/** Has the client reminded now, instead of when the next reminder is due. */
export function askReminder({ id, version, number }, changed) {
    ask({
        title: t("Remind of {number}?", { number }), action: t("Send reminder"),
        text: t("The client gets an email with the invoice now. It counts as the next of your reminders."),
        said: t("Reminder is on its way"),
        run: () => operate(`/v1/invoices/${encodeURIComponent(id)}/remind`, { version }).then(changed),
    });
}

/** Credits an invoice whole or an amount of it. */
export function askCredit({ id, version, number }, changed) {
    ask({
        title: t("Credit note for {number}", { number }), action: t("Create credit note"),
        text: t("Without an amount, all that is left of the invoice is credited."),
        fields: [
            asked.text("description", t("What is credited")), asked.money("amount", t("Amount")),
            asked.text("reason", t("Reason"), { help: t("The client reads it on the credit note.") }),
        ],
        async run({ description, amount, reason }) {
            if (amount && !description) {
                throw { errors: [{ pointer: "/description", detail: t("Say what is credited.") }] };
            }
            const items = amount ? [{ description, quantity: 1, unit_price: amount }] : [];
            const body = { items, reason };
            const note = await operate(`/v1/invoices/${encodeURIComponent(id)}/credit`, { version, body });
            await changed();
            return note;
        },
        said: (note) => ({
            text: t("Credit note created"), way: { text: t("Open"), href: `#/invoices/${encodeURIComponent(note.id)}` },
        }),
    });
}

/** Gives money back, by the payment's own service where it has one. */
export function askRefund({ id, version, amount, refunded, refunding, integration_id }, changed) {
    const left = { ...amount, amount: amount.amount - refunded.amount - refunding.amount };
    ask({
        title: t("Refund payment?"), action: t("Refund"), isGrave: true,
        text: integration_id ? t("The payment service gives the money back. This cannot be undone.")
            : t("Give the money back yourself; it is recorded here."),
        values: { amount: left }, said: t("Refund recorded"),
        fields: [asked.money("amount", t("Amount"), { required: true }), asked.text("reason", t("Reason"))],
        run: (body) => operate(`/v1/payments/${encodeURIComponent(id)}/refund`, { version, body }).then(changed),
    });
}

export const isRefundable = ({ status, amount, refunded, refunding }) => may("payments:write")
    && status !== "refunded" && amount.amount > refunded.amount + refunding.amount;

/** The payments of an invoice, with the way back. */
export function paymentsOf(invoice, { signal, follow, reload }) {
    if (!may("payments:read")) return null;
    const asks = withQuery("/v1/payments", { invoice_id: invoice.id, limit: 50 });
    const place = pending(() => get(asks, signal), ({ data }) => (data.length === 0 ? quiet(t("No payments yet."))
        : table(t("Payments"), [t("Received"), t("Method"), t("Status"), figure(t("Amount")), ""],
            data.map((one) => row(one, reload)), "stacked")), { signal });
    const element = section(t("Payments"), { hidden: invoice.status === "draft" }, place);
    follow((next) => {
        element.hidden = next.status === "draft";
        place.reload();
    });
    return element;
}

function row(one, changed) {
    return h("tr", {},
        h("th", { scope: "row" }, h("a", { href: `#/payments/${encodeURIComponent(one.id)}` },
            day(one.received_on) ?? t("No date"))),
        h("td", { "data-label": t("Method") }, words(one.method), one.reference && `, ${one.reference}`),
        h("td", {}, statusBadge(one.status)),
        h("td", { class: "figure" }, money(one.amount)),
        h("td", {}, isRefundable(one) && h("button", { type: "button", class: "small",
            onclick: () => askRefund(one, changed) }, t("Refund"))));
}
