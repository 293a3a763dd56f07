import { call, get, may, tenant, withQuery } from "../api.js";
import { announce, badge, bar, doing, fill, h, pending, quiet, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, money, number, percent, words } from "../format.js";
import { linkTo } from "../places.js";
import { live } from "../stream.js";

const kinds = {
    money: "Money", tokens: "Tokens", sends: "Messages and requests that reach others", calls: "Calls that go outside",
};

/** What agents and workflows may take, and what they have taken. */
export function budgets({ signal }) {
    const list = pending(() => get(withQuery("/v1/budgets", { limit: 200 }), signal),
        ({ data }) => (data.length ? data.map((budget) => drawBudget(budget, reload)) : nothing()), { signal });
    const reload = () => list.reload();
    live("budget.*,tool.*", () => list.querySelector("form") || reload(), signal);
    const agents = may("budgets:write") && pending(
        () => get(withQuery("/v1/agents", { limit: 200, fields: "name,title" }), signal),
        ({ data }) => creator(data, reload), { signal });
    return {
        title: "Budgets",
        content: [
            h("h1", {}, "Budgets"),
            h("div", { class: "columns" }, h("div", {}, list), agents && section("New budget", {}, agents)),
        ],
    };
}

const nothing = () => h("div", { class: "empty" },
    h("p", {}, "No budgets yet: nothing limits what agents and workflows may spend."),
    may("budgets:write") && quiet("Make the first one with the form, for everyone or for one agent."));

const count = (value) => (typeof value === "number" ? value : value.amount);
const shown = (value) => (typeof value === "number" ? number(value) : money(value));

function drawBudget(budget, reload) {
    const { agent, client_id, campaign_id, kind, per, limit, spent, held, resets_at } = budget;
    const used = count(spent) + count(held), share = count(limit) > 0 ? used / count(limit) : used > 0 ? 1 : 0;
    const level = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "";
    const place = h("div", { class: "notices" });
    const title = [kinds[kind], ` a ${per}`];
    const name = `${kinds[kind]} a ${per}, ${agent ? words(agent) : "everyone"}`;
    return h(
        "article", { class: "card" },
        h("h2", {}, title),
        h("p", { class: "badges" },
            badge(agent ? linkTo({ type: "agent", id: agent }) : "Everyone"), client_id && badge(`Client ${client_id}`),
            campaign_id && badge(`Campaign ${campaign_id}`),
            share >= 1 ? badge("Spent: nothing more runs", "bad") : share >= 0.8 && badge("Nearly spent", "warn")),
        h("div", { class: "meter", role: "meter", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100,
            "aria-valuenow": Math.min(100, Math.round(share * 100)), "aria-valuetext": `${percent(share)} taken` },
        bar(share, { tone: level })),
        h("p", {},
            h("strong", {}, shown(spent)), ` of ${shown(limit)} spent`,
            count(held) > 0 && `, ${shown(held)} held for calls on their way`, ` (${percent(share)})`),
        quiet("Begins anew ", ago(resets_at)),
        may("budgets:write") && changer(budget, name, place, reload), place);
}

function changer({ id, version, kind, limit }, name, place, reload) {
    const path = `/v1/budgets/${encodeURIComponent(id)}`, panel = h("div");
    const headers = { "If-Match": `"${version}"` };
    const change = h("button", { type: "button", "aria-label": `Change the limit: ${name}`, onclick() {
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
    } }, "Change the limit");
    const remove = doing("Delete", async () => {
        if (!confirm(`Delete this budget? Nothing limits it then: ${name}.`)) return;
        await call(path, { method: "DELETE", headers });
        announce("Deleted");
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
        const detail = text.trim() === "" ? "It is required." : "It is not a number from 0 up.";
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
            action: "Make it",
            async submit({ agent, kind, per, limit }) {
                const body = { kind, per, limit: readLimit(kind, limit), ...(agent && { agent }) };
                await call("/v1/budgets", { method: "POST", body });
                announce("Made");
                element.reset();
                await reload();
            },
        },
        field("Of", "kind", { control: "select", value: "calls", options: Object.entries(kinds) }),
        field("For", "agent", { control: "select", options: everyone }),
        field("Each", "per", {
            control: "select", value: "day", options: ["hour", "day", "month"].map((per) => [per, words(per)]),
        }),
        field("Limit", "limit", {
            inputmode: "decimal", required: true,
            hint: `Money in ${tenant().currency ?? "USD"}. What would exceed it does not run.`,
        }));
    return element;
}
