import { call, get, may } from "../api.js";
import { h, pending, section } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { timeline } from "../../ui/timeline.js";
import { t } from "../../ui/words.js";
import { ask, asked } from "./ask.js";

/** As many of the latest activities as stand below the figure. */
const shownMax = 5;

/** Shows a contact's engagement: the figure from which the score of its lead takes the same, and what it did last. */
export function engagement(contactID, { signal, follow }) {
    const path = `/v1/contacts/${encodeURIComponent(contactID)}`;
    const load = () => Promise.all([
        get(`${path}/engagement`, signal), get(`${path}/activities?sort=-at&limit=${shownMax}`, signal),
    ]);
    const log = (text, type) => h("button", { type: "button", class: "small", onclick: () => ask({
        title: text, action: t("Save"), said: t("Logged"), values: { at: new Date().toISOString() },
        fields: [asked.instant("at", t("When"), { required: true })],
        run: ({ at }) => call(`${path}/activities`, { method: "POST", body: { type, at } }).then(place.reload),
    }) }, text);
    const place = pending(load, ([{ score, activities, days }, { data }]) => section(t("Engagement"), {},
        h("p", { class: "verdict" },
            h("strong", { class: "big" }, number(Math.round(score))), h("span", { class: "quiet" }, t("of 100")),
            h("span", {}, t("{count} activities in {days} days", { count: number(activities), days: number(days) }))),
        data.length > 0 && timeline(data.map(({ type, channel, at }) =>
            ({ what: words(type), of: channel && words(channel), at }))),
        may("contacts:write") && h("div", { class: "actions" },
            log(t("Log a call"), "phone_call"), log(t("Log a meeting"), "meeting")),
    ), { signal });
    follow(place.reload);
    return place;
}
