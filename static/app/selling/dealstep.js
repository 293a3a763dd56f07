import { nextStep } from "../stages.js";
import { h } from "../../ui/dom.js";
import { percent } from "../../ui/format.js";
import { titled } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** Shows the next step with a deal, and what its people need. */
export function dealStep({ stage, needs, lost_reason }) {
    const isOpen = stage !== "won" && stage !== "lost";
    return [
        isOpen && h("div", { class: "next-action" }, h("h2", {}, t("Next step")), h("p", {}, nextStep(stage))),
        stage === "lost" && lost_reason && h("p", { class: "notice", dir: "auto" },
            t("Lost: {reason}", { reason: lost_reason })),
        needs.length > 0 && h("section", { ...titled("needs") }, h("h2", { id: "needs" }, t("Needs")),
            h("ul", {}, needs.map(drawNeed))),
    ];
}

/** A need, with the words that it was read from; one that nobody stated is marked as inferred. */
function drawNeed({ kind, text, quote, confidence }) {
    const inferred = confidence === null ? t("Inferred") : t("Inferred, {share} sure", { share: percent(confidence) });
    return h("li", { dir: "auto" }, text,
        quote && h("span", { class: "evidence" }, `“${quote}”`),
        kind === "implicit" && h("span", { class: "evidence" }, inferred));
}
