import { get, may } from "../api.js";
import { countryName } from "../settings/world.js";
import { fill, h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { kindNames } from "./entries.js";

/* Which of the calendar is shown: it stands in the address. */

const names = ["client_id", "kind", "network", "account_id", "country"];
const networks = ["instagram", "linkedin", "x", "tiktok", "facebook", "youtube"];
/** The countries whose days are known. */
const countries = ["AT", "AU", "CA", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "NL", "US"];

export const keyDateCountries = () => countries.map((one) => [one, countryName(one)]);

export const fromQuery = (query) =>
    Object.fromEntries(names.map((name) => [name, query[name]]).filter(([, value]) => value));

let made = 0;

function choice(label, name, options, now, changed) {
    const id = `calendar-filter-${++made}`;
    return h("div", { class: "field" }, h("label", { for: id }, label),
        h("select", { id, name, onchange: ({ target }) => changed(name, target.value) },
            options.map(([code, text]) => h("option", { value: code, selected: code === (now ?? "") }, text))));
}

/** The filters; `accounts` is a promise of the accounts that there are, and `changed` is told what is chosen. */
export function drawFilters(filters, accounts, changed, signal) {
    const set = (name, value) => changed({ ...filters, [name]: value });
    /** Its place is there at once, and what it offers when that is read. */
    async function drawLate(place, [label, name, none], read) {
        const draw = (all) => fill(place, choice(label, name, [["", none], ...all.map((one) => [one.id, one.name])],
            filters[name], set));
        draw([]);
        draw(await read.catch(() => []));
    }
    const kinds = Object.entries(kindNames()).filter(([kind]) => kind !== "key_date");
    const clients = h("div", { class: "late-filter" }), own = h("div", { class: "late-filter" });
    if (may("clients:read")) drawLate(clients, [t("Client"), "client_id", t("All clients")], named("clients"));
    if (may("social_accounts:read")) drawLate(own, [t("Account"), "account_id", t("All accounts")], accounts);
    const isSet = Object.values(filters).some(Boolean);
    const wide = matchMedia("(min-width: 44rem)");
    const title = h("summary", {}, t("Filters"));
    const fold = h("details", { open: wide.matches || isSet }, title, h("div", { class: "row" },
        clients,
        choice(t("Kind"), "kind", [["", t("Everything")], ...kinds], filters.kind, set),
        choice(t("Network"), "network", [["", t("All networks")], ...networks.map((one) => [one, words(one)])],
            filters.network, set),
        own,
        choice(t("Key dates of"), "country", [["", t("No country")], ...keyDateCountries()], filters.country, set),
        isSet && h("a", { class: "button small clear", href: "#/calendar" }, t("Clear filters"))));
    // On a phone the calendar comes first; where there is room they always stand.
    wide.addEventListener("change", () => (fold.open = wide.matches || isSet), { signal });
    return fold;
}

const named = (plural) => get(`/v1/${plural}?limit=200&fields=id,name&sort=name`).then(({ data }) => data);
