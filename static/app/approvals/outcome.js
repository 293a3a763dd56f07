import { get, may } from "../api.js";
import { drawValue } from "../values.js";
import { whyHeld } from "../selling/held.js";
import { badge, fill, h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { t } from "../../ui/words.js";

const path = (id) => `/v1/approvals/${encodeURIComponent(id)}`;
const looks = [400, 1200, 3000, 6000];

/** Tells what has become of an approval after the yes or no: in words, with the way on where it is held. */
export function outcomeOf({ status, effect, needed, approved_by }) {
    if (status === "pending") {
        return t("Approved by you. {left} more have to approve.", { left: needed - approved_by.length });
    }
    if (status === "rejected") return badge(t("Rejected"), "bad");
    if (status !== "approved") return statusBadge(status);
    if (!effect) return badge(t("Approved"), "good");
    const state = effect.message?.status ?? effect.status;
    if (state === "held") {
        const reason = effect.message?.reasons?.[0] ?? effect;
        return h("span", {}, h("strong", {}, t("Approved, not sent:")), " ", whyHeld(reason));
    }
    if (["failed", "bounced", "cancelled", "unknown"].includes(state)) {
        const error = effect.error ?? effect.last_error ?? effect;
        return h("span", {}, h("strong", {}, t("Approved, but it failed:")), " ", whyHeld(error));
    }
    if (["sent", "delivered"].includes(state)) return badge(t("Approved and sent"), "good");
    if (state === "queued" || state === "sending") return badge(t("Approved, being sent"), "good");
    const result = effect.result ? [". ", drawValue(effect.result)] : "";
    return [badge(t("Approved"), "good"), " ", words(state ?? ""), result];
}

/** An approval with what is known of the message that it let go. */
export async function withEffect(id, signal) {
    const approval = await get(path(id), signal);
    const message = approval.effect?.message_id && may("messages:read")
        ? await get(`/v1/messages/${encodeURIComponent(approval.effect.message_id)}`, signal).catch(() => null) : null;
    return message ? { ...approval, effect: { ...approval.effect, message } } : approval;
}

const isOver = ({ status, effect }) => status !== "approved"
    || (effect && !["queued", "sending"].includes(effect.message?.status ?? effect.status));

/** A place that says what becomes of a decision, and looks again until it is known. */
export function watched(decided, signal) {
    const place = h("span", {}, outcomeOf(decided));
    const look = (turn) => setTimeout(async () => {
        const now = await withEffect(decided.id, signal).catch(() => null);
        if (!now || signal.aborted) return;
        fill(place, outcomeOf(now));
        if (!isOver(now) && turn + 1 < looks.length) look(turn + 1);
    }, looks[turn]);
    if (decided.status === "approved") look(0);
    return place;
}
