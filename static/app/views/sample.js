import { call, get, may } from "../api.js";
import { doing, fill, h } from "../dom.js";
import { toast } from "../../ui/toast.js";

const tag = "sample";
const plenty = 20;

/** [company, industry, people, contact, title, what they look for]. Their addresses lead nowhere. */
const leads = [
    ["Harbour Dental Group", "Healthcare", 45, "Mara Lind", "Practice manager", "More patients from the region"],
    ["Tidewater Logistics", "Logistics", 220, "Jon Veld", "Head of marketing", "Leads from search, not from fairs"],
    ["Alder & Finch Law", "Legal services", 18, "Priya Nair", "Partner", "A website that says what they do"],
    ["Orchard Row Hotels", "Hospitality", 130, "Luca Moretti", "Marketing director", "Fewer bookings through portals"],
    ["Northlight Solar", "Energy", 60, "Sofia Berg", "Managing director", "Campaigns in three countries"],
    ["Kestrel Robotics", "Technology", 85, "Amir Haddad", "Head of growth", "A pipeline from content"],
    ["Brook Street Bakery", "Retail", 25, "Nina Okafor", "Owner", "Orders online in two cities"],
    ["Summit Physio", "Healthcare", 12, "Tom Weiss", "Owner", "Appointments without the telephone"],
];

const bodyOf = ([company, industry, employee_count, contact_name, contact_title, want], index) => ({
    company, industry, employee_count, contact_name, contact_title, pain_points: [want], source: "sample", tags: [tag],
    email: `${contact_name.toLowerCase().replaceAll(/[^a-z]+/g, ".")}@sample-${index + 1}.test`,
});

/** Brings in a few leads to look at, and takes them out again with whatever came with them. */
export function sampleSwitch() {
    if (!may("leads:write")) return null;
    const place = h("p", { class: "actions" }), trouble = h("div");
    const draw = async () => {
        const { data } = await get(`/v1/leads?tags=${tag}&limit=1&fields=id`);
        const { total } = await get("/v1/leads?limit=1&fields=id&total=true");
        // Whoever has leads enough needs none to look at.
        if (!data.length && total > plenty) return fill(place);
        const [text, act] = data.length ? ["Remove sample data", remove] : ["Add sample data", add];
        fill(place, doing(text, async () => {
            await act();
            await draw();
        }, { place: trouble }));
    };
    draw().catch(() => {});
    return [place, trouble];
}

async function add() {
    const operations = leads.map((one, index) => ({ op: "create", body: bodyOf(one, index) }));
    await call("/v1/leads/bulk", { method: "POST", body: { operations } });
    toast("Sample leads added", { text: "Look at them", href: `#/leads?q=${tag}` });
}

/** A lead brings its contact and company with it; those of the sample are of no use without it. */
async function remove() {
    const { data } = await get(`/v1/leads?tags=${tag}&limit=200`);
    const drop = async (path, id) => {
        if (!id) return;
        await call(`${path}/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(({ status }) => {
            if (![404, 409].includes(status)) throw { title: "Not all of the sample could be removed." };
        });
    };
    for (const { id, contact_id, company_id, email } of data) {
        await drop("/v1/leads", id);
        // Whatever somebody has made their own stays.
        if (!email?.endsWith(".test")) continue;
        await drop("/v1/contacts", contact_id);
        await drop("/v1/companies", company_id);
    }
    toast("Sample data removed");
}
