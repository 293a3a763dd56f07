import { call, get } from "../api.js";
import { named } from "../records/naming.js";
import { alarm } from "../../ui/alarm.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { diff } from "../../ui/diff.js";
import { badge, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const of = (id) => `/v1/articles/${encodeURIComponent(id)}`;

/** The versions of an article: each beside the one now, and brought back if it was the better one. */
export function versions(article, { kind, signal, reload, follow }) {
    let now = article;
    const place = pending(() => get(`${of(article.id)}/versions?limit=50`, signal), ({ data }) => (data.length
        ? h("ol", { class: "papers" }, data.map((one, index) => line(one, index === 0)))
        : quiet(t("No versions yet."))), { signal });
    follow?.((record) => {
        now = record;
        place.reload();
    });
    const isSame = (one) => one.title === now.title && one.body === now.body;

    function line(one, isNewest) {
        const name = t("Version {number}", { number: number(one.number) });
        const button = (text, run) => h("button", { type: "button", class: "small", onclick: run },
            text, h("span", { class: "unseen" }, ` ${name}`));
        return h("li", {},
            h("p", { class: "badges" }, h("strong", {}, name), isNewest && isSame(one) && badge(t("Current"), "good"),
                one.by.type === "user" ? named("users", one.by.id, t("A colleague")) : h("span", {}, t("An agent")),
                    ago(one.at)),
            h("p", { dir: "auto" }, one.title),
            !isSame(one) && h("div", { class: "actions" }, button(t("Compare"), () => compare(one, name)),
                kind.mayWrite && button(t("Restore"), () => restore(one, name))));
    }
    function compare(one, name) {
        dialog({ title: t("{version} and the article now", { version: name }), wide: true, content: () => [
            one.title !== now.title && diff(one.title, now.title), diff(one.body, now.body)] });
    }
    async function restore({ title, body }, name) {
        const isMeant = await confirm({ title: t("Restore {version}?", { version: name }), action: t("Restore"),
            text: t("The article says again what it said then. What it says now stays as a version.") });
        if (!isMeant) return;
        try {
            await call(of(article.id), { method: "PATCH", body: { title, body },
                headers: { "If-Match": `"${now.version}"` } });
            toast(t("Version restored"));
        } catch (problem) {
            alarm(t("Not restored. {why}", { why: whyNot(problem) }));
        }
        await reload();
    }
    return place;
}
