import { call, get } from "../api.js";
import { h, pending, section } from "../dom.js";
import { field, form } from "../forms.js";
import { words } from "../format.js";
import { dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";

const titles = { smtp: "SMTP", imap: "IMAP" };
const groups = [
    ["email_sending", "Email"], ["email_receiving", "Mailbox"], ["chat", "Chat"], ["payments", "Payment"],
    ["scheduling", "Calendar"], ["signatures", "Signatures"], ["generic", "Other"], ["http", "Other"],
];
/** What the fields of services are called. */
const labels = { base_url: "Server", from: "From", reply_domain: "Reply domain", whatsapp: "WhatsApp" };

/** The services that can be connected, each with the form that its declaration asks for. */
export function connectables(reload, signal) {
    const place = pending(() => get("/v1/integration-providers", signal), ({ data }) => {
        const one = (provider) => h("button", { type: "button", onclick: () => connect(provider, reload) },
            `Connect ${titles[provider.name] ?? provider.title}`);
        const groupOf = ({ capabilities }) => groups.find(([code]) => capabilities.includes(code))?.[1] ?? "Other";
        const named = [...new Set(groups.map(([, text]) => text))]
            .map((text) => [text, data.filter((provider) => groupOf(provider) === text)]);
        return named.filter(([, list]) => list.length > 0).map(([text, list]) => h("div", { class: "connectables" },
            h("h3", {}, text), h("div", { class: "actions" }, list.map(one))));
    }, { signal });
    return section("Connect a service", {}, place);
}

function connect(provider, reload) {
    const { settings, credentials } = provider.schema.properties;
    const title = `Connect ${titles[provider.name] ?? provider.title}`;
    const required = new Set([...settings?.required ?? [], ...credentials?.required ?? []]);
    const isUsual = (name) => required.has(name) || (name === "base_url" && !provider.base_url);
    const draw = (part, isSecret) => Object.entries(part?.properties ?? {}).map(([name, schema]) =>
        [name, drawOne(provider, name, schema, { isSecret, isRequired: required.has(name) })]);
    const asked = draw(settings, false), secrets = draw(credentials, true);
    const usual = asked.filter(([name]) => isUsual(name)).map(([, element]) => element);
    const rest = asked.filter(([name]) => !isUsual(name)).map(([, element]) => element);
    const capabilities = provider.capabilities.length > 1 && field("Used for", "capability", {
        control: "select", value: "email_sending", options: provider.capabilities.map((code) => [code, words(code)]),
    });
    const { close } = dialog({ title, content: () => form({ action: "Connect", async submit(entered) {
        const pick = (part) => Object.fromEntries(Object.entries(part?.properties ?? {})
            .filter(([name]) => entered[name]?.trim())
            .map(([name, schema]) => [name, typed(schema, entered[name].trim())]));
        await call("/v1/integrations", { method: "POST", body: {
            provider: provider.name, capability: entered.capability ?? provider.capabilities[0],
            settings: withSecurity(provider, pick(settings)), credentials: pick(credentials),
        } });
        close();
        toast(`${provider.title} connected`);
        await reload();
    } }, usual, capabilities, secrets.map(([, element]) => element),
    rest.length > 0 && h("details", { class: "fold" }, h("summary", {}, "More fields"), rest)) });
}

/** A mail server on this machine has no certificate to show; nobody is between. */
const withSecurity = ({ schema }, values) => (schema.properties.settings?.properties?.security && !values.security
    && /^\w+:\/\/(127\.|localhost|\[::1\])/.test(values.base_url ?? "") ? { ...values, security: "none" } : values);

const typed = (schema, text) => (schema.type === "integer" ? Number(text)
    : schema.type === "boolean" ? text === "true"
        : schema.type === "array" ? text.split(",").map((one) => one.trim()) : text);

function drawOne(provider, name, schema, { isSecret, isRequired }) {
    const label = labels[name] ?? words(name);
    const hint = schema.description && !/[`_]/.test(schema.description) ? schema.description : null;
    if (schema.enum || schema.type === "boolean") {
        const options = schema.enum?.map((code) => [code, words(code)]) ?? [["true", "Yes"], ["false", "No"]];
        return field(label, name, { control: "select", value: "", hint, options: [["", "As usual"], ...options] });
    }
    const isHidden = isSecret && name !== "username";
    return field(label, name, {
        type: isHidden ? "password" : "text", autocomplete: "off", hint, required: isRequired,
        value: name === "base_url" ? provider.base_url ?? "" : "",
    });
}
