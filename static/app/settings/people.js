import { call, get, may, tenant, whoIsMe } from "../api.js";
import { ask } from "../controls/controls.js";
import { named, whenNamed } from "../records/naming.js";
import { alarm } from "../../ui/alarm.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { badge, doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { devices } from "./devices.js";
import { shownOnce } from "./keys.js";

const own = ["owner", "admin", "manager", "member", "viewer", "client"];
const path = (id) => `/v1/users/${encodeURIComponent(id)}`;

/** The people of the agency and of its clients, and who has been invited. */
export function people({ id, signal }) {
    const load = async () => {
        const [users, roles] = await Promise.all([get("/v1/users?limit=200", signal), ownRoles()]);
        await whenNamed(users.data.map(({ client_id: client }) => ["clients", client]));
        return { data: users.data, roles };
    };
    const users = pending(load, (found) => drawUsers(found, reload), { signal });
    const invited = may("invitations:read")
        && pending(() => get("/v1/invitations?limit=100&sort=-created_at", signal),
            (found) => drawInvited(found, reload), { signal });
    const reload = () => Promise.all([users.reload(), invited && invited.reload()]);
    if (id === "new" && may("invitations:write")) setTimeout(() => invite(reload));
    return [
        may("invitations:write") && h("div", { class: "actions lead" },
            h("button", { type: "button", class: "primary", "data-key": "n", onclick: () => invite(reload) },
                t("Invite"))),
        users, invited && section(t("Invitations"), {}, invited),
    ];
}

async function ownRoles() {
    if (!may("roles:read")) return [];
    return (await get("/v1/roles?limit=200").catch(() => ({ data: [] }))).data;
}

const roleOptions = (roles) => [...own.map((role) => [role, words(role)]),
    ...roles.map(({ name, title }) => [name, title ?? words(name)])];

function drawUsers({ data, roles }, reload) {
    const isClient = ({ role }) => role === "client";
    const titles = new Map(roleOptions(roles));
    const part = (title, list, columns, cells) => list.length > 0 && section(title, {}, table(title,
        [...columns, t("Status"), ""], list.map((one) => h("tr", {},
            h("th", { scope: "row", dir: "auto" }, one.name, one.id === whoIsMe().user?.id && [" ", badge(t("You"))]),
            h("td", { "data-label": t("Email"), class: "line" }, one.email), cells(one),
            h("td", { "data-label": t("Status") }, statusBadge(one.status)),
            h("td", { class: "row-menu" }, may("users:write") && userMenu(one, roles, reload)))), "stacked"));
    return [
        part(t("Agency"), data.filter((one) => !isClient(one)), [t("Name"), t("Email"), t("Role")],
            (one) => h("td", { "data-label": t("Role") }, titles.get(one.role) ?? words(one.role))),
        part(t("Clients' people"), data.filter(isClient), [t("Name"), t("Email"), t("Client"), t("May")],
            (one) => [h("td", { "data-label": t("Client"), class: "line" }, one.client_id && named("clients", one.client_id)),
                h("td", { "data-label": t("May") }, one.client_role ? words(one.client_role) : "–")]),
    ];
}

function userMenu(user, roles, reload) {
    const isMe = user.id === whoIsMe().user?.id;
    return menuButton(t("Change"), () => [
        { text: t("Edit person"), run: () => edit(user, roles, reload) },
        { text: t("Where they are signed in"), run: () => showDevices(user) },
        !isMe && (user.status === "active"
            ? { text: t("Deactivate"), run: () => deactivate(user, reload) }
            : { text: t("Let in again"), run: () => set(user, { status: "active" }, t("{name} may sign in again",
                { name: user.name }), reload) }),
        !isMe && { text: t("Delete"), run: () => remove(user, reload) },
    ], { class: "small", ...spokenAs(t("Change {name}", { name: user.name })) });
}

function edit(user, roles, reload) {
    const isClient = user.role === "client";
    ask({
        title: t("Edit person"), values: user, told: t("Person saved"), onSaved: reload, fields: [
            { name: "name", label: t("Name"), required: true }, { name: "email", label: t("Email"),
                inputType: "email" },
            isClient ? clientRole() : { name: "role", label: t("Role"), type: "choice", required: true,
                options: roleOptions(roles).filter(([code]) => code !== "client") },
        ],
        async save({ changed }) {
            await call(path(user.id), { method: "PATCH", body: changed });
        },
    });
}

/** Where a person is signed in: what is ended there stops at once. */
const showDevices = (user) => dialog({
    title: t("Where {name} is signed in", { name: user.name }),
    content: () => devices({
        load: () => get(`${path(user.id)}/sessions`), none: t("Signed in nowhere."),
        end: ({ id }) => call(`${path(user.id)}/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }),
    }),
});

const clientRole = () => ({ name: "client_role", label: t("What they may do in the portal"), type: "choice",
    default: "admin", required: true, options: [
        ["admin", t("Everything, and invite colleagues")], ["approver", t("Decide about work")],
        ["billing", t("See and pay invoices")], ["viewer", t("See only")],
    ] });

async function deactivate(user, reload) {
    const isMeant = await confirm({
        title: t("Deactivate {name}?", { name: user.name }), action: t("Deactivate"),
        text: t("They are signed out everywhere and cannot sign in. What they did stays; you can let them in again."),
    });
    if (isMeant) await set(user, { status: "disabled" }, t("{name} is deactivated", { name: user.name }), reload);
}

async function set(user, body, told, reload) {
    await attempt(async () => {
        await call(path(user.id), { method: "PATCH", body });
        toast(told);
    });
    await reload();
}

async function remove(user, reload) {
    const isMeant = await confirm({
        title: t("Delete {name}?", { name: user.name }), action: t("Delete"), isGrave: true,
        text: t("Their account goes. To keep it and only close it, deactivate it instead."),
    });
    if (!isMeant) return;
    await attempt(async () => {
        await call(path(user.id), { method: "DELETE" });
        toast(t("Person deleted"));
    });
    await reload();
}

async function attempt(action) {
    try {
        await action();
    } catch (problem) {
        alarm(t("Not changed: {why}", { why: whyNot(problem) }));
    }
}

function drawInvited({ data }, reload) {
    const open = data.filter(({ status }) => status === "pending");
    if (!open.length) return quiet(t("Nobody waits for an answer."));
    const trouble = h("div");
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, one.email), h("td", { "data-label": t("Role") }, words(one.role)),
        h("td", { "data-label": t("Valid until") }, ago(one.expires_at)),
        h("td", {}, may("invitations:write") && doing(t("Withdraw"), async () => {
            await call(`/v1/invitations/${encodeURIComponent(one.id)}`, { method: "DELETE" });
            toast(t("Invitation withdrawn"));
            await reload();
        }, { place: trouble, class: "small", ...spokenAs(t("Withdraw the invitation of {email}",
            { email: one.email })) })));
    return [trouble, table(t("Invitations"), [t("Email"), t("Role"), t("Valid until"), ""], open.map(row), "stacked")];
}

async function invite(reload) {
    const roles = await ownRoles();
    let told = "";
    const { close, place } = ask({
        title: t("Invite"), action: t("Send invitation"), values: { role: "member" }, onSaved: reload,
        fields: [
            { name: "email", label: t("Email"), inputType: "email", required: true },
            { name: "role", label: t("Role"), type: "choice", required: true, options: roleOptions(roles) },
            { name: "client_id", label: t("Client"), type: "record", refers: "clients",
                help: t("Whose portal they see.") }, clientRole(),
        ],
        async save({ values: { client_id, client_role, ...body } }) {
            const isClient = body.role === "client";
            const sent = isClient ? { ...body, client_id, client_role } : body;
            const made = await (await call("/v1/invitations", { method: "POST", body: sent })).json();
            told = t("{email} is invited", { email: body.email });
            toast(told);
            return made.link ? h("div", {}, h("p", {}, t(
                "{email} is invited to {agency}. The link also goes by email where a mail service is connected.",
                { email: body.email, agency: tenant().name })), shownOnce(t("Link to join"), made.link, close))
                    : undefined;
        },
    });
    // Only the client's people have a client.
    const role = place.querySelector("[name=role]");
    const show = () => {
        for (const name of ["client_id", "client_role"]) {
            place.querySelector(`[data-name=${name}]`).hidden = role.value !== "client";
        }
    };
    role.addEventListener("change", show);
    show();
}
