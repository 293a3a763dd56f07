import { call, get, may, tenant, withQuery } from "../api.js";
import { linkTo } from "../places.js";
import { askNew } from "../records/edit.js";
import { alarm } from "../../ui/alarm.js";
import { badge, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { markdown } from "../../ui/markdown.js";
import { spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";
import { versions } from "./versions.js";

const of = ({ id }) => `/v1/articles/${encodeURIComponent(id)}`;

/** The special parts of an article's page. */
export const articlePage = {
    facts: ["body", "status", "helpful", "not_helpful"],
    lead: (article) => h("section", { class: "written", ...spokenAs(t("Article")), lang: article.locale, dir: "auto" },
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
            alarm(problem.status === 412 ? t("Not saved: someone else has changed this article.")
                : t("Not saved. {why}", { why: whyNot(problem) }));
        }
        await reload();
    };
    return h("button", { type: "button", class: isOut ? "" : "primary", onclick: run },
        isOut ? t("Back to draft") : t("Publish article"));
}

const originalOf = ({ id, translation_of }) => translation_of ?? id;

/** A new article with the same text, to be written in another language; it belongs to the original. */
const translate = (article, kind) => {
    const { title, body, category, tags } = article;
    const form = [...new Set(["locale", ...kind.form])].filter((name) => kind.fields.has(name));
    askNew({ ...kind, form }, {
        title: t("New translation"),
        given: { title, body, tags, ...(category && { category }), translation_of: originalOf(article) },
    });
};

/** Shows the readers' opinion in the portal, and what agents have resolved with the article. */
function usage({ id, helpful, not_helpful }, { best_practices }) {
    const own = best_practices.articles.find(({ article_id }) => article_id === id);
    return [
        facts([[t("Has helped readers"), number(helpful)], [t("Has not helped readers"), number(not_helpful)],
            [t("Helpful, less not helpful"), own && number(own.record)]]),
        !own && quiet(t("Agents have not resolved a ticket with this article yet.")),
    ];
}

function translations(article, { signal, kind }) {
    const root = originalOf(article), fields = "id,title,locale,status";
    const ask = async () => {
        const [own, original] = await Promise.all([
            get(withQuery("/v1/articles", { translation_of: root, limit: 100, fields }), signal),
            root === article.id ? { data: [] } : get(withQuery("/v1/articles", { id: root, fields }), signal),
        ]);
        return [...original.data, ...own.data].filter(({ id }) => id !== article.id);
    };
    return [
        pending(ask, (others) => (others.length ? h("ul", { class: "papers" }, others.map((one) => h("li", {},
            h("p", { class: "badges" }, linkTo({ type: "article", id: one.id }, one.title),
                badge(one.locale ?? t("No language")), badge(words(one.status))))))
            : quiet(t("The article is in no other language yet."))), { signal }),
        kind.mayWrite && h("button", { type: "button", class: "small", onclick: () => translate(article, kind) },
            t("New translation")),
    ];
}

/** Shows the questions from before the article, and the wordings by which it is found. */
function questions(article, { signal }) {
    return pending(() => get(withQuery("/v1/knowledge-gaps", { article_id: article.id, limit: 200 }), signal),
        ({ data: own }) => [
            h("h3", {}, t("Also found by")),
            article.wordings.length ? h("ul", {}, article.wordings.map((one) => h("li", { dir: "auto" }, one)))
                : quiet(t("No other wordings. Add those that clients use under Edit.")),
            h("h3", {}, t("Gaps that it closes")),
            own.length ? h("ul", {}, own.map(({ question }) => h("li", { dir: "auto" }, question)))
                : quiet(t("None.")),
        ], { signal });
}
