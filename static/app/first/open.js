import { draftOf, dropDraft, keepDraft } from "../drafts.js";
import { h, section } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/* Whether somebody has first steps to finish: kept in this browser, as drafts are. */

const name = "first steps";

export const begun = () => keepDraft(name, { isOpen: true });
export const finished = () => dropDraft(name);

/** On Today the way back to them, until they are finished or dismissed. */
export function remaining() {
    if (!draftOf(name)) return null;
    const element = section(t("First steps"), {},
        h("p", { class: "links" }, h("a", { href: "#/begin" }, t("Go on with your first steps")),
            h("button", { type: "button", class: "small", onclick() {
                finished();
                element.remove();
            } }, t("Dismiss"))));
    return element;
}
