import { get, may, withQuery } from "../api.js";
import { badge, h, pending, quiet, section } from "../dom.js";
import { ago, percent, tone, words } from "../format.js";
import { linkTo } from "../places.js";
import { drawLine } from "../values.js";

/** The messages of a deal, and the decisions of agents. */
export function dealTalk({ id, lead_id, contact_id }, signal) {
    const parts = [];
    const part = (title, permission, load, draw) => {
        if (!may(permission)) return null;
        const place = pending(load, draw, { signal });
        parts.push(place);
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
    return {
        parts,
        content: [
            contact_id && part("Messages", "messages:read", messages, drawMessages),
            part("Agent decisions", "decisions:read", decisions, drawDecisions),
        ],
    };
}

function drawMessages({ data }) {
    if (!data.length) return quiet("No messages yet.");
    const line = (message) => h(
        "li", {},
        h("span", { class: "what" },
            message.direction === "inbound" ? "Received: " : "Sent: ",
            message.conversation_id
                ? linkTo({ type: "conversation", id: message.conversation_id }, message.subject ?? "No subject")
                : message.subject ?? "No subject",
            " ", badge(words(message.class ?? message.status), tone(message.class ?? message.status))),
        h("span", { class: "of one-line" }, message.text.slice(0, 200)),
        ago(message.created_at));
    return h("ol", { class: "feed" }, data.map(line));
}

/** An outcome that is told in words is shown in them; any other by its fields. */
const drawOutcome = (outcome) => (outcome.detail
    ? [outcome.step && `${words(outcome.step)}: `, outcome.detail] : drawLine(outcome));

export function drawDecisions({ data }) {
    if (!data.length) return quiet("No agent decisions yet.");
    const line = ({ agent, run_id, outcome, override, confidence, created_at }) => h(
        "li", {},
        h("span", { class: "what" }, linkTo({ type: "agent_run", id: run_id }, words(agent)),
            `, ${percent(confidence)} confidence`, override && " (overridden by a person)"),
        h("span", { class: "of" }, drawOutcome(override?.outcome ?? outcome)),
        ago(created_at));
    return h("ol", { class: "feed" }, data.map(line));
}
