import { call, may } from "../api.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { tag } from "./sample.js";
import { leads, tickets } from "./samples.js";

const post = async (path, body) => (await call(path, { method: "POST", body })).json();

/** Brings in the sample data. */
export async function add(tell) {
    const requests = may("tickets:write") ? tickets : [];
    const all = leads.length + requests.length;
    const operations = leads.map((body) => ({ op: "create", body }));
    tell(0, all);
    await post("/v1/leads/bulk", { operations });
    for (const [index, body] of requests.entries()) {
        tell(leads.length + index, all);
        await post("/v1/tickets", body);
    }
    tell(all, all);
    toast(t("Sample data added"), { text: t("View the leads"), href: `#/leads?q=${tag}` });
}

/** Everything that bears the mark, with what came of it; what somebody has made their own stays. */
export async function remove(tell) {
    tell(0, 1);
    const { kept } = await post("/v1/sample-data/remove");
    tell(1, 1);
    toast(t("Sample data removed"), kept.length > 0
        && { text: t("View what you have made your own"), href: "#/leads" });
}
