import { call, forgetMe, get, may, whoAmI, whoIsMe } from "../api.js";
import { languages } from "../frame/language.js";
import { ownName } from "../language.js";
import { entries } from "../slices.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { t } from "../../ui/words.js";
import { stepForm } from "./parts.js";

/* The first steps of a person: who they are, what reaches them, and where their work is. */

export const profile = (step) => pending(languages, (codes) => {
    const { user } = whoIsMe();
    return stepForm("profile", { ...step, async save({ name, locale }) {
        await call("/v1/me", { method: "PATCH", body: { name: name.trim(), locale: locale || null } });
        forgetMe();
        await whoAmI();
        window.dispatchEvent(new Event("namechosen"));
        if ((locale || null) !== user.locale) setTimeout(() => window.dispatchEvent(new Event("languagechosen")));
    } },
    field(t("Name"), "name", { value: user.name, autocomplete: "name", required: true }),
    field(t("Language"), "locale", { control: "select", value: user.locale ?? "",
        options: [["", t("As the browser has it")], ...codes.map((code) => [code, ownName(code)])] }));
}, { signal: step.signal });

const preferences = "/v1/notifications/preferences";

export const notices = (step) => pending(() => get(preferences, step.signal), ({ mail }) => [
    stepForm("notices", { ...step, save: (wanted) => call(preferences, { method: "PATCH", body: wanted }).then(() => {}) },
        field(t("By email"), "mail", { control: "select", value: mail, options: [
            ["always", t("Always")], ["urgent", t("Only what is urgent")], ["never", t("Never")],
        ], hint: t("All of it is under the bell, too.") })),
    h("p", { class: "links after" },
        h("a", { href: "#/settings/my-notifications" }, t("Choose by kind, chat and hours"))),
], { signal: step.signal });

const about = () => ({
    "/inbox": t("What people write to the agency, and your answers."),
    "/approvals": t("What agents want to do, and may only after a yes."),
    "/leads": t("Companies that may become clients."), "/deals": t("Sales on their way, stage by stage."),
    "/tickets": t("What clients ask for, by what is due first."),
    "/projects": t("The work for clients, with its tasks and deliverables."), "/tasks": t("What is to be done, and by whom."),
    "/reports": t("What clients are told of the work."), "/invoices": t("What clients owe and have paid."),
    "/agents": t("What works by itself, and how far it may go."), "/insights": t("The figures, with their records."),
});

const way = (path, label, text) => h("li", {}, h("a", { href: `#${path}` }, label), h("p", {}, text));

/** The pages that somebody may open, with what is there. */
export function work({ next }) {
    const said = about(), known = entries().filter(({ path }) => said[path]);
    return [
        h("ul", { class: "setup" }, way("/", t("Today"), t("What waits for you, the most urgent first.")),
            known.map(({ path, label }) => way(path, label, said[path]))),
        quiet(t("Ctrl K finds everything. ? shows the keys.")),
        may("settings:write") && h("p", { class: "links" },
            h("a", { href: "#/start" }, t("Set up the agency step by step"))),
        h("div", { class: "actions" },
            h("button", { type: "button", class: "primary", onclick: next }, t("Go to Today"))),
    ];
}
