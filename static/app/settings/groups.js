import { may, whoIsMe } from "../api.js";
import { t } from "../../ui/words.js";

/** The pages of the settings, in their groups: [text, address, permission]; "all" keeps those of one client away. */
const settings = () => [
    [t("You"), [
        [t("Profile"), "profile", "own"], [t("My notifications"), "my-notifications", "notifications:read"],
    ]],
    [t("Agency"), [
        [t("Agency"), "agency", "settings:read"], [t("Brand"), "brand", "settings:read"],
        [t("Hours and holidays"), "hours-and-holidays", "settings:read"], [t("People"), "people", "users:read"],
        [t("Roles"), "roles", "roles:read"], [t("Security and data"), "security-and-data", "settings:read"],
    ]],
    [t("Connections"), [
        [t("Integrations"), "integrations", "integrations:read"],
        [t("Sending domains"), "sending-domains", "sending_domains:read"],
        [t("Sending rules"), "sending-rules", "settings:read"], [t("API keys"), "api-keys", "api_keys:read"],
        [t("Webhooks"), "webhooks", "webhooks:read"],
    ]],
    [t("Offer and words"), [
        [t("Packages"), "packages", "packages:read"],
        [t("Invoices and concessions"), "invoices-and-concessions", "settings:read"],
        [t("Sales material"), "sales-material", "deals:read"], [t("Templates"), "templates", "templates:read"],
        [t("Wordings"), "wordings", "all settings:read"],
        [t("Words by industry"), "wording-rules", "wording_rules:read"],
        [t("Special offers"), "special-offers", "special_offers:read"], [t("Sounds"), "sounds", "sounds:read"],
        [t("Custom fields"), "custom-fields", "custom_fields:read"],
        [t("Lifecycle stages"), "lifecycle-stages", "all leads:read"],
    ]],
    [t("Support"), [
        [t("SLA targets"), "sla-targets", "sla_policies:read"],
        [t("Teams and skills"), "teams-and-skills", "teams:read"], [t("Macros"), "macros", "macros:read"],
        [t("Canned replies"), "canned-replies", "canned_replies:read"],
        [t("Ticket rules"), "ticket-rules", "ticket_triggers:read"],
        [t("Forms and surveys"), "forms-and-surveys", "forms:read"],
    ]],
    [t("Automation"), [
        [t("Approvals"), "approvals", "all approvals:read"],
        [t("Models"), "models", "models:read"], [t("Tools"), "tools", "tools:read"],
        [t("Budgets"), "budgets", "budgets:read"], [t("Schedules"), "schedules", "schedules:read"],
        [t("Background work"), "background-work", "jobs:read"],
    ]],
    [t("Data"), [
        [t("Suppressions"), "suppressions", "suppressions:read"], [t("Consents"), "consents", "consents:read"],
        [t("Privacy requests"), "privacy-requests", "privacy_requests:read"], [t("Audit log"), "audit-log", "audit:read"],
        [t("Usage"), "usage", "budgets:read"],
    ]],
    [t("Operators"), [
        [t("Agencies"), "agencies", "platform"], [t("Backups"), "backups", "platform"],
        [t("Health"), "health", "platform"],
    ]],
];

/** Whether the reader may open a page of the settings: their own, the operator's, or one by its permission. */
function mayOpen(permission) {
    if (permission === "own") return Boolean(whoIsMe()?.user);
    if (permission.startsWith("all ")) return !whoIsMe()?.client && may(permission.slice(4));
    if (permission === "platform") return whoIsMe()?.role === "platform_admin";
    return may(permission);
}

/** Those that the reader may open: [title, [[text, href, permission]]]. */
export const settingGroups = () => settings()
    .map(([title, list]) => [title, list.filter(([, , permission]) => mayOpen(permission))
        .map(([text, name, permission]) => [text, `#/settings/${name}`, permission])])
    .filter(([, list]) => list.length > 0);
