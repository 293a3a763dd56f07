import { call, get, may } from "../api.js";
import { badge, fill, h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { polite } from "../../ui/state.js";
import { t } from "../../ui/words.js";
import { stepForm } from "./parts.js";

/** A mail server, tried at once; other services have their page. */
export function mail(step) {
    return pending(() => get("/v1/integrations?capability=email_sending&limit=50", step.signal), ({ data }) => [
        data.map((one) => h("p", {}, badge(t("Connected"), "good"), " ", one.name ?? one.provider)),
        may("integrations:write") ? connecting(step, data.length > 0)
            : quiet(t("You may not connect services. An owner or administrator does it.")),
        h("p", { class: "links after" },
            h("a", { href: "#/settings/integrations" }, t("Use another mail service"))),
    ], { signal: step.signal });
}

function connecting(step, isConnected) {
    return stepForm("mail", { ...step, async save({ server, username, password }, notice) {
        if (!server.trim() && isConnected) return true;
        if (!server.trim()) {
            throw { errors: [{ pointer: "/server", detail: t("Enter your mail server, or skip this step.") }] };
        }
        fill(notice, h("p", { class: "notice", ...polite }, t("Connecting…")));
        const path = `/v1/integrations/${encodeURIComponent(await connect(server.trim(), username.trim(), password))}`;
        const { ok, detail } = await (await call(`${path}/test`, { method: "POST" })).json();
        if (ok) return true;
        // One that does not work is of no use beside the next that is tried.
        await call(path, { method: "DELETE" });
        throw { title: t("The mail server does not work yet."), detail: sentence(detail) };
    } },
    field(t("Server"), "server", {
        spellcheck: "false", hint: t("Such as smtps://mail.example.com; your mail provider names it."),
    }),
    field(t("Username"), "username", { autocomplete: "off" }),
    field(t("Password"), "password", { type: "password", autocomplete: "off" }));
}

const sentence = (text) => (text ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace("..", ".") : "");

async function connect(server, username, password) {
    const address = /^smtps?:\/\//.test(server) ? server : `smtps://${server}`;
    // A mail server on this machine has no certificate to show; nobody is between.
    const isOwn = /^smtp:\/\/(127\.|localhost|\[::1\])/.test(address);
    try {
        const answer = await call("/v1/integrations", { method: "POST", body: {
            provider: "smtp", capability: "email_sending",
            settings: { base_url: address, ...(isOwn && { security: "none" }) },
            credentials: { ...(username && { username }), ...(password && { password }) },
        } });
        return (await answer.json()).id;
    } catch (problem) {
        const errors = problem.errors?.map((one) =>
            ({ ...one, pointer: one.pointer.replace("base_url", "server") }));
        throw errors?.length ? Object.assign(problem, { errors }) : problem;
    }
}
