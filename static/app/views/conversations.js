import { get, may, withQuery } from "../api.js";
import { badge, h, pending, quiet, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, number, tone, words } from "../format.js";
import { paged } from "../paging.js";
import { live } from "../stream.js";
import { sendabilityCard } from "./sendability.js";

const shows = {
    "": ["All", {}], unread: ["Unread", { "unread[gt]": 0 }], open: ["Open", { status: "open" }],
    person: ["Asked for a person", { handler: "waiting_for_human" }], closed: ["Closed", { status: "closed" }],
};
const channels = ["email", "whatsapp", "messenger", "instagram", "telegram", "sms", "slack", "web_chat", "portal"];

/** What is said between the agency and people, what was said last on top. */
export function conversations({ query, signal }) {
    const { contact_id = "" } = query;
    let wanted = { q: query.q ?? "", show: query.show ?? "", channel: query.channel ?? "" };
    const page = async (cursor) => {
        const [, narrow] = shows[wanted.show] ?? shows[""];
        const asked = { q: wanted.q, channel: wanted.channel, contact_id, ...narrow, sort: "-last_message_at" };
        const paging = { limit: 30, cursor, total: cursor ? "" : "true" };
        const found = await get(withQuery("/v1/conversations", { ...asked, ...paging }), signal);
        return { ...found, data: await withLast(found.data, contact_id, signal) };
    };
    const tell = teller();
    const results = pending(() => page(), (first) => drawList(first, page, contact_id, tell), { signal });
    live("message.*,conversation.*", () => {
        // What was loaded beyond the first page would be lost.
        if (!results.querySelector(".more:not([hidden])")) results.reload();
    }, signal);
    const options = Object.entries(shows).map(([code, [text]]) => [code, text]);
    return {
        title: "Conversations",
        content: [
            h("h1", {}, "Conversations"), talkTabs("/conversations"),
            contact_id && [
                h("p", { class: "links" }, h("a", { href: "#/conversations" }, "Conversations with everybody")),
                may("messages:read") && sendabilityCard(contact_id, signal),
            ],
            filters(
                { label: "Conversations", address: "#/conversations", wanted: { contact_id, ...wanted }, signal,
                    onChange(next) {
                        wanted = { q: next.q, show: next.show, channel: next.channel };
                        tell.again();
                        results.reload();
                    } },
                field("Search", "q", { type: "search", value: wanted.q, placeholder: "Subject…" }),
                field("Show", "show", { control: "select", value: wanted.show, options }),
                field("Channel", "channel", {
                    control: "select", value: wanted.channel,
                    options: [["", "Any"], ...channels.map((one) => [one, words(one)])],
                })),
            results,
        ],
    };
}

/** The pages about what is written to people. */
export function talkTabs(here) {
    const to = (address, text, permission) => may(permission)
        && h("a", { href: `#${address}`, "aria-current": address === here && "page" }, text);
    return h("nav", { class: "tabs", "aria-label": "Conversations" },
        to("/conversations", "Conversations", "conversations:read"), to("/outbox", "Outbox", "messages:read"),
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
    return data.map((conversation) => {
        const own = messages.filter((message) => message.conversation_id === conversation.id);
        return { ...conversation, last: own[0], said: own.find(({ direction }) => direction === "inbound"), own };
    });
}

/** Where to begin: a second after the newest, as the server counts finer than it writes. */
function newest(data) {
    const last = data.map(({ last_message_at }) => last_message_at).filter(Boolean).sort().at(-1);
    return last ? new Date(Date.parse(last) + 1000).toISOString() : "";
}

function drawList(first, page, contact_id, tell) {
    const found = `${number(first.total)} ${first.total === 1 ? "conversation" : "conversations"}`;
    tell(`${found} found`);
    if (!first.data.length) {
        return h("div", { class: "empty" }, h("p", {}, contact_id
            ? "Nothing has been said with them that is like that." : "No conversation is like that."));
    }
    const list = h("ol", { class: "threads" }, first.data.map(line));
    const append = (records) => {
        const added = records.map(line);
        list.append(...added);
        return added[0];
    };
    return [quiet(found), list, paged(first, page, append)];
}

function line({ id, subject, channel, status, handler, unread, messages, last_message_at, last, said, own = [] }) {
    const who = said?.author?.name ?? (last && (last.direction === "inbound" ? last.sender : last.recipient));
    const isStuck = own.some((message) => message.status === "unknown");
    const waits = own.filter((message) => message.status === "held" || message.status === "queued").length;
    return h(
        "li", { class: unread > 0 && "unread" },
        h("h2", {}, h("a", { href: `#/conversations/${id}` }, subject ?? `A talk over ${words(channel)}`)),
        h("p", { class: "quiet" },
            who && `${who}, `, `${words(channel)}, `, `${number(messages)} ${messages === 1 ? "message" : "messages"}`),
        h("p", { class: "badges" },
            unread > 0 && badge(`${number(unread)} unread`, "warn"),
            isStuck && badge("Unknown whether it left", "bad"),
            waits > 0 && badge(`${number(waits)} not yet sent`, "warn"),
            said?.class && badge(words(said.class), tone(said.class)),
            handler !== "agent" && badge(words(handler), tone(handler)),
            status !== "open" && badge(words(status), tone(status))),
        ago(last_message_at));
}
