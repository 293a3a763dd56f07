import { may } from "../api.js";
import { entries, paletteEntries } from "../slices.js";
import { t } from "../words.js";

/** The groups of the sidebar, in their order; what is in them comes from the parts of the console. */
const groups = () => [
    ["Top", null], ["Sales", t("Sales")], ["Clients", t("Clients")], ["Support", t("Support")],
    ["Marketing", t("Marketing")], ["Automation", t("Automation")], ["Insights", t("Insights")],
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

/** [title, [{label, path, count}]]: first what is for everyone, last the settings. */
export function entryGroups() {
    const all = [{ group: "Top", label: t("Today"), path: "/" }, ...entries()];
    const known = groups().map(([code, title]) => [title, all.filter(({ group }) => group === code)]);
    return [...known.filter(([, list]) => list.length > 0), [null, [{ label: t("Settings"), path: "/settings" }]]];
}

export const settingGroups = () => readable(settings)
    .map(([title, entries]) => [title, entries.map(([text, name, permission]) =>
        [text, `#/settings/${name}`, permission])]);

/** Whether a path belongs to an entry: its own pages and those below it. */
export const isWithin = (address, path) => {
    const start = address.replace(/^#/, "");
    return start === "/" ? path === "/" : path === start || path.startsWith(`${start}/`);
};

/** What can be opened or done from everywhere besides the entries: [{text, href or run, makes}]. */
export const actions = () => paletteEntries().map((one) => ({ ...one, href: one.path && `#${one.path}` }));

/** What can be made from anywhere. */
export const makable = () => actions().filter(({ makes }) => makes);
