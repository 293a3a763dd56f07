import { call, get, withQuery } from "../api.js";
import { paged } from "../paging.js";
import { placeOf } from "../places.js";
import { live } from "../stream.js";
import { announce, badge, doing, h, pending, quiet, section } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { field } from "../../ui/field.js";
import { filters } from "../../ui/filter.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { ago, dayOf } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const path = "/v1/notifications";

/** The person's notifications by day, newest first; opening one reads it. */
export function notifications({ query, signal }) {
    const notice = h("div", {});
    let wanted = { unread: query.unread ?? "" }, titles = new Map();
    const kinds = get(`${path}/kinds?limit=200`, signal).catch(() => ({ data: [] }));
    const load = async (cursor) => {
        const [page, named] = await Promise.all([get(withQuery(path, { limit: 50, cursor, ...wanted }), signal), kinds]);
        titles = new Map(named.data.map(({ kind, title }) => [kind, title]));
        return page;
    };
    const place = pending(() => load(), (page) => {
        if (!page.data.length) return empty(wanted.unread ? t("Nothing is unread.") : t("No notifications yet."),
            { about: t("What you follow and what is assigned to you is told here.") });
        const list = h("div", {}, days(page.data));
        return [list, paged(page, load, (records) => {
            const added = days(records);
            list.append(...added);
            return added[0];
        })];
    }, { signal });
    const days = (records) => [...Map.groupBy(records, ({ created_at: at }) => dayOf(at))].map(([title, some]) =>
        section(title === dayOf(new Date().toISOString()) ? t("Today") : title, {},
            h("ul", { class: "papers" }, some.map((one) => draw(one, titles, place.reload)))));
    const readAll = doing(t("Mark all as read"), async () => {
        await call(`${path}/read-all`, { method: "POST" });
        announce(t("All notifications marked as read."));
        await place.reload();
    }, { place: notice });
    live("notification.*", place.reload, signal);
    return {
        title: t("Notifications"),
        content: [
            h("div", { class: "heading" }, h("h1", {}, t("Notifications")), h("div", { class: "actions" }, readAll,
                h("a", { class: "button", href: "#/settings/my-notifications" }, t("Choose what reaches you")))),
            notice,
            filters({
                label: t("Notifications"), addressOf: (next) => withQuery("#/notifications", next), wanted, signal,
                onChange(next) {
                    wanted = next;
                    place.reload();
                },
            }, field(t("Show"), "unread", { control: "select", value: wanted.unread,
                options: [["", t("All")], ["true", t("Unread")]] })),
            place,
        ],
    };
}

function draw({ id, title, body, subject, urgency, kind, created_at: at, read_at: seen }, titles, reload) {
    const address = subject && placeOf(subject);
    // Optimistic: whether one has been read harms nobody.
    const read = () => seen || call(`${path}/${encodeURIComponent(id)}/read`, { method: "POST" }).catch(() => {});
    return h("li", { class: seen ? "dim" : "" },
        h("p", {}, h("strong", {}, address ? h("a", { href: address, onclick: read }, title) : title), " ",
            urgency === "high" && badge(t("Urgent"), "warn"), !seen && [" ", badge(t("Unread"))]),
        body && h("p", { class: "said", dir: "auto" }, body),
        h("div", { class: "actions" }, h("span", { class: "quiet" }, titles.get(kind) ?? words(kind), ", ", ago(at)),
            !seen && h("button", { type: "button", class: "small", ...spokenAs(t("Mark as read: {title}", { title })),
                async onclick() {
                    await read();
                    await reload();
                } }, t("Mark as read"))));
}
