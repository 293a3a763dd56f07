import { lists as listsOfSlices, places as pagesOfSlices } from "./slices.js";
import { h } from "../ui/dom.js";
import { words } from "../ui/format.js";

/** Where things have pages of their own among the settings, by their type. */
const settings = {
    package: "/settings/packages", template: "/settings/templates", webhook: "/settings/webhooks",
    macro: "/settings/macros", canned_reply: "/settings/canned-replies", custom_field: "/settings/custom-fields",
    integration: "/settings/integrations", sending_domain: "/settings/sending-domains", schedule: "/settings/schedules",
    sla_policy: "/settings/sla-targets", team: "/settings/teams", skill: "/settings/skills", role: "/settings/roles",
    model: "/settings/models", api_key: "/settings/api-keys", objection: "/settings/objections",
    case_study: "/settings/case-studies", support_address: "/settings/support-addresses", form: "/settings/forms",
    triage_rule: "/settings/triage-rules", ticket_trigger: "/settings/ticket-triggers", survey: "/settings/surveys",
    service_incident: "/settings/service-incidents", suppression: "/settings/suppressions",
    consent: "/settings/consents", tool: "/settings/tools", slack_user: "/settings/slack-users",
    wording_rule: "/settings/wording-rules", special_offer: "/settings/special-offers", sound: "/settings/sounds",
};

/** Where things have pages of their own, by their type; parts of the console add theirs. */
const pages = { import: "/import", ...settings, ...pagesOfSlices };

/** The pages of the settings that have things, by the last part of their addresses. */
export const settingPlaces = () => Object.values(settings).map((page) => page.split("/").at(-1));

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
