import { call, get, may, tenant } from "../api.js";
import { announce, badge, doing, facts, failure, fill, h, pending, quiet } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, instantIn, number, percent, tone, words } from "../format.js";
import { mailFold } from "../mail.js";
import { linkTo, placeOf } from "../places.js";
import { drawReasons } from "./sendability.js";
import { drawDecisions } from "./dealtalk.js";

/** One message, with the reasons for its status. `changed` is called after a change. */
export function drawMessage(message, changed) {
    const { id, direction, subject, text, html, status, is_automatic, captured } = message;
    const heading = `message-${id}`;
    const ours = direction === "outbound";
    return h(
        "article", { class: `card message ${direction}`, "aria-labelledby": heading },
        h("h2", { id: heading }, by(message), ", ", ago(message.sent_at ?? message.created_at)),
        h("p", { class: "badges" },
            ours && badge(words(status), tone(status)), is_automatic && badge("Automatic reply"),
            captured && badge("Captured in the sandbox"), scheduled(message)),
        subject && h("p", { class: "strong" }, subject),
        h("div", { class: "said" }, text || quiet("No text")),
        html && mailFold(html, `Email: ${subject ?? "no subject"}`),
        ours ? whyOurs(message) : whyTheirs(message),
        ours && may("messages:write") && actions(message, changed));
}

const by = ({ author, sender, direction }) => {
    const other = direction === "inbound" ? sender : null;
    const name = author?.name ?? (author?.type === "agent" ? words(author.id) : other);
    return name ?? (direction === "inbound" ? "Contact" : "Agency");
};

const scheduled = ({ status, not_before }) => ["queued", "held"].includes(status) && not_before
    && new Date(not_before) > Date.now() && badge(`Scheduled for ${instantIn(not_before, tenant().time_zone)}`, "warn");

const at = (instant) => instant && h("span", {}, ago(instant), " ", h("span", { class: "dim" },
    instantIn(instant, tenant().time_zone)));

/** Of a message that we send: its cause, its approval, what holds it, and its delivery. */
function whyOurs(message) {
    const { reasons, why, cause, approval_id, recipient, purpose, error_code, error_detail, attempts } = message;
    const isOver = message.status === "cancelled";
    const isMuch = attempts > 1 && `${number(attempts)} attempts`;
    return h("div", { class: "why" },
        reasons.length > 0 && [
            h("p", { class: "strong" }, isOver ? "Why it was not sent" : "Why it has not been sent"),
            isOver ? h("p", {}, reasons.map(({ detail }) => detail).join(" ")) : drawReasons(reasons),
        ],
        facts([
            ["Reason", why],
            ["Triggered by", cause && placeOf(cause) && linkTo(cause, words(cause.type))],
            ["Approval", approval_id && linkTo({ type: "approval", id: approval_id }, "View approval")],
            ["To", /^[a-z]+_[0-9a-z]{26}/.test(recipient) ? "A visitor of the website" : recipient],
            ["Purpose", words(purpose)],
            ["Sent", at(message.sent_at)], ["Delivered", at(message.delivered_at)], ["Opened", at(message.opened_at)],
            ["Clicked", at(message.clicked_at)], ["Replied", at(message.replied_at)],
            ["Error", error_code && [error_detail ?? words(error_code), isMuch && ` (${isMuch})`]],
        ]),
        onAsking("History", async (signal) => get(`/v1/messages/${encodeURIComponent(message.id)}`, signal),
            ({ history }) => drawHistory(history)));
}

function drawHistory(history) {
    if (!history?.length) return quiet("No history yet.");
    return h("ol", { class: "feed" }, history.map(({ kind, detail, at }) => h(
        "li", {}, h("span", { class: "what" }, words(kind)), detail && h("span", { class: "of" }, detail), ago(at))));
}

/** Of a message that we receive: its class, the words that it was read from, and the decisions of agents. */
function whyTheirs(message) {
    const { class: meaning, confidence, evidence } = message;
    const quotes = (evidence?.words ?? []).map(({ quote }) => quote).filter(Boolean);
    const orders = (evidence?.instructions ?? []).filter(Boolean);
    return h("div", { class: "why" },
        evidence?.suspicious && h("p", { class: "notice warn" },
            h("strong", {}, "This message contains instructions for AI agents. "),
            "Agents do not follow instructions in messages", orders.length > 0 && [": ", quoted(orders)], "."),
        meaning && h("p", {}, "Classified as ", badge(words(meaning), tone(meaning)),
            ` ${percent(confidence)} confidence`, quotes.length > 0 && [", based on ", quoted(quotes)], "."),
        may("decisions:read") && onAsking("Agent decisions",
            (signal) => get(`/v1/decisions?subject_id=${encodeURIComponent(message.id)}`, signal), drawDecisions));
}

const quoted = (texts) => texts.map((text, index) => [index > 0 && ", ", h("q", {}, text)]);

/** A fold that asks when it is opened first. */
function onAsking(title, load, draw) {
    const place = h("div");
    const fold = h("details", { class: "fold" }, h("summary", {}, title), place);
    fold.addEventListener("toggle", () => {
        if (fold.open && !place.firstChild) place.append(pending(() => load(), draw));
    });
    return fold;
}

/** What a person can do about a message: cancel it, have it checked again, or say whether it was sent. */
function actions(message, changed) {
    const { id, version, status, subject } = message;
    const path = `/v1/messages/${encodeURIComponent(id)}`;
    const place = h("div", { class: "notices" }), panel = h("div");
    const onProblem = (problem) => [409, 412].includes(problem.status) && failure(
        { title: "Nothing was changed.", detail: "The message has changed in the meantime." }, changed, "Load latest");
    const act = (label, verb, body, said, attributes = {}) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST", body, headers: { "If-Match": `"${version}"` } });
        announce(said);
        await changed();
    }, { place, onProblem, ...attributes });
    const name = (text) => [text, h("span", { class: "unseen" }, `: ${subject ?? "message"}`)];

    if (status === "unknown") {
        return h("div", { class: "notice warn" },
            h("p", {}, "The connection was lost during delivery, so the message may have been sent. Check with the "
                + "email provider or the recipient, then choose below. It is not sent again automatically."),
            h("div", { class: "actions" },
                act("Mark as sent", "resolve", { outcome: "sent" }, "Marked as sent"),
                act("Send again", "resolve", { outcome: "not_sent" }, "Sending again")),
            place);
    }
    if (status === "failed") {
        const again = act(name("Try again"), "retry", undefined, "Trying again");
        return [h("div", { class: "actions" }, again), place];
    }
    if (status !== "queued" && status !== "held") return place;
    const cancel = h("button", { type: "button", class: "small", "aria-expanded": "false", onclick() {
        if (cancel.getAttribute("aria-expanded") === "true") return shut();
        cancel.setAttribute("aria-expanded", "true");
        const asked = form(
            { action: "Cancel message", onProblem: (problem, notice) => {
                const late = onProblem(problem);
                if (late) fill(notice, late);
                return late !== false;
            }, async submit({ reason }) {
                const body = reason.trim() ? { reason: reason.trim() } : {};
                await call(`${path}/cancel`, { method: "POST", body, headers: { "If-Match": `"${version}"` } });
                announce("Message cancelled");
                await changed();
            } },
            field("Reason", "reason", { hint: "Optional. Kept with the message." }));
        asked.querySelector(".actions").append(h("button", { type: "button", onclick: shut }, "Keep message"));
        fill(panel, asked);
        panel.querySelector("input").focus();
    } }, name("Cancel message…"));
    const shut = () => {
        fill(panel);
        cancel.setAttribute("aria-expanded", "false");
        cancel.focus();
    };
    const isHeld = status === "held" && !message.approval_id;
    const look = isHeld && act(
        name("Check again"), "retry", undefined, "Checking again", { class: "small" });
    return h("div", { onkeydown: (event) => event.key === "Escape" && panel.firstChild && shut() },
        h("div", { class: "actions" }, cancel, look),
        panel, place);
}
