import { words } from "../format.js";
import { t } from "../words.js";

/* What people call services and their fields, and where each service shows its credentials. */

const titles = { smtp: "SMTP", imap: "IMAP" };

export const titleOf = (provider) => titles[provider.name] ?? provider.title;

export const groups = () => [
    ["email_sending", t("Email")], ["email_receiving", t("Mailbox")], ["chat", t("Chat")], ["payments", t("Payment")],
    ["scheduling", t("Calendar")], ["signatures", t("Signatures")], ["generic", t("Other")], ["http", t("Other")],
];

const labels = () => ({
    base_url: t("Server"), from: t("From"), reply_domain: t("Reply domain"), whatsapp: "WhatsApp",
    api_key: t("API key"), bot_token: t("Bot token"), waba_id: t("Business account ID"),
    phone_number_id: t("Phone number ID"), smtp_url: t("Outgoing server"), imap_url: t("Incoming server"),
    authorize_url: t("Consent page"), token_url: t("Token address"), poll_minutes: t("Minutes between checks"),
    from_start: t("Bring in older mail, too"), mark_seen: t("Mark mail as read"), receive: t("Read the mailbox, too"),
    client_id: t("Client ID"), on_event: t("What becomes of an event"), file_hosts: t("Hosts of attachments"),
    test_path: t("Address for tests"), webhook_secret: t("Webhook signing secret"),
    webhook_signing_key: t("Webhook signing key"), security: t("Encryption"),
});

export const labelOf = (name) => labels()[name] ?? words(name);

/** Where a service shows what is asked for; the way through its own pages. */
const places = () => ({
    smtp: t("Your mail provider's help names the server. Begin with smtps:// for port 465, with smtp:// for port 587."),
    imap: t("Your mail provider's help names the server, such as imaps://imap.example.com."),
    google_mail: t("Google Cloud console: APIs and services, Credentials, OAuth client ID (Web application)."),
    microsoft_mail: t("Microsoft Entra admin center: App registrations, your application, Certificates and secrets."),
    mailgun: t("Mailgun: Settings, API security for the key; Sending, Webhooks for the signing key."),
    sendgrid: t("SendGrid: Settings, API keys; the verification key under Settings, Mail settings, Event webhooks."),
    postmark: t("Postmark: your server, API tokens."),
    maileroo: t("Maileroo: your domain, Sending keys."),
    calendly: t("Calendly: Integrations, API and webhooks, Personal access tokens."),
    stripe: t("Stripe: Developers, API keys; the signing secret under Developers, Webhooks, your endpoint."),
    whatsapp: t("Meta for Developers: your app, WhatsApp, API setup; the token of a system user in Business settings."),
    telegram: t("Write to @BotFather in Telegram: /newbot gives the token. The secret token is one that you make up."),
    generic: t("The service that sends the events shows the secret beside its webhook."),
    http: t("The service's own pages say which of these it wants."),
});

export const placeOf = ({ name }) => places()[name] ?? null;

/** What an owner's consent brings by itself, and nobody types. */
const byConsent = new Set(["refresh_token", "access_token", "expires_at"]);

export const needsConsent = (provider) => Boolean(provider.schema.properties.settings?.properties?.authorize_url);

export const isTyped = (provider, name) => !(needsConsent(provider) && byConsent.has(name));
