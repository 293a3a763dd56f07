import { call, get, may, tenant, withQuery } from "../api.js";
import { badge, facts, h, pending, quiet, section } from "../dom.js";
import { number, words } from "../format.js";
import { linkTo } from "../places.js";
import { askNew } from "../records/edit.js";
import { t } from "../words.js";
import { markdown } from "../../ui/markdown.js";
import { toast } from "../../ui/toast.js";
import { versions } from "./versions.js";

const of = ({ id }) => `/v1/articles/${encodeURIComponent(id)}`;

/** What is special about an article's page. */
export const articlePage = {
    facts: ["body", "status"],
    lead: (article) => h("section", { class: "written", "aria-label": t("Article"), lang: article.locale, dir: "auto" },
        markdown(article.body)),
    actions: (article, { kind, reload }) => kind.mayWrite && publisher(article, reload),
    menu: (article, { kind }) => [
        kind.mayWrite && { text: t("New translation…"), run: () => translate(article, kind) },
        article.status === "published" && { text: t("View public page"), href: `/kb/${tenant().slug}/${article.id}` },
    ],
    panels: (article, { signal }) => may("tickets:read") && section(t("Usage"), {},
        pending(() => get("/v1/ticket-figures/coaching", signal), (found) => usage(article, found), { signal })),
    tabs: (article, tools) => [
        { name: "versions", text: t("Versions"), draw: () => versions(article, tools) },
        { name: "translations", text: t("Other languages"), draw: () => translations(article, tools) },
        may("knowledge_gaps:read") && { name: "questions", text: t("Questions"), draw: () =>
            questions(article, tools) },
    ].filter(Boolean),
};

function publisher(article, reload) {
    const isOut = article.status === "published";
    const run = async () => {
        try {
            await call(of(article), { method: "PATCH", body: { status: isOut ? "draft" : "published" },
                headers: { "If-Match": `"${article.version}"` } });
            toast(isOut ? t("Article is a draft again") : t("Article published"));
        } catch (problem) {
            toast(problem.status === 412 ? t("Not saved: someone else has changed this article.")
                : t("Not saved. {why}", { why: problem.detail ?? problem.title }));
        }
        await reload();
    };
    return h("button", { type: "button", class: isOut ? "" : "primary", onclick: run },
        isOut ? t("Back to draft") : t("Publish article"));
}

/** A new article with the same text, to be written in another language. */
const translate = ({ title, body, category, tags }, kind) => askNew(kind, {
    title: t("New translation"), given: { title, body, tags, ...(category && { category }) },
});

function usage({ id }, { best_practices }) {
    const own = best_practices.articles.find(({ article_id }) => article_id === id);
    if (!own) return quiet(t("Agents have not resolved a ticket with this article yet."));
    return facts([[t("Helpful, less not helpful"), number(own.record)]]);
}

function translations(article, { signal, kind }) {
    const ask = () => get(withQuery("/v1/articles",
        { category: article.category, limit: 50, fields: "id,title,locale,status" }),
        signal);
    return [
        pending(ask, ({ data }) => {
            const others = data.filter((one) => one.id !== article.id && one.locale !== article.locale);
            if (!article.category || !others.length) {
                return quiet(t("No article of this category is in another language."));
            }
            return h("ul", { class: "papers" }, others.map((one) => h("li", {}, h("p", { class: "badges" },
                linkTo({ type: "article", id: one.id }, one.title), badge(one.locale ?? t("No language")),
                badge(words(one.status))))));
        }, { signal }),
        kind.mayWrite && h("button", { type: "button", class: "small", onclick: () => translate(article, kind) },
            t("New translation")),
    ];
}

/** What was asked before the article was there, and the wordings by which it is found. */
function questions(article, { signal }) {
    return pending(() => get("/v1/knowledge-gaps?limit=200", signal), ({ data }) => {
        const own = data.filter(({ article_id }) => article_id === article.id);
        return [
            h("h3", {}, t("Also found by")),
            article.wordings.length ? h("ul", {}, article.wordings.map((one) => h("li", { dir: "auto" }, one)))
                : quiet(t("No other wordings. Add those that clients use under Edit.")),
            h("h3", {}, t("Gaps that it closes")),
            own.length ? h("ul", {}, own.map(({ question }) => h("li", { dir: "auto" }, question)))
                : quiet(t("None.")),
        ];
    }, { signal });
}
