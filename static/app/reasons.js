import { tenant } from "./api.js";
import { h } from "./dom.js";
import { instantIn } from "./format.js";
import { readable } from "./readable.js";
import { called, explained, t } from "./words.js";

/** Why something is not sent: in the reader's language, or else as the server says it. */
export const reasonInWords = ({ code, detail }) => readable(called(`held.${code}`) ?? detail ?? t("it waits"));

/** Why a service was the one that was called: in the reader's language, or else as the server says it. */
export const choiceInWords = ({ code, detail }) => called(`why.${code}`) ?? detail;

/** What to do about a failure; the server says it in English, so that another language says what its catalogue has. */
export const remedyFor = ({ code, recommended_action: action }) =>
    called(`remedy.${code}`) ?? (action && explained(action));

/** Reasons why something is not sent, each with when it ends on its own. */
export function drawReasons(reasons) {
    return h("ul", { class: "reasons" }, reasons.map(({ until, ...why }) => h(
        "li", {}, reasonInWords(why), " ",
        h("span", { class: "quiet" }, until
            ? t("Until {when}", { when: instantIn(until, tenant().time_zone) }) : t("Needs action")))));
}
