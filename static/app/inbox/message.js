import { call, get, may, tenant } from "../api.js";
import { attachments } from "../attachments.js";
import { mailFold } from "../mail.js";
import { linkTo, placeOf } from "../places.js";
import { drawDecisions } from "../decisions.js";
import { drawReasons } from "../reasons.js";
import { alarm } from "../../ui/alarm.js";
import { badge, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { percent, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { said } from "../../ui/thread.js";
import { timeline } from "../../ui/timeline.js";
import { toast } from "../../ui/toast.js";
import { instantIn } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { messageActions } from "./messageactions.js";

/** The marks by which a message is drawn anew. */
export const markOf = ({ version, status }) => `${version} ${status}`;

/** One message of a conversation; `who` is the contact's name, `changed` is told what has been done to it. */
export function drawMessage(message, { who, changed }) {
    const { direction, internal, subject, text, html, status, is_automatic, made_with_ai, captured, author } = message;
    const ours = direction === "outbound";
    const side = internal ? "note" : ours ? "ours" : "theirs";
    return said({
        side, text: text || null, at: message.sent_at ?? message.created_at, name: nameOf(message, who),
        role: author?.type === "agent" ? t("Agent") : null,
        marks: [
            internal && badge(t("Internal note"), "warn"), is_automatic && badge(t("Automatic reply")),
            made_with_ai && badge(t("Made with AI")),
            captured && badge(t("Captured in the sandbox")), scheduled(message),
            !ours && message.class && statusBadge(message.class),
        ],
        rest: [
            !text && !html && quiet(t("No text")),
            html && mailFold(html, t("Email: {subject}", { subject: subject ?? t("no subject") })),
            attachments(message.attachments),
            !internal && (ours ? delivery(message, status) : null),
            message.evidence?.suspicious && h("p", { class: "notice warn" },
                h("strong", {}, t("This message contains instructions for AI agents.")), " ",
                t("Agents do not follow instructions in messages.")),
            ours && !internal && may("messages:write") && messageActions(message, changed),
            !internal && about(message, changed),
        ],
    });
}

export const nameOf = ({ author, sender, direction, internal }, who) => {
    if (author?.type === "agent") return author.name ?? words(author.id);
    if (direction === "inbound" && !internal) return who ?? author?.name ?? sender ?? t("Contact");
    return author?.name ?? tenant().name ?? t("A colleague");
};

const scheduled = ({ status, not_before }) => ["queued", "held"].includes(status) && not_before
    && new Date(not_before) > Date.now()
    && badge(t("Scheduled for {when}", { when: instantIn(not_before, tenant().time_zone) }), "warn");

/** Where a message of ours is on its way, and what keeps it. */
function delivery(message, status) {
    const { reasons, error_code, error_detail, opened_at } = message;
    const isKept = ["held", "queued", "cancelled"].includes(status) && reasons.length > 0;
    return h("div", { class: "delivery" },
        h("p", { class: "badges" }, statusBadge(status), opened_at && badge(t("Opened"), "good")),
        isKept && drawReasons(reasons),
        error_code && h("p", { class: "fault" }, error_detail ?? words(error_code)));
}

const when = (instant) => instant && instantIn(instant, tenant().time_zone);

/** The rest that is known of it, for whoever asks. */
function about(message, changed) {
    const { direction, cause, why, approval_id, recipient, purpose, sender, sources } = message;
    const isOurs = direction === "outbound";
    const draw = () => [
        isOurs ? facts([
            [t("Reason"), why],
            [t("Triggered by"), cause && placeOf(cause) && linkTo(cause, words(cause.type))],
            [t("Approval"), approval_id && linkTo({ type: "approval", id: approval_id }, t("View approval"))],
            [t("To"), /^[a-z]+_[0-9a-z]{26}/.test(recipient) ? t("A visitor of the website") : recipient],
            [t("Purpose"), words(purpose)], [t("Sent"), when(message.sent_at)],
            [t("Delivered"), when(message.delivered_at)], [t("Opened"), when(message.opened_at)],
            [t("Clicked"), when(message.clicked_at)], [t("Replied"), when(message.replied_at)],
            [t("Based on"), sourceLinks(sources)],
        ]) : [facts([[t("From"), /^[a-z]+_[0-9a-z]{26}/.test(sender) ? null : sender]]), reading(message, changed)],
        isOurs && pending(() => get(`/v1/messages/${encodeURIComponent(message.id)}`), drawHistory),
        !isOurs && may("decisions:read") && pending(
            () => get(`/v1/decisions?subject_id=${encodeURIComponent(message.id)}`), drawDecisions),
    ];
    return fold(t("Details"), draw);
}

const sourceLinks = (sources) => Array.isArray(sources) && sources.length > 0
    && sources.map((one, index) => [index > 0 && ", ", linkTo(one, one.title ?? words(one.type))]);

/** A fold that is filled when it is opened first. */
export function fold(title, draw) {
    const place = h("div");
    const element = h("details", { class: "fold" }, h("summary", {}, title), place);
    element.addEventListener("toggle", () => {
        if (element.open && !place.firstChild) place.append(...[draw()].flat(Infinity).filter(Boolean));
    });
    return element;
}

const drawHistory = ({ history }) => history?.length > 0
    && timeline(history.map(({ kind, detail, at }) =>
    ({ what: words(kind), of: detail, at: h("span", { class: "quiet" }, when(at)) })));

const classes = ["interested", "question", "objection", "referral", "not_now", "not_interested", "unsubscribe",
    "out_of_office", "bounce", "other"];

/** Shows how a reply was read; a person may say better, and agents learn from it. */
function reading({ id, class: meaning, confidence, evidence }, changed) {
    if (!meaning) return null;
    const quotes = (evidence?.words ?? []).map(({ quote }) => quote).filter(Boolean);
    const select = h("select", { ...spokenAs(t("Type of reply")), async onchange() {
        try {
            await call(`/v1/messages/${encodeURIComponent(id)}`, { method: "PATCH", body: { class: select.value } });
            toast(t("Type of reply corrected"));
            await changed();
        } catch (problem) {
            select.value = meaning;
            alarm(whyNot(problem));
        }
    } }, classes.map((code) => h("option", { value: code, selected: code === meaning }, words(code))));
    return facts([
        [t("Type"), may("messages:write") ? select : words(meaning)], [t("Confidence"), percent(confidence)],
        [t("Read from"), quotes.length > 0 && quotes.map((text, index) => [index > 0 && ", ", h("q", {}, text)])],
    ]);
}
