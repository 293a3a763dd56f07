import { call, get, withQuery } from "../../app/api.js";
import { recordPage, said } from "../parts.js";
import { fill, h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { grouped, polite, pressed } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/* The agency's articles, to look things up oneself. */

export function articles({ signal }) {
    const path = "/v1/portal/articles";
    const place = h("div", {});
    const show = (q) => fill(place,
        pending(() => get(withQuery(path, { q, limit: q ? null : 50 }), signal), ({ data }) =>
        data.length
            ? h("ul", { class: "cards" }, data.map(({ id, title, category }) => h("li", {},
                h("h2", {}, h("a", { href: `#/help/${id}` }, title)), category && quiet(words(category)))))
            : [quiet(q ? t("No articles found.") : t("No articles yet.")),
                h("p", {}, h("a", { href: "#/tickets/new" }, t("Contact us")))], { signal }));
    const search = form(
        { action: t("Search"), class: "searching", submit: async ({ q }) => show(q.trim()) },
        field(t("Your question"), "q", { type: "search", maxlength: 500 }));
    show("");
    return { title: t("Help"), content: [h("h1", {}, t("Help")), search, place] };
}

export const article = ({ id, signal }) => {
    const path = `/v1/portal/articles/${encodeURIComponent(id)}`;
    return recordPage(t("Article"), path, ["/help", t("Help")], {
        signal, name: ({ title }) => title,
        draw: ({ body, voted }) => [said(body), asked(id, voted),
            h("p", {}, t("Not what you need?"), " ", h("a", { href: "#/tickets/new" }, t("Contact us")))],
    });
};

/** Whether it has helped: one answer, which can be changed. */
function asked(id, voted) {
    const path = `/v1/portal/articles/${encodeURIComponent(id)}`;
    const place = h("div", { class: "vote", ...grouped(t("Did this help you?")) });
    const show = (answer, thanks) => fill(place, h("p", {}, t("Did this help you?"), " ",
        [[true, t("Yes")], [false, t("No")]].map(([value, text]) => h("button", {
            type: "button", class: "small", ...pressed(answer === value), onclick: () => vote(value),
        }, text))), h("p", { class: "quiet", ...polite }, thanks));
    async function vote(helpful) {
        try {
            await call(`${path}/vote`, { method: "POST", body: { helpful } });
            show(helpful, t("Thank you."));
        } catch (problem) {
            show(voted, problem.detail ?? problem.title);
        }
    }
    show(voted, "");
    return place;
}
