import { badge } from "./dom.js";
import { words } from "./format.js";

const tones = {
    good: [
        "qualified", "won", "high", "met", "healthy", "active", "completed", "succeeded", "approved", "resolved",
        "sent", "delivered", "accepted", "signed", "paid", "interested",
    ],
    bad: [
        "disqualified", "lost", "not_met", "failing", "failed", "critical", "rejected", "expired", "silent", "bounced",
        "bounce", "declined", "overdue", "refused", "unsubscribe", "not_interested",
    ],
    warn: [
        "medium", "unknown", "needs_information", "degraded", "handover", "waiting", "paused", "pending", "retrying",
        "warning", "held", "question", "objection", "waiting_for_human", "no_show",
    ],
    low: ["low"],
};

/** The colour a status, priority, state or result is shown in, beside its word. */
export function tone(code) {
    return Object.keys(tones).find((name) => tones[name].includes(code)) ?? "";
}

/** A status, priority, state or result as a badge. */
export const statusBadge = (code) => badge(words(code), tone(code));
