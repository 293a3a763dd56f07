import { get, may, tenant, withQuery } from "../api.js";
import { badge, facts, fill, h, pending, quiet, section } from "../dom.js";
import { ago, instantIn, number, tone, words } from "../format.js";
import { liveUnless } from "../stream.js";
import { typingLine } from "../typing.js";
import { talkActions, talkReply } from "./answer.js";
import { drawMessage } from "./message.js";
import { sellingCard } from "./selling.js";
import { sendabilityCard } from "./sendability.js";

const pageSize = 100;

/** One conversation: every message both ways, each with why it is as it is, and a box to answer in. */
export function conversation({ id, query, signal }) {
    const path = `/v1/conversations/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Conversation"), aside = h("div", {}), answering = h("div", {});
    const actions = h("div", { class: "actions" });
    const typing = typingLine(id, signal);
    let shown = null;
    const reload = async () => {
        later.clear();
        await Promise.all([record.reload(), thread.reload()]);
        shown?.card?.reload();
    };
    const record = pending(() => get(path, signal), (one) => {
        fill(heading, one.subject ?? `${words(one.channel)} conversation`);
        fill(actions, talkActions(one, path, reload));
        document.title = `${one.subject ?? "Conversation"} – Bureau`;
        shown ??= showRest(one, { aside, answering, reload, signal, path });
        return drawState(one);
    }, { signal });
    const thread = pending(() => loadThread(`${path}/messages`, query.all, signal),
        (found) => drawThread(found, path, id, reload), { signal });

    // Neither what is being read nor what is being typed is moved.
    const isAtWork = () => thread.querySelector('details[open], [aria-expanded="true"]') !== null;
    const later = liveUnless("message.*,conversation.*,approval.*,brake.*", {
        isAtWork, reload, text: "This conversation has changed.", signal, onSign: typing.take,
        onChange: typing.end,
    });
    return {
        title: "Conversation",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/inbox" }, "Inbox")),
            h("div", { class: "heading" }, heading, actions),
            h("div", { class: "columns" },
                h("div", {}, later.place, thread, typing.place, answering),
                h("div", {}, section("Details", {}, record), aside)),
        ],
    };
}

/** The newest messages, in the order in which they were said. */
async function loadThread(path, isWhole, signal) {
    const first = await get(withQuery(path, { limit: pageSize, sort: "-created_at" }), signal);
    let { data, has_more, next_cursor } = first;
    while (isWhole && has_more) {
        const next = await get(withQuery(path, { limit: pageSize, sort: "-created_at", cursor: next_cursor }), signal);
        data = [...data, ...next.data];
        ({ has_more, next_cursor } = next);
    }
    return { messages: data.toReversed(), has_more };
}

function drawThread({ messages, has_more }, path, id, reload) {
    if (!messages.length) return quiet("No messages yet.");
    const earlier = has_more && h("p", { class: "links" },
        h("a", { href: `#/inbox/${id}?all=true` }, "Show earlier messages"));
    return [earlier, h("ol", { class: "thread", "aria-label": "Messages, oldest first" },
        messages.map((message) => h("li", { class: message.direction }, drawMessage(message, reload))))];
}

function showRest({ id, contact_id, channel }, { aside, answering, reload, signal, path }) {
    if (may("conversations:write")) fill(answering, talkReply({ id, channel, reload, path }));
    if (!contact_id) return {};
    const card = may("messages:read") && sendabilityCard(contact_id, signal, channel);
    fill(aside, card, sellingCard({ contact_id }, signal));
    return { card };
}

function drawState({ status, handler, channel, unread, messages, contact_id, last_inbound_at, lock, created_at }) {
    return [
        h("p", { class: "badges" },
            badge(words(status), tone(status)), unread > 0 && badge(`${number(unread)} unread`, "warn")),
        facts([
            ["Channel", words(channel)],
            ["Handled by", words(handler)],
            ["Messages", number(messages)],
            ["Last message received", last_inbound_at ? ago(last_inbound_at) : "None"],
            ["Locked by", lock && `${words(lock.holder)}, until ${instantIn(lock.expires_at, tenant().time_zone)}`],
            ["Started", ago(created_at)],
        ]),
        contact_id && h("p", { class: "links after" },
            h("a", { href: `#/inbox?contact_id=${contact_id}` }, "All conversations with this contact")),
    ];
}
