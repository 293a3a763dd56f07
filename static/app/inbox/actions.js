import { call, get, may, whoIsMe } from "../api.js";
import { isMe } from "../colleagues.js";
import { ask, asked, operate } from "../records/ask.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { naming } from "../records/naming.js";
import { alarm } from "../../ui/alarm.js";
import { h, whyNot } from "../../ui/dom.js";
import { menuButton } from "../../ui/menu.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { askAssign } from "./assign.js";
import { titleOf } from "./channels.js";

/**
 * Offers the actions on a conversation. `changed(next)` is told at once what it will be where it is safe to believe so,
 * and without anything when it is to be read anew.
 */
export function talkActions(one, { path, who, changed, keepUnread }) {
    if (!may("conversations:write")) return null;
    const { status, handler, assignee_id } = one;
    const isMine = handler === "human" && (!assignee_id || isMe({ id: assignee_id }));
    const isClosed = status === "closed";
    const run = async (verb, told, { body, next } = {}) => {
        if (next) changed(next);
        try {
            await operate(`${path}/${verb}`, { body });
            toast(told);
        } catch (problem) {
            alarm(t("Not done. {why}", { why: whyNot(problem) }));
        }
        await changed();
    };
    const button = (text, action, attributes) => h("button", { type: "button", onclick: action, ...attributes }, text);
    const mine = { handler: "human", assignee_id: whoIsMe().user?.id };
    return [
        !isMine && button(t("Assign to me"), () => run("claim", t("Assigned to you"), { next: mine })),
        !isClosed && snoozer(run),
        isClosed || status === "snoozed" ? button(t("Reopen"), () => run("reopen", t("Conversation reopened"))) : null,
        !isClosed && button(t("Close"), () => run("close", t("Conversation closed")), { "data-key": "c" }),
        menuButton(t("More"), () => [
            { text: t("Assign to…"), run: () => assign(one, path, changed) },
            handler === "human" && { text: t("Hand back to the agent"), run: () =>
                run("release", t("The agent takes over")) },
            handler === "agent" && { text: t("Hand over to a person…"), run: () => handOver(path, changed) },
            { text: t("Mark as unread"), run: () => {
                keepUnread();
                return run("unread", t("Marked as unread"), { next: { unread: Math.max(1, one.unread) } });
            } },
            { text: t("Edit tags and category…"), run: () => sort(one, path, changed) },
            { text: t("Set priority…"), run: () => prioritise(one, path, changed) },
            one.channel !== "portal" && { text: t("Give to another contact…"), run: () => give(one, path, changed) },
            may("tickets:write") && { text: t("Make a ticket…"), run: () => makeTicket(one, who()) },
            one.contact_id && may("leads:write") && { text: t("Make a lead…"), run: () => makeLead(one) },
            one.channel === "whatsapp" && { text: t("Send template…"), run: () => sendTemplate(path, changed) },
            { text: t("Offer a call…"), run: () => offerCall(path, changed) },
        ]),
        h("button", { type: "button", hidden: true, "data-key": "a", onclick: () => assign(one, path, changed) }),
    ];
}

function assign({ assignee_id, team_id }, path, changed) {
    askAssign({ title: t("Assign conversation"), person: assignee_id, team: team_id, async save({ person, team }) {
        await call(path, { method: "PATCH", body: { assignee_id: person, team_id: team } });
        toast(person || team ? t("Conversation assigned") : t("Conversation unassigned"));
        await changed();
    } });
}

/** Until an hour of a day from now, where the reader is. */
function at(days, hour) {
    const date = new Date();
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date.toISOString();
}

function snoozer(run) {
    const until = (text, when) => ({ text, run: () =>
        run("snooze", t("Snoozed"), { body: { until: when() }, next: { status: "snoozed" } }) });
    const monday = () => ((8 - new Date().getDay()) % 7) || 7;
    return menuButton(t("Snooze"), () => [
        until(t("For an hour"), () => new Date(Date.now() + 3_600_000).toISOString()),
        until(t("Until tomorrow morning"), () => at(1, 9)),
        until(t("Until next week"), () => at(monday(), 9)),
        { text: t("Until…"), run: () => ask({
            title: t("Snooze conversation"), action: t("Snooze"),
            fields: [asked.instant("until", t("Until"), { required: true })],
            run: async ({ until: when }) => run("snooze", t("Snoozed"), { body: { until: when } }),
        }) },
    ]);
}

const handOver = (path, changed) => ask({
    title: t("Hand over to a person"), action: t("Hand over"), said: t("Waiting for a person"),
    text: t("Agents stop writing, and colleagues are notified until one answers."),
    fields: [asked.text("reason", t("Reason")), asked.choice("urgency", t("Urgency"),
        ["low", "normal", "high", "urgent"])],
    values: { urgency: "normal" },
    async run({ reason, urgency }) {
        await operate(`${path}/handover`, { body: { ...(reason && { reason }), urgency: urgency ?? "normal" } });
        await changed();
    },
});

const sort = ({ tags, category }, path, changed) => ask({
    title: t("Edit conversation"), action: t("Save"), said: t("Conversation saved"), values: { tags, category },
    fields: [
        asked.text("category", t("Category")),
        { name: "tags", label: t("Tags"), schema: { type: "array", items: { type: "string" } } },
    ],
    async run(body) {
        await call(path, { method: "PATCH", body });
        await changed();
    },
});

const prioritise = ({ priority }, path, changed) => ask({
    title: t("Set priority"), action: t("Save"), said: t("Priority set"), values: { priority },
    fields: [asked.choice("priority", t("Priority"), ["low", "normal", "high", "urgent"], { required: true })],
    async run(body) {
        await call(path, { method: "PATCH", body });
        await changed();
    },
});

/** For words that turn out to be somebody else's. */
const give = ({ contact_id, identity_id }, path, changed) => ask({
    title: t("Give to another contact"), action: t("Give"), said: t("Conversation given"),
    text: identity_id ? t("All that was said goes along, and so does whatever this chat account has said elsewhere.")
        : t("All that was said goes along. Answers go to the other contact from now on."),
    fields: [asked.record("contact_id", t("Contact"), "contacts", { required: true })],
    async run(body) {
        if (body.contact_id === contact_id) return;
        await call(path, { method: "PATCH", body });
        await changed();
    },
});

async function makeTicket({ id, subject, channel, contact_id, client_id, category, preview }, who) {
    const given = { conversation_id: id, contact_id, client_id, category, source: channel,
        subject: titleOf({ subject, channel }, who), body: preview };
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
    askNew(await kindOf("tickets"), { given: known, said: t("Ticket created") });
}

/** A lead of the person written with; the same address makes it theirs. */
async function makeLead({ contact_id, channel }) {
    const { name, title, email, phone, company_id, location: place } =
        await get(`/v1/contacts/${encodeURIComponent(contact_id)}`);
    const company = company_id && (await naming("companies", company_id))?.text;
    const given = { company, contact_name: name, contact_title: title, email, phone, location: place, source: channel };
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
    askNew(await kindOf("leads"), { given: known, said: t("Lead created") });
}

const sendTemplate = (path, changed) => ask({
    title: t("Send template"), action: t("Send template"), said: t("Message on its way"),
    text: t("When somebody has not written for a day, WhatsApp allows approved templates only."),
    fields: [asked.record("template_id", t("Template"), "templates", { required: true })],
    async run({ template_id }) {
        await operate(`${path}/messages`, { body: { template_id } });
        await changed();
    },
});

const offerCall = (path, changed) => ask({
    title: t("Offer a call"), action: t("Send offer"), said: t("Call offered"), values: { kind: "video" },
    fields: [
        asked.choice("kind", t("Kind of call"), ["voice", "video", "screen"], { required: true }),
        { name: "url", label: t("Link"), required: true, schema: { type: "string", format: "uri", maxLength: 2000 } },
        asked.long("text", t("Message")),
    ],
    async run({ kind, url, text }) {
        await operate(`${path}/calls`, { body: { kind, url, ...(text && { text }) } });
        await changed();
    },
});
