import { tenant } from "../api.js";
import { fill, h } from "../../ui/dom.js";
import { field as labelled } from "../../ui/field.js";
import { writeMoney } from "../../ui/money.js";
import { t } from "../../ui/words.js";
import { readAmount } from "./amount.js";

/** The items of an invoice or proposal: what, how many, at which price. */
export function itemsControl({ name, schema }, value) {
    const place = h("div"), fault = h("p", { class: "fault" });
    let rows = [];
    const currency = value?.[0]?.unit_price?.currency ?? tenant().currency ?? "USD";
    const billed = schema.items.properties.billed?.enum;

    function add(item = {}) {
        const own = h("fieldset", { class: "item" });
        own.item = item;
        fill(own,
            h("legend", {}, ""),
            labelled(t("Description"), "description", { value: item.description ?? "" }),
            labelled(t("Quantity"), "quantity", { value: item.quantity ?? 1, inputmode: "numeric" }),
            labelled(t("Unit price"), "unit_price", {
                value: item.unit_price ? writeMoney(item.unit_price) : "", inputmode: "decimal",
            }),
            h("button", { type: "button", class: "small", onclick: () => remove(own) }, t("Remove")));
        rows.push(own);
        draw();
        return own;
    }
    function remove(own) {
        rows = rows.filter((row) => row !== own);
        draw();
        more.focus();
    }
    function draw() {
        rows.forEach((row, index) => {
            row.querySelector("legend").textContent = t("Item {number}", { number: index + 1 });
            row.querySelector("button").hidden = rows.length === 1;
        });
        fill(place, rows);
    }
    const more = h("button", { type: "button", class: "small", onclick: () => add().querySelector("input").focus() },
        t("Add item"));
    const of = (row, part) => row.querySelector(`[name="${part}"]`).value;
    const raw = () => rows.map((row) => ["description", "quantity", "unit_price"].map((part) => of(row, part)));
    const restore = (kept) => {
        rows = [];
        for (const [description, quantity, price] of kept) {
            const row = add({ description, quantity });
            row.querySelector("[name=unit_price]").value = price;
        }
    };
    const isFilled = (row) => of(row, "description").trim() || of(row, "unit_price").trim();
    const get = () => rows.filter(isFilled).map((row) => ({
        ...(billed && { billed: row.item.billed ?? billed[0] }),
        description: of(row, "description").trim(), quantity: Number(of(row, "quantity")) || 1,
        unit_price: readAmount(of(row, "unit_price"), currency, name) ?? { amount: 0, currency },
    }));
    (value?.length ? value : [{}]).forEach(add);
    const element = h("div", { class: "field items", "data-name": name }, place, more, fault);
    return { name, element, get, raw, restore };
}
