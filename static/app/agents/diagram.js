import { h } from "../../ui/dom.js";
import { grouped } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** The picture of a workflow; as an image, nothing in it can run or reach out. */
export function diagram(svg) {
    const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    const image = h("img", { src: source, alt: t("Workflow diagram. The list of steps has the same information.") });
    return h("div", { class: "diagram", tabindex: 0, ...grouped(t("Diagram")) }, image);
}
