import { call, may } from "../api.js";
import { readable } from "../readable.js";
import { componentName } from "../records/component.js";
import { badge, doing, h, quiet } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { statusBadge } from "../../ui/status.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pieces, plural, t } from "../../ui/words.js";

/** Draws the repeated failures: each with its cause and what to do, and a way to say that it is seen to. */
export function drawErrors(patterns, reload) {
    if (!patterns.length) return quiet(t("Nothing has failed."));
    return patterns.map((pattern) => drawPattern(pattern, reload));
}

function drawPattern(pattern, reload) {
    const { id, version, component, category, severity, count, trend, cause, recommended_action: action } = pattern;
    const place = h("div", { class: "notices" }), headers = { "If-Match": `"${version}"` };
    const set = (status, label, told) => doing(label, async () => {
        await call(`/v1/error-patterns/${encodeURIComponent(id)}`, { method: "PATCH", body: { status }, headers });
        toast(told);
        await reload();
    }, { place, ...spokenAs(t("{what}: {alert}", { what: label, alert: componentName(component) })) });
    return h("article", { class: "card" },
        h("p", { class: "badges" }, statusBadge(severity), badge(words(category)),
            badge(plural(count, "{count} time", "{count} times")), trend !== "steady" && badge(words(trend))),
        h("h3", { dir: "auto" }, componentName(component)),
        h("p", {}, h("strong", {}, t("What to do:")), " ", readable(action)),
        h("p", { class: "quiet" }, h("span", { dir: "auto" }, readable(cause.detail)), " ",
            h("span", {}, pieces("Last {when}", { when: ago(pattern.last_at) }))),
        may("quality:write") && h("div", { class: "actions" }, set("resolved", t("Resolve"), t("Resolved")),
            set("ignored", t("Ignore"), t("Ignored"))), place);
}
