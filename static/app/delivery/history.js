import { get, may, withQuery } from "../api.js";
import { pending, quiet } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { timeline } from "../../ui/timeline.js";
import { pair, t } from "../../ui/words.js";
import { profileOf } from "./health.js";

/** Shows the history between the agency and a client, newest first. */
export function history(client, { signal, follow }) {
    const load = async () => {
        const asks = withQuery("/v1/events", { subject_id: client.id, sort: "-created_at", limit: 30 });
        const [{ milestones }, { data }] = await Promise.all([
            profileOf(client.id, signal), may("events:read") ? get(asks, signal) : { data: [] },
        ]);
        const reached = milestones.map(({ kind, name, at }) => ({ at, what: pair(words(kind), name) }));
        const happened = data.map(({ type, created_at }) => ({ at: created_at, what: words(type) }));
        return [...reached, ...happened].sort((one, other) => other.at.localeCompare(one.at));
    };
    const place = pending(load, (all) => (all.length === 0 ? quiet(t("No activity yet.")) : timeline(all)), { signal });
    follow(place.reload);
    return place;
}
