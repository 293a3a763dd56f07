import { call, get, may, tenant } from "../api.js";
import { announce, badge, doing, facts, failure, fill, h, pending, quiet } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, instantIn, number, percent, tone, words } from "../format.js";
import { mailFold } from "../mail.js";
import { linkTo, placeOf } from "../places.js";
import { drawReasons } from "./sendability.js";
import { drawDecisions } from "./dealtalk.js";

/** One message, and beside it why it is as it is. `changed` is told after something was done about it. */
export function drawMessage(message, changed) {
    const { id, direction, subject, text, html, status, is_automatic, captured } = message;
    const heading = `message-${id}`;
    const ours = direction === "outbound";
    return h(
        "article", { class: `card message ${direction}`, "aria-labelledby": heading },
        h("h2", { id: heading }, ours ? "We" : "They", by(message), ", ", ago(message.sent_at ?? message.created_at)),
        h("p", { class: "badges" },
            ours && badge(words(status), tone(status)), is_automatic && badge("A machine wrote it"),
            captured && badge("Kept in the sandbox"), scheduled(message)),
        subject && h("p", { class: "strong" }, subject),
        h("div", { class: "said" }, text || quiet("It has no text.")),
        html && mailFold(html, `${ours ? "Our" : "Their"} mail: ${subject ?? "no subject"}`),
        ours ? whyOurs(message) : whyTheirs(message),
        ours && may("messages:write") && actions(message, changed));
}

const by = ({ author, sender, direction }) => {
    const other = direction === "inbound" ? sender : null;
    const name = author?.name ?? (author?.type === "agent" ? words(author.id) : other);
    return name && ` (${name})`;
};

const scheduled = ({ status, not_before }) => ["queued", "held"].includes(status) && not_before
    && new Date(not_before) > Date.now() && badge(`Not before ${instantIn(not_before, tenant().time_zone)}`, "warn");

const at = (instant) => instant && h("span", {}, ago(instant), " ", h("span", { class: "dim" },
    instantIn(instant, tenant().time_zone)));

/** Of what we write: its cause, who said yes, what holds it, and what became of it. */
function whyOurs(message) {
    const { reasons, why, cause, approval_id, recipient, purpose, error_code, error_detail, attempts } = message;
    const isOver = message.status === "cancelled";
    const isMuch = attempts > 1 && `${number(attempts)} attempts`;
    return h("div", { class: "why" },
        reasons.length > 0 && [
            h("p", { class: "strong" }, isOver ? "Why it did not leave" : "Why it does not leave"),
            isOver ? h("p", {}, reasons.map(({ detail }) => detail).join(" ")) : drawReasons(reasons),
        ],
        facts([
            ["Why", why],
            ["Came of", cause && placeOf(cause) && linkTo(cause, `The ${words(cause.type).toLowerCase()}`)],
            ["Approval", approval_id && linkTo({ type: "approval", id: approval_id }, "See who said yes or no")],
            ["To", recipient],
            ["Purpose", words(purpose)],
            ["Left", at(message.sent_at)], ["Delivered", at(message.delivered_at)], ["Opened", at(message.opened_at)],
            ["Clicked", at(message.clicked_at)], ["Answered", at(message.replied_at)],
            ["Fault", error_code && [error_detail ?? words(error_code), isMuch && ` (${isMuch})`]],
        ]),
        onAsking("Step by step", async (signal) => get(`/v1/messages/${encodeURIComponent(message.id)}`, signal),
            ({ history }) => drawHistory(history)));
}

function drawHistory(history) {
    if (!history?.length) return quiet("Nothing has happened to it yet.");
    return h("ol", { class: "feed" }, history.map(({ kind, detail, at }) => h(
        "li", {}, h("span", { class: "what" }, words(kind)), detail && h("span", { class: "of" }, detail), ago(at))));
}

/** Of what they write: what it was taken to mean, by which of its words, and what an agent made of it. */
function whyTheirs(message) {
    const { class: meaning, confidence, evidence } = message;
    const quotes = (evidence?.words ?? []).map(({ quote }) => quote).filter(Boolean);
    const orders = (evidence?.instructions ?? []).filter(Boolean);
    return h("div", { class: "why" },
        evidence?.suspicious && h("p", { class: "notice warn" },
            h("strong", {}, "It tries to give orders to a machine. "),
            "No agent follows what stands in a message", orders.length > 0 && [": ", quoted(orders)], "."),
        meaning && h("p", {}, "Taken as ", badge(words(meaning), tone(meaning)), ` ${percent(confidence)} sure`,
            quotes.length > 0 && [", by the words ", quoted(quotes)], "."),
        may("decisions:read") && onAsking("What an agent decided",
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

/** What a person can do about a message: take it back, have it looked at again, or say what nobody knows. */
function actions(message, changed) {
    const { id, version, status, subject } = message;
    const path = `/v1/messages/${encodeURIComponent(id)}`;
    const place = h("div", { class: "notices" }), panel = h("div");
    const onProblem = (problem) => [409, 412].includes(problem.status) && failure(
        { title: "Nothing was done.", detail: "It has changed since you read it." }, changed, "Show how it stands");
    const act = (label, verb, body, said, attributes = {}) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST", body, headers: { "If-Match": `"${version}"` } });
        announce(said);
        await changed();
    }, { place, onProblem, ...attributes });
    const name = (text) => [text, h("span", { class: "unseen" }, `: ${subject ?? "message"}`)];

    if (status === "unknown") {
        return h("div", { class: "notice warn" },
            h("p", {}, "The line broke while it was handed over: it may have left. Look at the mail service, or ask "
                + "them, then say what is true. It is never sent again unasked."),
            h("div", { class: "actions" },
                act("It was sent", "resolve", { outcome: "sent" }, "Noted: it was sent"),
                act("It was not: send it again", "resolve", { outcome: "not_sent" }, "It is sent again")),
            place);
    }
    if (status === "failed") {
        const again = act(name("Try again"), "retry", undefined, "It is tried again");
        return [h("div", { class: "actions" }, again), place];
    }
    if (status !== "queued" && status !== "held") return place;
    const cancel = h("button", { type: "button", class: "small", "aria-expanded": "false", onclick() {
        if (cancel.getAttribute("aria-expanded") === "true") return shut();
        cancel.setAttribute("aria-expanded", "true");
        const asked = form(
            { action: "Take it back", onProblem: (problem, notice) => {
                const late = onProblem(problem);
                if (late) fill(notice, late);
                return late !== false;
            }, async submit({ reason }) {
                const body = reason.trim() ? { reason: reason.trim() } : {};
                await call(`${path}/cancel`, { method: "POST", body, headers: { "If-Match": `"${version}"` } });
                announce("It is taken back");
                await changed();
            } },
            field("Why", "reason", { hint: "If you like; it stays with the message." }));
        asked.querySelector(".actions").append(h("button", { type: "button", onclick: shut }, "Leave it"));
        fill(panel, asked);
        panel.querySelector("input").focus();
    } }, name("Take it back…"));
    const shut = () => {
        fill(panel);
        cancel.setAttribute("aria-expanded", "false");
        cancel.focus();
    };
    const isHeld = status === "held" && !message.approval_id;
    const look = isHeld && act(
        name("Look again now"), "retry", undefined, "It is looked at again", { class: "small" });
    return h("div", { onkeydown: (event) => event.key === "Escape" && panel.firstChild && shut() },
        h("div", { class: "actions" }, cancel, look),
        panel, place);
}
