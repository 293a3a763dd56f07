/* What codes of the API are called where their own words would not do. */

/** Codes whose words are not those of the people who read them. */
export const names = {
    "sla_policy.created": "SLA target created", "sla_policy.updated": "SLA target updated", sla_policy: "SLA target",
    "tenant.updated": "agency settings changed", tenant: "agency",
    brake: "emergency stop", "brake.pulled": "sending stopped", "brake.released": "sending resumed",
    calendly_bridge: "booking bridge", human: "a person", asked_for_human: "asked for a person",
    docusign: "Docusign", dropbox_sign: "Dropbox Sign",
    todo: "to do", waiting_for_human: "waiting for a person",
};

/** Names and abbreviations, which keep their capitals wherever they stand. */
export const spellings = {
    ai: "AI", api: "API", crm: "CRM", csv: "CSV", html: "HTML", http: "HTTP", hubspot: "HubSpot", id: "ID",
    imap: "IMAP", json: "JSON", linkedin: "LinkedIn", oauth: "OAuth", openstreetmap: "OpenStreetMap", pdf: "PDF",
    sendgrid: "SendGrid", sla: "SLA", sms: "SMS", smtp: "SMTP", url: "URL", whatsapp: "WhatsApp",
};
