import { get } from "./api.js";

/** The types of events that there are, page after page. */
export async function eventTypes() {
    const types = [];
    for (let at = ""; at !== null;) {
        const { data, has_more: isMore, next_cursor: next } = await get(`/v1/meta/events?limit=200${at}`);
        types.push(...data);
        at = isMore ? `&cursor=${encodeURIComponent(next)}` : null;
    }
    return types;
}
