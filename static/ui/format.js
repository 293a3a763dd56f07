import { called, locale, missing, perLocale } from "./words.js";

const numbers = perLocale((tag) => new Intl.NumberFormat(tag));

export const number = (value) => (value === null || value === undefined ? "–" : numbers().format(value));

const shares = perLocale((tag) => new Intl.NumberFormat(tag, { style: "percent" }));

/** 0.314 → "31%", or "31 %" where it is written so. */
export const percent = (share) => (share === null || share === undefined ? "–" : shares().format(share));

/** "1 day", "30 days": in English too, where nobody has said otherwise, like the text around it. */
export const counted = (value, unit) =>
    new Intl.NumberFormat(locale() ?? "en", { style: "unit", unit, unitDisplay: "long" }).format(value);

/** "needs_information" → "Needs information", "sla_policy" → "SLA policy". */
export function words(code) {
    const text = within(code);
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says a code within a sentence: "needs information", but "WhatsApp". */
export function within(code) {
    const text = String(code);
    return called(code) ?? happened(text) ?? names[text]
        ?? missing(text).replaceAll(/[_.]/g, " ").replaceAll(/[a-z]+/g, (word) => spellings[word] ?? word);
}

/** "invoice.paid" in a language that has both: "Rechnung bezahlt". */
function happened(text) {
    const [thing, what] = text.split(".").map((part) => called(part));
    return thing && what ? `${thing} ${what.charAt(0).toLowerCase()}${what.slice(1)}` : undefined;
}

/** Codes whose words are not those of the people who read them. */
const names = {
    "sla_policy.created": "SLA target created", "sla_policy.updated": "SLA target updated", sla_policy: "SLA target",
    "tenant.updated": "agency settings changed", tenant: "agency",
    brake: "emergency stop", "brake.pulled": "sending stopped", "brake.released": "sending resumed",
    calendly_bridge: "booking bridge", human: "a person", asked_for_human: "asked for a person",
    docusign: "Docusign", dropbox_sign: "Dropbox Sign",
    todo: "to do", waiting_for_human: "waiting for a person",
};

/** Names and abbreviations, which keep their capitals wherever they stand. */
const spellings = {
    ai: "AI", api: "API", crm: "CRM", csv: "CSV", html: "HTML", http: "HTTP", hubspot: "HubSpot", id: "ID",
    imap: "IMAP", json: "JSON", linkedin: "LinkedIn", oauth: "OAuth", openstreetmap: "OpenStreetMap", pdf: "PDF",
    sendgrid: "SendGrid", sla: "SLA", sms: "SMS", smtp: "SMTP", url: "URL", whatsapp: "WhatsApp",
};

/** The first letters of a name. */
export const initials = (name) => String(name).split(/\s+/).filter(Boolean).slice(0, 2)
    .map((part) => part[0].toUpperCase()).join("") || "?";
