import { call, get, may, tenant } from "../api.js";
import { badge, doing, h, pending, quiet, section, table } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, tone, words } from "../format.js";
import { dialog } from "../../ui/dialog.js";
import { toast } from "../../ui/toast.js";
import { secretBox } from "./parts.js";

const own = ["owner", "admin", "manager", "member", "viewer"];

/** The people of the agency, and who has been invited. */
export function people({ signal }) {
    const users = pending(() => get("/v1/users?limit=200", signal), drawUsers, { signal });
    const invited = may("invitations:read")
        && pending(() => get("/v1/invitations?limit=100&sort=-created_at", signal),
            (found) => drawInvited(found, reload), { signal });
    const reload = () => invited && invited.reload();
    return [
        may("invitations:write") && h("div", { class: "actions lead" },
            h("button", { type: "button", class: "primary", "data-key": "n", onclick: () => invite(reload) },
                "Invite")),
        section("People", {}, users), invited && section("Invitations", {}, invited),
    ];
}

const drawUsers = ({ data }) => table("People", ["Name", "Email", "Role", "Status"], data.map((one) => h("tr", {},
    h("th", { scope: "row", dir: "auto" }, one.name), h("td", { "data-label": "Email" }, one.email),
    h("td", { "data-label": "Role" }, words(one.role)),
    h("td", { "data-label": "Status" }, badge(words(one.status), tone(one.status))))), "stacked");

function drawInvited({ data }, reload) {
    const open = data.filter(({ status }) => status === "pending");
    if (!open.length) return quiet("Nobody waits for an answer.");
    const trouble = h("div");
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, one.email), h("td", { "data-label": "Role" }, words(one.role)),
        h("td", { "data-label": "Valid until" }, ago(one.expires_at)),
        h("td", {}, may("invitations:write") && doing("Withdraw", async () => {
            await call(`/v1/invitations/${encodeURIComponent(one.id)}`, { method: "DELETE" });
            toast("Invitation withdrawn");
            await reload();
        }, { place: trouble, class: "small", "aria-label": `Withdraw the invitation of ${one.email}` })));
    return [trouble, table("Invitations", ["Email", "Role", "Valid until", ""], open.map(row), "stacked")];
}

async function invite(reload) {
    const { data } = may("roles:read") ? await get("/v1/roles?limit=200").catch(() => ({ data: [] })) : { data: [] };
    const others = data.map(({ name, title }) => [name, title ?? words(name)]);
    const roles = [...own.map((role) => [role, words(role)]), ...others];
    const place = h("div");
    const asked = form({ action: "Send invitation", async submit({ email, role }) {
        const body = { email: email.trim(), role };
        const made = await (await call("/v1/invitations", { method: "POST", body })).json();
        await reload();
        if (!made.link) {
            close();
            return toast(`${email} is invited`);
        }
        place.replaceChildren(
            h("p", {}, `${email} is invited to ${tenant().name}. The link also goes by email where a mail service is `
                + "connected."), secretBox("Link to join", made.link),
            h("div", { class: "actions end" }, h("button", { type: "button", onclick: () => close() }, "Done")));
    } },
    field("Email", "email", { type: "email", required: true, autofocus: true }),
    field("Role", "role", { control: "select", value: "member", options: roles }));
    place.append(asked);
    const { close } = dialog({ title: "Invite", content: () => place });
}
