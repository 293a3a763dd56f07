import { failure, fill, h, quiet, throttled } from "./dom.js";
import { number } from "./format.js";
import { unheard } from "./state.js";
import { ago } from "./when.js";
import { t } from "./words.js";

/**
 * The bell: how many notifications are unread, and the newest of them, {element, recount}. `unread()` gives their
 * number, undefined where nobody knows, and `newest()` a list of {id, title, href, isRead, at}; `read(id)` and
 * `readAll()` note that they are read, and all of them are at `all`.
 */
export function bell({ unread, newest, read, readAll, all, signal }) {
    const count = h("span", { class: "count", hidden: true });
    const { element, button, panel: list, shut, call } = popover(
        { name: t("Notifications"), id: "bell-list", class: "bell-list", onOpen: look },
        h("span", { class: "icon bell", ...unheard }), count);

    const recount = throttled(1000, async () => {
        const total = await unread();
        if (total === undefined) return;
        fill(count, number(total));
        count.hidden = total === 0;
        call(total ? t("Notifications, {count} unread", { count: number(total) }) : t("Notifications"));
    }, signal);

    // Lines that last longer than they should stand in the way are told here.
    let lines = [];

    async function look() {
        const going = h("div", {}, lines);
        if (!list.firstChild) fill(list, going, quiet(t("Loading…")));
        try {
            const found = await newest();
            fill(list, going, found.length ? h("ul", {}, found.map(line)) : quiet(t("No notifications yet.")),
                h("p", { class: "links" },
                    found.length > 0 && h("button", { type: "button", class: "small", async onclick() {
                        await readAll();
                        recount();
                        await look();
                    } }, t("Mark all as read")),
                    h("a", { href: all, onclick: shut }, t("All notifications"))));
        } catch (problem) {
            fill(list, failure(problem, look));
        }
    }
    function line({ id, title, href, isRead, at }) {
        const seen = () => {
            shut();
            if (isRead) return;
            item.classList.remove("unread");
            read(id).then(recount, () => {});
        };
        const item = h("li", { class: isRead ? "" : "unread" },
            href ? h("a", { href, onclick: seen, dir: "auto" }, title) : h("span", { dir: "auto" }, title), ago(at));
        return item;
    }
    window.addEventListener("lasting", ({ detail }) => {
        lines = detail;
        button.classList.toggle("busy", lines.length > 0);
        if (!list.hidden) list.prepend(...lines);
    }, { signal });
    // The page's own requests go first: a browser has six under way at a time.
    setTimeout(recount);
    return { element, recount };
}

/**
 * A button with a panel below it, which `onOpen` fills each time: {element, button, panel, shut, call}. `call` gives the
 * button another name. Escape and a press elsewhere close it, and the keyboard comes back to the button.
 */
function popover({ name, id, class: className, onOpen }, ...face) {
    const panel = h("div", { class: className, hidden: true, id });
    const button = h("button", {
        type: "button", "aria-label": name, "aria-expanded": "false", "aria-controls": id,
        onclick: () => (panel.hidden ? open() : shut()),
    }, face);
    const element = h("span", { class: "menu-place" }, button, panel);

    function open() {
        panel.hidden = false;
        button.setAttribute("aria-expanded", "true");
        document.addEventListener("pointerdown", onOutside, true);
        return onOpen();
    }
    function shut() {
        document.removeEventListener("pointerdown", onOutside, true);
        const isInside = panel.contains(document.activeElement);
        panel.hidden = true;
        button.setAttribute("aria-expanded", "false");
        if (isInside) button.focus();
    }
    const onOutside = ({ target }) => !element.contains(target) && shut();
    element.addEventListener("keydown", (event) => event.key === "Escape" && shut());
    return { element, button, panel, shut, call: (other) => button.setAttribute("aria-label", other) };
}
