import { call, get, may, withQuery } from "../api.js";
import { drawDecisions } from "../decisions.js";
import { linkTo } from "../places.js";
import { drawReasons } from "../reasons.js";
import { ask } from "../records/ask.js";
import { named } from "../records/naming.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { fold } from "./message.js";

/** Shows the person of a conversation, what the agency has to do with them, and what agents make of it. */
export function personPane(one, { signal }) {
    const { contact_id, client_id, channel, id } = one;
    const part = (title, permission, load, draw) => may(permission)
        && section(title, {}, pending(load, draw, { signal }));
    const list = (path, query) => get(withQuery(path, { limit: 5, ...query }), signal);
    return [
        contact_id ? contactCard(contact_id, signal) : section(t("Contact"), {}, quiet(t("Nobody is known here yet."))),
        client_id && section(t("Client"), {}, h("p", {}, named("clients", client_id))),
        contact_id && part(t("Sales"), "deals:read", () => sales(contact_id, list), drawSales),
        contact_id && part(t("Tickets"), "tickets:read",
            () => list("/v1/tickets", { contact_id, fields: "id,subject,status" }),
            ({ data }) => links(data, "ticket", ({ subject }) => subject, t("No tickets yet."))),
        part(t("The agent"), "messages:read", () => agentSide(id, signal), (found) => drawAgents(one, found)),
        contact_id && part(t("Can we contact them?"), "messages:read", () => sendability(contact_id, channel, signal),
            drawSendability),
        contact_id && part(t("Former conversations"), "conversations:read",
            () => list("/v1/conversations", { contact_id, sort: "-last_message_at", limit: 6 }),
            ({ data }) => links(data.filter((other) => other.id !== id), "conversation",
                (other) => other.subject ?? other.preview ?? words(other.channel), t("This is the first."))),
    ];
}

function contactCard(id, signal) {
    const path = `/v1/contacts/${encodeURIComponent(id)}`;
    if (!may("contacts:read")) return null;
    const card = pending(() => get(path, signal), (contact) => [
        h("p", {}, h("a", { class: "strong", href: `#/contacts/${id}`, dir: "auto" }, contact.name),
            contact.title && h("span", { class: "evidence", dir: "auto" }, contact.title)),
        facts([
            [t("Company"), contact.company_id && named("companies", contact.company_id)],
            [t("Email"), contact.email && h("a", { href: `mailto:${encodeURIComponent(contact.email)}` },
                contact.email)],
            [t("Phone"), contact.phone && h("a", { href: `tel:${contact.phone.replaceAll(/[^+\d]/g, "")}` },
                contact.phone)],
            [t("Location"), contact.location], [t("Notes"), contact.notes],
        ]),
        h("p", { class: "badges" }, contact.do_not_contact && badge(t("Do not contact"), "bad"),
            contact.tags.map((tag) => badge(tag)),
            may("contacts:write") && h("button", { type: "button", class: "small", onclick: () => ask({
                title: t("Edit tags"), action: t("Save tags"), said: t("Tags saved"), values: { tags: contact.tags },
                fields: [{ name: "tags", label: t("Tags"), schema: { type: "array", items: { type: "string" } } }],
                async run({ tags }) {
                    await call(path, { method: "PATCH", body: { tags } });
                    await card.reload();
                },
            }) }, t("Edit tags"))),
    ], { signal });
    return section(t("Contact"), {}, card);
}

async function sales(contact_id, list) {
    const [leads, deals] = await Promise.all([
        may("leads:read") ? list("/v1/leads", { contact_id, fields: "id,company,status" }) : { data: [] },
        list("/v1/deals", { contact_id }),
    ]);
    return { leads: leads.data, deals: deals.data };
}

function drawSales({ leads, deals }) {
    if (!leads.length && !deals.length) return quiet(t("No leads or deals yet."));
    const line = (type, id, name, state, value) => h("li", {}, h("p", { class: "badges" },
        linkTo({ type, id }, name), statusBadge(state), value));
    return h("ul", { class: "papers" },
        leads.map((lead) => line("lead", lead.id, lead.company, lead.status)),
        deals.map((deal) => line("deal", deal.id, deal.name, deal.stage, money(deal.value))));
}

function links(data, type, name, nothing) {
    if (!data.length) return quiet(nothing);
    return h("ul", { class: "papers" }, data.map((one) => h("li", {}, h("p", { class: "badges" },
        linkTo({ type, id: one.id }, h("span", { dir: "auto" }, name(one))),
            statusBadge(one.status)))));
}

async function agentSide(id, signal) {
    const held = { conversation_id: id, status: "held", direction: "outbound", limit: 5,
        fields: "id,text,approval_id" };
    const [drafts, decisions] = await Promise.all([
        get(withQuery("/v1/messages", held), signal),
        may("decisions:read") ? get(withQuery("/v1/decisions", { subject_id: id, limit: 5 }), signal) : { data: [] },
    ]);
    return { drafts: drafts.data.filter(({ approval_id }) => approval_id), decisions };
}

/** Which agents are at it, what they would write, why a person was asked for, and what they have decided. */
function drawAgents({ agents, handover, lock }, { drafts, decisions }) {
    const states = Object.entries(agents ?? {}).filter(([, state]) => typeof state === "string");
    return [
        facts(states.map(([name, state]) => [words(name), statusBadge(state)])),
        lock && quiet(t("{who} writes here now.", { who: words(lock.holder) })),
        handover && [
            h("p", {}, h("strong", {}, t("A person was asked for")), " ", ago(handover.requested_at)),
            facts([[t("Reason"), handover.reason && words(handover.reason)],
                [t("Urgency"), handover.urgency && words(handover.urgency)]]),
            handover.checks?.length > 0 && h("ul", { class: "reasons" },
                handover.checks.map(({ action, due_at, done_at }) =>
                h("li", {}, words(action), " ", h("span", { class: "quiet" }, done_at ? t("done") : "", " ",
                    ago(done_at ?? due_at))))),
        ],
        drafts.map(({ text, approval_id }) => h("div", { class: "preview" },
            h("p", { class: "strong" }, t("The agent would write")), h("p", { class: "said", dir: "auto" }, text),
            h("p", {}, linkTo({ type: "approval", id: approval_id }, t("Review draft"))))),
        decisions.data.length > 0 && fold(t("Agent decisions"), () => drawDecisions(decisions)),
    ];
}

async function sendability(id, channel, signal) {
    const ask = (purpose) => get(withQuery(`/v1/contacts/${encodeURIComponent(id)}/sendability`,
        { channel, purpose }), signal);
    const [replies, marketing] = await Promise.all([ask("transactional"), ask("marketing")]);
    return [[t("Replies"), replies], [t("Marketing"), marketing]];
}

const drawSendability = (answers) => answers.map(([title, { sendable, reasons, from }]) => [
    h("p", { class: "badges" }, h("span", {}, title),
        badge(sendable ? t("Yes") : from ? t("Not now") : t("No"), sendable ? "good" : "warn")),
    reasons.length > 0 && fold(t("Why"), () => drawReasons(reasons)),
]);
