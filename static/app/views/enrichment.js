import { call, get, may } from "../api.js";
import { ask } from "../controls/controls.js";
import { secondsOf } from "../records/show.js";
import { sourceTitle } from "../titles.js";
import { badge, doing, h, pending, quiet, section } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { spokenAs } from "../../ui/state.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Which sources are asked for what, in which order, and what each costs. */
export function enrichment({ signal }) {
    const body = pending(() => get("/v1/enrichment-plan", signal), (plan) => {
        const titles = new Map(plan.sources.map((source) => [source.name, sourceTitle(source)]));
        const again = () => body.reload();
        return [
            section(t("Sources"), {}, sources(plan.sources)),
            section(t("Order of sources"), {}, order(plan, again), fields(plan, titles, again)),
        ];
    }, { signal });
    return {
        title: t("Enrichment plan"),
        content: [
            h("h1", {}, t("Enrichment plan")),
            quiet(t("For each field, sources are asked in this order until one is sure enough. A person's value is never replaced.")),
            body,
        ],
    };
}


const sources = (list) => table(t("Sources"),
    [t("Source"), t("State"), figure(t("Price of a call")), figure(t("Asked")), figure(t("Answered"))],
    list.map(({ name, title, connected, cost, asked, found }) => h("tr", {},
        h("th", { scope: "row" }, sourceTitle({ name, title })),
        h("td", { "data-label": t("State") },
            connected ? badge(t("Ready"), "good") : badge(t("Needs credentials"), "warn")),
        cell(t("Price of a call"), cost.amount > 0 ? money(cost) : t("free")),
        cell(t("Asked"), number(asked)), cell(t("Answered"), number(found)))), "stacked");

/** Whether the order follows what a hit costs. */
function order({ follows_yield: follows }, again) {
    if (!may("enrichment:write")) return null;
    const notice = h("div", { class: "notices" });
    const set = async () => {
        await call("/v1/enrichment-plan", { method: "PATCH", body: { follows_yield: !follows } });
        await again();
    };
    return [
        quiet(follows ? t("The order follows how often each source knew something, and its price.")
            : t("The order is the one below.")),
        h("div", { class: "actions" },
            doing(follows ? t("Keep the order below") : t("Follow hits and prices"), set, { place: notice, class: "small" })),
        notice,
    ];
}

const fields = (plan, titles, again) => table(t("Order of sources"),
    [t("Field"), t("Sources, in their order"), figure(t("Sure enough from")), figure(t("Stale after")), ""],
    Object.entries(plan.fields).map(([name, { sources: names, min_confidence: least, max_age: age }]) => h("tr", {},
        h("th", { scope: "row" }, words(name)),
        h("td", { "data-label": t("Sources, in their order") },
            names.map((source) => titles.get(source) ?? sourceTitle({ name: source })).join(", ") || t("none")),
        cell(t("Sure enough from"), percent(least)), cell(t("Stale after"), lasting(secondsOf(age))),
        h("td", { class: "actions" }, may("enrichment:write") && h("button", {
            type: "button", class: "small", ...spokenAs(t("Edit {thing}", { thing: words(name) })),
            onclick: () => askField(name, plan.fields[name], titles, again),
        }, t("Edit"))))), "stacked");

/** The order of a field's sources; which of them know the field, the server says. */
function askField(name, plan, titles, again) {
    const source = { name: "", label: t("Source"), type: "choice", required: true, options: [...titles] };
    ask({
        title: words(name), strip: `/fields/${name}`,
        values: plan,
        fields: [
            { name: "sources", label: t("Sources, in their order"), type: "rows", item: t("Source"), fields: [source] },
            { name: "min_confidence", label: t("Sure enough from"), type: "number", required: true, isPercent: true,
                unit: "%" },
            { name: "max_age", label: t("Stale after"), type: "duration", required: true },
        ],
        save: ({ values }) => call("/v1/enrichment-plan", { method: "PATCH", body: { fields: { [name]: values } } })
            .then(() => {}),
        told: t("Saved"), onSaved: again,
    });
}
