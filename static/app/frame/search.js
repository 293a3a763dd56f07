import { get, may, withQuery } from "../api.js";
import { words } from "../format.js";
import { t } from "../words.js";
import { palette } from "../../ui/palette.js";
import { actions, entryGroups, settingGroups } from "./entries.js";
import { askToStop } from "./stop.js";

/** The records that are searched: [path, permission, address, what it is called, its kind]. */
const kinds = [
    ["/v1/leads", "leads:read", "leads", "company", "Lead"], ["/v1/deals", "deals:read", "deals", "name", "Deal"],
    ["/v1/clients", "clients:read", "clients", "name", "Client"],
    ["/v1/contacts", "contacts:read", "contacts", "name", "Contact"],
    ["/v1/companies", "companies:read", "companies", "name", "Company"],
    ["/v1/projects", "projects:read", "projects", "name", "Project"],
    ["/v1/tickets", "tickets:read", "tickets", "subject", "Ticket"],
    ["/v1/articles", "articles:read", "articles", "title", "Article"],
    ["/v1/tasks", "tasks:read", "tasks", "title", "Task"],
    ["/v1/sequences", "sequences:read", "sequences", "name", "Sequence"],
];

function places() {
    const pages = entryGroups().flatMap(([, list]) =>
        list.map(({ label, path }) => ({ text: label, href: `#${path}`, kind: t("Page") })));
    const settings = settingGroups().flatMap(([, list]) =>
        list.map(([text, href]) => ({ text, href, kind: t("Settings") })));
    const more = actions().map((one) => ({ ...one, kind: one.path && !one.makes ? t("Page") : t("Action") }));
    if (may("brakes:write")) more.push({ text: t("Emergency stop"), kind: t("Action"), run: askToStop });
    return [...pages, ...settings, { text: t("Notifications"), href: "#/notifications", kind: t("Page") }, ...more];
}

/** Exact names first, then those that begin so, then those that have it somewhere. */
function ranked(list, said) {
    const asked = said.toLowerCase();
    const rank = ({ text }) => {
        const own = text.toLowerCase();
        return own === asked ? 0 : own.startsWith(asked) ? 1 : own.includes(asked) ? 2 : 3;
    };
    return list.filter((one) => rank(one) < 3).sort((a, b) => rank(a) - rank(b));
}

let asked = null;

function find(said, show) {
    asked?.abort();
    if (!said) return show(places().slice(0, 8));
    const known = ranked(places(), said).slice(0, 8);
    show(known);
    const own = asked = new AbortController();
    setTimeout(() => !own.signal.aborted && records(said, own.signal).then((found) => {
        // Whoever types a page's whole name means the page.
        const isPage = known[0]?.text.toLowerCase() === said.toLowerCase();
        show(isPage ? [...known, ...found] : [...found, ...known]);
    }, () => {}), 120);
}

async function records(said, signal) {
    const lists = await Promise.all(kinds.filter(([, permission]) => may(permission)).map(
        async ([path, , address, name, kind]) => {
            const { data } = await get(withQuery(path, { q: said, limit: 4, fields: `id,${name}` }), signal);
            return data.map((one) => ({ text: one[name] ?? words(kind), href: `#/${address}/${one.id}`, kind }));
        }));
    return lists.flat().slice(0, 16);
}

export const openSearch = () => {
    if (!document.querySelector("dialog[open]")) palette({ label: "Search everything", find });
};
