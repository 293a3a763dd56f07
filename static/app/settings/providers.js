import { words } from "../../ui/format.js";
import { called, t } from "../../ui/words.js";

/* People's names for services and their fields, and where each service shows its credentials. */

const titles = { smtp: "SMTP", imap: "IMAP" };

export const titleOf = ({ name, title }) => titles[name] ?? called(`service.${name}`) ?? title;

export const groups = () => [
    ["email_sending", t("Email")], ["email_receiving", t("Mailbox")], ["chat", t("Chat")], ["payments", t("Payment")],
    ["scheduling", t("Calendar")], ["signatures", t("Signatures")], ["email_verification", t("Email checks")],
    ["company_enrichment", t("Company data")], ["lead_source", t("Lead sources")], ["crm", t("CRM")],
    ["projects", t("Project management")], ["spreadsheets", t("Spreadsheets")], ["marketing", t("Marketing")],
    ["analytics", t("Analytics")], ["advertising", t("Advertising")],
    ["blog_publishing", t("Blog")], ["generic", t("Other")], ["http", t("Other")],
];

const labels = () => ({
    base_url: t("Server"), from: t("From"), reply_domain: t("Reply domain"), whatsapp: "WhatsApp",
    api_key: t("API key"), bot_token: t("Bot token"), waba_id: t("Business account ID"),
    phone_number_id: t("Phone number ID"), smtp_url: t("Outgoing server"), imap_url: t("Incoming server"),
    authorize_url: t("Consent page"), token_url: t("Token address"), poll_minutes: t("Minutes between checks"),
    from_start: t("Bring in older mail, too"), mark_seen: t("Mark mail as read"), receive: t("Read the mailbox, too"),
    earnings: t("Read what films earn"),
    client_id: t("Client ID"), on_event: t("What becomes of an event"), file_hosts: t("Hosts of attachments"),
    test_path: t("Address for tests"), webhook_secret: t("Webhook signing secret"),
    webhook_signing_key: t("Webhook signing key"), security: t("Encryption"), app_id: t("Application ID"),
    write_key: t("Write key"), private_key: t("Private key"), api_token: t("API token"), login_url: t("Sign-in page"),
    external_id_field: t("Field of our identifiers"), service_id: t("Service behind it"),
    hook_username: t("User name of webhooks"), hook_password: t("Password of webhooks"),
    integration_key: t("Integration key"), user_id: t("User ID"), hmac_key: t("Webhook signing key"),
    ig_user_id: t("Instagram account ID"), rsid: t("Report suite"),
    account_id: t("Account ID"), api_url: t("Address of the account"), list_id: t("List"),
    account_sid: t("Account SID"), auth_token: t("Auth token"), api_key_sid: t("API key SID"),
    api_key_secret: t("API key secret"), messaging_service_sid: t("Messaging service"),
    public_url: t("Address behind a proxy"), page_id: t("Page ID"), ig_id: t("Instagram account ID"),
    signing_secret: t("Signing secret"), team_id: t("Workspace ID"), channel: t("Staff's channel"),
    cache_for: t("Keep answers for"), max_concurrent: t("Calls at once"), calls_per_second: t("Calls per second"),
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
    dropbox_sign: t("Dropbox Sign: Settings, API. The same page takes the address of the webhooks (account callback)."),
    docusign: t("Docusign: Settings, Apps and keys for the key and the user ID; Connect, Connect keys for webhooks."),
    mailchimp: t("Mailchimp: Account, Extras, API keys; the list's ID and webhooks under Audience, Settings."),
    activecampaign: t("ActiveCampaign: Settings, Developer, for address and key; webhooks on the same page."),
    telegram: t("Write to @BotFather in Telegram: /newbot gives the token. The secret token is one that you make up."),
    messenger: t("Meta for Developers: your app, Messenger, API settings, for the page's token and the webhook."),
    instagram: t("Meta for Developers: your app, Instagram, API setup, for the account's token and the webhook."),
    slack: t("Slack: api.slack.com/apps, your app: Basic information for the secret, OAuth for the bot's token."),
    twilio: t("Twilio Console: its first page. Let the number's incoming messages call the address of webhooks."),
    generic: t("The service that sends the events shows the secret beside its webhook."),
    abstract_email: t("Abstract: Email Validation, your primary key. Each product has a key of its own."),
    maileroo_verify: t("Maileroo: Email Verification API, API keys; a sending key does not work here."),
    hunter: t("Hunter: your account, API."),
    http: t("The service's own pages say which of these it wants."),
    hubspot: t("HubSpot: Settings, Integrations, Private apps, your app; its client secret is beside the token."),
    salesforce: t("Salesforce: Setup, External client app manager, your app; or its key for server-to-server access."),
    pipedrive: t("Pipedrive: Personal preferences, API. The user and password of webhooks are ones that you make up."),
    apideck: t("Apideck: Configuration, API keys; the CRM itself is connected in Apideck's Vault."),
    asana: t("Asana: My settings, Apps, Developer console, Personal access tokens."),
    trello: t("Trello: trello.com/power-ups/admin, your Power-Up, API key; the token and the secret are on the same page."),
    jira: t("Atlassian account: Security, API tokens; the webhook's secret under Jira's System, WebHooks."),
    google_sheets: t("Google Cloud console: a service account with its key, with whom the spreadsheet is shared."),
    segment: t("Segment: Connections, Sources, your HTTP source, Settings, API keys."),
});

export const placeOf = ({ name }) => places()[name] ?? null;

/** Credentials that come by themselves, and nobody types: by an owner's consent, or when the service first calls. */
const byConsent = new Set(["refresh_token", "access_token", "expires_at"]);
const byItself = new Set(["refresh_token", "expires_at", "hook_secret"]);

export const offersConsent = (provider) => Boolean(provider.schema.properties.settings?.properties?.authorize_url);

/** Whether there is no other way in than an owner's consent. */
export const needsConsent = (provider) => offersConsent(provider)
    && provider.credentials.some(({ name, required }) => name === "client_id" && required);

/** Whether a person types another token than the one that consent brings; Google Sheets takes a key instead. */
const hasOtherToken = (provider) => offersConsent(provider) && (provider.name === "google_sheets"
    || provider.credentials.some(({ name }) => name === "bot_token" || name === "api_token"));

export const isTyped = (provider, name) => !byItself.has(name)
    && !(needsConsent(provider) && byConsent.has(name)) && !(name === "access_token" && hasOtherToken(provider));
