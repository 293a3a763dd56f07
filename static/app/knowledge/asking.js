import { call } from "../api.js";
import { badge, fill, h, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { percent } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** A question to the articles: what agents and clients would find, and how sure it is. */
export function asking() {
    const place = h("div", polite);
    return h("div", {},
        quiet(t("Ask as a client would: you see which articles answer, as agents and the portal find them.")),
        form({ action: t("Find answers"), isPrimary: false, async submit({ question }) {
            if (!question.trim()) throw { errors: [{ pointer: "/question", detail: t("Enter a question.") }] };
            const answer = await call("/v1/articles/answers", { method: "POST", body: { question: question.trim() } });
            fill(place, draw((await answer.json()).data));
        } }, field(t("Question"), "question", { maxlength: 2000, required: true })), place);
}

const draw = (found) => (found.length ? h("ol", { class: "papers" }, found.map(({ article, passage, score, answers }) =>
    h("li", {}, h("p", { class: "badges" }, h("a", { href: `#/articles/${article.id}`, dir: "auto" }, article.title),
        badge(t("{percent} match", { percent: percent(score) })),
        answers ? badge(t("Answers it"), "good") : badge(t("Not sure enough"), "warn")),
    h("p", { dir: "auto" }, passage)))) : quiet(t("No article answers this. Agents would ask a person.")));
