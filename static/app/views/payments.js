import { call, may } from "../api.js";
import { pagesOf } from "../records/pages.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { named } from "../records/naming.js";
import { askRefund, billingTabs, isRefundable, withTabs } from "../selling/billing.js";
import { badge, fill, h, section } from "../../ui/dom.js";
import { form } from "../../ui/form.js";
import { number } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { polite } from "../../ui/state.js";
import { plural, t } from "../../ui/words.js";

const pages = pagesOf("payments", {
    list: {
        actions: () => may("payments:write") && h("a", { class: "button", href: "#/payments/import" },
            t("Import statement")),
    },
    record: {
        actions: (payment, { reload }) => isRefundable(payment)
            && h("button", { type: "button", onclick: () => askRefund(payment, reload) }, t("Refund")),
    },
});

/** Payments: recorded by hand, taken by a payment service, or read from a bank's statement. */
export const { record } = pages;
export const list = withTabs("payments", pages.list);
export const newRecord = withTabs("payments", pages.newRecord);
export const editRecord = pages.record;

/** A bank's statement: each line finds its invoice, or says why it did not. */
export function statement() {
    const result = h("div", polite);
    const file = h("input", { type: "file", id: "statement-file", name: "file", accept: ".csv,text/csv" });
    const upload = form({ action: t("Import statement"), async submit() {
        if (!file.files[0]) throw { errors: [{ pointer: "/file", detail: t("Choose a file.") }] };
        const answer = await call("/v1/payments/import", {
            method: "POST", body: file.files[0], headers: { "Content-Type": "text/csv" },
        });
        fill(result, drawResult(await answer.json()));
        result.scrollIntoView({ block: "nearest" });
    } },
    h("div", { class: "field", "data-name": "file" }, h("label", { for: "statement-file" }, t("File")), file,
        h("p", { class: "hint" }, t("A CSV file of your bank with date, amount, reference and payer."), " ",
            t("Lines that were imported before are left alone.")),
        h("p", { class: "fault" })));
    return {
        title: t("Import statement"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/payments" }, t("Payments"))),
            h("h1", {}, t("Import statement")), billingTabs("payments"),
            section(t("Bank statement"), {}, upload), result,
        ],
    };
}

function drawResult({ matched, unmatched, known, outgoing }) {
    const line = (one) => h("li", {}, h("p", { class: "badges" },
        h("a", { href: `#/invoices/${encodeURIComponent(one.invoice_id)}` }, one.number ?? t("Invoice")),
        badge(t("Paid"), "good"), money(one.amount)));
    return [
        section(t("Matched"), {},
            h("p", {}, plural(matched.length, "{count} payment was recorded.", "{count} payments were recorded.")),
            h("ul", { class: "papers" }, matched.map(line))),
        unmatched.length > 0 && section(t("Not matched"), {},
            h("p", {}, t("Look at these lines yourself.")), h("ul", { class: "papers" }, unmatched.map(drawLine))),
        h("p", { class: "quiet" }, known > 0 && `${t("Known already: {count}", { count: number(known) })}. `,
            outgoing > 0 && `${t("Outgoing, left alone: {count}", { count: number(outgoing) })}.`),
    ];
}

function drawLine(one) {
    const { date, amount, reference, payer, detail, likely_invoice_id } = one;
    const record = async (event) => {
        const button = event.currentTarget;
        const given = { invoice_id: likely_invoice_id ?? null, reference: reference || null, payer: payer || null };
        askNew(await kindOf("payments"), { given, title: t("Record payment"), said: t("Payment recorded"),
            onSaved: () => fill(button.parentElement, badge(t("Recorded"), "good")) });
    };
    return h("li", {},
        h("p", { class: "badges" }, h("strong", {}, amount), date, payer && h("span", { dir: "auto" }, payer)),
        reference && h("p", { dir: "auto" }, reference),
        h("p", { class: "quiet" }, detail, likely_invoice_id
            && [" ", t("Likely for"), " ", named("invoices", likely_invoice_id)]),
        may("payments:write") && h("div", { class: "actions" },
            h("button", { type: "button", class: "small", onclick: record }, t("Record payment"))));
}
