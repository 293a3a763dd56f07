import { arrange } from "./arrange.js";
import { h } from "./dom.js";
import { avatar } from "./person.js";
import { dayOf } from "./when.js";
import { locale } from "./words.js";

let made = 0;

const clock = (instant) => new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(new Date(instant));
const exact = (instant) => new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" })
    .format(new Date(instant));

/**
 * Draws a message: `side` is "theirs", "ours" or "note"; `role` says who they are beside their name, `marks`
 * stand behind the time, and `rest` below the text. Its heading is of the level that the page needs.
 */
export function said({ side, name, role, at, marks, text, rest, heading = "h2" }) {
    const id = `said-${++made}`;
    return h("article", { class: `say ${side}`, "aria-labelledby": id },
        avatar(name),
        h("div", { class: "bubble" },
            h(heading, { id }, h("span", { dir: "auto" }, name), role && h("span", { class: "quiet" }, " ", role), " ",
                h("time", { datetime: at, title: exact(at) }, clock(at))),
            marks && h("p", { class: "badges" }, marks),
            text && h("div", { class: "said", dir: "auto" }, linked(text)), rest));
}

const address = /(https?:\/\/[^\s<>()"]*[^\s<>()".,;:!?])/;

/** Text in which addresses can be followed; nothing else in it is more than text. */
const linked = (text) => String(text).split(address).map((part, index) =>
    (index % 2 ? h("a", { href: part, rel: "noopener noreferrer nofollow" }, part) : part));

/**
 * A thread: items {id, at, mark, draw} in order, under a line for each day. What is unchanged stays as it is, so that
 * what is read or opened in it does not move.
 */
export function thread(label) {
    const list = h("ol", { class: "thread", "aria-label": label });
    let drawn = new Map();
    return {
        element: list,
        set(items) {
            const next = new Map(), rows = [];
            let day = null;
            for (const item of items) {
                const own = dayOf(item.at);
                if (own !== day) {
                    const line = drawn.get(own)?.row ?? h("li", { class: "day" }, h("span", {}, own));
                    next.set(own, { row: line });
                    rows.push(line);
                }
                day = own;
                const known = drawn.get(item.id);
                const row = known?.mark === item.mark ? known.row : h("li", {}, item.draw());
                next.set(item.id, { mark: item.mark, row });
                rows.push(row);
            }
            drawn = next;
            arrange(list, rows);
        },
    };
}
