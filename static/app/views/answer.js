import { call, may } from "../api.js";
import { announce, fill, h, section } from "../dom.js";
import { field, form } from "../forms.js";
import { words } from "../format.js";
import { tellsTyping } from "../typing.js";

/** A box to write to somebody in. What is written leaves when every rule lets it; the thread says which does not. */
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
        const said = { held: `It is held. ${why}`, sent: "It is sent" };
        announce(said[status] ?? "It is taken, and looked at; the thread shows what becomes of it");
        fill(place, draw());
        await reload();
        place.querySelector("textarea").focus();
    }
    const draw = () => form(
        { action: "Send", submit },
        isMail && field("Subject", "subject", { value: answering(subject), maxlength: 998 }),
        field("Text", "body", {
            control: "textarea", rows: 6, required: true,
            hint: "Markdown: **strong**, lists with - and [words](https://…) become a mail with both parts.",
        }),
        field("It is", "purpose", {
            control: "select", value: "transactional",
            options: [["transactional", "An answer, or part of what is under way"],
                ["marketing", "Marketing: only if they want it, with the way out below"]],
        }));
    const place = h("div", {}, draw());
    if (!isMail && may("conversations:write")) tellsTyping(place, `${path}/typing`);
    return section(`Write by ${words(channel).toLowerCase()}`, {}, place);
}

const answering = (subject) => (!subject ? "" : /^re:/i.test(subject) ? subject : `Re: ${subject}`);
