import { h } from "./dom.js";

/** Facts by their names, [name, value]; those without a value are left out. */
export function facts(pairs) {
    const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "");
    return h("dl", { class: "facts" }, known.map(
        ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}
