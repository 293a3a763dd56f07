import { call, get, may, tenant, withQuery } from "../api.js";
import { announce, badge, bar, doing, fill, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, money, number, percent, words } from "../format.js";
import { linkTo } from "../places.js";
import { live } from "../stream.js";

const kinds = {
    money: "Spend", tokens: "Tokens", sends: "Messages and outbound requests", calls: "External calls",
};

/** The budgets of agents and workflows, and how much of each is used. */
export function budgets({ signal }) {
    const list = pending(() => get(withQuery("/v1/budgets", { limit: 200 }), signal),
        ({ data }) => (data.length ? data.map((budget) => drawBudget(budget, reload)) : nothing()), { signal });
    const reload = () => list.reload();
    live("budget.*,tool.*", () => list.querySelector("form") || reload(), signal);
    const agents = may("budgets:write") && pending(
        () => get(withQuery("/v1/agents", { limit: 200, fields: "name,title" }), signal),
        ({ data }) => creator(data, reload), { signal });
    return h("div", { class: "columns" }, h("div", {}, list), agents && section("New budget", {}, agents));
}

const nothing = () => h("div", { class: "empty" },
    h("p", {}, "No budgets yet: agents and workflows have no spending limit."),
    may("budgets:write") && quiet("Create one for everyone or for a single agent."));

const count = (value) => (typeof value === "number" ? value : value.amount);
const shown = (value) => (typeof value === "number" ? number(value) : money(value));

function drawBudget(budget, reload) {
    const { agent, client_id, campaign_id, kind, per, limit, spent, held, resets_at } = budget;
    const used = count(spent) + count(held), share = count(limit) > 0 ? used / count(limit) : used > 0 ? 1 : 0;
    const level = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "";
    const place = h("div", { class: "notices" });
    const title = [kinds[kind], ` per ${per}`];
    const name = `${kinds[kind]} per ${per}, ${agent ? words(agent) : "everyone"}`;
    return h(
        "article", { class: "card" },
        h("h2", {}, title),
        h("p", { class: "badges" },
            badge(agent ? linkTo({ type: "agent", id: agent }) : "Everyone"), client_id && badge(`Client ${client_id}`),
            campaign_id && badge(`Campaign ${campaign_id}`),
            share >= 1 ? badge("Limit reached: further work is blocked", "bad")
                : share >= 0.8 && badge("Almost used up", "warn")),
        h("div", { class: "meter", role: "meter", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100,
            "aria-valuenow": Math.min(100, Math.round(share * 100)), "aria-valuetext": `${percent(share)} used` },
        bar(share, { tone: level })),
        h("p", {},
            h("strong", {}, shown(spent)), ` of ${shown(limit)} used`,
            count(held) > 0 && `, ${shown(held)} reserved for calls in progress`, ` (${percent(share)})`),
        quiet("Resets ", ago(resets_at)),
        may("budgets:write") && changer(budget, name, place, reload), place);
}

function changer({ id, version, kind, limit }, name, place, reload) {
    const path = `/v1/budgets/${encodeURIComponent(id)}`, panel = h("div");
    const headers = { "If-Match": `"${version}"` };
    const change = h("button", { type: "button", "aria-label": `Edit limit: ${name}`, onclick() {
        fill(panel, form(
            {
                action: "Save",
                async submit(entered) {
                    await call(path, { method: "PATCH", body: { limit: readLimit(kind, entered.limit) }, headers });
                    announce("Saved");
                    await reload();
                },
            },
            limitField(kind, limit)));
        panel.querySelector("input").focus();
    } }, "Edit limit");
    const remove = doing("Delete", async () => {
        if (!confirm(`Delete this budget? There will be no limit on: ${name}.`)) return;
        await call(path, { method: "DELETE", headers });
        announce("Budget deleted");
        await reload();
    }, { place, "aria-label": `Delete: ${name}` });
    return [h("div", { class: "actions" }, change, remove), panel];
}

const digits = (currency) =>
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;

function limitField(kind, limit) {
    const currency = limit?.currency ?? tenant().currency ?? "USD";
    const value = limit === undefined ? "" : kind === "money" ? limit.amount / 10 ** digits(currency) : limit;
    const label = kind === "money" ? `Limit in ${currency}` : "Limit";
    return field(label, "limit", { inputmode: "decimal", required: true, value });
}

/** What was typed, in the smallest unit of the agency's currency where it is money. */
function readLimit(kind, text) {
    const value = text.trim() === "" ? NaN : Number(text.trim().replace(",", "."));
    if (!Number.isFinite(value) || value < 0) {
        const detail = text.trim() === "" ? "Enter a limit." : "Enter a number of 0 or more.";
        throw { title: "Not saved.", detail, errors: [{ pointer: "/limit", detail }] };
    }
    if (kind !== "money") return value;
    const currency = tenant().currency ?? "USD";
    return { amount: Math.round(value * 10 ** digits(currency)), currency };
}

function creator(agents, reload) {
    const everyone = [["", "Everyone"], ...agents.map(({ name, title }) => [name, title])];
    const element = form(
        {
            action: "Create budget",
            async submit({ agent, kind, per, limit }) {
                const body = { kind, per, limit: readLimit(kind, limit), ...(agent && { agent }) };
                await call("/v1/budgets", { method: "POST", body });
                announce("Budget created");
                element.reset();
                await reload();
            },
        },
        field("Type", "kind", { control: "select", value: "calls", options: Object.entries(kinds) }),
        field("Applies to", "agent", { control: "select", options: everyone }),
        field("Period", "per", {
            control: "select", value: "day", options: ["hour", "day", "month"].map((per) => [per, words(per)]),
        }),
        field("Limit", "limit", {
            inputmode: "decimal", required: true,
            hint: `Spend in ${tenant().currency ?? "USD"}. Work that would exceed the limit does not run.`,
        }));
    return element;
}
