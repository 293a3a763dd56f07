import { get, whoIsMe, withQuery } from "../api.js";

/* Tells what waits for somebody: items {rank, at, kind, tone, title, href}, of which a low rank is more urgent. */

/** The first few of a list and how many there are; of a list that cannot be read, nothing. */
export async function first(path, query, signal) {
    const none = { data: [], total: 0 };
    return get(withQuery(path, { limit: 5, total: true, ...query }), signal)
        .catch((problem) => {
            if (signal.aborted) throw problem;
            return none;
        });
}

export const ownID = () => whoIsMe()?.user?.id;

/** Tells whether the reader leads: leaders see what is anybody's; the rest what is theirs, or nobody's. */
export const leads = () => ["owner", "manager"].includes(whoIsMe()?.role);

export const hours = (count) => new Date(Date.now() + count * 3_600_000).toISOString();

/** Today as a day of the calendar, where the reader is. */
export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
