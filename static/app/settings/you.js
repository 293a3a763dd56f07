import { call, forgetMe, get, whoAmI, whoIsMe } from "../api.js";
import { controlForm } from "../controls/controls.js";
import { chooseLook, look } from "../early.js";
import { keysAreOn } from "../frame/keys.js";
import { languages } from "../frame/language.js";
import { ownName } from "../language.js";
import { doing, h, pending, quiet, section } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { devices } from "./devices.js";
import { kindsOfNotices } from "./notices.js";
import { hoursFields, settingsSection, tick } from "./parts.js";

export function profile({ query, signal }) {
    const parts = profileParts(signal);
    const wanted = query.field && parts.map((one) => one.querySelector(`[name="${CSS.escape(query.field)}"]`)).find(Boolean);
    if (wanted) setTimeout(() => wanted.focus());
    return parts;
}

const profileParts = (signal) => [
    section(t("You"), { class: "narrow-form" }, pending(languages, aboutYou, { signal })),
    section(t("Password"), { class: "narrow-form" }, form(
        { action: t("Change password"), isPrimary: false, submit: setPassword },
        field(t("Current password"), "current_password", { type: "password", autocomplete: "current-password" }),
        field(t("New password"), "password", {
            type: "password", autocomplete: "new-password", hint: t("At least 12 characters."),
        }))),
    section(t("This browser"), { class: "narrow-form" }, form(
        { action: t("Save"), isPrimary: false, submit: keepBrowser },
        field(t("Appearance"), "look", { control: "select", value: look(),
            options: [["", t("System")], ["light", t("Light")], ["dark", t("Dark")]] }),
        tick(t("Single keys act as shortcuts"), "keys", keysAreOn(), t("Press ? to see them.")))),
    section(t("Signed in"), {}, ownDevices(signal)),
];

function aboutYou(codes) {
    const { user } = whoIsMe();
    const knowsLocale = user && "locale" in user;
    return controlForm({
        isPrimary: false, values: user ?? {}, lead: quiet(user?.email), fields: [
            { name: "name", label: t("Name"), autocomplete: "name", required: true },
            knowsLocale && { name: "locale", label: t("Language"), type: "choice", none: t("As the browser has it"),
                options: codes.map((code) => [code, ownName(code)]) },
        ].filter(Boolean),
        async save({ changed }) {
            if (Object.keys(changed).length) await call("/v1/me", { method: "PATCH", body: changed });
            forgetMe();
            await whoAmI();
            window.dispatchEvent(new Event("namechosen"));
            toast(t("Profile saved"));
            if ("locale" in changed) window.dispatchEvent(new Event("languagechosen"));
        },
    });
}

function keepBrowser({ keys, look: wanted }) {
    chooseLook(wanted);
    localStorage.setItem("keys", keys ? "on" : "off");
    toast(t("Profile saved"));
}

async function setPassword(body, notice) {
    await call("/v1/me", { method: "PATCH", body });
    notice.closest("form").reset();
    toast(t("Password changed"));
}

const ownDevices = (signal) => devices({
    load: () => get("/v1/auth/sessions", signal), none: t("Signed in nowhere."), signal,
    end: ({ id }) => call(`/v1/auth/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }),
});

/** Sets what reaches the person, where and when; a test shows that it does. */
export function myNotifications({ query, signal }) {
    const how = () => [["always", t("Always")], ["urgent", t("Only what is urgent")], ["never", t("Never")]];
    const path = "/v1/notifications/preferences";
    const part = (title, fields, more) => settingsSection(title, { path, signal, query, fields, mayWrite: true,
        ...more });
    const trouble = h("div");
    const kinds = kindsOfNotices(signal);
    return [
        part(t("Where they reach you"), () => [
            { name: "console", label: t("Show them in this console"), type: "yes" },
            { name: "mail", label: t("By email"), type: "choice", required: true, options: how() },
            { name: "webhook", label: t("In a team chat"), type: "choice", required: true, options: how() },
            { name: "webhook_url", label: t("Address of the chat's incoming webhook"), inputType: "url",
                help: t("Slack, Mattermost and others give one for each of their channels.") },
        ], { onSaved: kinds.reload }),
        kinds.element,
        h("section", spokenAs(t("Test")), quiet(t("A test takes every way that is set above.")), trouble,
            doing(t("Send me a test"), async () => {
                await call("/v1/notifications/test", { method: "POST" });
                toast(t("A test is on its way"));
            }, { place: trouble })),
        part(t("When they reach you"), () => [
            { name: "duty_hours", label: t("Hours on duty"), type: "group", fields: hoursFields(),
                help: t("Outside of them email and chat wait, except for what is urgent. Empty times: always.") },
            { name: "quiet_until", label: t("Only urgent ones until"), type: "instant",
                help: t("For a holiday, or an hour of quiet.") },
        ], { body: ({ duty_hours: duty, ...rest }) => ({ ...rest,
            ...(duty !== undefined && { duty_hours: duty?.from && duty?.to ? duty : null }) }) }),
    ];
}
