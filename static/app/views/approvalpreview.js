import { download, get, may, withQuery } from "../api.js";
import { badge, doing, facts, h, pending } from "../dom.js";
import { field } from "../forms.js";
import { money, number, within } from "../format.js";
import { mailFold } from "../mail.js";
import { linkTo } from "../places.js";
import { drawValues, mergePatch, typesOf, valueFields } from "../values.js";
import { drawReasons } from "./sendability.js";

/* What an approval is about, as whoever decides wants to see it: a mail as a mail, a price as a price. */

/** What is decided on; `isOpen` when it is alone on its page. */
export function drawPreview(approval, isOpen) {
    switch (approval.owner.type) {
        case "message": return drawMail(approval, isOpen);
        case "concession": return drawConcession(approval);
        case "sale": return drawSale(approval);
        default: return [h("div", { class: "preview" }, drawValues(approval.preview)), inFull(approval)];
    }
}

/** What is decided on, where the preview does not say it all: a call's arguments, or what a person has edited. */
function inFull({ tool, preview, arguments: document }) {
    const isEdited = Object.keys(mergePatch(preview, document)).length > 0;
    if (!tool && !isEdited) return null;
    const summary = h("summary", {}, tool ? "All arguments" : "Edited version");
    return h("details", { class: "fold", open: !tool }, summary, drawValues(document));
}

/** The message as it would leave, or as somebody has let it leave. */
function drawMail(approval, isOpen) {
    const { preview, status, arguments: said, owner } = approval;
    const isDecided = status !== "pending";
    const path = `/v1/messages/${encodeURIComponent(owner.id)}`;
    return [
        h("div", { class: "preview" },
            facts([
                ["To", addressee(preview.to, preview.recipient)],
                ["Subject", isDecided ? said.subject ?? preview.subject : preview.subject],
            ]),
            h("div", { class: "said" }, isDecided ? said.body ?? preview.text : preview.text)),
        isOpen && may("messages:read") && pending(() => loadMail(path), drawAround),
    ];
}

/** Who is written to, and where: the address has a line of its own, as a name can look like one. */
const addressee = (name, address) => [
    name !== address && name, h("span", { class: "evidence" }, address ?? "No address")];

async function loadMail(path) {
    const message = await get(path);
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
            h("p", { class: "badges" }, h("strong", {}, "After approval"),
                sendability.sendable ? badge("Sends immediately", "good") : badge("Will be held", "warn")),
            sendability.reasons.length > 0 && drawReasons(sendability.reasons)),
        purpose === "marketing" && sendability
            && h("p", { class: "quiet" }, "The agency's address and an unsubscribe link are added when it is sent."),
        html && mailFold(html, `Email: ${subject ?? "no subject"}`),
        conversation_id && may("conversations:read") && h("p", { class: "links" },
            linkTo({ type: "conversation", id: conversation_id }, "View conversation")),
    ];
}

function drawConcession({ preview, subject }) {
    const { deal, price, discount_percent, free_months, scope, beyond } = preview;
    return h("div", { class: "preview" }, facts([
        ["Deal", linkTo(subject, deal)],
        ["Price", price && `${money(price)} per month`],
        ["Discount", discount_percent !== null && `${number(discount_percent)} %`],
        ["Free months", free_months > 0 && number(free_months)],
        ["Scope", scope],
        ["Exceeds", beyond?.length > 0 && beyond.map(within).join(", ")],
    ]));
}

/** A proposal or a contract that is to be sent: the document can be read before it is approved. */
function drawSale({ preview }) {
    const { to, recipient, amount, document, id } = preview;
    const place = h("div", { class: "notices" });
    const pdf = document === "contract"
        ? `/v1/contracts/${encodeURIComponent(id)}.pdf` : `/v1/proposals/${encodeURIComponent(id)}.pdf`;
    return [
        h("div", { class: "preview" }, facts([
            ["To", addressee(to, recipient)],
            ["Amount", money(amount)],
            ["Delivery", `Email with a link to the ${within(document)}`],
        ])),
        may(document === "contract" ? "contracts:read" : "proposals:read") && h("div", { class: "actions" },
            doing("Download PDF", () => download(pdf, `${document}.pdf`), { place })),
        place,
    ];
}

/** Whether its arguments can be changed with the yes: an offer is refused, and another one made. */
export const isEditable = ({ owner, arguments: document }) =>
    owner.type !== "concession" && Object.keys(document ?? {}).length > 0;

/** The controls to change what is approved: a mail as a mail is written, anything else by its fields. */
export function editFields({ owner, arguments: document }) {
    if (owner.type !== "message") return valueFields(typesOf(document), document);
    const { subject, body } = document;
    return [
        subject !== null && subject !== undefined && field("Subject", "subject", { value: subject, maxlength: 998 }),
        field("Message", "body", {
            control: "textarea", rows: 14, value: body ?? "",
            hint: "Markdown: **bold**, lists with - and [links](https://…). Sent as HTML and plain text.",
        }),
    ].filter(Boolean);
}
