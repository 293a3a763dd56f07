import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** The way to the duplicates of a kind, above its list. */
export const duplicatesLink = (plural) =>
    h("a", { class: "button", href: `#/${plural}/duplicates` }, t("Duplicates"));
