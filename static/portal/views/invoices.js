import { may } from "../../app/api.js";
import { doing, facts, h, quiet, section, table } from "../../app/dom.js";
import { day, number } from "../../app/format.js";
import { fileName, listPage, price, recordPage, said, saving, send, state } from "../parts.js";

export const invoices = ({ signal }) => listPage("Invoices", "/v1/portal/invoices", {
    signal, none: "There is no invoice yet.",
    item: ({ id, number: name, status, total, due_on }) => [
        h("div", { class: "row" }, h("h2", {}, h("a", { href: `#/invoices/${id}` }, name ?? "Invoice")), price(total)),
        h("p", { class: "badges" }, state(status), due_on && h("span", { class: "quiet" }, `Due ${day(due_on)}`)),
    ],
});

export function invoice({ id, signal }) {
    const path = `/v1/portal/invoices/${encodeURIComponent(id)}`;
    return recordPage("Invoice", path, ["/invoices", "Invoices"], {
        signal, name: (one) => `Invoice ${one.number ?? ""}`,
        draw: (one) => [
            section("What it comes to", {}, facts([
                ["Status", state(one.status)], ["Issued", day(one.issued_on)], ["Due on", day(one.due_on)],
                ["Total", price(one.total)], ["Still due", price(one.due)],
            ]), pay(path, one), saving("Download as PDF", `${path}.pdf`, fileName(`invoice-${one.number}`, "pdf"))),
            section("What it is for", {},
                table("Items", ["Item", "Quantity", { text: "Each", class: "figure" }], one.items.map(drawItem), "stacked"),
                said(one.notes)),
        ],
    });
}

function pay(path, { status }) {
    if (!["open", "overdue"].includes(status)) return null;
    if (!may("portal:pay")) return quiet("Somebody who may pay sees where.");
    const place = h("div", {});
    const open = doing("Pay online", async () => location.assign((await send(`${path}/pay`)).url), {
        place, class: "primary",
    });
    return h("div", {}, h("p", { class: "actions" }, open), place);
}

const drawItem = ({ description, quantity, unit_price }) => h("tr", {},
    h("th", { scope: "row" }, description),
    h("td", { "data-label": "Quantity" }, number(quantity)),
    h("td", { class: "figure", "data-label": "Each" }, price(unit_price)));
