import { call, get, may, withQuery } from "../api.js";
import { ask } from "../controls/controls.js";
import { linkTo } from "../places.js";
import { named } from "../records/naming.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { bar } from "../../ui/bar.js";
import { confirm } from "../../ui/dialog.js";
import { badge, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { empty } from "../../ui/empty.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { meter, spokenAs } from "../../ui/state.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { pieces, t } from "../../ui/words.js";

const kinds = () => ({
    money: t("Spend"), tokens: t("Tokens"), sends: t("Messages and outbound requests"), calls: t("External calls"),
});
const periods = () => ({ hour: t("per hour"), day: t("per day"), month: t("per month") });
const path = (id) => `/v1/budgets/${encodeURIComponent(id)}`;

/** The budgets of agents and workflows, and how much of each is used. */
export function budgets({ query, signal }) {
    const list = pending(() => get(withQuery("/v1/budgets", { limit: 200, agent: query.agent }), signal),
        ({ data }) => (data.length ? data.map((budget) => drawBudget(budget, reload)) : nothing()), { signal });
    const reload = () => list.reload();
    live("budget.*,tool.*", () => document.querySelector("dialog[open]") || reload(), signal);
    return [
        may("budgets:write") && h("div", { class: "actions lead" }, h("button", { type: "button", class: "primary",
            "data-key": "n", onclick: () => make(reload, query.agent) }, t("New budget"))),
        list,
    ];
}

const nothing = () => empty(t("No budgets yet: agents and workflows have no spending limit."),
    { about: may("budgets:write") && t("Create one for everyone or for a single agent.") });

const count = (value) => (typeof value === "number" ? value : value.amount);
const shown = (value) => (typeof value === "number" ? number(value) : money(value));

export function drawBudget(budget, reload) {
    const { agent, client_id: client, kind, per, limit, spent, held, resets_at: resets } = budget;
    const used = count(spent) + count(held), share = count(limit) > 0 ? used / count(limit) : used > 0 ? 1 : 0;
    const level = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "";
    const title = t("{kind} {period}", { kind: kinds()[kind], period: periods()[per] });
    const name = t("{budget}, {whom}", { budget: title, whom: agent ? words(agent) : t("everyone") });
    return h("article", { class: "card" },
        h("h2", {}, title),
        h("p", { class: "badges" },
            badge(agent ? linkTo({ type: "agent", id: agent }) : t("Everyone")), client && badge(named("clients",
                client)),
            share >= 1 ? badge(t("Limit reached: further work is blocked"), "bad")
                : share >= 0.8 && badge(t("Almost used up"), "warn")),
        h("div", { class: "meter", ...meter(name, share, t("{share} used", { share: percent(share) })) },
            bar(share, { tone: level })),
        h("p", {}, pieces("{spent} of {limit} used ({share})",
            { spent: h("strong", {}, shown(spent)), limit: shown(limit), share: percent(share) }),
        count(held) > 0 && [" ", t("{amount} reserved for calls in progress", { amount: shown(held) })]),
        quiet(pieces("Resets {when}", { when: ago(resets) })),
        may("budgets:write") && h("div", { class: "actions" },
            h("button", { type: "button", ...spokenAs(t("Edit limit: {name}", { name })),
                onclick: () => change(budget, reload) }, t("Edit limit")),
            h("button", { type: "button", ...spokenAs(t("Delete: {name}", { name })),
                onclick: () => remove(budget, name, reload) }, t("Delete"))));
}

const limitField = (kind) => ({ name: "limit", label: t("Limit"), type: kind === "money" ? "money" : "number",
    isWhole: true, required: true });

function change(budget, reload) {
    ask({
        title: t("Edit limit"), told: t("Budget saved"), onSaved: reload, values: budget,
            fields: [limitField(budget.kind)],
        async save({ values }) {
            const headers = { "If-Match": `"${budget.version}"` };
            await call(path(budget.id), { method: "PATCH", body: values, headers });
        },
    });
}

async function remove(budget, name, reload) {
    const isMeant = await confirm({ title: t("Delete budget?"), action: t("Delete"), isGrave: true,
        text: t("There will be no limit on: {name}.", { name }) });
    if (!isMeant) return;
    await call(path(budget.id), { method: "DELETE", headers: { "If-Match": `"${budget.version}"` } })
        .then(() => toast(t("Budget deleted")), (problem) => alarm(whyNot(problem)));
    await reload();
}

async function make(reload, agent = null) {
    const { data } = await get("/v1/agents?limit=200&fields=name,title");
    const { place } = ask({
        title: t("New budget"), told: t("Budget created"), onSaved: reload, values: { kind: "money", per: "day",
            agent },
        fields: [
            { name: "kind", label: t("Type"), type: "choice", required: true, options: Object.entries(kinds()) },
            { name: "agent", label: t("Applies to"), type: "choice", none: t("Everyone"),
                options: data.map(({ name, title }) => [name, title]) },
            { name: "per", label: t("Period"), type: "choice", required: true, options: Object.entries(periods()) },
            { ...limitField("money"), name: "amount" },
            { ...limitField("calls"), help: t("Work that would exceed the limit does not run.") },
        ],
        more: [{ name: "client_id", label: t("Only for client"), type: "record", refers: "clients" }],
        async save({ values: { amount, limit, ...body } }) {
            const own = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
            await call("/v1/budgets", { method: "POST", body: { ...own, limit: body.kind === "money" ? amount
                : limit } });
        },
    });
    const kind = place.querySelector("[name=kind]");
    const show = () => {
        place.querySelector("[data-name=amount]").hidden = kind.value !== "money";
        place.querySelector("[data-name=limit]").hidden = kind.value === "money";
    };
    kind.addEventListener("change", show);
    show();
}
