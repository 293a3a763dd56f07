import { get, may, withQuery } from "../api.js";
import { drawDecisions } from "../decisions.js";
import { linkTo } from "../places.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { timeline } from "../../ui/timeline.js";
import { t } from "../../ui/words.js";

/** The messages of a deal, and the decisions of agents. */
export function dealConversations({ id, lead_id, contact_id }, { signal, follow }) {
    const part = (title, permission, load, draw) => {
        if (!may(permission)) return null;
        const place = pending(load, draw, { signal });
        follow(place.reload);
        return section(title, {}, place);
    };
    const messages = () => get(withQuery("/v1/messages", {
        contact_id, sort: "-created_at", limit: 8,
        fields: "conversation_id,direction,subject,text,status,class,created_at",
    }), signal);
    // An agent decides on a deal, on its lead, and on each answer that comes in.
    const decisions = async () => {
        const answers = contact_id && may("messages:read") ? await get(withQuery("/v1/messages", {
            contact_id, direction: "inbound", sort: "-created_at", limit: 10, fields: "id",
        }), signal) : { data: [] };
        const subjects = [id, lead_id, ...answers.data.map((message) => message.id)].join(",");
        return get(withQuery("/v1/decisions", { subject_id: subjects, limit: 10 }), signal);
    };
    const objections = () => get(withQuery("/v1/deal-objections", { deal_id: id, limit: 20 }), signal);
    return [
        part(t("Objections"), "deals:read", objections, drawObjections),
        contact_id && part(t("Messages"), "messages:read", messages, drawMessages),
        part(t("Agent decisions"), "decisions:read", decisions, drawDecisions),
    ];
}

/** Draws the objections to the offer, what was answered, and whether that settled them. */
function drawObjections({ data }) {
    if (!data.length) return quiet(t("Nothing has been said against the offer."));
    return h("ul", { class: "plain" }, data.map(({ kind, text, reply, outcome }) => h("li", {},
        h("p", { class: "badges" }, badge(words(kind)), statusBadge(outcome)),
        h("blockquote", { dir: "auto" }, text),
        reply && h("details", { class: "fold" }, h("summary", {}, t("What was answered")),
            h("p", { class: "text", dir: "auto" }, reply)))));
}

function drawMessages({ data }) {
    if (!data.length) return quiet(t("No messages yet."));
    const line = (message) => {
        const subject = message.subject ?? t("No subject");
        const state = message.class ?? message.status;
        return {
            what: [message.direction === "inbound" ? t("Received:") : t("Sent:"), " ", message.conversation_id
                ? linkTo({ type: "conversation", id: message.conversation_id }, subject) : subject,
            " ", statusBadge(state)],
            of: h("span", { class: "one-line" }, message.text.slice(0, 200)), at: message.created_at,
        };
    };
    return timeline(data.map(line));
}
