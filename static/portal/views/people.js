import { get } from "../../app/api.js";
import { send } from "../parts.js";
import { announce, doing, h, pending, section } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { t } from "../../ui/words.js";

const roles = () => [
    ["viewer", t("Viewer: can view only")], ["billing", t("Billing: can view, write and pay")],
    ["approver", t("Approver: can view, write and approve")], ["admin", t("Admin: full access")],
];

/** The client's own people, whom an admin invites and minds. */
export function people({ signal }) {
    const path = "/v1/portal/people";
    const list = pending(() => get(path, signal), ({ data }) =>
        h("ul", { class: "cards" }, data.map((one) => h("li", {}, draw(one)))), { signal });
    const role = ({ id, name, client_role }) => form(
        {
            action: t("Save"), isPrimary: false,
            async submit(body) {
                await send(`${path}/${id}`, body, "PATCH");
                announce(t("The role of {name} is changed.", { name }));
                await list.reload();
            },
        },
        field(t("Role of {name}", { name }), "client_role", { control: "select", options: roles(), value: client_role }));
    const draw = (one) => {
        const { id, name, email, client_role, status } = one, place = h("div", {});
        const end = status === "active" && doing(t("Remove access"), async () => {
            await send(`${path}/${id}`, null, "DELETE");
            announce(t("{name} no longer has access.", { name }));
            await list.reload();
        }, { place, ...spokenAs(t("Remove access for {name}", { name })) });
        return [
            h("div", { class: "row" }, h("h2", {}, name), statusBadge(status)),
            h("p", {}, email, " · ", words(client_role ?? "")),
            status === "active" && h("details", {}, h("summary", {}, t("Change role")), role(one)),
            h("p", { class: "actions" }, end), place,
        ];
    };
    const invite = form(
        {
            action: t("Invite"),
            async submit(body) {
                await send(path, body);
                announce(t("Invitation sent."));
                invite.reset();
            },
        },
        field(t("Email"), "email", { type: "email", required: true, autocomplete: "off" }),
        field(t("Role"), "client_role", { control: "select", options: roles() }));
    return { title: t("People"), content: [h("h1", {}, t("People")), list, section(t("Invite someone"), {}, invite)] };
}
