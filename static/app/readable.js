import { h } from "../ui/dom.js";
import { within, words } from "../ui/format.js";
import { t } from "../ui/words.js";

/* Programs' words, for people. */

/** Names the actor: "Lead scoring", "A team member". */
export function actor({ type, id }) {
    const names = { user: t("A colleague"), api_key: t("An API key"), system: "Bureau" };
    return type === "agent" ? words(id) : names[type] ?? words(type);
}

/** Operations that the server's advice names, and the page where they are done. */
const operations = () => [
    [/^\/v1\/suppressions/, t("Suppressions"), "#/settings/suppressions"],
    [/^\/v1\/integrations/, t("Integrations"), "#/settings/integrations"],
    [/^\/v1\/settings/, t("Agency settings"), "#/settings/agency"], [/^\/v1\/agents\/([a-z_]+)/, null, "#/agents"],
    [/^\/v1\/agents/, t("Agents"), "#/agents"], [/^\/v1\/leads\/import/, t("Import"), "#/import"],
    [/^\/v1\/budgets/, t("Budgets"), "#/settings/budgets"], [/^\/v1\/models/, t("Models"), "#/settings/models"],
    [/^\/v1\/invitations/, t("People"), "#/settings/people"], [/^\/v1\/webhooks/, t("Webhooks"), "#/settings/webhooks"],
];

const machine = /((?:(?:GET|POST|PATCH|PUT|DELETE) )?\/v1\/[\w/{}-]+|\b[a-z]{2,9}_[0-9a-hjkmnp-tv-z]{26}\b)/;

const code = /\b[a-z]+(?:_[a-z0-9]+)+\b/g;

/** The server's words for people: operations become the pages where they are done, identifiers go, codes are words. */
export function readable(text) {
    const parts = String(text).split(machine);
    return parts.map((part, index) => {
        if (index % 2 === 0) return part.replaceAll(code, within);
        const path = part.replace(/^[A-Z]+ /, "");
        const found = operations().find(([pattern]) => pattern.test(path));
        if (!found) return path.startsWith("/") ? t("the API") : "…";
        return h("a", { href: found[2] }, found[1] ?? words(found[0].exec(path)[1]));
    });
}
