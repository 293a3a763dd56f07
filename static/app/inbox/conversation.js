import { call, get, may, withQuery } from "../api.js";
import { sendOrKeep } from "../sending.js";
import { naming } from "../records/naming.js";
import { replyForm } from "../records/reply.js";
import { live } from "../stream.js";
import { tellsTyping } from "../typed.js";
import { typingLine } from "../typing.js";
import { badge, fill, h, pending, quiet, refill, throttled, untilShut } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { region, spokenAs, unheard } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { thread } from "../../ui/thread.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { talkActions } from "./actions.js";
import { titleOf } from "./channels.js";
import { drawMessage, markOf } from "./message.js";
import { personPane } from "./person.js";

const pageSize = 100;

/**
 * One conversation: {element, person, drawSteps}. `told(next)` hears what has changed in it, so that the list beside it
 * says the same; `beside` are the addresses of its neighbours.
 */
export function conversation({ id, signal, back, beside, told, showPerson }) {
    const path = `/v1/conversations/${encodeURIComponent(id)}`;
    const heading = h("h1", { dir: "auto" }, t("Conversation")), facts = h("p", { class: "badges" });
    const actions = h("div", { class: "actions" }), answering = h("div", { class: "answering" });
    const person = h("div", { class: "person", ...region(t("About the contact")) });
    const list = thread(t("Messages, oldest first"));
    const typing = typingLine(id, signal);
    let one = null, who = null, whose, isWhole = false, isKeptUnread = false, isDrawn = false;

    const step = (href, key, text, sign) => href && h("a", { class: "button step", href, "data-key": key,
        ...spokenAs(text), title: text }, h("span", unheard, sign));
    const steps = h("div", { class: "steps" });
    const head = h("header", { class: "talk-head" },
        h("a", { class: "back", href: back }, t("Inbox")), h("div", { class: "heading" }, heading, actions),
        h("div", { class: "badges" }, facts, steps,
            h("button", { type: "button", class: "small person-button", onclick: showPerson }, t("Contact details"))));
    const scroller = h("div", { class: "talk-thread", tabindex: -1 });
    const main = h("div", { class: "talk-main" }, head, scroller, answering);

    const load = async () => {
        const [read, page] = await Promise.all([get(path, signal), messages()]);
        if (whose !== read.contact_id) who = read.contact_id && (await naming("contacts", read.contact_id))?.text;
        whose = read.contact_id;
        return { read, page };
    };
    async function messages() {
        const ask = (cursor) => get(withQuery(`${path}/messages`, { limit: pageSize, sort: "-created_at", cursor }),
            signal);
        const first = await ask();
        let { data, has_more, next_cursor } = first;
        while (isWhole && has_more) {
            const next = await ask(next_cursor);
            data = [...data, ...next.data];
            ({ has_more, next_cursor } = next);
        }
        return { data: data.toReversed(), has_more };
    }
    const body = pending(load, draw, { signal });
    fill(scroller, body, typing.place);

    function draw({ read, page }) {
        const isAtEnd = !isDrawn || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
        const isOther = one && one.contact_id !== read.contact_id;
        one = read;
        drawHead();
        if (isOther) fill(person, personPane(one, { signal, who }));
        list.set(page.data.map((message) => ({
            id: message.id, at: message.sent_at ?? message.created_at, mark: markOf(message),
            draw: () => drawMessage(message, { who, changed }),
        })));
        if (!isDrawn) begin();
        if (isAtEnd) requestAnimationFrame(() => (scroller.scrollTop = scroller.scrollHeight));
        isDrawn = true;
        markRead();
        if (!page.data.length) return quiet(t("No messages yet."));
        return [page.has_more && h("button", { type: "button", class: "small earlier", onclick() {
            isWhole = true;
            return changed();
        } }, t("Show earlier messages")), list.element];
    }
    function drawHead() {
        const { channel, status, handler, unread, snoozed_until, category, tags, priority } = one;
        fill(heading, titleOf(one, who));
        document.title = `${titleOf(one, who).slice(0, 80)} – ${t("Inbox")} – Bureau`;
        drawActions();
        fill(facts, badge(words(channel)), statusBadge(status),
            handler === "waiting_for_human" ? badge(t("Waiting for a person"), "warn")
                : badge(handler === "agent" ? t("The agent answers") : t("A person answers")),
            snoozed_until && status === "snoozed" && [t("until"), " ", ago(snoozed_until)],
            ["high", "urgent"].includes(priority) && badge(t("{priority} priority", { priority: words(priority) }),
                priority === "urgent" ? "bad" : "warn"),
            category && badge(words(category)), tags.map((tag) => badge(tag)),
            isKeptUnread && unread > 0 && badge(t("Unread"), "warn"));
        drawSteps();
    }
    async function drawActions() {
        const shut = untilShut(actions);
        if (shut) await shut;
        refill(actions, talkActions(one, { path, who: () => who, changed, keepUnread: () => (isKeptUnread = true) }));
    }
    function drawSteps() {
        const { previous, next } = beside();
        fill(steps, step(previous, "previous", t("Previous conversation"), "↑"),
            step(next, "next", t("Next conversation"), "↓"));
    }
    /** Draws once what must not be drawn anew: a text that is being typed must not be thrown away. */
    function begin() {
        if (may("conversations:write")) fill(answering, replyBox());
        fill(person, personPane(one, { signal, who }));
    }
    function replyBox() {
        // A doubled click sends one message.
        let key = newKey();
        const form = replyForm({
            name: `conversation ${id}`, mentions: true,
            fillIn: async (reply) => (await (await call(`/v1/canned-replies/${encodeURIComponent(reply.id)}/write`, {
                method: "POST", body: { conversation_id: id },
            })).json()).text,
            async send({ text, isNote, attachments, mentions }) {
                const { answer, isKept } = await sendOrKeep({
                    method: "POST", path: `${path}/messages`, key,
                    body: { text: text || null, internal: isNote, ...(isNote ? { mentions } : { attachments }) },
                    what: who ?? one.subject ?? t("Conversation"), href: `#/inbox/${id}`,
                });
                key = newKey();
                if (isKept) return toast(t("Kept here, and sent when you are online again"));
                const { status, reasons = [] } = answer;
                toast(isNote ? t("Note added") : outcome(status, reasons));
                scroller.scrollTop = scroller.scrollHeight;
                await changed();
            },
        });
        if (one.channel !== "email") tellsTyping(form, `${path}/typing`);
        return form;
    }
    const newKey = () => crypto.randomUUID?.() ?? String(Math.random());

    function markRead() {
        if (isKeptUnread || document.hidden || one.unread === 0 || !may("conversations:write")) return;
        told({ unread: 0 });
        call(`${path}/read`, { method: "POST" }).catch(() => {});
    }
    /** Reads it anew; with `next`, what it will be is shown before that. */
    async function changed(next) {
        if (next) {
            one = { ...one, ...next };
            drawHead();
            return told(next);
        }
        await body.reload();
        told({});
    }
    live("message.*,conversation.*,approval.*,brake.*,handover.*", throttled(300, () => {
        typing.end();
        return body.reload();
    }, signal), signal, typing.take);
    return { element: main, person, drawSteps };
}

function outcome(status, reasons) {
    const why = reasons.map(({ detail }) => detail).join(" ");
    if (status === "held") return t("Held, not sent. {why}", { why });
    return status === "sent" ? t("Message sent") : t("Message on its way");
}
