import { get } from "../../app/api.js";
import { announce, doing, h, pending, section } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { words } from "../../app/format.js";
import { t } from "../../app/words.js";
import { send, state } from "../parts.js";

const roles = () => [
    ["viewer", t("Viewer: reads")], ["billing", t("Billing: reads, writes, pays")],
    ["approver", t("Approver: reads, writes, says yes or no")], ["admin", t("Admin: everything")],
];

/** The client's own people, whom an admin invites and minds. */
export function people({ signal }) {
    const path = "/v1/portal/people";
    const list = pending(() => get(path, signal), ({ data }) =>
        h("ul", { class: "cards" }, data.map((one) => h("li", {}, draw(one)))), { signal });
    const draw = ({ id, name, email, client_role, status }) => {
        const place = h("div", {});
        const end = status === "active" && doing(t("End the access"), async () => {
            await send(`${path}/${id}`, null, "DELETE");
            announce(t("{name} cannot come in any more.", { name }));
            await list.reload();
        }, { place, "aria-label": t("End the access of {name}", { name }) });
        return [
            h("div", { class: "row" }, h("h2", {}, name), state(status)),
            h("p", {}, email, " · ", words(client_role ?? "")), h("p", { class: "actions" }, end), place,
        ];
    };
    const invite = form(
        {
            action: t("Invite"),
            async submit(body) {
                await send(path, body);
                announce(t("The invitation is on its way."));
                invite.reset();
            },
        },
        field(t("E-mail"), "email", { type: "email", required: true, autocomplete: "off" }),
        field(t("What they may do"), "client_role", { control: "select", options: roles() }));
    return { title: t("People"), content: [h("h1", {}, t("People")), list, section(t("Invite somebody"), {}, invite)] };
}
