import { call, get, may, withQuery } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { copy } from "../selling/papers.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { ago } from "../../ui/when.js";
import { pair, pieces, t } from "../../ui/words.js";

/** The client's people who may sign in to the portal, and those who are invited. */
export function portalPeople(client, { signal, follow }) {
    const load = async () => {
        const [users, invitations] = await Promise.all([
            may("users:read")
                ? get(withQuery("/v1/users", { client_id: client.id, limit: 100 }), signal) : { data: [] },
            may("invitations:read") ? get("/v1/invitations?status=pending&limit=200", signal) : { data: [] },
        ]);
        return { users: users.data, invited: invitations.data.filter(({ client_id }) => client_id === client.id) };
    };
    const place = pending(load, (found) => draw(client, found, place.reload), { signal });
    follow(place.reload);
    return h("div", {},
        may("invitations:write") && h("p", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askInvite(client, place.reload) }, t("Invite to the portal"))),
        place);
}

function draw(client, { users, invited }, changed) {
    if (users.length + invited.length === 0) {
        return quiet(t("Nobody of this client can sign in to the portal yet. Invite the first person."));
    }
    const line = (name, detail, status, menu) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, name), h("td", {}, detail),
        h("td", {}, statusBadge(status)), h("td", {}, menu));
    return table(t("Portal people"), [t("Person"), t("May"), t("Status"), ""], [
        ...users.map((one) => line(one.name ?? one.email, words(one.client_role ?? "viewer"), one.status,
            may("users:write") && menuButton(t("Change"), () => userMenu(one, changed), ofPerson(one.name)))),
        ...invited.map((one) => line(one.email, [words(one.client_role ?? "viewer"), ", ",
            ...pieces("invitation ends {when}", { when: ago(one.expires_at) })], "invited",
        may("invitations:write")
            && menuButton(t("Change"), () => inviteMenu(client, one, changed), ofPerson(one.email)))),
    ], "stacked");
}

const ofPerson = (name) => ({ class: "small", ...spokenAs(pair(t("Change"), name)) });
const roles = ["admin", "approver", "billing", "viewer"];

function userMenu(one, changed) {
    const path = `/v1/users/${encodeURIComponent(one.id)}`;
    return [
        { text: t("Change what they may do"), run: () => ask({
            title: pair(t("Portal"), one.name), action: t("Save"), said: t("Saved"), values: one,
            fields: [asked.choice("client_role", t("May"), roles, { required: true })],
            run: (body) => call(path, { method: "PATCH", body }).then(changed),
        }) },
        { text: t("Remove"), run: () => ask({
            title: t("Remove {name}?", { name: one.name }), action: t("Remove"), isGrave: true,
            text: t("They cannot sign in to the portal any more."), said: t("Removed"),
            run: () => call(path, { method: "DELETE" }).then(changed),
        }) },
    ];
}

function inviteMenu(client, one, changed) {
    const path = `/v1/invitations/${encodeURIComponent(one.id)}`;
    const revoke = () => call(path, { method: "DELETE" });
    return [
        { text: t("Send again"), run: () => ask({
            title: t("Send the invitation again?"), action: t("Send invitation"),
            text: t("The former link stops working; a new one is sent."),
            run: async () => {
                await revoke();
                const made = await invite(client, { email: one.email, client_role: one.client_role });
                await changed();
                return made;
            },
            said: told,
        }) },
        { text: t("Revoke"), run: () => ask({
            title: t("Revoke the invitation?"), action: t("Revoke"), text: t("Its link stops working."),
            said: t("Invitation revoked"), run: () => revoke().then(changed),
        }) },
    ];
}

const invite = async (client, given) => (await call("/v1/invitations", {
    method: "POST", body: { ...given, role: "client", client_id: client.id },
})).json();

const told = ({ link }) => ({
    text: t("Invitation sent"),
    way: link && { text: t("Copy link"), run: () => copy(new URL(link, location.origin).href) },
});

/** Invites somebody of a client; the link can be copied where no mail goes out. */
export function askInvite(client, changed) {
    ask({
        title: t("Invite to the portal"), action: t("Send invitation"),
        values: { email: client.contact_email, client_role: "admin" },
        fields: [
            { name: "email", label: t("Email"), required: true, schema: { type: "string", format: "email" } },
            asked.choice("client_role", t("May"), roles, { required: true,
                help: t("An admin invites colleagues; an approver decides; billing sees invoices; a viewer reads.") }),
        ],
        async run(given) {
            const made = await invite(client, given);
            await changed?.();
            return made;
        },
        said: told,
    });
}
