import { budgets } from "../views/budgets.js";
import { connectors } from "../views/connectors.js";
import { agency, brand, hours } from "./agency.js";
import { auditLog, privacyRequests, schedules, usage } from "./data.js";
import { apiKeys, rolesPage, webhooks } from "./keys.js";
import { listPage, listsPage } from "./parts.js";
import { people } from "./people.js";
import { myNotifications, profile } from "./you.js";

/** The pages of the settings by the last part of their addresses; each gives what stands below its heading. */
export const pages = {
    profile, "my-notifications": myNotifications, agency, brand, "hours-and-holidays": hours, people, roles: rolesPage,
    integrations: connectors, "sending-domains": listPage("sending-domains"), "api-keys": apiKeys, webhooks,
    packages: listPage("packages"), templates: listPage("templates"), "custom-fields": listPage("custom-fields"),
    "sla-targets": listPage("sla-policies"), "teams-and-skills": listsPage("teams", "skills"),
    macros: listPage("macros"), "canned-replies": listPage("canned-replies"), models: listPage("models"), budgets,
    schedules, suppressions: listPage("suppressions"), "privacy-requests": privacyRequests, "audit-log": auditLog,
    usage,
};
