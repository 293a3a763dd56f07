import { call, get, may } from "../api.js";
import { t } from "../words.js";
import { tag } from "../views/sample.js";
import { toast } from "../../ui/toast.js";
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

/** Everything that bears the mark; a lead brings its contact, company and deals with it. */
export async function remove(tell) {
    const { data } = await get(`/v1/leads?tags=${tag}&limit=200`);
    const asked = may("tickets:write") ? (await get(`/v1/tickets?source=${tag}&limit=200&fields=id`)).data : [];
    const all = data.length + asked.length;
    let done = 0;
    const drop = async (path, id) => {
        if (!id) return;
        await call(`${path}/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(({ status }) => {
            if (![404, 409].includes(status)) throw { title: t("Not all of the sample data could be removed.") };
        });
    };
    tell(0, all);
    for (const { id } of asked) {
        await drop("/v1/tickets", id);
        tell(++done, all);
    }
    for (const { id, contact_id, company_id, email } of data) {
        const deals = await get(`/v1/deals?lead_id=${id}&limit=50&fields=id`);
        for (const deal of deals.data) await drop("/v1/deals", deal.id);
        await drop("/v1/leads", id);
        // Whatever somebody has made their own stays.
        if (email?.endsWith(".test")) {
            await drop("/v1/contacts", contact_id);
            await drop("/v1/companies", company_id);
        }
        tell(++done, all);
    }
    toast(t("Sample data removed"));
}
