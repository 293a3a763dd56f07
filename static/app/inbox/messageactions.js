import { call } from "../api.js";
import { dialog } from "../../ui/dialog.js";
import { doing, failure, h } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

const of = ({ id }) => `/v1/messages/${encodeURIComponent(id)}`;

/** Offers what a person can do about a message: cancel it, have it checked again, or say whether it was sent. */
export function messageActions(message, changed) {
    const { status, version, approval_id, subject } = message;
    const place = h("div", { class: "notices" });
    const onProblem = (problem) => [409, 412].includes(problem.status) && failure(
        { title: t("Nothing was changed."), detail: t("The message has changed in the meantime.") }, changed,
            t("Load latest"));
    const headers = { "If-Match": `"${version}"` };
    const name = (text) => [text, h("span", { class: "unseen" }, `: ${subject ?? t("message")}`)];
    const act = (label, verb, body, told) => doing(name(label), async () => {
        await call(`${of(message)}/${verb}`, { method: "POST", body, headers });
        toast(told);
        await changed();
    }, { place, onProblem, class: "small" });
    const row = (...buttons) => [h("div", { class: "actions" }, buttons), place];

    if (status === "unknown") {
        return h("div", { class: "notice warn" },
            h("p", {}, t("The connection was lost during delivery, so the message may have been sent. Check with the email provider or the recipient, then choose. It is not sent again automatically.")),
            row(act(t("Mark as sent"), "resolve", { outcome: "sent" }, t("Marked as sent")),
                act(t("Send again"), "resolve", { outcome: "not_sent" }, t("Sending again"))));
    }
    if (status === "failed") return row(act(t("Try again"), "retry", undefined, t("Trying again")));
    if (status !== "queued" && status !== "held") return null;
    return row(
        h("button", { type: "button", class: "small", onclick: () => askCancel(message, headers, changed) },
            name(t("Cancel message"))),
        status === "held" && !approval_id && act(t("Check again"), "retry", undefined, t("Checking again")));
}

function askCancel(message, headers, changed) {
    const { close } = dialog({
        title: t("Cancel message?"),
        content: () => [
            h("p", {}, t("It is not sent. It stays in the conversation as cancelled.")),
            form({ action: t("Cancel message"), async submit({ reason }) {
                const body = reason.trim() ? { reason: reason.trim() } : {};
                await call(`${of(message)}/cancel`, { method: "POST", body, headers });
                close();
                toast(t("Message cancelled"));
                await changed();
            } }, field(t("Reason"), "reason", { hint: t("Optional. Kept with the message.") })),
        ],
    });
}
