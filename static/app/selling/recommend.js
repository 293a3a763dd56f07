import { operate } from "../records/ask.js";
import { dialog } from "../../ui/dialog.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { percent } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { t } from "../../ui/words.js";
import { paperMaker } from "./dealpapers.js";

/** Which package would fit a lead, at which price and why; a proposal can be made of it. */
export function askPackage({ lead_id }, tools) {
    dialog({
        title: t("Recommended package"),
        content: () => pending(() => operate("/v1/packages/recommend", { body: { lead_id } }),
            (found) => drawRecommendation(found, lead_id, tools), { signal: tools.signal }),
    });
}

function drawRecommendation(found, lead_id, tools) {
    const { package: offer, package_id, price, base_price, factors, reasons, confidence } = found;
    const isOther = price.amount !== base_price.amount;
    return [
        h("p", { class: "verdict" }, h("strong", { class: "big" }, offer.name),
            h("span", {}, t("{price} each month", { price: money(price) })),
            isOther && h("span", { class: "quiet" }, t("usually {price}", { price: money(base_price) }))),
        h("ul", {}, [...reasons, ...factors.map(({ reason }) => reason)].map((text) => h("li", { dir: "auto" }, text))),
        quiet(t("{share} sure", { share: percent(confidence) })),
        h("div", { class: "actions end" },
            paperMaker("proposals", t("New proposal"), { lead_id, package_id }, tools, "primary")),
    ];
}
