import { call, get, may, withQuery } from "../api.js";
import { alarm } from "../../ui/alarm.js";
import { badge, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { ask, asked, operate } from "./ask.js";

const path = ({ id }) => `/v1/contact-identities/${encodeURIComponent(id)}`;

/** Under which names and numbers a contact writes on each channel, and whose they are instead. */
export function identities({ id }, { signal }) {
    const query = { contact_id: id, limit: 50 };
    const place = pending(() => get(withQuery("/v1/contact-identities", query), signal), ({ data }) => (data.length
        ? table(t("Where this person writes from"), [t("Channel"), t("Name or number"), t("Last wrote"), ""],
            data.map((one) => row(one, place.reload)), "stacked")
        : quiet(t("No messages over a chat or a phone yet."))), { signal });
    return section(t("Where this person writes from"), {}, place);
}

const row = (one, reload) => h("tr", {},
    h("th", { scope: "row" }, words(one.channel), " ", one.verified && badge(t("Confirmed"), "good")),
    h("td", { "data-label": t("Name or number"), dir: "auto" }, one.name ?? nameOf(one),
        one.claimed_email && h("span", { class: "evidence" }, one.claimed_email)),
    h("td", { "data-label": t("Last wrote") }, ago(one.heard_at)),
    h("td", { class: "actions" }, may("contacts:write") && [
        h("button", { type: "button", class: "small", onclick: () => link(one, reload) }, t("It is somebody else")),
        one.previous_contact_id && h("button", { type: "button", class: "small",
            onclick: () => unlink(one, reload) }, t("Give it back")),
    ]));

/** A visitor's address is a number of the page's own, which says nothing to people. */
const nameOf = ({ channel, address }) => (channel === "web_chat" || channel === "portal" ? t("A visitor") : address);

function link(one, reload) {
    ask({
        title: t("Whose is it?"), action: t("Link"), said: t("Linked, with its conversations"),
        text: t("The conversations that were led under it go to that contact."),
        fields: [asked.record("contact_id", t("Contact"), "contacts", { required: true })],
        run: (body) => operate(`${path(one)}/link`, { body }).then(reload),
    });
}

async function unlink(one, reload) {
    try {
        await call(`${path(one)}/unlink`, { method: "POST" });
        toast(t("Given back to the contact who had it"));
        await reload();
    } catch (problem) {
        alarm(whyNot(problem));
    }
}
