import { tenant } from "./api.js";
import { h } from "./dom.js";
import { instantIn } from "./format.js";
import { readable } from "./readable.js";
import { t } from "./words.js";

/** Reasons why something is not sent, each with when it ends on its own. */
export function drawReasons(reasons) {
    return h("ul", { class: "reasons" }, reasons.map(({ detail, until }) => h(
        "li", {}, readable(detail), " ",
        h("span", { class: "quiet" }, until
            ? t("Until {when}", { when: instantIn(until, tenant().time_zone) }) : t("Needs action")))));
}
