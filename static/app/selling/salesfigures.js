import { get, withQuery } from "../api.js";

/* Measures sales from the lists themselves, so that each figure leads to its records. */

const after = { contacted: 0, engaged: 1, proposal: 2, negotiation: 3, won: 4 };

/** The day from which a period of so many days counts. */
export const since = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** The leads of a period in counts, read once for all that is drawn of them. */
export const leadFigures = (days, signal) =>
    get(withQuery("/v1/lead-figures", { "created_at[gte]": since(days) }), signal);

/** Counts how far the leads of a period have come: [step, count, the filter that finds them]. */
export function funnel({ total, qualified, by_status }, days) {
    const own = { "created_at[gte]": since(days) };
    const counts = new Map(by_status.map(({ status, leads }) => [status, leads]));
    const from = (status) => Object.keys(after).slice(after[status]);
    return [
        { step: "added", query: own, count: total },
        { step: "qualified", query: { ...own, "qualified_at[is]": "not_null" }, count: qualified },
        ...["contacted", "engaged", "proposal", "won"].map((status) => ({
            step: status, query: { ...own, status: from(status).join(",") },
            count: from(status).reduce((sum, one) => sum + (counts.get(one) ?? 0), 0),
        })),
    ];
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

function tally(texts) {
    const counts = new Map();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return [...counts].sort(([, one], [, other]) => other - one).slice(0, 8);
}
