import { download, get, may, withQuery } from "../api.js";
import { badge, doing, h, pending, quiet, table, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { day, money, number, tone, words } from "../format.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { liveUnless } from "../stream.js";
import { dealTabs } from "./deals.js";

const statuses = ["draft", "open", "overdue", "paid", "void"];

/** What clients were invoiced, and what they still owe. */
export function invoices({ query, signal }) {
    let wanted = { status: query.status ?? "" };
    const names = clientNames(signal);
    const page = async (cursor) => {
        const asked = { ...wanted, limit: 30, cursor, total: cursor ? "" : "true" };
        const [found, clients] = await Promise.all([get(withQuery("/v1/invoices", asked), signal), names]);
        return { ...found, data: found.data.map((one) => ({ ...one, client: clients.get(one.client_id) })) };
    };
    const tell = teller();
    const results = pending(() => page(), (first) => drawList(first, page, tell), { signal });
    const later = liveUnless("invoice.*,payment.*", {
        isAtWork: () => isBeyond(results), reload: results.reload, text: "Invoices have changed.", signal,
    });
    return {
        title: "Invoices",
        content: [
            h("h1", {}, "Invoices"), dealTabs("/invoices"),
            filters(
                { label: "Invoices", address: "#/invoices", wanted, signal, onChange(next) {
                    wanted = next;
                    tell.again();
                    later.clear();
                    results.reload();
                } },
                field("Status", "status", {
                    control: "select", value: wanted.status,
                    options: [["", "Any"], ...statuses.map((one) => [one, words(one)])],
                })),
            later.place, results,
        ],
    };
}

/** Invoices know their client by its id. */
async function clientNames(signal) {
    if (!may("clients:read")) return new Map();
    const { data } = await get("/v1/clients?limit=200&fields=id,name", signal).catch(() => ({ data: [] }));
    return new Map(data.map(({ id, name }) => [id, name]));
}

function drawList(first, page, tell) {
    const found = `${number(first.total)} ${first.total === 1 ? "invoice" : "invoices"}`;
    tell(found);
    if (!first.data.length) return h("div", { class: "empty" }, h("p", {}, "No invoices match."));
    const figure = (text) => ({ text, class: "figure" });
    const headings = ["Invoice", "Client", "Status", figure("Total"), figure("Due"), "Due on", "File"];
    const list = table("Invoices", headings, first.data.map(row), "leads stacked");
    return [quiet(found), list, paged(first, page, toTable(list, row))];
}

function row({ id, number: own, kind, client, status, total, due, owed, due_on }) {
    const name = own ?? (kind === "credit_note" ? "Credit note (draft)" : "Draft");
    const place = h("div", { class: "notices" });
    const isOpen = status === "open" || status === "overdue";
    return h(
        "tr", {},
        h("th", { scope: "row" },
            name, own && kind === "credit_note" && h("span", { class: "evidence" }, "Credit note")),
        h("td", {}, client ?? "–"),
        h("td", {}, badge(words(status), tone(status))),
        h("td", { class: "figure", "data-label": "Total" }, money(total)),
        h("td", { class: "figure strong", "data-label": "Due" }, isOpen ? money(due) : "–",
            owed?.amount > 0 && h("span", { class: "evidence" }, `${money(owed)} overpaid`)),
        h("td", { "data-label": "Due on" }, day(due_on) ?? "–"),
        h("td", {}, doing("PDF", () => download(`/v1/invoices/${encodeURIComponent(id)}.pdf`, `${name}.pdf`),
            { place, class: "small", "aria-label": `PDF: ${name}` }), place));
}
