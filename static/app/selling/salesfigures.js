import { get, withQuery } from "../api.js";

/* What sales are measured by, from the lists themselves, so that each figure leads to its records. */

const after = { contacted: 0, engaged: 1, proposal: 2, negotiation: 3, won: 4 };
const leadsMax = 1000;

/** The day from which a period of so many days counts. */
export const since = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

const count = async (path, query, signal) =>
    (await get(withQuery(path, { ...query, limit: 1, fields: "id", total: "true" }), signal)).total;

/** How far the leads of a period have come: [step, count, the filter that finds them]. */
export async function funnel(days, signal) {
    const own = { "created_at[gte]": since(days) };
    const from = (status) => Object.keys(after).slice(after[status]).join(",");
    const steps = [
        ["added", own], ["qualified", { ...own, "qualified_at[gte]": "2000-01-01" }],
        ...["contacted", "engaged", "proposal", "won"].map((status) => [status, { ...own, status: from(status) }]),
    ];
    return Promise.all(steps.map(async ([step, query]) =>
        ({ step, query, count: await count("/v1/leads", query, signal) })));
}

/** The deals that were won and lost in a period, newest first, and how long they took. */
export async function closed(days, signal) {
    const query = { "closed_at[gte]": since(days) };
    const fields = "id,name,stage,value,lost_reason,created_at,closed_at";
    const ask = (stage) => get(withQuery("/v1/deals", { ...query, stage, limit: 200, fields, total: "true" }), signal);
    const [won, lost] = await Promise.all([ask("won"), ask("lost")]);
    const took = won.data.map(({ created_at, closed_at }) => (new Date(closed_at) - new Date(created_at)) / 86_400_000);
    return {
        query, won, lost, days: took.length ? took.reduce((sum, one) => sum + one, 0) / took.length : null,
        reasons: tally(lost.data.map(({ lost_reason }) => lost_reason).filter(Boolean)),
    };
}

/** Where the leads of a period came from, and what came of them; `isWhole` unless there are too many to read. */
export async function bySource(days, signal) {
    const sources = new Map();
    let cursor = "", read = 0, more = true;
    while (more && read < leadsMax) {
        const page = await get(withQuery("/v1/leads", {
            "created_at[gte]": since(days), limit: 200, cursor, fields: "source,status,qualified_at",
        }), signal);
        for (const lead of page.data) add(sources, lead);
        read += page.data.length;
        more = page.has_more;
        cursor = page.next_cursor;
    }
    return { isWhole: !more, read, sources: [...sources.values()].sort((one, other) => other.leads - one.leads) };
}

function add(sources, { source, status, qualified_at }) {
    const name = source ?? "";
    if (!sources.has(name)) sources.set(name, { name, leads: 0, qualified: 0, won: 0 });
    const one = sources.get(name);
    one.leads += 1;
    one.qualified += qualified_at ? 1 : 0;
    one.won += status === "won" ? 1 : 0;
}

function tally(texts) {
    const counts = new Map();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return [...counts].sort(([, one], [, other]) => other - one).slice(0, 8);
}
