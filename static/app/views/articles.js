import { may } from "../api.js";
import { articlePage } from "../knowledge/article.js";
import { asking } from "../knowledge/asking.js";
import { gaps } from "../knowledge/gaps.js";
import { pagesOf } from "../records/pages.js";
import { t } from "../../ui/words.js";

/** The knowledge: articles, what they lack, and what a question finds in them. */
export const { list, newRecord, record, editRecord } = pagesOf("articles", {
    list: { get tabs() {
        return [
            may("knowledge_gaps:read") && { name: "gaps", text: t("Gaps"), draw: gaps },
            { name: "ask", text: t("Ask the articles"), draw: asking },
        ].filter(Boolean);
    } },
    record: articlePage,
});
