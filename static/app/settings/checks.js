import { badge, h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

const said = { ok: () => t("Good"), warning: () => t("Review"), failing: () => t("Not working") };
const tones = { ok: "good", warning: "warn", failing: "bad" };

/** Shows the finding of a check as a badge. */
export const verdict = (status) => badge(said[status]?.() ?? words(status), tones[status]);

/** Lists the checks, each with its finding and what to do about it; faults come first. */
export const checkList = (checks) => h("ul", { class: "plain" }, ["failing", "warning", "ok"].flatMap((state) =>
    checks.filter(({ status }) => status === state)).map(check));

const check = ({ name, status, detail, remedy }) => h("li", { class: "check" },
    h("p", {}, h("strong", {}, words(name)), " ", verdict(status)),
    h("p", {}, detail), remedy && h("p", {}, h("strong", {}, t("What to do:")), " ", remedy));
