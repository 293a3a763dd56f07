import { h } from "../dom.js";
import { percent } from "../format.js";
import { nextStep } from "../stages.js";

/** What is to be done next with a deal, and what its people need. */
export function dealStep({ stage, needs }) {
    const isOpen = stage !== "won" && stage !== "lost";
    return [
        isOpen && h("div", { class: "next-action" }, h("h2", {}, "Next step"), h("p", {}, nextStep(stage))),
        needs.length > 0 && h("section", { "aria-labelledby": "needs" }, h("h2", { id: "needs" }, "Needs"),
            h("ul", {}, needs.map(drawNeed))),
    ];
}

/** A need, with the words that it was read from; one that nobody stated is marked as inferred. */
function drawNeed({ kind, text, quote, confidence }) {
    const sure = confidence !== null && `, ${percent(confidence)} confidence`;
    return h("li", {}, text,
        quote && h("span", { class: "evidence" }, `“${quote}”`),
        kind === "implicit" && h("span", { class: "evidence" }, "Inferred", sure));
}
