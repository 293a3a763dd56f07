import { call, get, may } from "../api.js";
import { ask } from "../controls/controls.js";
import { linkTo } from "../places.js";
import { purposeOf, titleOf } from "../titles.js";
import { alarm } from "../../ui/alarm.js";
import { badge, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago, day } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { calls, drawQuota } from "./integrationuse.js";

const path = (name) => `/v1/tools/${encodeURIComponent(name)}`;

/** The effects of the kinds of tools on the world. */
const classes = () => ({
    reads: [t("Looks things up"), ""], writes: [t("Changes records here"), ""],
    sends: [t("Reaches people or services"), "warn"], spends: [t("Costs money"), "warn"],
});

/** The tools that agents and workflows act with; they have no other way to act. */
export function tools({ id, signal }) {
    if (id) return oneTool(id, signal);
    const list = pending(() => get("/v1/tools?limit=200", signal), ({ data }) => Object.entries(classes())
        .map(([code, [title]]) => [title, data.filter((one) => one.class === code)]).filter(([,
            some]) => some.length > 0)
        .map(([title, some]) => section(title, {}, table(title, [t("Tool"), t("Status"), t("Today")], some.map(row),
            "stacked"))), { signal });
    return [quiet(t("Agents and workflows act with these, and have no other way to act.")), list];
}

const row = (one) => h("tr", {},
    h("th", { scope: "row" }, h("a", { href: `#/settings/tools/${encodeURIComponent(one.name)}` }, titleOf(one)),
        h("span", { class: "evidence" }, purposeOf(one))),
    h("td", {}, stateOf(one)), h("td", { "data-label": t("Today") }, calls(one.use_today.calls)));

const stateOf = (one) => (one.enabled ? statusBadge(one.health) : badge(t("Switched off"), "bad"));

function oneTool(name, signal) {
    const load = () => Promise.all([get(path(name), signal), get(`${path(name)}/use`, signal),
        get(`/v1/tool-calls?tool=${encodeURIComponent(name)}&limit=20`, signal)]);
    const place = pending(load, ([one, use, recent]) => [
        h("p", { class: "links" }, h("a", { href: "#/settings/tools" }, t("Tools"))),
        h("div", { class: "heading" }, h("h2", {}, titleOf(one)), may("tools:configure") && h("div",
            { class: "actions" },
            h("button", { type: "button", onclick: () => change(one, place.reload) }, t("Set limits")),
            h("button", { type: "button", onclick: () => toggle(one, place.reload) },
                one.enabled ? t("Switch off") : t("Switch on")))),
        h("p", {}, purposeOf(one)), h("p", { class: "badges" }, stateOf(one), badge(...classes()[one.class])),
        one.reason && h("p", { class: "notice warn" }, one.reason),
        section(t("Use"), {}, facts([
            [t("Today"), calls(one.use_today.calls)], [t("Failed today"), number(one.use_today.failures)],
            [t("This month"), calls(use.month.calls)], [t("Expected this month"), calls(use.month.expected_calls)],
            [t("Cost this month"), money(use.month.cost)], [t("Price of a call"), one.cost && money(one.cost)],
        ]), one.quota.map((quota) => drawQuota(quota, titleOf(one))),
        use.days.length > 0 && h("details", { class: "fold" }, h("summary", {}, t("By day")), table(t("Use by day"),
            [t("Day"), t("Calls"), t("Failed")], use.days.map((each) => h("tr", {}, h("th", { scope: "row" },
                day(each.date)), h("td", { "data-label": t("Calls") }, number(each.calls)),
            h("td", { "data-label": t("Failed") }, number(each.failures)))), "stacked"))),
        section(t("Recent calls"), {}, recent.data.length === 0 ? quiet(t("Not called in the last 30 days."))
            : table(t("Recent calls"), [t("For"), t("Result"), t("When")], recent.data.map((each) => h("tr", {},
                h("th", { scope: "row" }, each.agent ? linkTo({ type: "agent", id: each.agent }) : t("A person"),
                    each.error && h("span", { class: "evidence fault" }, whyNot(each.error))),
                h("td", {}, statusBadge(each.state)), h("td", {}, ago(each.created_at)))),
                    "stacked")),
    ], { signal });
    return place;
}

async function toggle({ name, enabled }, reload) {
    await call(path(name), { method: "PATCH", body: { enabled: !enabled } })
        .then(() => toast(enabled ? t("Tool switched off") : t("Tool switched on")),
            (problem) => alarm(whyNot(problem)));
    await reload();
}

const counts = () => [
    ["minute", t("Calls per minute")], ["hour", t("Calls per hour")], ["day", t("Calls per day")],
    ["month", t("Calls per month")],
];

const change = (one, onSaved) => ask({
    title: t("Set limits"), values: one, told: t("Tool saved"), onSaved, fields: [
        { name: "limits", label: t("Limits"), type: "group", mayBeNothing: false,
            fields: counts().map(([name, label]) => ({ name, label, type: "number", isWhole: true })) },
        { name: "cost", label: t("Price of a call"), type: "money" },
        { name: "providers", label: t("Only through"), type: "records", refers: "integrations",
            help: t("Empty: any connected service that can do it.") },
    ],
    async save({ changed }) {
        if (Object.keys(changed).length) await call(path(one.name), { method: "PATCH", body: changed });
    },
});
