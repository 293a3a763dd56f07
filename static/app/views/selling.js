import { get, may, withQuery } from "../api.js";
import { badge, h, pending, quiet, section } from "../dom.js";
import { money, tone, words } from "../format.js";
import { pair, t } from "../words.js";

/** The sales of a person: the deals of a lead, or the leads and deals of a contact. */
export function sellingCard({ lead_id, contact_id }, signal) {
    const ask = async (path, permission, query) =>
        may(permission) ? (await get(withQuery(path, { ...query, limit: 10 }), signal)).data : [];
    const load = () => Promise.all([
        lead_id ? [] : ask("/v1/leads", "leads:read", { contact_id, fields: "id,company,status" }),
        ask("/v1/deals", "deals:read", lead_id ? { lead_id } : { contact_id }),
    ]);
    const found = pending(load, ([leads, deals]) => drawSelling(leads, deals), { signal });
    const card = section(t("Sales"), {}, found, lead_id && contact_id && may("conversations:read") && h(
        "p", { class: "links after" },
        h("a", { href: `#/inbox?contact_id=${contact_id}` }, t("View conversations"))));
    card.reload = found.reload;
    return card;
}

function drawSelling(leads, deals) {
    if (!leads.length && !deals.length) return quiet(t("No deals yet."));
    const line = (address, name, status, value) => h(
        "li", {},
        h("p", { class: "badges" }, h("a", { href: address }, name), badge(words(status), tone(status)), value));
    return h("ul", { class: "papers" },
        leads.map(({ id, company, status }) => line(`#/leads/${id}`, pair(t("Lead"), company), status)),
        deals.map(({ id, name, stage, value }) => line(`#/deals/${id}`, pair(t("Deal"), name), stage, money(value))));
}
