import { call, get, may, withQuery } from "../api.js";
import { paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { doing, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { nameOf } from "./decisions.js";
import { said } from "./values.js";

/** Shows an agent's memories of people and firms; each can be forgotten. */
export function memoryTab(name, signal) {
    const path = `/v1/agents/${encodeURIComponent(name)}/memory`, trouble = h("div");
    const place = pending(() => get(`${path}?limit=100`, signal), ({ data }) => {
        if (!data.length) return quiet(t("It remembers nothing beyond what is in the records."));
        return table(t("What it remembers"), [t("About"), t("What"), t("Until"), ""], data.map((one) => h("tr", {},
            h("th", { scope: "row" }, nameOf(one.subject)),
            h("td", { "data-label": t("What") }, `${words(one.key)}: ${said(one.value)}`),
            h("td", { "data-label": t("Until") }, one.expires_at ? ago(one.expires_at) : t("for good")),
            h("td", {}, may("agent_memory:delete") && doing(t("Forget"), async () => {
                await call(withQuery(path, { subject_id: one.subject.id, key: one.key }), { method: "DELETE" });
                toast(t("Forgotten"));
                await place.reload();
            }, { place: trouble, class: "small" })))), "stacked");
    }, { signal });
    return section(t("What it remembers"), {}, trouble, place);
}

/** Shows other agents' requests to it, and what became of them. */
export function messagesTab(name, signal) {
    const page = (cursor) => get(withQuery("/v1/agent-messages", { to: name, limit: 20, cursor }), signal);
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, words(one.type), one.error && h("span", { class: "evidence fault" },
            whyNot(one.error))),
        h("td", { "data-label": t("From") }, one.from.type === "agent" ? linkTo(one.from) : words(one.from.type)),
        h("td", { "data-label": t("About") }, one.subject ? nameOf(one.subject) : "–"),
        h("td", {}, statusBadge(one.status)), h("td", {}, ago(one.created_at)));
    return section(t("Messages from other agents"), {}, pending(() => page(), (first) => {
        if (!first.data.length) return quiet(t("No agent has asked it for anything yet."));
        const list = table(t("Messages from other agents"), [t("Message"), t("From"), t("About"), t("Status"),
            t("When")],
            first.data.map(row), "stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal }));
}
