import { get, may } from "../api.js";
import { paged } from "../paging.js";
import { ask, asked } from "../records/ask.js";
import { merge } from "../records/merging.js";
import { kindOf } from "../records/meta.js";
import { named } from "../records/naming.js";
import { show } from "../records/show.js";
import { badge, doing, h, pending, section } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { facts } from "../../ui/facts.js";
import { percent, within } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { inSentence, t } from "../../ui/words.js";

/** Asks with which lead another one is to become one. */
export function askMerge({ id, company }, changed) {
    ask({
        title: t("Merge lead"), action: t("Merge"),
        text: t("{name} stays and takes over what only the other lead has. You can undo this.", { name: company }),
        fields: [asked.record("other", t("Other lead"), "leads", { required: true })],
        run: ({ other }) => merge("leads", id, other, changed),
    });
}

/** Leads that seem to be the same, two by two. */
export function duplicates({ signal }) {
    const page = async (cursor) => {
        const found = await get(`/v1/leads/duplicates?limit=20&total=true${cursor ? `&cursor=${cursor}` : ""}`, signal);
        return { ...found, data: await Promise.all(found.data.map((pair) => withRecords(pair, signal))) };
    };
    const place = pending(async () => ({ kind: await kindOf("leads"), first: await page() }), ({ kind, first }) => {
        if (!first.data.length) {
            return empty(t("No duplicates"), {
                about: t("Leads with the same address, phone or name would be listed here."),
                ways: h("a", { href: "#/leads" }, t("All leads")),
            });
        }
        const draw = (pair) => drawPair(kind, pair, place.reload);
        const list = h("div", {}, first.data.map(draw));
        return [list, paged(first, page, (more) => {
            const added = more.map(draw);
            list.append(...added);
            return added[0];
        })];
    }, { signal });
    return {
        title: t("Duplicates"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/leads" }, t("Leads"))), h("h1", {}, t("Duplicates")), place,
        ],
    };
}

async function withRecords(pair, signal) {
    const read = (id) => get(`/v1/leads/${encodeURIComponent(id)}`, signal).catch(() => null);
    return { ...pair, records: (await Promise.all(pair.leads.map(read))).filter(Boolean) };
}

const compared = ["contact_name", "email", "phone", "website", "location", "status", "source", "created_at"];

function drawPair(kind, { records, confidence, reasons }, changed) {
    if (records.length < 2) return null;
    const place = h("div", { class: "notices" });
    const nameOf = ({ company, email }) => (email ? `${company}, ${email}` : company);
    const keep = (one, other) => may("leads:write") && doing(t("Keep this one"),
        () => merge("leads", one.id, other.id, changed),
        { place, class: "small", ...spokenAs(t("Keep this one: {name}", { name: nameOf(one) })) });
    const side = (one, other) => h("div", {},
        h("h3", {}, named("leads", one.id)),
        facts(compared.map((name) => kind.fields.get(name)).filter(Boolean)
            .map((field) => [field.label, show(field, one[field.name])])),
        h("div", { class: "actions" }, keep(one, other)));
    const [a, b] = records;
    return section(t("{a} and {b}", { a: a.company, b: b.company }), {},
        h("p", { class: "badges" },
            badge(t("{share} sure", { share: percent(confidence) }), confidence > 0.8 ? "warn" : ""),
            reasons.map((reason) => badge(reasonText(reason, kind)))),
        h("div", { class: "pair" }, side(a, b), side(b, a)), place);
}

/** "same custom.site_visits" → "Same: site visits". */
export function reasonText(reason, kind) {
    const [, way, field] = /^(same |but another |)(.*)$/.exec(reason);
    const own = kind.fields.get(field);
    const what = own?.isOwn ? inSentence(own.label) : within(field.replace("custom.", ""));
    const capital = what.charAt(0).toUpperCase() + what.slice(1);
    return way === "same " ? t("Same: {what}", { what }) : way ? t("Different: {what}", { what }) : capital;
}
