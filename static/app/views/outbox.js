import { get, may, tenant, withQuery } from "../api.js";
import { channels } from "../inbox/channels.js";
import { drawMessage } from "../inbox/message.js";
import { messageActions } from "../inbox/messageactions.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { readable } from "../readable.js";
import { reasonInWords } from "../reasons.js";
import { named } from "../records/naming.js";
import { askStop } from "../selling/stops.js";
import { liveUnless } from "../refreshing.js";
import { talkTabs } from "../inbox/talktabs.js";
import { dialog } from "../../ui/dialog.js";
import { h, pending, quiet, whyNot } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters, teller } from "../../ui/filter.js";
import { number, words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { ago, instantIn } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";

/** [code, text, the statuses of it]. */
const shows = () => [
    ["waiting", t("Not sent yet"), "queued,held,sending,unknown"], ["held", t("Held"), "held"],
    ["unknown", t("Delivery unknown"), "unknown"], ["failed", t("Failed or bounced"), "failed,bounced"],
    ["sent", t("Sent"), "sent,delivered"], ["cancelled", t("Cancelled"), "cancelled"], ["", t("All"), ""],
];
const statusesOf = (code) => (shows().find(([one]) => one === code) ?? shows().at(-1))[2];

/** Outbound messages: what is on its way, what holds it, and what a person can do about it. */
export function outbox({ query, signal }) {
    let wanted = { q: query.q ?? "", show: query.show ?? "waiting", channel: query.channel ?? "" };
    const page = (cursor) => get(withQuery("/v1/messages", {
        direction: "outbound", q: wanted.q, channel: wanted.channel, status: statusesOf(wanted.show),
        sort: "-created_at", limit: 30, cursor, total: cursor ? "" : "true",
    }), signal);
    const tell = teller();
    const reload = () => Promise.all([results.reload(), sums.reload()]);
    const results = pending(() => page(), (first) => drawList(first, { page, show: wanted.show, tell, reload }),
        { signal });
    const sums = pending(() => counts(signal), drawCounts, { signal });
    const later = liveUnless("message.*,brake.*", {
        isAtWork: () => isBeyond(results) || document.querySelector("dialog[open]") !== null, reload,
        text: t("Messages have changed."), signal,
    });
    return {
        title: t("Outbox"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Outbox")), may("brakes:write")
                && h("div", { class: "actions" },
                h("button", { type: "button", onclick: () => askStop({ scope: "channel" }) }, t("Stop a channel")))),
            talkTabs("/outbox"), sums,
            filters(
                {
                    label: t("Outbox"), addressOf: (next) => withQuery("#/outbox", next), wanted, signal,
                    onChange(next) {
                        wanted = next;
                        tell.again();
                        later.clear();
                        results.reload();
                    },
                },
                field(t("Search messages"), "q", { type: "search", value: wanted.q }),
                field(t("Show"), "show", { control: "select", value: wanted.show,
                    options: shows().map(([code, text]) => [code, text]) }),
                field(t("Channel"), "channel", { control: "select", value: wanted.channel,
                    options: [["", t("Any channel")], ...channels.map((one) => [one, words(one)])] })),
            later.place, results,
        ],
    };
}

/** Counts those that a person may have to look at. */
const counts = (signal) => Promise.all(["held", "queued,sending", "unknown", "failed,bounced"].map(async (status) =>
    (await get(withQuery("/v1/messages", { direction: "outbound", status, limit: 1, fields: "id", total: "true" }),
        signal))
        .total));

function drawCounts([held, moving, unknown, failed]) {
    const figure = (text, value, show) => h("div", {}, h("dt", {}, text),
        h("dd", {}, h("a", { href: `#/outbox?show=${show}` }, number(value))));
    return h("dl", { class: "figures" }, figure(t("Held"), held, "held"), figure(t("On the way"), moving, "waiting"),
        figure(t("Delivery unknown"), unknown, "unknown"), figure(t("Failed or bounced"), failed, "failed"));
}

function drawList(first, { page, show, tell, reload }) {
    const found = plural(first.total, "{count} message", "{count} messages");
    tell(found);
    if (!first.data.length) {
        return empty(show === "waiting" ? t("No messages are waiting to be sent.") : t("No messages match."),
            { ways: show !== "" && h("a", { href: "#/outbox?show=" }, t("Show all messages")) });
    }
    const line = (message) => row(message, reload);
    const messages = table(t("Messages"), [t("Message"), t("To"), t("Status"), t("Reason"), t("Time"), ""],
        first.data.map(line), "leads stacked");
    return [quiet(found), h("div", { class: "scroll" }, messages), paged(first, page, toTable(messages, line))];
}

/** An address of a machine says nothing: the contact's name does. */
const isAddress = (recipient) => recipient && !/^[a-z]{2,9}_[0-9a-z]{26}/.test(recipient);

function row(message, reload) {
    const { channel, recipient, subject, status, reasons, not_before, why, contact_id, conversation_id } = message;
    const title = subject ?? t("{channel} message", { channel: words(channel) });
    const isLater = not_before && ["queued", "held"].includes(status) && new Date(not_before) > Date.now();
    const zone = tenant().time_zone;
    const [first, ...others] = reasons;
    const see = () => dialog({ title, wide: true, content: () => h("ol", { class: "thread" },
        h("li", {}, drawMessage(message, { changed: reload }))) });
    return h("tr", {},
        h("th", { scope: "row", dir: "auto", class: "line" },
            conversation_id ? linkTo({ type: "conversation", id: conversation_id }, title)
                : h("button", { type: "button", class: "link", onclick: see }, title),
            why && h("span", { class: "evidence" }, why)),
        h("td", { class: "address" }, contact_id ? named("contacts", contact_id) : null,
            isAddress(recipient) ? h("span", { class: contact_id ? "evidence" : "" }, recipient) : !contact_id && "–"),
        h("td", {}, statusBadge(status)),
        h("td", { class: "next" },
            first ? reasonInWords(first) : message.error_detail ? readable(whyNot({ code: message.error_code, detail: message.error_detail })) : (isLater
                ? t("Scheduled for {when}", { when: instantIn(not_before, zone) }) : "–"),
            first?.until && h("span", { class: "evidence" }, t("Until {when}", { when: instantIn(first.until, zone) })),
            status === "held" && message.approval_id && h("span", { class: "evidence" },
                linkTo({ type: "approval", id: message.approval_id }, t("Review draft"))),
            others.length > 0 && h("span", { class: "evidence" },
                plural(others.length, "and {count} more reason", "and {count} more reasons"))),
        h("td", {}, ago(message.sent_at ?? message.created_at)),
        h("td", {}, may("messages:write") && messageActions(message, reload)));
}
