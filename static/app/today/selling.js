import { may } from "../api.js";
import { t } from "../../ui/words.js";
import { first, hours, ownID, today } from "./ask.js";

const open = "outreach,needs_assessment,proposal_created,proposal_delivered,negotiation,contract";
const early = "new,researched,scored,qualified,contacted,engaged,proposal,negotiation";

/** One's own deals that should have been closed, and one's own leads that are best called now. */
export async function waits(signal) {
    if (!ownID()) return [];
    const [deals, calls] = await Promise.all([
        may("deals:read") && first("/v1/deals",
            { owner_id: ownID(), stage: open, "expected_close[lte]": today(), limit: 3 }, signal),
        may("leads:read") && first("/v1/leads", {
            owner_id: ownID(), status: early, "best_contact_at[lte]": hours(1), "best_contact_at[gte]": hours(-8),
        }, signal),
    ]);
    return [
        ...(deals?.data ?? []).map(({ id, name, expected_close }) => ({
            rank: 4, at: expected_close, kind: t("Close date passed"), tone: "warn", title: name, href: `#/deals/${id}`,
        })),
        ...(calls?.data ?? []).map(({ id, company, best_contact_at, next_action }) => ({
            rank: 4, at: best_contact_at, kind: t("Good time to call"), title: company, note: next_action,
            href: `#/leads/${id}`,
        })),
    ];
}
