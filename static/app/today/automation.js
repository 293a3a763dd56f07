import { later } from "../later.js";
import { locale, t } from "../../ui/words.js";
import { first } from "./ask.js";

/** Reads what agents may not do before somebody has said yes. */
export async function waits(signal) {
    const { data, total } = await first("/v1/approvals", { status: "pending", sort: "created_at" }, signal);
    const said = data.length > 0 ? await teller() : null;
    const items = data.map(({ id, title, created_at }) => ({
        rank: 3, at: created_at, kind: t("Approval"), tone: "warn", title: said(title), href: `#/approvals/${id}`,
    }));
    if (total > data.length) items.at(-1).more = [t("All approvals"), "#/approvals", total];
    return items;
}

/** Agents' requests are kept in English, so that readers of other languages are told in their own words. */
async function teller() {
    if ((locale() ?? "en").startsWith("en")) return String;
    return (await later(() => import("../sentences.js"))).told;
}
