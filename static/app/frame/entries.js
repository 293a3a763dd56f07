import { may } from "../api.js";

/** The sidebar: groups of [text, address, permission, what waits there]. Mails link to these addresses. */
const groups = [
    [null, [
        ["Today", "#/"], ["Inbox", "#/inbox", "conversations:read"],
        ["Approvals", "#/approvals", "approvals:read", "approvals"],
    ]],
    ["Sales", [
        ["Leads", "#/leads", "leads:read"], ["Deals", "#/deals", "deals:read"],
        ["Contacts", "#/contacts", "contacts:read"], ["Companies", "#/companies", "companies:read"],
        ["Proposals", "#/proposals", "proposals:read"], ["Contracts", "#/contracts", "contracts:read"],
        ["Sequences", "#/sequences", "sequences:read"],
    ]],
    ["Clients", [
        ["Clients", "#/clients", "clients:read"], ["Projects", "#/projects", "projects:read"],
        ["Tasks", "#/tasks", "tasks:read"], ["Reports", "#/reports", "reports:read"],
        ["Invoices", "#/invoices", "invoices:read"],
    ]],
    ["Support", [["Tickets", "#/tickets", "tickets:read"], ["Knowledge", "#/articles", "articles:read"]]],
    ["Automation", [
        ["Agents", "#/agents", "agents:read"], ["Runs", "#/runs", "agents:read"],
        ["Workflows", "#/workflows", "workflows:read"], ["Sandboxes", "#/sandboxes", "sandboxes:read"],
    ]],
    ["Insights", [["Insights", "#/insights", "dashboard:read"], ["Alerts", "#/alerts", "alerts:read", "alerts"]]],
    ["More", [["Settings", "#/settings"]]],
];

/** The pages of the settings, in their groups: [text, address, permission]. */
const settings = [
    ["You", [["Profile", "profile"], ["My notifications", "my-notifications", "notifications:read"]]],
    ["Agency", [
        ["Agency", "agency", "settings:read"], ["Brand", "brand", "settings:read"],
        ["Hours and holidays", "hours-and-holidays", "settings:read"], ["People", "people", "users:read"],
        ["Roles", "roles", "roles:read"],
    ]],
    ["Connections", [
        ["Integrations", "integrations", "integrations:read"],
        ["Sending domains", "sending-domains", "sending_domains:read"], ["API keys", "api-keys", "api_keys:read"],
        ["Webhooks", "webhooks", "webhooks:read"],
    ]],
    ["Offer and words", [
        ["Packages", "packages", "packages:read"], ["Templates", "templates", "templates:read"],
        ["Custom fields", "custom-fields", "custom_fields:read"],
    ]],
    ["Support", [
        ["SLA targets", "sla-targets", "sla_policies:read"], ["Teams and skills", "teams-and-skills", "teams:read"],
        ["Macros", "macros", "macros:read"], ["Canned replies", "canned-replies", "canned_replies:read"],
    ]],
    ["Automation", [
        ["Models", "models", "models:read"], ["Budgets", "budgets", "budgets:read"],
        ["Schedules", "schedules", "schedules:read"],
    ]],
    ["Data", [
        ["Suppressions", "suppressions", "suppressions:read"],
        ["Privacy requests", "privacy-requests", "privacy:export"], ["Audit log", "audit-log", "audit:read"],
        ["Usage", "usage", "budgets:read"],
    ]],
];

const readable = (list) => list
    .map(([title, entries]) => [title, entries.filter(([, , permission]) => !permission || may(permission))])
    .filter(([, entries]) => entries.length > 0);

export const entryGroups = () => readable(groups);

export const settingGroups = () => readable(settings)
    .map(([title, entries]) => [title, entries.map(([text, name, permission]) =>
        [text, `#/settings/${name}`, permission])]);

/** Whether an address belongs to an entry: its own pages and those below it. */
export const isWithin = (address, path) => {
    const start = address.slice(1);
    return start === "/" ? path === "/" : path === start || path.startsWith(`${start}/`);
};

/** What can be made from anywhere: [what, address, permission]. */
export const makable = () => [
    ["lead", "#/leads/new", "leads:write"], ["deal", "#/deals/new", "deals:write"],
    ["contact", "#/contacts/new", "contacts:write"], ["company", "#/companies/new", "companies:write"],
    ["proposal", "#/proposals/new", "proposals:write"], ["client", "#/clients/new", "clients:write"],
    ["project", "#/projects/new", "projects:write"], ["task", "#/tasks/new", "tasks:write"],
    ["invoice", "#/invoices/new", "invoices:write"], ["ticket", "#/tickets/new", "tickets:write"],
    ["article", "#/articles/new", "articles:write"], ["sequence", "#/sequences/new", "sequences:write"],
    ["sandbox", "#/sandboxes/new", "sandboxes:write"],
].filter(([, , permission]) => may(permission)).map(([what, href]) => ({ text: `New ${what}`, href }));
