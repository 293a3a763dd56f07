import { get, may, withQuery } from "../api.js";
import { badge, h, pending, quiet, section, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, number, tone, words } from "../format.js";
import { isBeyond, paged } from "../paging.js";
import { liveUnless } from "../stream.js";
import { sendabilityCard } from "./sendability.js";

const shows = {
    "": ["All"], unread: ["Unread", { "unread[gt]": 0 }], open: ["Open", { status: "open" }],
    person: ["Waiting for a person", { handler: "waiting_for_human" }], closed: ["Closed", { status: "closed" }],
};
const channels = ["email", "whatsapp", "messenger", "instagram", "telegram", "sms", "slack", "web_chat", "portal"];

/** The conversations with contacts: unread ones first, the latest on top. */
export function conversations({ query, signal }) {
    const { contact_id = "" } = query;
    let wanted = { q: query.q ?? "", show: query.show ?? "", channel: query.channel ?? "" };
    const ask = async (narrow, cursor) => {
        const asked = { q: wanted.q, channel: wanted.channel, contact_id, ...narrow, sort: "-last_message_at" };
        const paging = { limit: 30, cursor, total: cursor ? "" : "true" };
        const found = await get(withQuery("/v1/conversations", { ...asked, ...paging }), signal);
        return { ...found, data: await withLast(found.data, contact_id, signal) };
    };
    const load = () => Promise.all(groupsOf(wanted.show).map(async ([title, narrow]) => {
        const page = (cursor) => ask(narrow, cursor);
        return { title, page, first: await page() };
    }));
    const tell = teller();
    const results = pending(load, (groups) => drawGroups(groups, contact_id, tell), { signal });
    const later = liveUnless("message.*,conversation.*", {
        isAtWork: () => isBeyond(results), reload: results.reload, text: "Conversations have changed.", signal,
    });
    const options = Object.entries(shows).map(([code, [text]]) => [code, text]);
    return {
        title: "Inbox",
        content: [
            h("h1", {}, "Inbox"), talkTabs("/inbox"),
            contact_id && [
                h("p", { class: "links" }, h("a", { href: "#/inbox" }, "All conversations")),
                may("messages:read") && sendabilityCard(contact_id, signal),
            ],
            filters(
                { label: "Conversations", address: "#/inbox", wanted: { contact_id, ...wanted }, signal,
                    onChange(next) {
                        wanted = { q: next.q, show: next.show, channel: next.channel };
                        tell.again();
                        later.clear();
                        results.reload();
                    } },
                field("Search", "q", { type: "search", value: wanted.q, placeholder: "Subject…" }),
                field("Show", "show", { control: "select", value: wanted.show, options }),
                field("Channel", "channel", {
                    control: "select", value: wanted.channel,
                    options: [["", "Any"], ...channels.map((one) => [one, words(one)])],
                })),
            later.place, results,
        ],
    };
}

/** The lists that are shown below one another: [title, what each is narrowed by]. */
const groupsOf = (show) => {
    const narrow = shows[show]?.[1];
    return narrow ? [[null, narrow]] : [["Unread", { "unread[gt]": 0 }], ["Read", { unread: 0 }]];
};

/** The pages about what is written to people. */
export function talkTabs(here) {
    const to = (address, text, permission) => may(permission)
        && h("a", { href: `#${address}`, "aria-current": address === here && "page" }, text);
    return h("nav", { class: "tabs", "aria-label": "Conversations" },
        to("/inbox", "Conversations", "conversations:read"), to("/outbox", "Outbox", "messages:read"),
        to("/sequences", "Sequences", "sequences:read"));
}

/**
 * Beside each conversation the newest of the last messages that belongs to it: one question for a whole page. An old
 * conversation may have none among them, and is shown without.
 */
async function withLast(data, contact_id, signal) {
    if (!data.length || !may("messages:read")) return data;
    const fields = "conversation_id,direction,author,recipient,sender,subject,status,class,created_at";
    const asked = { contact_id, fields, sort: "-created_at", limit: 200, "created_at[lte]": newest(data) };
    const { data: messages } = await get(withQuery("/v1/messages", asked), signal);
    const begins = await firstWords(data.filter(({ subject }) => !subject), signal);
    return data.map((conversation) => {
        const own = messages.filter((message) => message.conversation_id === conversation.id);
        const said = own.find(({ direction }) => direction === "inbound");
        return { ...conversation, last: own[0], said, own, begins: begins.get(conversation.id) };
    });
}

/** The first words of conversations without a subject, by id; those of very long ones may be missing. */
async function firstWords(data, signal) {
    if (!data.length) return new Map();
    const asked = {
        conversation_id: data.map(({ id }) => id).join(","), fields: "conversation_id,text", sort: "created_at",
        limit: 200,
    };
    const { data: messages } = await get(withQuery("/v1/messages", asked), signal);
    const begins = new Map();
    for (const { conversation_id: id, text } of messages) {
        if (!begins.has(id) && text.trim()) begins.set(id, shortened(text.trim().replaceAll(/\s+/g, " ")));
    }
    return begins;
}

const titleMax = 60;

const shortened = (text) =>
    (text.length <= titleMax ? text : `${text.slice(0, titleMax).replace(/\s+\S*$/, "")}…`);

/** Where to begin: a second after the newest, as the server counts finer than it writes. */
function newest(data) {
    const last = data.map(({ last_message_at }) => last_message_at).filter(Boolean).sort().at(-1);
    return last ? new Date(Date.parse(last) + 1000).toISOString() : "";
}

function drawGroups(groups, contact_id, tell) {
    const total = groups.reduce((sum, { first }) => sum + first.total, 0);
    const found = `${number(total)} ${total === 1 ? "conversation" : "conversations"}`;
    tell(`${found} found`);
    if (total === 0) {
        return h("div", { class: "empty" }, h("p", {}, contact_id
            ? "No conversations with this contact match." : "No conversations match."));
    }
    const filled = groups.filter(({ first }) => first.data.length > 0);
    if (filled.length === 1) return [quiet(found), drawList(filled[0], "h2")];
    return [quiet(found), filled.map((group) => section(group.title, { class: "group" }, drawList(group, "h3")))];
}

function drawList({ first, page }, heading) {
    const draw = (conversation) => line(conversation, heading);
    const list = h("ol", { class: "threads", "aria-label": "Conversations" }, first.data.map(draw));
    const append = (records) => {
        const added = records.map(draw);
        list.append(...added);
        return added[0];
    };
    return [list, paged(first, page, append)];
}

function line({ id, subject, channel, last, said, own = [], begins, ...conversation }, heading) {
    const { status, handler, unread, messages, last_message_at } = conversation;
    const who = said?.author?.name ?? (last && (last.direction === "inbound" ? last.sender : last.recipient));
    const isStuck = own.some((message) => message.status === "unknown");
    const waits = own.filter((message) => message.status === "held" || message.status === "queued").length;
    return h(
        "li", { class: unread > 0 && "unread" },
        h(heading, {},
            h("a", { href: `#/inbox/${id}` }, subject ?? begins ?? `${words(channel)} conversation`)),
        h("p", { class: "quiet" },
            who && `${who}, `, `${words(channel)}, ${number(messages)} ${messages === 1 ? "message" : "messages"}`),
        h("p", { class: "badges" },
            unread > 0 && badge(`${number(unread)} unread`, "warn"),
            isStuck && badge("Delivery unknown", "bad"),
            waits > 0 && badge(`${number(waits)} not sent yet`, "warn"),
            said?.class && badge(words(said.class), tone(said.class)),
            handler !== "agent" && badge(words(handler), tone(handler)),
            status !== "open" && badge(words(status), tone(status))),
        ago(last_message_at));
}
