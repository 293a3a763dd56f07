import { may } from "../api.js";
import { quiet } from "../dom.js";
import { field } from "../forms.js";
import { hoursFields, readDays, settingsSection } from "./parts.js";

const orNull = (text) => text.trim() || null;

export function agency({ query, signal }) {
    const part = (title, draw, read) => settingsSection(title, { signal, draw, read, query });
    return [
        !may("settings:write") && quiet("You may read these settings. An owner or administrator changes them."),
        part("Agency", (now) => [
            field("Name", "name", { value: now.name, required: true }),
            field("Postal address", "postal_address", {
                value: now.postal_address ?? "", hint: "The law requires it in every email; none is sent without it.",
                autocomplete: "street-address",
            }),
            field("Country", "country", {
                value: now.country ?? "", maxlength: 2,
                hint: "Two letters, such as DE. Phone numbers without a country code are read as numbers of it.",
            }),
            field("Time zone", "time_zone", { value: now.time_zone, hint: "Schedules use it, such as Europe/Berlin." }),
            field("Currency", "currency", { value: now.currency, maxlength: 3, hint: "Three letters, such as EUR." }),
            field("Language", "locale", { value: now.locale, hint: "For what clients receive, such as en or de." }),
        ], ({ name, postal_address, country, time_zone, currency, locale }) => ({
            name, time_zone, locale, currency: currency.toUpperCase(),
            postal_address: orNull(postal_address), country: orNull(country.toUpperCase()),
        })),
        part("Sender", (now) => [
            quiet("Recipients of emails see this name and reply to this address."),
            field("Sender name", "sender", { value: now.sender?.name ?? "" }),
            field("Sender email", "email", { type: "email", value: now.sender?.email ?? "" }),
        ], ({ sender, email }) => ({ sender: { name: sender.trim(), email: email.trim() } })),
        part("Invoices", ({ billing }) => [
            field("Tax name", "tax_name", { value: billing?.tax_name ?? "" }),
            field("Tax rate (%)", "tax_rate", { inputmode: "decimal", value: (billing?.tax_rate ?? 0) / 100 }),
            field("Tax ID", "tax_id", { value: billing?.tax_id ?? "" }),
            field("Days to pay", "payment_days", { inputmode: "numeric", value: billing?.payment_days ?? 14 }),
            field("Bank details", "bank_details", { control: "textarea", rows: 3, value: billing?.bank_details ?? "" }),
        ], (entered, { billing }) => ({ billing: {
            ...billing, tax_name: orNull(entered.tax_name), tax_id: orNull(entered.tax_id),
            tax_rate: Math.round(Number(entered.tax_rate.replace(",", ".")) * 100),
            payment_days: Number(entered.payment_days), bank_details: orNull(entered.bank_details),
        } })),
    ];
}

export const brand = ({ query, signal }) => settingsSection("Portal and papers", {
    signal, query,
    draw: (now) => [
        field("Colour", "color", { type: "color", value: now.brand?.color ?? "#0d6b53" }),
        field("Footer", "footer", { control: "textarea", rows: 3, value: now.brand?.footer ?? "",
            hint: "Stands below proposals, contracts and invoices." }),
        field("Portal address", "portal_host", { value: now.portal_host ?? "",
            hint: "A host name of your own, such as portal.agency.example." }),
    ],
    read: ({ color, footer, portal_host }, now) => ({
        brand: { ...now.brand, color, footer: orNull(footer) }, portal_host: orNull(portal_host),
    }),
});

export const hours = ({ query, signal }) => [
    settingsSection("Business hours", {
        signal, query,
        draw: ({ business_hours: now }) => [
            quiet("SLA targets count these hours only, where they are set so."), hoursFields(now),
            field("Holidays", "holidays", { value: (now?.holidays ?? []).join(", "),
                hint: "Days such as 2030-12-25, separated by commas." }),
        ],
        read(entered) {
            const days = readDays(entered);
            if (!days.length) return { business_hours: null };
            const holidays = entered.holidays.split(",").map((one) => one.trim()).filter(Boolean);
            return { business_hours: { days, from: entered.from, to: entered.to, holidays } };
        },
    }),
    settingsSection("Quiet hours", {
        signal, query,
        draw: ({ quiet_hours: now }) => [
            quiet("Nothing is sent to people in these hours of their own day. Empty: at any time."),
            field("From", "from", { type: "time", value: now?.from ?? "" }),
            field("To", "to", { type: "time", value: now?.to ?? "" }),
        ],
        read: ({ from, to }) => ({ quiet_hours: from && to ? { from, to } : null }),
    }),
];
