import { call, get } from "../api.js";
import { failure, fill, h, quiet, throttled } from "../dom.js";
import { ago, number } from "../format.js";
import { placeOf } from "../places.js";
import { live } from "../stream.js";
import { t } from "../words.js";

const path = "/v1/notifications";

/** The bell: how many notifications are unread, kept up to date, and the newest of them. */
export function bell(signal) {
    const count = h("span", { class: "count", hidden: true });
    const list = h("div", { class: "bell-list", hidden: true, id: "bell-list" });
    const button = h("button", {
        type: "button", "aria-label": t("Notifications"), "aria-expanded": "false", "aria-controls": list.id,
        onclick: () => (list.hidden ? open() : shut()),
    }, h("span", { class: "icon bell", "aria-hidden": "true" }), count);
    const place = h("span", { class: "menu-place" }, button, list);

    const recount = throttled(1000, async () => {
        const { total } = await get(`${path}?unread=true&limit=1&fields=id&total=true`, signal).catch(() => ({}));
        if (total === undefined) return;
        fill(count, number(total));
        count.hidden = total === 0;
        button.setAttribute("aria-label",
            total ? t("Notifications, {count} unread", { count: number(total) }) : t("Notifications"));
    }, signal);

    // What lasts longer than it should stand in the way is told here.
    let lines = [];

    async function open() {
        list.hidden = false;
        button.setAttribute("aria-expanded", "true");
        document.addEventListener("pointerdown", onOutside, true);
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
            fill(list, failure(problem, open));
        }
    }
    function shut() {
        document.removeEventListener("pointerdown", onOutside, true);
        const isInside = list.contains(document.activeElement);
        list.hidden = true;
        button.setAttribute("aria-expanded", "false");
        if (isInside) button.focus();
    }
    const onOutside = ({ target }) => !place.contains(target) && shut();
    async function readAll() {
        await call(`${path}/read-all`, { method: "POST" });
        recount();
        await open();
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
    place.addEventListener("keydown", (event) => event.key === "Escape" && shut());
    window.addEventListener("lasting", ({ detail }) => {
        lines = detail;
        button.classList.toggle("busy", lines.length > 0);
        if (!list.hidden) list.prepend(...lines);
    }, { signal });
    live("notification.*,handover.*,approval.*,alert.*", recount, signal);
    recount();
    return place;
}
