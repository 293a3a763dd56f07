import { call, get } from "../api.js";
import { ask } from "../controls/controls.js";
import { describe } from "../controls/describe.js";
import { h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { polite, urgent } from "../../ui/state.js";
import { explained, t } from "../../ui/words.js";
import { secretBox } from "./parts.js";
import { groups, isTyped, labelOf, offersConsent, placeOf, titleOf } from "./providers.js";

/**
 * The services that can be connected, each with the form that its declaration asks for; the first one of what is
 * wanted, such as "email_sending", gets the keyboard.
 */
export function connectables(reload, signal, wanted) {
    const place = pending(() => get("/v1/integration-providers?limit=200", signal), ({ data }) => {
        const one = (provider) => h("button", { type: "button", onclick: () => connect(provider, reload) },
            t("Connect {service}", { service: titleOf(provider) }));
        const groupOf = ({ capabilities }) => groups().find(([code]) => capabilities.includes(code))?.[1] ?? t("Other");
        const sought = wanted && groupOf({ capabilities: [wanted] });
        const named = [...new Set(groups().map(([, text]) => text))]
            .map((text) => [text, data.filter((provider) => groupOf(provider) === text)]);
        return named.filter(([, list]) => list.length > 0).map(([text, list]) => {
            const buttons = list.map(one);
            if (text === sought) setTimeout(() => buttons[0].focus());
            return h("div", { class: "connectables" }, h("h3", {}, text), h("div", { class: "actions" }, buttons));
        });
    }, { signal });
    return section(t("Connect a service"), {}, place);
}

/** The controls of a service's settings and credentials: those that it needs first. */
export function providerFields(provider, { isChange = false } = {}) {
    const { settings, credentials } = provider.schema.properties;
    const required = new Set([...settings?.required ?? [], ...credentials?.required ?? []]);
    const forOne = new Set((provider.schema.allOf ?? [])
        .flatMap(({ then }) => then.properties.settings.required));
    const isUsual = (name) => required.has(name) || forOne.has(name) || (name === "base_url" && !provider.base_url);
    const draw = (part, isSecret) => Object.entries(part?.properties ?? {}).filter(([name]) => isTyped(provider, name))
        .map(([name, schema]) => {
            const isOpen = isSecret && name.endsWith("username");
            const more = { label: labelOf(name), required: required.has(name) && !isChange,
                help: helpOf(schema.description) };
            const one = describe(name, { ...schema, description: undefined, ...(isOpen && { format: undefined }) }, more);
            return one && { ...one, default: name === "base_url" ? provider.base_url ?? "" : undefined,
                ...(isSecret && !isOpen && { type: "secret" }), ...(one.type === "choice" && { none: t("As usual") }) };
        }).filter(Boolean);
    const asked = draw(settings, false);
    return {
        usual: asked.filter(({ name }) => isUsual(name)), rest: asked.filter(({ name }) => !isUsual(name)),
        secrets: draw(credentials, true),
    };
}

/** Help that names codes is for those who write programs. */
const helpOf = (said) => (said && !/[`_]/.test(said) ? explained(said) : null);

export const parted = (provider, values) => {
    const pick = (part) => Object.fromEntries(Object.entries(values).filter(([name, value]) =>
        part?.properties?.[name] && value !== null && value !== undefined && value !== ""));
    const { settings, credentials } = provider.schema.properties;
    return { settings: pick(settings), credentials: pick(credentials) };
};

function connect(provider, reload) {
    const { usual, rest, secrets } = providerFields(provider);
    const capabilities = provider.capabilities.length > 1 && { name: "capability", label: t("Used for"), type: "choice",
        required: true, options: provider.capabilities.map((code) => [code, words(code)]),
        default: provider.capabilities.includes("email_sending") ? "email_sending" : provider.capabilities[0] };
    const service = titleOf(provider);
    const { close } = ask({
        title: t("Connect {service}", { service }), action: t("Connect"), strip: /^\/(settings|credentials)/,
        lead: placeOf(provider) && quiet(t("Where to find it:"), " ", placeOf(provider)),
        fields: [...usual, capabilities, ...secrets].filter(Boolean),
        more: [...rest, { name: "environment", label: t("Mode"), type: "choice", required: true, default: "live",
            options: [["live", t("Live")], ["test", t("Test: nothing is sent")]] }],
        told: t("{service} connected", { service }), onSaved: reload,
        async save({ values }) {
            const { capability, environment, ...given } = values;
            const { settings, credentials } = parted(provider, given);
            const made = await (await call("/v1/integrations", { method: "POST", body: {
                provider: provider.name, capability: capability ?? provider.capabilities[0], environment,
                settings: withSecurity(provider, settings), credentials,
            } })).json();
            return afterwards(provider, made, () => close());
        },
    });
}

/** A mail server on this machine has no certificate to show; nobody is between. */
const withSecurity = ({ schema }, values) => (schema.properties.settings?.properties?.security && !values.security
    && /^\w+:\/\/(127\.|localhost|\[::1\])/.test(values.base_url ?? "") ? { ...values, security: "none" } : values);

/** Tells what is still to be done at the service: its owner's consent, or the address of our hook. */
function afterwards(provider, made, close) {
    const done = h("div", { class: "actions end" }, h("button", { type: "button", onclick: close }, t("Done")));
    if (offersConsent(provider) && made.status === "disabled") {
        return h("div", {}, h("p", {}, t("The account's owner has to agree once, at the service.")), consent(made),
            done);
    }
    if (!made.hook_url) return undefined;
    if (provider.can_subscribe) {
        return h("div", {}, h("p", {}, t("The service can tell of changes at once, where it is asked to.")),
            subscribe(made), done);
    }
    return h("div", {}, h("p", {},
        t("One step is left: give this address to the service, where it asks for a webhook.")),
        hookBox(made), done);
}

/** Asks the service to tell of changes by itself. */
export const subscribe = ({ id }) => h("p", {}, h("button", { type: "button", async onclick({ target }) {
    const path = `/v1/integrations/${encodeURIComponent(id)}/subscribe`;
    try {
        const { ok, detail } = await (await call(path, { method: "POST" })).json();
        target.after(h("span", { class: ok ? "" : "fault", ...polite }, ` ${detail}`));
    } catch (problem) {
        target.after(h("span", { class: "fault", ...urgent }, ` ${whyNot(problem)}`));
    }
} }, t("Ask for webhooks")));

/** Asks for the owner's consent in a window of its own. */
export const consent = ({ id }) => h("p", {}, h("button", { type: "button", class: "primary",
    async onclick({ target }) {
    const path = `/v1/integrations/${encodeURIComponent(id)}/connect`;
    try {
        const { authorize_url: address } = await (await call(path, { method: "POST" })).json();
        window.open(address, "_blank", "noopener");
    } catch (problem) {
        target.after(h("span", { class: "fault", ...urgent }, ` ${whyNot(problem)}`));
    }
} }, t("Ask for consent")));

/** The address that the service is to send its events to. */
export const hookBox = ({ hook_url: hook }) =>
    secretBox(t("Address of our webhook"), new URL(hook, location.origin).href, { isSecret: false });
