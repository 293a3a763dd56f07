import { call, get, withQuery } from "../api.js";
import { announce, doing, h, pending, quiet } from "../dom.js";
import { ago } from "../format.js";
import { paged } from "../paging.js";
import { placeOf } from "../places.js";
import { live } from "../stream.js";

const path = "/v1/notifications";

/** The person's notifications, newest first. */
export function notifications({ signal }) {
    const notice = h("div", {});
    const load = (cursor) => get(withQuery(path, { limit: 50, cursor }), signal);
    const place = pending(() => load(), (page) => {
        if (!page.data.length) return quiet("No notifications yet.");
        const list = h("ul", { class: "plain" }, page.data.map(draw));
        return [list, paged(page, load, (records) => {
            const items = records.map(draw);
            list.append(...items);
            return items[0];
        })];
    }, { signal });
    const readAll = doing("Mark all as read", async () => {
        await call(`${path}/read-all`, { method: "POST" });
        announce("All notifications marked as read.");
        await place.reload();
    }, { place: notice });
    live("notification.*", place.reload, signal);
    return {
        title: "Notifications",
        content: [
            h("div", { class: "heading" }, h("h1", {}, "Notifications"), h("p", { class: "actions" }, readAll)),
            notice, h("section", { "aria-label": "Your notifications" }, place),
        ],
    };
}

function draw({ title, body, subject, created_at, read_at }) {
    const address = subject && placeOf(subject);
    return h("li", {},
        h("p", {}, h("strong", {}, address ? h("a", { href: address }, title) : title), " ",
            h("span", { class: "quiet" }, ago(created_at), read_at ? ", read" : ", unread")),
        body && h("p", { class: "said" }, body));
}
