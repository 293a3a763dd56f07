import { call, may } from "../api.js";
import { announce, fill, h, section } from "../dom.js";
import { field, form } from "../forms.js";
import { within } from "../format.js";
import { tellsTyping } from "../typing.js";

/** A form to reply in. The message is sent once every rule allows it; the thread says which one holds it. */
export function answerForm({ contact_id, channel, subject, reload, path }) {
    const isMail = channel === "email";
    // The same words sent twice by a doubled click are one message.
    let key = crypto.randomUUID?.() ?? String(Math.random());
    async function submit({ subject: line = null, body, purpose }) {
        const message = { contact_id, channel, body, purpose, ...(isMail && { subject: line }) };
        const response = await call("/v1/messages", {
            method: "POST", body: message, headers: { "Idempotency-Key": key },
        });
        key = crypto.randomUUID?.() ?? String(Math.random());
        const { status, reasons } = await response.json();
        const why = reasons.map(({ detail }) => detail).join(" ");
        const said = { held: `Message held. ${why}`, sent: "Message sent" };
        announce(said[status] ?? "Message queued. Its status is shown in the conversation.");
        fill(place, draw());
        await reload();
        place.querySelector("textarea").focus();
    }
    const draw = () => form(
        { action: "Send", submit },
        isMail && field("Subject", "subject", { value: answering(subject), maxlength: 998 }),
        field("Reply", "body", {
            control: "textarea", rows: 6, required: true,
            hint: "Markdown: **bold**, lists with - and [links](https://…). Sent as HTML and plain text.",
        }),
        field("Type", "purpose", {
            control: "select", value: "transactional",
            options: [["transactional", "Reply"], ["marketing", "Marketing"]],
            hint: "Marketing is sent only with consent, and with an unsubscribe link.",
        }));
    const place = h("div", {}, draw());
    if (!isMail && may("conversations:write")) tellsTyping(place, `${path}/typing`);
    return section(`Reply by ${within(channel)}`, {}, place);
}

const answering = (subject) => (!subject ? "" : /^re:/i.test(subject) ? subject : `Re: ${subject}`);
