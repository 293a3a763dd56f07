import { call } from "../api.js";
import { ask, asked } from "../records/ask.js";
import { t } from "../../ui/words.js";

const channels = [
    "email", "whatsapp", "messenger", "instagram", "telegram", "sms", "slack", "x", "linkedin", "youtube",
    "web_chat", "portal",
];

/** Stops the sending of one client, or of a channel that is chosen. */
export function askStop({ scope, id, name }, changed) {
    ask({
        title: scope === "client" ? t("Stop sending for {name}?", { name }) : t("Stop a channel?"),
        action: t("Stop sending"), isGrave: true, said: t("Sending is stopped"),
        text: t("Nothing goes out until sending is resumed. What waits is kept."),
        fields: [
            scope === "channel" && asked.choice("channel", t("Channel"), channels, { required: true }),
            asked.text("reason", t("Reason"),
                { required: true, help: t("Shown to everyone while sending is stopped.") }),
        ],
        async run({ reason, channel }) {
            await call("/v1/brakes", { method: "POST", body: { scope, id: id ?? channel, reason } });
            await changed?.();
        },
    });
}

