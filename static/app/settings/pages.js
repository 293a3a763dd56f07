import { settingPlaces } from "../places.js";

/*
 * The pages of the settings by the last part of their addresses, each loaded when it is opened; a page is
 * `(context) => what stands below its heading`. One that has things (places.js) and is not here is their list.
 */

const named = (load, name) => async () => (await load())[name];
const list = (plural) => async () => (await import("./parts.js")).listPage(plural);
const lists = (...plurals) => async () => (await import("./parts.js")).listsPage(...plurals);
const keys = () => import("./keys.js"), rules = () => import("./rules.js");
const stories = () => import("./stories.js");
const you = () => import("./you.js");

export const pages = {
    ...Object.fromEntries(settingPlaces().map((plural) => [plural, list(plural)])),
    profile: named(you, "profile"), "my-notifications": named(you, "myNotifications"),
    agency: named(() => import("./agency.js"), "agency"), brand: named(() => import("./brand.js"), "brand"),
    "hours-and-holidays": named(() => import("./hours.js"), "hours"),
    people: named(() => import("./people.js"), "people"), roles: named(keys, "rolesPage"),
    "security-and-data": named(rules, "security"),
    integrations: named(() => import("./integrations.js"), "integrations"),
    "sending-domains": named(() => import("./domains.js"), "sendingDomains"), "sending-rules": named(rules,
        "sendingRules"),
    "api-keys": named(keys, "apiKeys"), webhooks: named(() => import("./webhooks.js"), "webhooks"),
    "invoices-and-concessions": named(rules, "invoicing"), "sales-material": named(stories, "salesMaterial"),
    "case-studies": named(stories, "caseStudies"), templates: named(() => import("./templates.js"), "templates"),
    wordings: named(() => import("./wordings.js"), "wordings"), "sla-targets": list("sla-policies"),
    "teams-and-skills": lists("teams", "skills"),
    "ticket-rules": lists("support-addresses", "triage-rules", "ticket-triggers", "service-incidents"),
    "forms-and-surveys": lists("forms", "surveys"), forms: named(() => import("./forms.js"), "forms"),
    "lifecycle-stages": named(() => import("./lifecycle.js"), "lifecycle"),
    models: named(() => import("./models.js"), "models"),
    approvals: named(() => import("./approvals.js"), "approvalRules"),
    tools: named(() => import("./tools.js"), "tools"), budgets: named(() => import("./budgets.js"), "budgets"),
    schedules: named(() => import("./schedules.js"), "schedules"),
    "background-work": named(() => import("./jobs.js"), "backgroundWork"),
    suppressions: named(() => import("./suppressions.js"), "suppressions"),
    "privacy-requests": named(() => import("./privacy.js"), "privacyRequests"),
    "audit-log": named(() => import("./audit.js"), "auditLog"), usage: named(() => import("./usage.js"), "usage"),
    agencies: named(() => import("./operators.js"), "agencies"),
    backups: named(() => import("./backups.js"), "backups"), health: named(() => import("./health.js"), "health"),
};

/** Pages that are one list of another page, which the navigation shows in their place. */
export const within = {
    "slack-users": "integrations",
    teams: "teams-and-skills", skills: "teams-and-skills", objections: "sales-material",
    "case-studies": "sales-material", "support-addresses": "ticket-rules", "triage-rules": "ticket-rules",
    "ticket-triggers": "ticket-rules", "service-incidents": "ticket-rules", forms: "forms-and-surveys",
    surveys: "forms-and-surveys",
};
