import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { cronInWords } from "../settings/when.js";
import { permissionList, permissionTicks } from "../settings/permissions.js";
import { titleOf } from "../titles.js";
import { badge, doing, h, pending, quiet, section } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** When an agent works by itself, and how much it may spend. */
export const scheduleTab = (agent, signal) => [
    may("schedules:read") && section(t("Schedules"), {}, pending(
        () => get(withQuery("/v1/schedules", { agent, limit: 50 }), signal), ({ data }) => (data.length === 0
            ? quiet(t("It has no schedule: it works when it is asked, or when something happens."))
            : table(t("Schedules"), [t("Schedule"), t("When"), t("Next")], data.map((one) => h("tr", {},
                h("th", { scope: "row" }, h("a", { href: `#/settings/schedules/${encodeURIComponent(one.id)}` },
                    one.name || words(agent)), !one.enabled && [" ", badge(t("Paused"), "warn")]),
                h("td", { "data-label": t("When") }, cronInWords(one.cron)),
                h("td", { "data-label": t("Next") }, one.enabled ? ago(one.next_fires?.[0]) : "–"))), "stacked")),
        { signal }), may("schedules:write") && h("p", { class: "links after" },
        h("a", { href: "#/settings/schedules/new" }, t("New schedule")))),
    may("budgets:read") && section(t("Budgets"), {}, pending(
        () => get(withQuery("/v1/budgets", { agent, limit: 50 }), signal), ({ data }) => (data.length === 0
            ? quiet(t("It has no budget of its own; those for everyone hold.")) : h("ul", { class: "plain" },
                data.map((one) => h("li", {}, `${words(one.kind)}: `, shown(one.spent), " / ", shown(one.limit), " ",
                    words(one.per), " ", badge(percent(share(one)), share(one) >= 0.8 ? "warn" : ""))))), { signal }),
    h("p", { class: "links after" }, h("a", { href: withQuery("#/settings/budgets", { agent }) }, t("Open budgets")))),
];

const count = (value) => (typeof value === "number" ? value : value.amount);
const shown = (value) => (typeof value === "number" ? number(value) : money(value));
const share = ({ spent, held, limit }) => (count(limit) ? (count(spent) + count(held)) / count(limit) : 0);

/** The tools that an agent can act with, and what it may see and change. */
export const toolsTab = (agent, signal) => [
    section(t("Tools"), {}, agent.tools.length === 0 ? quiet(t("It only reads and decides; it acts with no tool."))
        : pending(() => get("/v1/tools?limit=200", signal), ({ data }) => h("ul", { class: "papers" },
            agent.tools.map((name) => drawTool(data.find((one) => one.name === name), name))), { signal })),
    section(t("Permissions"), {}, permissionList(agent.permissions), may("agents:configure") && narrowing(agent)),
    agent.cannot?.length > 0 && section(t("What it cannot do"), {},
        h("ul", {}, agent.cannot.map((one) => h("li", {}, one)))),
];

const drawTool = (tool, name) => h("li", {}, h("p", {}, h("strong", {}, h("a",
    { href: `#/settings/tools/${encodeURIComponent(name)}` }, titleOf(tool ?? { name }))), " ",
tool && !tool.enabled && badge(t("Switched off"), "bad")), tool && quiet(tool.summary));

/** An agent may be held to fewer permissions than its own, and get them all back. */
function narrowing({ name, permissions }) {
    const path = `/v1/agents/${encodeURIComponent(name)}`, trouble = h("div");
    const set = async (body, told) => {
        await call(path, { method: "PATCH", body });
        toast(told);
        window.dispatchEvent(new HashChangeEvent("hashchange"));
    };
    return h("div", { class: "actions" },
        h("button", { type: "button", class: "small", onclick: () => ask({
            title: t("Take permissions away"), wide: true, values: { permissions }, fields: [{ name: "permissions",
                label: t("Permissions"), type: "custom", draw: permissionTicks, offered: permissions }],
            save: ({ values }) => set(values, t("Permissions changed")),
        }) }, t("Take permissions away")),
        doing(t("Give all back"), () => set({ permissions: null }, t("It has all its permissions")),
            { place: trouble, class: "small" }), trouble);
}
