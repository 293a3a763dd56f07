import { t } from "../words.js";
import { first } from "./ask.js";

/** What agents may not do before somebody has said yes. */
export async function waits(signal) {
    const { data, total } = await first("/v1/approvals", { status: "pending", sort: "created_at" }, signal);
    const items = data.map(({ id, title, created_at }) => ({
        rank: 3, at: created_at, kind: t("Approval"), tone: "warn", title, href: `#/approvals/${id}`,
    }));
    if (total > data.length) items.at(-1).more = [t("All approvals"), "#/approvals", total];
    return items;
}
