import { may, tenant } from "../api.js";
import { make } from "../controls/controls.js";
import { rows } from "../controls/many.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { onlyRead } from "./agency.js";
import { settingsSection } from "./parts.js";
import { countries } from "./world.js";

const whole = (name, label, help, more = {}) => ({ name, label, help, type: "number", isWhole: true, ...more });

/** Sets how much is sent, what is tracked, and what the law asks for first. */
export const sendingRules = ({ query, signal }) => [
    onlyRead(),
    settingsSection(t("Limits of outgoing mail"), { signal, query, shown: (now) => now.sending ?? {},
        body: (sending) => ({ sending }), fields: () => [
            whole("per_day", t("Emails a day, in all"), null, { default: 2000 }),
            whole("per_domain_per_day", t("Emails a day from one domain"), t("Once the domain is warmed up."),
                { default: 1000 }),
            whole("per_mailbox_per_day", t("Emails a day through one mailbox"), null, { default: 500 }),
            whole("campaign_rest_days", t("Days without other marketing after a campaign's email"),
                t("What would come on top waits, and leaves by itself."), { default: 3 }),
            { name: "needs_unsubscribe_list", label: t("Wait for the old list of those who unsubscribed"), type: "yes",
                default: false, help: t("Marketing is held until that list is imported under Suppressions.") },
        ] }),
    settingsSection(t("How often one person is written to"), { signal, query, shown: capsOf, body: withCaps,
        fields: () => [{ name: "frequency_caps", label: t("Limits"), type: "rows", item: t("Limit"), isLine: true,
            help: t("Counted in whole days, today among them. What is too much waits; answers are never held."),
            standard: { purpose: "marketing" }, fields: [
                { name: "purpose", label: t("What counts"), type: "choice", required: true, options: [
                    ["marketing", t("All marketing")], ["nurture", t("Keeping in touch")],
                ] },
                { name: "channel", label: t("Channel"), type: "choice", none: t("All together"),
                    options: ["email", "whatsapp", "messenger", "instagram", "telegram", "sms"]
                        .map((code) => [code, words(code)]) },
                whole("max", t("At most"), null, { required: true }),
                whole("per", t("In days"), null, { required: true }),
            ] }] }),
    settingsSection(t("Tracking"), { signal, query, shown: (now) => now.tracking ?? {},
        body: (tracking) => ({ tracking }), fields: () => [
            { name: "opens", label: t("Count when an email is opened"), type: "yes", default: false,
                help: t("By a picture that the email loads. Many people do not want that.") },
            { name: "clicks", label: t("Count clicks on links"), type: "yes", default: false,
                help: t("Links lead over this server.") },
        ] }),
    settingsSection(t("What the law asks for"), { signal, query, fields: () => [
        { name: "ai_disclosure", label: t("Say that software wrote a message"), type: "choice", required: true,
            options: [
            ["auto", t("Where the law asks for it")], ["always", t("Always")], ["never", t("Never")],
        ] },
        { name: "consent_rules", label: t("Basis for marketing by country"), type: "map", item: t("Country"),
            help: t("Where nothing is set, the strict rule of the country holds."),
            keyType: "choice", keyLabel: t("Country"), keyOptions: countries(),
            of: { label: t("Basis"), type: "choice", required: true, options: [
                ["consent", words("consent")], ["legitimate_interest", words("legitimate_interest")],
            ] } },
    ] }),
];

/** The API has days as durations. */
const capsOf = ({ frequency_caps: caps }) => ({ frequency_caps: caps.map((cap) =>
    ({ ...cap, per: Number(/^P(\d+)D$/.exec(cap.per)?.[1] ?? 1) })) });

const withCaps = ({ frequency_caps: caps }) => ({ frequency_caps: caps.map((cap) => ({ ...cap,
    per: cap.per === null ? null : `P${cap.per}D` })) });

/** Sets the text of invoices, when payment is due, and what may be conceded when selling. */
export const invoicing = ({ query, signal }) => [
    onlyRead(),
    settingsSection(t("Invoices"), { signal, query, shown: ({ billing }) => billing ?? {},
        body: (billing) => ({ billing }), fields: () => [
        { name: "tax_name", label: t("Tax name"), help: t("As invoices call it, such as VAT.") },
        { name: "tax_rate", label: t("Tax rate"), type: "number", unit: "%", scale: 100, default: 0 },
        { name: "tax_id", label: t("Tax ID") },
        whole("payment_days", t("Days to pay"), null, { default: 14 }),
        { name: "prefix", label: t("Prefix of invoice numbers") },
        { name: "bank_details", label: t("Bank details"), type: "area", rows: 3 },
        { name: "reminder_days", label: t("Remind after days overdue"), type: "list", isNumber: true,
            help: t("Days after the due date, such as 3, 10, 20.") },
    ] }),
    may("deals:read") && settingsSection(t("What may be conceded without asking"), { path: "/v1/selling-rules", signal,
        query, mayWrite: may("packages:write"), fields: () => [
            whole("max_discount_percent", t("Highest discount"), t("A higher one waits for approval."), { unit: "%" }),
            whole("min_margin_percent", t("Smallest margin"), null, { unit: "%" }),
            whole("max_free_months", t("Most free months")),
            { name: "min_prices", label: t("Lowest monthly prices"), type: "custom", draw: lowestPrices },
        ] }),
];

/** The lowest price of each package; the API has smallest units by the package. */
function lowestPrices(one, value) {
    const shown = Object.entries(value ?? {}).map(([id, amount]) => ({ id, price: { amount, currency: tenant().currency
        ?? "USD" } }));
    const inner = rows({ name: one.name, label: one.label, item: t("Lowest price"), isLine: true, fields: [
        { name: "id", label: t("Package"), type: "record", refers: "packages", required: true },
        { name: "price", label: t("At least"), type: "money", required: true },
    ] }, shown, make);
    const read = () => {
        const now = Object.fromEntries(inner.get().filter(({ id, price }) => id && price)
            .map(({ id, price }) => [id, price.amount]));
        return { ...Object.fromEntries(Object.keys(value ?? {}).map((id) => [id, null])), ...now };
    };
    return { ...inner, get: read };
}

/** Sets who may reach the agency's data, and how long it is kept. */
export const security = ({ query, signal }) => [
    onlyRead(),
    settingsSection(t("Who may connect"), { signal, query, fields: () => [
        { name: "allowed_addresses", label: t("Networks people may sign in from"), type: "list",
            help: t("Addresses or ranges such as 203.0.113.0/24, separated by commas. Empty: from anywhere.") },
        { name: "allowed_origins", label: t("Websites whose scripts may call the API"), type: "list",
            help: t("Such as https://www.agency.example, separated by commas.") },
    ] }),
    settingsSection(t("How long data is kept"), { signal, query, shown: (now) => now.retention ?? {},
        body: (retention) => ({ retention }), fields: () => [
            whole("message_days", t("Texts of messages"), t("The messages themselves stay."),
                { unit: t("days"), default: 1095 }),
            whole("attachment_days", t("Files that came with messages"), null, { unit: t("days"), default: 1095 }),
            whole("hook_days", t("What connected services sent"), t("Raw emails and the like, after processing."),
                { unit: t("days"), default: 30 }),
        ] }),
];
