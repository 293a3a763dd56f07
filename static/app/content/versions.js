import { get } from "../api.js";
import { ask, operate } from "../records/ask.js";
import { named } from "../records/naming.js";
import { dialog } from "../../ui/dialog.js";
import { diff } from "../../ui/diff.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

const of = (id) => `/v1/content-items/${encodeURIComponent(id)}`;

/** The versions of a content item: each beside the one now, with what was said of it. */
export function versions(item, { kind, signal, reload, follow }) {
    let now = item;
    const draw = ({ data }) => (data.length > 1
        ? h("ol", { class: "papers" }, data.map(line)) : quiet(t("No versions yet.")));
    const place = pending(() => get(`${of(item.id)}/versions?limit=50`, signal), draw, { signal });
    follow((record) => {
        now = record;
        place.reload();
    });

    function line(one) {
        const name = t("Version {number}", { number: number(one.number) }), isNow = one.number === now.revision;
        const button = (text, onclick) => h("button", { type: "button", class: "small", onclick },
            text, h("span", { class: "unseen" }, ` ${name}`));
        const said = one.decision?.text ?? one.review?.notes;
        return h("li", {},
            h("p", { class: "badges" }, h("strong", {}, name), isNow && badge(t("Current"), "good"),
                one.decision ? statusBadge(one.decision.decision)
                    : one.review && !one.review.passed && badge(t("Not passed"), "bad"),
                one.by.type === "user" ? named("users", one.by.id, t("A colleague")) : h("span", {}, t("An agent")),
                ago(one.at)),
            said && h("p", { class: "said", dir: "auto" }, said),
            !isNow && h("div", { class: "actions" }, button(t("Compare"), () => compare(one, name)),
                kind.mayWrite && button(t("Restore"), () => restore(one, name))));
    }
    function compare(one, name) {
        dialog({ title: t("{version} and the content now", { version: name }), wide: true, content: () => [
            one.title !== now.title && diff(one.title, now.title),
            one.subject !== now.subject && diff(one.subject, now.subject), diff(one.body, now.body)] });
    }
    function restore(one, name) {
        ask({
            title: t("Restore {version}?", { version: name }), action: t("Restore"), said: t("Version restored"),
            text: t("The content says again what it said then. What it says now stays as a version."),
            run: () => operate(`${of(item.id)}/restore`, { version: now.version, body: { version: one.number } })
                .then(reload),
        });
    }
    return section(t("Versions"), {}, place);
}
