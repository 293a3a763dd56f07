import { call, get, whoIsMe } from "../api.js";
import { ask } from "../controls/controls.js";
import { alarm } from "../../ui/alarm.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { h, quiet, section, whyNot } from "../../ui/dom.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";
import { listPage, secretBox } from "./parts.js";
import { permissionList, permissionTicks } from "./permissions.js";

export const permissionsField = (name) => ({
    name, label: t("Permissions"), type: "custom", draw: permissionTicks, offered: whoIsMe().permissions,
        required: true,
});

/** A secret in the place of the form that made it, until "Done". */
export const shownOnce = (label, value, close) => h("div", {}, secretBox(label, value),
    h("div", { class: "actions end" }, h("button", { type: "button", onclick: () => close() }, t("Done"))));

const path = (id) => `/v1/api-keys/${encodeURIComponent(id)}`;

const keyFields = () => [
    { name: "name", label: t("Name"), required: true, maxlength: 100, help: t("Which program uses it.") },
    permissionsField("scopes"),
];

const narrowing = () => [
    { name: "expires_at", label: t("Valid until"), type: "instant", help: t("Empty: until it is deleted.") },
    { name: "allowed_addresses", label: t("Only from these addresses"), type: "list",
        help: t("Addresses or ranges such as 203.0.113.0/24, separated by commas. Empty: from anywhere.") },
];

export const apiKeys = listPage("api-keys", () => ({
    label: t("New API key"), about: t("A key acts for a program, with the permissions that it is given."),
    facts: ["scopes", "created_by"], open: newKey,
    actions: (key, tools) => h("button", { type: "button", onclick: () => rotate(key, tools) }, t("Rotate key")),
    lead: (key) => key.previous_expires_at && new Date(key.previous_expires_at) > new Date()
        && h("p", { class: "notice" }, pieces("The former key still works until {when}.",
            { when: ago(key.previous_expires_at) })),
    panels: (key, tools) => section(t("What it may do"), {}, permissionList(key.scopes),
        tools.kind.mayWrite && h("p", {}, h("button", { type: "button", class: "small",
            onclick: () => changeKey(key, tools) }, t("Change permissions")))),
}));

function newKey(kind, reload) {
    const { close } = ask({
        title: t("New API key"), action: t("Create"), wide: true, fields: keyFields(), more: narrowing(),
        async save({ values }) {
            const made = await (await call(kind.path, { method: "POST", body: values })).json();
            reload();
            return shownOnce(t("API key"), made.key ?? made.secret ?? made.token, close);
        },
    });
}

function changeKey(key, { reload }) {
    ask({
        title: t("Change permissions"), wide: true, fields: keyFields(), more: narrowing(), values: key,
        told: t("API key saved"), onSaved: reload,
        async save({ changed }) {
            await call(path(key.id), { method: "PATCH", body: changed });
        },
    });
}

async function rotate(key, { reload }) {
    const isMeant = await confirm({
        title: t("Rotate key?"), action: t("Rotate key"),
        text: t("You get a new key now. The old one works for another day, so that the program can be changed over."),
    });
    if (!isMeant) return;
    try {
        const made = await (await call(`${path(key.id)}/rotate`, { method: "POST" })).json();
        const { close } = dialog({ title: t("The new key"), onClose: reload,
            content: () => shownOnce(t("API key"), made.key ?? made.secret ?? made.token, () => close()) });
    } catch (problem) {
        alarm(t("Not rotated: {why}", { why: whyNot(problem) }));
    }
}

/** Roles of the agency's own, made of permissions. */
export const rolesPage = listPage("roles", () => ({
    about: t("Besides owner, admin, manager, member and viewer, an agency can have roles of its own."),
    facts: ["permissions", "name"],
    open: (kind, reload) => ask({
        title: t("New role"), wide: true, told: t("Role created"), onSaved: reload,
        fields: [{ name: "title", label: t("Name"), required: true, maxlength: 60 }, permissionsField("permissions")],
        async save({ values: { title, permissions } }) {
            const name = (title ?? "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_|_$/g, "");
            await call(kind.path, { method: "POST", body: { name, title, permissions } });
        },
    }),
    panels: (role, { kind, reload }) => [
        section(t("What it may do"), {}, permissionList(role.permissions), kind.mayWrite && h("p", {}, h("button", {
            type: "button", class: "small", onclick: () => ask({
                title: t("Change permissions"), wide: true, told: t("Role saved"), onSaved: reload, values: role,
                fields: [{ name: "title", label: t("Name"), required: true }, permissionsField("permissions")],
                async save({ changed }) {
                    await call(`${kind.path}/${encodeURIComponent(role.id)}`, { method: "PATCH", body: changed });
                },
            }),
        }, t("Change permissions")))),
        section(t("People with this role"), {}, peopleOf(role)),
    ],
    below: standardRoles,
}));

function peopleOf(role) {
    const place = h("div", {}, quiet(t("Loading…")));
    get("/v1/users?limit=200").then(({ data }) => {
        const names = data.filter((user) => user.role === role.name).map(({ name }) => name);
        place.replaceChildren(names.length ? h("p", {}, names.join(", ")) : quiet(t("Nobody has it yet.")));
    }, () => place.replaceChildren());
    return place;
}

/** Says in a sentence each what the roles may do that are there from the start. */
function standardRoles() {
    const said = [
        [t("Owner"), t("Everything, with money, people and the agency itself.")],
        [t("Admin"), t("Everything but the ownership.")],
        [t("Manager"), t("Runs the daily work and the agents; no keys, roles or people.")],
        [t("Member"), t("Works with leads, clients and conversations.")],
        [t("Viewer"), t("Sees, and changes nothing.")],
        [t("Client"), t("The client's own portal, and nothing of the agency.")],
    ];
    return section(t("Roles that are always there"), {},
        h("dl", { class: "facts" }, said.map(([name, what]) => h("div", {}, h("dt", {}, name), h("dd", {}, what)))));
}
