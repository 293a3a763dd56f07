import { call, get, may, withQuery } from "../api.js";
import { drawDecisions } from "../decisions.js";
import { linkTo } from "../places.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { named } from "../records/naming.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { called } from "./verbs.js";
import { watchersOf } from "./watchers.js";

/** Beside a ticket: what agents suggest, the client and their other tickets, what belongs to it, and their opinion. */
export function ticketAside(ticket, { signal, put, mayWrite }) {
    const part = (title, permission, load, draw) => may(permission)
        && section(title, {}, pending(load, draw, { signal }));
    const { id, client_id, contact_id, related_ids, merged_into, conversation_id } = ticket;
    const others = client_id ? { client_id } : contact_id ? { contact_id } : null;
    const fields = "id,number,subject,status";
    return [
        section(t("Client"), {}, client_id || contact_id ? h("ul", { class: "papers" },
            client_id && h("li", {}, named("clients", client_id)),
            contact_id && h("li", {}, named("contacts", contact_id)),
            conversation_id && h("li", {}, linkTo({ type: "conversation", id: conversation_id },
                t("View conversation"))))
            : quiet(t("Nobody is known to have asked."))),
        watchersOf(ticket, { signal, mayWrite }),
        put && part(t("Suggested answers"), "articles:read", () => answersTo(ticket), (found) =>
            drawAnswers(found, put)),
        part(t("Drafts of agents"), "approvals:read",
            () => get(withQuery("/v1/approvals", { status: "pending", subject_id: id, limit: 5 }), signal), drawDrafts),
        part(t("Agent decisions"), "decisions:read",
            () => get(withQuery("/v1/decisions", { subject_id: id, limit: 5 }), signal), drawDecisions),
        merged_into && section(t("Merged"), {}, linkTo({ type: "ticket", id: merged_into },
            t("View the ticket that goes on"))),
        related_ids.length > 0 && part(t("Related tickets"), "tickets:read",
            () => Promise.all(related_ids.slice(0, 20).map((other) =>
                get(`/v1/tickets/${encodeURIComponent(other)}`, signal).catch(() => null))),
            (data) => drawTickets(data.filter(Boolean))),
        others && part(t("Other tickets"), "tickets:read",
            () => get(withQuery("/v1/tickets", { ...others, fields, limit: 8 }), signal),
            ({ data }) => drawTickets(data.filter((other) => other.id !== id))),
        part(t("Satisfaction"), "surveys:read",
            () => get(withQuery("/v1/survey-responses", { ticket_id: id, limit: 5 }), signal),
            (found) => drawScores(found, ticket)),
    ];
}

async function answersTo({ subject, body }) {
    const question = `${subject}\n${body}`.slice(0, 2000);
    const { data } = await (await call("/v1/articles/answers", { method: "POST", body: { question } })).json();
    return data.slice(0, 3);
}

function drawAnswers(found, put) {
    if (!found.length) return quiet(t("No article answers this."));
    return h("ul", { class: "papers" }, found.map(({ article, passage, score }) => h("li", {},
        h("p", { class: "badges" }, linkTo({ type: "article", id: article.id }, article.title),
            badge(t("{percent} match", { percent: percent(score) }))),
        h("p", { class: "quiet clamp", dir: "auto" }, passage),
        h("button", { type: "button", class: "small", onclick: () => put(passage) },
            t("Use in reply"), h("span", { class: "unseen" }, `: ${article.title}`)))));
}

const drawDrafts = ({ data }) => (data.length ? h("ul", { class: "papers" }, data.map((one) => h("li", {},
    h("p", { class: "clamp", dir: "auto" }, one.arguments?.text ?? one.arguments?.body ?? one.preview?.text
        ?? words(one.agent)),
    linkTo({ type: "approval", id: one.id }, t("Review draft"))))) : quiet(t("Nothing awaits approval.")));

const drawTickets = (data) => (data.length ? h("ul", { class: "papers" }, data.map((one) => h("li", {},
    h("p", { class: "badges" }, linkTo({ type: "ticket", id: one.id }, h("span", { dir: "auto" }, called(one))),
        statusBadge(one.status))))) : quiet(t("No other tickets.")));

function drawScores({ data }, ticket) {
    const record = async () => askNew(await kindOf("survey-responses"), {
        given: { ticket_id: ticket.id, ...(ticket.client_id && { client_id: ticket.client_id }),
            ...(ticket.contact_id && { contact_id: ticket.contact_id }) },
    });
    return [
        data.length ? h("ul", { class: "papers" }, data.map(({ score, comment, created_at }) => h("li", {},
            h("p", { class: "badges" }, badge(t("Score {score}", { score: number(score) })), ago(created_at)),
            comment && h("p", { dir: "auto" }, comment)))) : quiet(t("No answer to a survey yet.")),
        may("surveys:write") && h("button", { type: "button", class: "small", onclick: record }, t("Record an answer")),
    ];
}
