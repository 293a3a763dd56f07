import { may } from "../../app/api.js";
import { billingTabs, fileName, listPage, price, recordPage, said, saving, send } from "../parts.js";
import { doing, h, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

export const invoices = ({ signal }) => listPage(t("Invoices"), "/v1/portal/invoices", {
    signal, none: t("No invoices yet."), before: billingTabs("/invoices"),
    item: ({ id, number: name, status, total, due_on }) => [
        h("div", { class: "row" }, h("h2", {}, h("a", { href: `#/invoices/${id}` }, name ?? t("Invoice"))),
            price(total)),
        h("p", { class: "badges" }, statusBadge(status),
            due_on && h("span", { class: "quiet" }, t("Due {day}", { day: day(due_on) }))),
    ],
});

export function invoice({ id, signal }) {
    const path = `/v1/portal/invoices/${encodeURIComponent(id)}`;
    return recordPage(t("Invoice"), path, ["/invoices", t("Invoices")], {
        signal, name: (one) => t("Invoice {number}", { number: one.number ?? "" }),
        draw: (one) => [
            section(t("Amount"), {}, facts([
                [t("Status"), statusBadge(one.status)], [t("Issued"), day(one.issued_on)], [t("Due on"), day(one.due_on)],
                [t("Subtotal"), one.tax_amount?.amount > 0 && price(one.subtotal)],
                [one.tax?.name ?? t("Tax"), one.tax_amount?.amount > 0 && price(one.tax_amount)],
                [t("Total"), price(one.total)], [t("Amount due"), price(one.due)],
            ]), pay(path, one),
            saving(t("Download as PDF"), `${path}.pdf`,
                fileName(t("Invoice {number}", { number: one.number }), "pdf"))),
            section(t("Items"), {},
                table(t("Items"), [t("Item"), t("Quantity"), { text: t("Unit price"), class: "figure" }],
                    one.items.map(drawItem), "stacked"),
                said(one.notes)),
        ],
    });
}

function pay(path, { can_pay }) {
    if (!can_pay) return null;
    if (!may("portal:pay")) return quiet(t("People with billing access can pay online."));
    const place = h("div", {});
    const open = doing(t("Pay online"), async () => location.assign((await send(`${path}/pay`)).url), {
        place, class: "primary",
    });
    return h("div", {}, h("p", { class: "actions" }, open), place);
}

const drawItem = ({ description, quantity, unit_price }) => h("tr", {},
    h("th", { scope: "row" }, description),
    h("td", { "data-label": t("Quantity") }, number(quantity)),
    h("td", { class: "figure", "data-label": t("Unit price") }, price(unit_price)));
