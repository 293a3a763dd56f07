import { call, get, whoIsMe } from "../api.js";
import { doing, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago } from "../format.js";
import { keysAreOn } from "../frame/keys.js";
import { toast } from "../../ui/toast.js";
import { hoursFields, readDays, settingsSection, tick } from "./parts.js";

export function profile({ signal }) {
    const { user } = whoIsMe();
    const trouble = h("div");
    const sessions = pending(() => get("/v1/auth/sessions", signal), ({ data }) => h("ul", { class: "papers" },
        data.filter(({ ended_at }) => !ended_at).map((one) => h("li", {},
            h("p", {}, h("strong", {}, deviceOf(one.user_agent)), one.current && " (this one)"),
            quiet("Last used ", ago(one.last_used_at), `, from ${one.address}`),
            !one.current && doing("Sign out there", async () => {
                await call(`/v1/auth/sessions/${encodeURIComponent(one.id)}`, { method: "DELETE" });
                toast("Signed out there");
                await sessions.reload();
            }, { place: trouble, class: "small" })))), { signal });
    return [
        section("You", { class: "narrow-form" }, form({ action: "Save", isPrimary: false, async submit({ name }) {
            await call("/v1/me", { method: "PATCH", body: { name: name.trim() } });
            toast("Profile saved");
        } }, field("Name", "name", { value: user?.name ?? "", autocomplete: "name" }), quiet(user?.email))),
        section("Password", { class: "narrow-form" }, form(
            { action: "Change password", isPrimary: false, submit: setPassword },
        field("Current password", "current_password", { type: "password", autocomplete: "current-password" }),
        field("New password", "password", {
            type: "password", autocomplete: "new-password", hint: "At least 12 characters.",
        }))),
        section("This browser", { class: "narrow-form" }, form({ action: "Save", isPrimary: false, submit({ keys }) {
            localStorage.setItem("keys", keys ? "on" : "off");
            toast("Profile saved");
        } }, tick("Single keys act as shortcuts", "keys", keysAreOn(), "Press ? to see them."))),
        section("Signed in", {}, trouble, sessions),
    ];
}

async function setPassword(body, notice) {
    await call("/v1/me", { method: "PATCH", body });
    notice.closest("form").reset();
    toast("Password changed");
}

const deviceOf = (agent) =>
    /Firefox|Edg|Chrome|Safari|curl/.exec(agent ?? "")?.[0].replace("Edg", "Edge") ?? "A device";

export function myNotifications({ query, signal }) {
    const when = [["always", "Always"], ["urgent", "Only what is urgent"], ["never", "Never"]];
    return settingsSection("What reaches you", {
        path: "/v1/notifications/preferences", signal, query,
        draw: (now) => [
            tick("Show them in this console", "console", now.console),
            field("By email", "mail", { control: "select", value: now.mail, options: when }),
            field("How often", "frequency", { control: "select", value: now.frequency, options: [
                ["immediate", "At once"], ["daily", "Once a day"], ["weekly", "Once a week"],
            ] }),
            field("To a webhook", "webhook", { control: "select", value: now.webhook, options: when }),
            field("Webhook URL", "webhook_url", { type: "url", value: now.webhook_url ?? "" }),
            h("h3", {}, "Hours on duty"), hoursFields(now.duty_hours),
        ],
        read(entered) {
            const days = readDays(entered);
            return {
                console: entered.console === "on", mail: entered.mail, frequency: entered.frequency,
                webhook: entered.webhook, webhook_url: entered.webhook_url.trim() || null,
                duty_hours: days.length ? { days, from: entered.from, to: entered.to } : null,
            };
        },
    });
}
