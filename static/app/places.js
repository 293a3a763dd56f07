import { h } from "./dom.js";
import { words } from "./format.js";
import { lists as listsOfSlices, places as pagesOfSlices } from "./slices.js";
import { t } from "./words.js";

/** Where things have pages of their own, by their type; parts of the console add theirs. */
const pages = {
    import: "/import", package: "/settings/packages", template: "/settings/templates", webhook: "/settings/webhooks",
    macro: "/settings/macros", canned_reply: "/settings/canned-replies", custom_field: "/settings/custom-fields",
    integration: "/settings/integrations", sending_domain: "/settings/sending-domains", schedule: "/settings/schedules",
    sla_policy: "/settings/sla-targets", team: "/settings/teams", skill: "/settings/skills", role: "/settings/roles",
    model: "/settings/models", api_key: "/settings/api-keys", objection: "/settings/objections",
    case_study: "/settings/case-studies", support_address: "/settings/support-addresses", form: "/settings/forms",
    triage_rule: "/settings/triage-rules", ticket_trigger: "/settings/ticket-triggers", survey: "/settings/surveys",
    service_incident: "/settings/service-incidents", suppression: "/settings/suppressions",
    consent: "/settings/consents", tool: "/settings/tools",
    ...pagesOfSlices,
};

/** Where things are shown together with others of their kind. */
const lists = {
    budget: "/settings/budgets", user: "/settings/people", invitation: "/settings/people",
    integration: "/settings/integrations", api_key: "/settings/api-keys", sla_policy: "/settings/sla-targets",
    team: "/settings/teams-and-skills", skill: "/settings/teams-and-skills", tenant: "/settings/agency",
    schedule: "/settings/schedules", sending_domain: "/settings/sending-domains",
    suppression: "/settings/suppressions", model: "/settings/models", ...listsOfSlices,
};

/** Where the console shows a thing; null where it does not. */
export function placeOf({ type, id }) {
    if (pages[type] && id) return `#${pages[type]}/${encodeURIComponent(id)}`;
    return lists[type] ? `#${lists[type]}` : null;
}

/** A link to a thing, or its name where there is nothing to show. */
export function linkTo(subject, text = subject.type === "agent" ? words(subject.id) : words(subject.type)) {
    const place = placeOf(subject);
    return place ? h("a", { href: place }, text) : text;
}

/** Who did something: "Lead scoring", "A team member". */
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

/** The server's words for people: operations become the pages where they are done, identifiers go. */
export function readable(text) {
    const parts = String(text).split(machine);
    return parts.map((part, index) => {
        if (index % 2 === 0) return part;
        const path = part.replace(/^[A-Z]+ /, "");
        const found = operations().find(([pattern]) => pattern.test(path));
        if (!found) return path.startsWith("/") ? t("the API") : "…";
        return h("a", { href: found[2] }, found[1] ?? words(found[0].exec(path)[1]));
    });
}
