import { call, getTagged } from "../api.js";
import { t } from "../../ui/words.js";
import { instantOf, onDay, wallOf } from "./days.js";

/*
 * What is planned is planned anew by its own operation, with the version that the calendar has shown: what somebody has
 * changed meanwhile is refused. Each gives what the record is now.
 */

const send = async (path, method, body, version) =>
    (await call(path, { method, body, headers: { "If-Match": `"${version}"` } })).json();

const at = (prefix, id) => `${prefix}/${encodeURIComponent(id)}`;

const ways = {
    post: ({ id, version }, { at: moment }) =>
        send(`${at("/v1/social-posts", id)}/schedule`, "POST", { at: moment }, version),
    item: ({ id, version }, { at: moment }) =>
        send(at("/v1/content-items", id), "PATCH", { planned_at: moment }, version),
    email: ({ id, version }, { at: moment }) =>
        send(at("/v1/email-campaigns", id), "PATCH", { send_at: moment }, version),
    async milestone({ id, version, title, date }, { date: day }) {
        const path = at("/v1/campaigns", id), { body } = await getTagged(path);
        const milestones = body.milestones.map((one) =>
            (one.name === title && one.due_on === date ? { ...one, due_on: day } : one));
        return send(path, "PATCH", { milestones }, version);
    },
};

/** Where an entry would be on another day: at the same hour. */
export const placeOn = (one, day) => ({ date: day, at: one.at && onDay(one.at, day) });

/** Where an entry would be at a time that was typed, "2027-01-15T09:00". */
export const placeAt = (wall) => {
    const moment = instantOf(wall.length === 16 ? `${wall}:00` : wall);
    return { date: wallOf(moment).slice(0, 10), at: moment };
};

/** Moves an entry, and gives it as it is then. */
export async function move(one, place) {
    const { version } = await ways[one.kind](one, place);
    return { ...one, ...place, version };
}

/** Why an entry stayed where it was. */
export const whyStayed = (problem) => (problem.status === 412
    ? t("Somebody has changed it meanwhile. This is how it is now.") : null);
