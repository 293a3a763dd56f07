import { get, may, withQuery } from "../api.js";
import { countryName } from "../settings/world.js";
import { badge, h, pending, quiet } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

const peopleMax = 1000, pageMax = 200, atOnce = 50;

/** In which countries the people of a sequence are, and what has to be there before each may get marketing. */
export const countries = (sequence, { signal }) => pending(() => load(sequence, signal), draw, { signal });

/** One person of each country is asked about: the rule is the same for all of them. */
async function load({ id, purpose }, signal) {
    const { contacts, isCut } = await enrolled(id, signal);
    const groups = new Map();
    for (const { id: contact, country } of contacts) groups.set(country, [...groups.get(country) ?? [], contact]);
    const rows = await Promise.all([...groups].map(async ([country, ids]) => ({
        country, count: ids.length, basis: await basisFor(ids[0], signal),
    })));
    return { purpose, isCut, rows: rows.sort((one, other) => other.count - one.count) };
}

const basisFor = (id, signal) => get(withQuery(`/v1/contacts/${encodeURIComponent(id)}/sendability`,
    { channel: "email", purpose: "marketing" }), signal).then(({ basis }) => basis, () => null);

async function enrolled(id, signal) {
    const path = `/v1/sequences/${encodeURIComponent(id)}/enrollments`, ids = new Set();
    let cursor = "";
    do {
        const query = { status: "active,paused", fields: "contact_id", limit: pageMax, cursor };
        const page = await get(withQuery(path, query), signal);
        for (const { contact_id: contact } of page.data) if (contact) ids.add(contact);
        cursor = page.next_cursor;
    } while (cursor && ids.size < peopleMax);
    const all = [...ids], parts = [];
    for (let at = 0; at < all.length; at += atOnce) parts.push(all.slice(at, at + atOnce));
    const found = await Promise.all(parts.map((part) => get(withQuery("/v1/contacts",
        { id: part.join(","), fields: "id,country", limit: atOnce }), signal)));
    return { contacts: found.flatMap(({ data }) => data), isCut: Boolean(cursor) };
}

function draw({ purpose, rows, isCut }) {
    if (!rows.length) return quiet(t("No one is enrolled."));
    return [
        purpose !== "marketing" && quiet(t("Its messages are not marketing, so these rules do not hold them.")),
        table(t("Countries"), [t("Country"), figure(t("People")), t("Before marketing"), t("Whose rule")],
            rows.map(({ country, count, basis }) => h("tr", {},
                h("th", { scope: "row" }, country ? countryName(country) : basis?.country
                    ? t("Not known; taken as {country}", { country: countryName(basis.country) }) : t("Not known")),
                cell(t("People"), number(count)),
                h("td", { "data-label": t("Before marketing") }, needed(basis)),
                h("td", { "data-label": t("Whose rule") }, owner(basis)))), "stacked"),
        isCut && quiet(t("Of the first {count} people.", { count: number(peopleMax) })),
        may("settings:read") && h("p", { class: "links after" }, h("a", {
            href: "#/settings/sending-rules?field=consent_rules" }, t("Basis for marketing by country"))),
    ];
}

const needed = (basis) => (basis?.needs ? badge(words(basis.needs), basis.needs === "consent" ? "warn" : "") : "–");
const owner = (basis) => (basis?.rule ? basis.rule === "agency" ? t("The agency's own") : t("The country's") : "–");
