import { h, quiet } from "./dom.js";

/**
 * Stands where nothing is: tells that there is none, what would stand here (`about`), and what to do first (`ways`).
 */
export function empty(text, { about, ways = [] } = {}) {
    const links = [ways].flat().filter(Boolean);
    return h("div", { class: "empty" }, h("p", {}, about ? h("strong", {}, text) : text), about && quiet(about),
        links.length > 0 && h("p", { class: "links" }, links));
}
