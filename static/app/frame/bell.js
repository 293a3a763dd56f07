import { call, get } from "../api.js";
import { placeOf } from "../places.js";
import { live } from "../stream.js";
import { failure, fill, h, quiet, throttled } from "../../ui/dom.js";
import { ago, number } from "../../ui/format.js";
import { popover } from "../../ui/popover.js";
import { unheard } from "../../ui/state.js";
import { t } from "../../ui/words.js";

const path = "/v1/notifications";

/** The bell: how many notifications are unread, kept up to date, and the newest of them. */
export function bell(signal) {
    const count = h("span", { class: "count", hidden: true });
    const shown = popover({ name: t("Notifications"), id: "bell-list", class: "bell-list", onOpen: read },
        h("span", { class: "icon bell", ...unheard }), count);
    const { button, panel: list, shut } = shown;

    const recount = throttled(1000, async () => {
        const { total } = await get(`${path}?unread=true&limit=1&fields=id&total=true`, signal).catch(() => ({}));
        if (total === undefined) return;
        fill(count, number(total));
        count.hidden = total === 0;
        shown.call(total ? t("Notifications, {count} unread", { count: number(total) }) : t("Notifications"));
    }, signal);

    // What lasts longer than it should stand in the way is told here.
    let lines = [];

    async function read() {
        const going = h("div", {}, lines);
        if (!list.firstChild) fill(list, going, quiet(t("Loading…")));
        try {
            const { data } = await get(`${path}?limit=8`, signal);
            fill(list, going, data.length ? h("ul", {}, data.map(line)) : quiet(t("No notifications yet.")),
                h("p", { class: "links" },
                    data.length > 0
                        && h("button", { type: "button", class: "small", onclick: readAll }, t("Mark all as read")),
                    h("a", { href: "#/notifications", onclick: shut }, t("All notifications"))));
        } catch (problem) {
            fill(list, failure(problem, read));
        }
    }
    async function readAll() {
        await call(`${path}/read-all`, { method: "POST" });
        recount();
        await read();
    }
    function line({ id, title, subject, read_at, created_at }) {
        const at = subject && placeOf(subject);
        const seen = () => {
            shut();
            if (read_at) return;
            item.classList.remove("unread");
            call(`${path}/${encodeURIComponent(id)}/read`, { method: "POST" }).then(recount, () => {});
        };
        const item = h("li", { class: read_at ? "" : "unread" },
            at ? h("a", { href: at, onclick: seen, dir: "auto" }, title) : h("span", { dir: "auto" }, title),
            ago(created_at));
        return item;
    }
    window.addEventListener("lasting", ({ detail }) => {
        lines = detail;
        button.classList.toggle("busy", lines.length > 0);
        if (!list.hidden) list.prepend(...lines);
    }, { signal });
    live("notification.*,handover.*,approval.*,alert.*", recount, signal);
    recount();
    return shown.element;
}
