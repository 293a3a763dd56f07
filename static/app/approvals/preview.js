import { download, get, may, withQuery } from "../api.js";
import { mailFold } from "../mail.js";
import { linkTo } from "../places.js";
import { drawReasons } from "../reasons.js";
import { drawValues, mergePatch, readValues, typesOf, valueFields } from "../values.js";
import { badge, doing, h, pending, quiet } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { field } from "../../ui/field.js";
import { counted, number, within } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { t } from "../../ui/words.js";
import { kindOf } from "./kind.js";

/* An approval as whoever decides wants to see it: a mail as a mail, a price as a price. */

/** Draws the subject of the decision; `isOpen` when it is alone on its page. */
export function drawPreview(approval, isOpen) {
    switch (kindOf(approval)) {
        case "message": return drawMail(approval, isOpen);
        case "concession": return drawConcession(approval);
        case "paper": return drawPaper(approval);
        default: return [h("div", { class: "preview" }, drawValues(approval.preview)), inFull(approval)];
    }
}

/**
 * Draws the rest of the subject, where the preview does not say it all: a call's arguments, or what a person has
 * edited.
 */
function inFull({ tool, preview, arguments: document }) {
    const isEdited = Object.keys(mergePatch(preview, document)).length > 0;
    if (!isEdited) return null;
    const summary = h("summary", {}, tool ? t("All details") : t("Edited version"));
    return h("details", { class: "fold", open: !tool }, summary, drawValues(document));
}

/** The message as it would leave, or as somebody has let it leave. */
function drawMail({ preview, status, arguments: said, effect, subject, owner }, isOpen) {
    const isDecided = status !== "pending";
    const message = effect?.message_id ?? (subject?.type === "message" ? subject.id : owner.id);
    return [
        h("div", { class: "preview" },
            facts([
                [t("To"), addressee(preview.to, preview.recipient)],
                [t("Subject"), isDecided ? said.subject ?? preview.subject : preview.subject],
            ]),
            h("div", { class: "said", dir: "auto" }, isDecided ? said.body ?? preview.text : preview.text)),
        isOpen && may("messages:read") && pending(() => loadMail(message).catch(() => null),
            (found) => found && drawAround(found)),
    ];
}

/** The recipient and the address, which has a line of its own, as a name can look like one. */
const addressee = (name, address) => [
    name !== address && h("span", { dir: "auto" }, name), h("span", { class: "evidence" }, address ?? t("No address"))];

async function loadMail(id) {
    const message = await get(`/v1/messages/${encodeURIComponent(id)}`);
    if (!message.contact_id || !["held", "queued"].includes(message.status)) return { message };
    const question = withQuery(
        `/v1/contacts/${encodeURIComponent(message.contact_id)}/sendability`,
        { channel: message.channel, purpose: message.purpose });
    return { message, sendability: await get(question) };
}

/** Where it belongs, whether it would leave at once, and how it looked when it left. */
function drawAround({ message, sendability }) {
    const { conversation_id, html, subject, purpose } = message;
    return [
        sendability && h("div", {},
            h("p", { class: "badges" }, h("strong", {}, t("After approval")), sendability.sendable
                ? badge(t("Sends immediately"), "good") : badge(t("Will be held"), "warn")),
            sendability.reasons.length > 0 && drawReasons(sendability.reasons)),
        purpose === "marketing" && sendability
            && quiet(t("The agency's address and an unsubscribe link are added when it is sent.")),
        html && mailFold(html, subject ?? t("Email")),
        conversation_id && may("conversations:read") && h("p", { class: "links" },
            linkTo({ type: "conversation", id: conversation_id }, t("View conversation"))),
    ];
}

function drawConcession({ preview, subject }) {
    const { deal, price, discount_percent, free_months, scope, beyond } = preview;
    return h("div", { class: "preview" }, facts([
        [t("Deal"), subject ? linkTo(subject, deal) : deal],
        [t("Price"), price && t("{price} each month", { price: money(price) })],
        [t("Discount"), discount_percent !== null && `${number(discount_percent)} %`],
        [t("Free months"), free_months > 0 && counted(free_months, "month")],
        [t("What else they get"), scope],
        [t("Beyond the rules"), beyond?.length > 0 && beyond.map(within).join(", ")],
    ]));
}

/** A proposal or a contract that is to be sent: the document can be read before it is approved. */
function drawPaper({ preview }) {
    const { to, recipient, amount, document, id } = preview;
    const place = h("div", { class: "notices" });
    const isContract = document === "contract";
    const pdf = `/v1/${isContract ? "contracts" : "proposals"}/${encodeURIComponent(id)}.pdf`;
    return [
        h("div", { class: "preview" }, facts([
            [t("To"), addressee(to, recipient)], [t("Amount"), money(amount)],
            [t("How"), isContract ? t("Email with a link to the contract") : t("Email with a link to the proposal")],
        ])),
        may(isContract ? "contracts:read" : "proposals:read") && h("div", { class: "actions" },
            linkTo({ type: document, id }, isContract ? t("View contract") : t("View proposal")),
            doing(t("Save as PDF"), () => download(pdf, `${document}.pdf`), { place, class: "small" })),
        place,
    ];
}

const identifier = /^[a-z]{2,9}_[0-9a-hjkmnp-tv-z]{26}$/;
const editable = (document) => Object.fromEntries(Object.entries(document ?? {})
    .filter(([, value]) => typeof value !== "object" && !identifier.test(value)));

/** Whether its arguments can be changed with the yes: an offer is refused, and another one made. */
export const isEditable = (approval) => !["concession", "paper"].includes(kindOf(approval))
    && Object.keys(editable(approval.arguments)).length > 0;

/** A text without the escapes of its Markdown where it reads the same: "\\$2,500\\.00". */
const shown = (text) => (text ?? "").replaceAll(/\\([$,&!()'"])/g, "$1").replaceAll(/(\d)\\\.(?=\d)/g, "$1.");

/** The controls to change what is approved: a mail as a mail is written, anything else by its fields. */
export function editFields(approval) {
    const { subject, body } = approval.arguments;
    if (kindOf(approval) !== "message") {
        const known = editable(approval.arguments);
        return valueFields(typesOf(known), known);
    }
    return [
        subject !== null && subject !== undefined && field(t("Subject"), "subject", { value: subject, maxlength: 998 }),
        field(t("Message"), "body", { control: "textarea", rows: 14, value: shown(body),
            hint: t("Use **bold**, lists with - and [links](https://…).") }),
    ].filter(Boolean);
}

/** Returns what the edited fields make of the arguments: the patch that goes with the yes. */
export function changesOf(approval, entered) {
    const before = approval.arguments;
    if (kindOf(approval) === "message") {
        const body = entered.body === shown(before.body) ? before.body : entered.body;
        return mergePatch(before, { ...before, ...entered, body });
    }
    return mergePatch(before, { ...before, ...readValues(typesOf(editable(before)), entered) });
}
