import { call, get, may, whoIsMe } from "../api.js";
import { doing, h, section } from "../dom.js";
import { within } from "../format.js";
import { draftOf, dropDraft, keepDraft } from "../records/drafts.js";
import { replyForm } from "../records/reply.js";
import { tellsTyping } from "../typing.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";

/** A box to answer a conversation in; the thread says what became of it. */
export function talkReply({ id, channel, reload, path }) {
    const name = `conversation ${id}`;
    // The same words sent twice by a doubled click are one message.
    let key = crypto.randomUUID?.() ?? String(Math.random());
    const form = replyForm({
        draft: draftOf(name), keep: (text) => (text ? keepDraft(name, text) : dropDraft(name)), mayNote: true,
        attach: may("canned_replies:read") && canned((text) => form.put(text)),
        async send(text, isNote) {
            const answer = await call(`${path}/messages`, {
                method: "POST", body: { text, internal: isNote }, headers: { "Idempotency-Key": key },
            });
            key = crypto.randomUUID?.() ?? String(Math.random());
            const { status, reasons = [] } = await answer.json();
            const why = reasons.map(({ detail }) => detail).join(" ");
            const said = { held: `Held, not sent. ${why}`, sent: "Message sent" };
            toast(isNote ? "Note kept" : said[status] ?? "Message on its way");
            await reload();
        },
    });
    if (channel !== "email") tellsTyping(form, `${path}/typing`);
    return section(`Answer by ${within(channel)}`, {}, form);
}

/** Answers that are written once and used often. */
function canned(put) {
    let replies = [];
    get("/v1/canned-replies?limit=50&sort=name").then(({ data }) => (replies = data), () => {});
    return menuButton("Canned reply", () => (replies.length
        ? replies.map(({ name, text }) => ({ text: name, run: () => put(text) }))
        : [{ text: "None yet: write one", href: "#/settings/canned-replies" }]));
}

/** What can be done with a conversation: taken, handed back, put off, closed. */
export function talkActions({ status, handler, assignee_id }, path, reload) {
    if (!may("conversations:write")) return null;
    const trouble = h("div", { class: "notices" });
    const act = (label, verb, body, said) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST", body });
        toast(said);
        await reload();
    }, { place: trouble });
    const isMine = handler === "human" && (!assignee_id || assignee_id === whoIsMe().user?.id);
    const later = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const snooze = (text, hours) => ({ text, async run() {
        await call(`${path}/snooze`, { method: "POST", body: { until: later(hours) } })
            .then(() => toast("Snoozed"), (problem) => toast(problem.detail ?? problem.title));
        await reload();
    } });
    return [
        !isMine && act("Assign to me", "claim", undefined, "Assigned to you"),
        handler === "human" && act("Hand back to the agent", "release", undefined, "The agent takes over"),
        status !== "closed" && menuButton("Snooze", () => [
            snooze("For an hour", 1), snooze("Until tomorrow", 24), snooze("For a week", 168),
        ]),
        status === "closed" ? act("Reopen", "reopen", undefined, "Conversation reopened")
            : act("Close", "close", undefined, "Conversation closed"),
        trouble,
    ];
}
