import { call, get, may } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { recordTable } from "../records/list.js";
import { kindOf } from "../records/meta.js";
import { secretBox } from "../settings/parts.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Whom a client has named, and the link by which it names others. */
export function referrals({ id }, { signal }) {
    const link = pending(() => get(`/v1/clients/${encodeURIComponent(id)}/referral-link`, signal), ({ url }) => [
        secretBox(t("Link to recommend us by"), new URL(url, location.origin).href, { isSecret: false }),
        quiet(t("Anyone who opens it leaves a name and an address. The client has it in the portal, too.")),
    ], { signal });
    const list = pending(() => kindOf("referrals"), (kind) => recordTable(kind, {
        query: {}, signal, narrow: { client_id: id }, isPart: true,
    }).element, { signal });
    return h("div", {},
        may("referrals:write") && h("p", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askReferral({ client: id, changed: () => list.reload() }) }, t("New referral"))),
        list, link);
}

/** Records somebody whom a client has named by word. */
export function askReferral({ client, changed, onClose }) {
    ask({
        title: t("New referral"), action: t("Save"), onClose,
        text: t("The person becomes a lead. They are not written to only because somebody has named them."),
        values: { referrer: client },
        fields: [
            asked.record("referrer", t("Named by"), "clients", { required: true }),
            asked.text("name", t("Name"), { required: true }),
            { name: "email", label: t("Email"), required: true, schema: { type: "string", format: "email" } },
            asked.text("company", t("Company")),
        ],
        async run({ referrer, name, email, company }) {
            const referred = { name, email, ...(company && { company }) };
            const body = { referrer: { type: "client", id: referrer }, referred };
            const made = await (await call("/v1/referrals", { method: "POST", body })).json();
            await changed?.(made);
            return made;
        },
        said: ({ id }) => ({ text: t("Referral created"),
            way: { text: t("Open"), href: `#/referrals/${encodeURIComponent(id)}` } }),
    });
}
