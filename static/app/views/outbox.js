import { get, may, tenant, withQuery } from "../api.js";
import { badge, h, pending, quiet, table, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, instantIn, number, tone, words } from "../format.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { liveUnless } from "../stream.js";
import { brakes } from "./brakes.js";
import { talkTabs } from "./talktabs.js";

const shows = {
    waiting: ["Not sent yet", "queued,held,sending,unknown"], unknown: ["Delivery unknown", "unknown"],
    failed: ["Failed or bounced", "failed,bounced"], sent: ["Sent", "sent,delivered"],
    cancelled: ["Cancelled", "cancelled"], "": ["All", ""],
};
const columns = "conversation_id,channel,recipient,subject,status,reasons,not_before,error_detail,why,created_at,"
    + "sent_at";

/** Outbound messages: the emergency stop, and every message with what holds it. */
export function outbox({ query, signal }) {
    let wanted = { show: query.show ?? "waiting" };
    const page = (cursor) => get(withQuery("/v1/messages", {
        direction: "outbound", status: (shows[wanted.show] ?? shows[""])[1], fields: columns, sort: "-created_at",
        limit: 30, cursor, total: cursor ? "" : "true",
    }), signal);
    const tell = teller();
    const results = pending(() => page(), (first) => drawList(first, page, wanted.show, tell), { signal });
    const stops = may("brakes:read") && brakes(signal);
    const later = liveUnless("message.*,brake.*", {
        isAtWork: () => isBeyond(results), reload: results.reload, text: "Messages have changed.", signal,
        onChange: () => stops && !stops.querySelector("form") && stops.reload(),
    });
    return {
        title: "Outbox",
        content: [
            h("h1", {}, "Outbox"), talkTabs("/outbox"), stops,
            filters(
                { label: "Outbox", address: "#/outbox", wanted, signal, onChange(next) {
                    wanted = next;
                    tell.again();
                    later.clear();
                    results.reload();
                } },
                field("Show", "show", {
                    control: "select", value: wanted.show,
                    options: Object.entries(shows).map(([code, [text]]) => [code, text]),
                })),
            later.place, results,
        ],
    };
}

function drawList(first, page, show, tell) {
    const found = `${number(first.total)} ${first.total === 1 ? "message" : "messages"}`;
    tell(found);
    if (!first.data.length) {
        return h("div", { class: "empty" },
            h("p", {}, show === "waiting" ? "No messages are waiting to be sent." : "No messages match."));
    }
    const headings = ["Message", "To", "Status", "Reason", "Time"];
    const messages = table("Messages", headings, first.data.map(row), "leads stacked");
    return [quiet(found), messages, paged(first, page, toTable(messages, row))];
}

function row({ channel, recipient, subject, status, reasons, not_before, why, ...message }) {
    const { conversation_id, error_detail, sent_at, created_at } = message;
    const title = subject ?? `${words(channel)} message`;
    const isLater = not_before && ["queued", "held"].includes(status) && new Date(not_before) > Date.now();
    const [first, ...others] = reasons;
    return h(
        "tr", {},
        h("th", { scope: "row" },
            conversation_id ? linkTo({ type: "conversation", id: conversation_id }, title) : title,
            why && h("span", { class: "evidence" }, why)),
        h("td", { class: "address" }, recipient ?? "–"),
        h("td", {}, badge(words(status), tone(status))),
        h("td", { class: "next" },
            first?.detail ?? error_detail
                ?? (isLater ? `Scheduled for ${instantIn(not_before, tenant().time_zone)}` : "–"),
            first?.until && h("span", { class: "evidence" }, `Until ${instantIn(first.until, tenant().time_zone)}`),
            others.length > 0 && h("span", { class: "evidence" },
                `and ${number(others.length)} more ${others.length === 1 ? "reason" : "reasons"}`)),
        h("td", {}, ago(sent_at ?? created_at)));
}
