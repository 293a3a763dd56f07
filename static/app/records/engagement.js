import { get } from "../api.js";
import { h, pending, section } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/** Shows a contact's engagement: the figure from which the score of its lead takes the same. */
export function engagement(contactID, { signal, follow }) {
    const asked = `/v1/contacts/${encodeURIComponent(contactID)}/engagement`;
    const place = pending(() => get(asked, signal), ({ score, activities, days }) => section(t("Engagement"), {},
        h("p", { class: "verdict" },
            h("strong", { class: "big" }, number(Math.round(score))), h("span", { class: "quiet" }, t("of 100")),
            h("span", {}, t("{count} activities in {days} days", { count: number(activities), days: number(days) }))),
    ), { signal });
    follow(place.reload);
    return place;
}
