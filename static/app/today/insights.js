import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";
import { first } from "./ask.js";

/** Problems that a person should look at. */
export async function waits(signal) {
    const { data, total } = await first("/v1/alerts", { open: true, acknowledged: false }, signal);
    const items = data.map(({ severity, title, created_at }) => ({
        rank: severity === "critical" ? 0 : 5, at: created_at, kind: words(severity),
        tone: severity === "critical" ? "bad" : "warn", title, href: "#/alerts",
    }));
    if (total > data.length) items.at(-1).more = [t("All alerts"), "#/alerts", total];
    return items;
}
