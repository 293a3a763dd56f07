import { h, quiet } from "../../ui/dom.js";
import { current, spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/**
 * Steps [title, why, draw({next, skip, signal})], each of which can be skipped; the address says which one it is.
 * `ended` is told when the last one is over, or left for good.
 */
export function walk(steps, { query, signal, address, label, ended = () => {} }) {
    const at = Math.min(steps.length, Math.max(1, Number(query.step) || 1)), [title, why, draw] = steps[at - 1];
    const addressOf = (step) => `${address}?step=${step}`;
    const next = () => {
        if (at === steps.length) ended();
        location.hash = at === steps.length ? "#/" : addressOf(at + 1);
    };
    const skip = h("button", { type: "button", onclick: next }, t("Skip"));
    const count = t("Step {at} of {count}", { at, count: steps.length });
    return {
        title: `${title}, ${count}`,
        content: h("div", { class: "card narrow first-start" },
            h("ol", { class: "first-steps", ...spokenAs(label) }, steps.map(([text], index) => h("li", {
                ...current(index === at - 1, "step"), class: index < at - 1 && "done",
            }, h("a", { href: addressOf(index + 1) }, text)))),
            quiet(count), h("h1", {}, title), h("p", {}, why), draw({ next, skip, signal }),
            h("p", { class: "links after" }, at > 1 && h("a", { href: addressOf(at - 1) }, t("Back")),
                h("a", { href: "#/" }, t("Finish later")))),
    };
}
