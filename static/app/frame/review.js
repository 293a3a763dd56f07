import { failedChanges } from "../outgoing.js";
import { discard, keepMine } from "../sending.js";
import { drawValue } from "../values.js";
import { dialog } from "../../ui/dialog.js";
import { fill, h } from "../../ui/dom.js";
import { spokenAs } from "../../ui/state.js";
import { pair, t } from "../../ui/words.js";

/** Shows each change that could not be saved, with both values, until each is decided. */
export function review() {
    const place = h("div");
    const { close } = dialog({ title: t("Changes that could not be saved"), wide: true, content: () => place,
        onClose: () => window.removeEventListener("outgoing", draw) });
    function draw() {
        const failed = failedChanges();
        if (!failed.length) return close();
        fill(place, failed.map(one));
        place.querySelector("button")?.focus();
    }
    window.addEventListener("outgoing", draw);
    draw();
}

function one(change) {
    const { what, href, labels = {}, body, problem } = change;
    const isContested = Boolean(problem.both);
    const names = problem.both ?? Object.keys(body ?? {}).filter((name) => labels[name] || name === "text");
    return h("section", spokenAs(what),
        h("h3", { dir: "auto" }, href ? h("a", { href }, what) : what),
        !isContested && h("p", {}, h("strong", {}, problem.title), " ", problem.detail ?? ""),
        h("dl", { class: "facts" }, names.map((name) => h("div", {},
            h("dt", {}, labels[name] ?? t("Text")),
            h("dd", { dir: "auto" }, isContested
                ? [h("p", {}, pair(t("Yours"), ""), drawValue(body[name])),
                    h("p", {}, pair(t("Theirs"), ""), drawValue(problem.theirs[name]))]
                : drawValue(body[name]))))),
        h("div", { class: "actions" },
            h("button", { type: "button", class: "small", onclick: () => keepMine(change) },
                isContested ? t("Keep mine") : t("Try again")),
            h("button", { type: "button", class: "small", onclick: () => discard(change) },
                isContested ? t("Use theirs") : t("Discard change"))));
}
