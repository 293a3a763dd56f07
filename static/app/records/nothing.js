import { get, withQuery } from "../api.js";
import { h } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { heard, inSentence, t } from "../../ui/words.js";
import { kindOf } from "./meta.js";

/* Stands where no records are: tells that there are none, what they are, and what to do first. */

/** In place of a list. */
export function nothing(kind, isNarrowed, address) {
    const things = inSentence(kind.many);
    if (isNarrowed) {
        return empty(t("No {things} match.", { things }),
            { ways: address && h("a", { href: address }, t("Clear filters")) });
    }
    return empty(t("No {things} yet", { things }),
        { about: kind.empty, ways: address && beginning(kind, address) });
}

/** Offers the first step where nothing is yet: make one, or go to what such records are made from. */
function beginning({ first, mayWrite, noNew }, address) {
    return [first && h("a", { href: first[1] }, heard(first[0]) ?? first[0]),
        mayWrite && !noNew && h("a", { href: `${address}/new` }, t("Add the first one"))];
}

/** In place of a board without cards, unless there are records that it has no column for; null: the board is shown. */
export async function nothingOnBoard(plural, { isEmpty, isNarrowed = false, signal }) {
    if (!isEmpty) return null;
    const kind = await kindOf(plural);
    if (isNarrowed) return nothing(kind, true);
    const { data } = await get(withQuery(kind.path, { limit: 1, fields: "id" }), signal);
    return data.length ? null : nothing(kind, false, `#/${plural}`);
}
