import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

export const channels = [
    "email", "whatsapp", "messenger", "instagram", "telegram", "sms", "slack", "x", "linkedin", "youtube",
    "web_chat", "portal",
];

/** The views of the inbox: [code, text, what it is narrowed by]; `me` is the reader. */
export const shows = ({ me } = {}) => [
    ["", t("All open"), { status: "open,pending" }],
    ["mine", t("Mine"), { status: "open,pending", assignee_id: me }],
    ["unassigned", t("Unassigned"), { status: "open,pending", "assignee_id[is]": "null" }],
    ["unread", t("Unread"), { "unread[gt]": 0 }],
    ["person", t("Waiting for a person"), { handler: "waiting_for_human" }],
    ["snoozed", t("Snoozed"), { status: "snoozed" }],
    ["closed", t("Closed"), { status: "closed" }],
    ["all", t("All"), {}],
];

/** Returns a conversation's title: its subject, or "Web chat with Ida Seel". */
export const titleOf = ({ subject, channel }, who) => subject
    ?? (who ? t("{channel} with {name}", { channel: words(channel), name: who })
        : t("{channel} conversation", { channel: words(channel) }));

