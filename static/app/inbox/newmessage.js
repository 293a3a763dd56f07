import { ask, asked, operate } from "../records/ask.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { channels } from "./channels.js";

/** Writes to somebody who has not written: as soon as every rule allows it. */
export const newMessage = () => ask({
    title: t("New message"), action: t("Send"), values: { channel: "email", purpose: "transactional" },
    fields: [
        asked.record("contact_id", t("To"), "contacts", { required: true }),
        asked.choice("channel", t("Channel"), channels, { required: true }),
        asked.text("subject", t("Subject")),
        asked.long("body", t("Message"), { required: true }),
        asked.choice("purpose", t("Purpose"), ["transactional", "marketing"],
            { required: true, help: t("Marketing needs the contact's consent, or another basis.") }),
    ],
    run: ({ subject, ...body }) => operate("/v1/messages", { body: { ...body, ...(subject && { subject }) } }),
    said: ({ status, reasons, conversation_id }) => ({
        text: status === "held" ? t("Held, not sent. {why}", { why: reasons.map(({ detail }) => detail).join(" ") })
            : t("Message: {status}", { status: words(status) }),
        ...(conversation_id && { way: { text: t("Open"), href: `#/inbox/${conversation_id}` } }),
    }),
});
