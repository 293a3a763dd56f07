import { get, may, tenant, whoAmI, withQuery } from "../api.js";
import { h, pending, quiet, section, table, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, month, money, number, words } from "../format.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { openStages } from "../stages.js";
import { liveUnless } from "../stream.js";
import { board } from "./board.js";

const cardsMax = 200;
const isClosed = (stage) => stage === "won" || stage === "lost";

/** The deals: the open ones on a board, the closed ones in a list. */
export function deals({ query, signal }) {
    let wanted = { q: query.q ?? "", owner_id: query.owner_id ?? "", stage: query.stage ?? "" };
    const page = (cursor) => get(withQuery("/v1/deals", { ...wanted, limit: 50, sort: "-closed_at", cursor }), signal);
    const load = () => (isClosed(wanted.stage)
        ? page() : get(withQuery("/v1/pipeline", { owner_id: wanted.owner_id, per_stage: cardsMax }), signal));
    const tell = teller();
    const reload = () => {
        later.clear();
        return results.reload();
    };
    const results = pending(load, (found) => {
        if (isClosed(wanted.stage)) return drawClosed(found, page, wanted.stage, tell);
        return [board(found, { ...wanted, cardsMax, tell }, reload), drawForecast(found)];
    }, { signal });

    // Nothing moves under a hand that is choosing a stage or carrying a card.
    const isAtWork = () => results.querySelector('[aria-expanded="true"], .carried') !== null || isBeyond(results);
    const later = liveUnless("deal.*", { isAtWork, reload: results.reload, text: "Deals have changed.", signal });

    const owner = field("Owner", "owner_id", { control: "select", value: "", options: [["", "Anyone"]] });
    offerOwners(owner.querySelector("select"), wanted.owner_id, signal);
    return {
        title: "Deals",
        content: [
            h("h1", {}, "Deals"), dealTabs("/deals"),
            filters(
                { label: "Deals", address: "#/deals", wanted, signal, onChange(next) {
                    wanted = next;
                    tell.again();
                    reload();
                } },
                field("Search", "q", { type: "search", value: wanted.q, placeholder: "Company, notes…" }),
                owner,
                field("Stage", "stage", {
                    control: "select", value: wanted.stage,
                    options: [["", "All open"], ...[...openStages, "won", "lost"].map((one) => [one, words(one)])],
                })),
            later.place, results,
        ],
    };
}

/** The pages about what is sold, and what comes of it. */
export function dealTabs(here) {
    const to = (address, text) => h("a", { href: `#${address}`, "aria-current": address === here && "page" }, text);
    return may("invoices:read")
        && h("nav", { class: "tabs", "aria-label": "Deals" }, to("/deals", "Deals"), to("/invoices", "Invoices"));
}

/** Whose deals can be asked for: one's own, and anybody's whose name one may read. */
async function offerOwners(select, chosen, signal) {
    const { user } = await whoAmI();
    const { data } = may("users:read")
        ? await get("/v1/users?limit=200&fields=id,name", signal).catch(() => ({ data: [] })) : { data: [] };
    const others = data.filter(({ id }) => id !== user.id).map(({ id, name }) => [id, name]);
    const names = [[user.id, "Me"], ...others];
    select.append(...names.map(([id, name]) => h("option", { value: id, selected: id === chosen }, name)));
}

function drawClosed(first, page, stage, tell) {
    if (!first.data.length) {
        return h("p", { class: "empty" },
            `No ${stage} deals match. `, h("a", { href: "#/deals" }, "Show open deals"));
    }
    tell(`${words(stage)} deals`);
    const row = ({ id, name, value, closed_at, lost_reason }) => h(
        "tr", {},
        h("th", { scope: "row" }, h("a", { href: `#/deals/${id}` }, name)),
        h("td", { class: "figure" }, money(value) ?? "–"),
        h("td", {}, ago(closed_at)),
        stage === "lost" && h("td", { class: "next" }, lost_reason ?? "No reason given"));
    const value = { text: "Value", class: "figure" };
    const headings = ["Deal", value, "Closed", stage === "lost" && "Reason"].filter(Boolean);
    const deals = table(`${words(stage)} deals`, headings, first.data.map(row), "leads stacked");
    return [deals, paged(first, page, toTable(deals, row))];
}

function drawForecast({ forecast, currency }) {
    if (!forecast.length) return null;
    const figure = (text) => ({ text, class: "figure" });
    const cell = (label, text) => h("td", { class: "figure", "data-label": label }, text);
    const sum = (amount) => money({ amount, currency });
    const row = (one) => h(
        "tr", {},
        h("th", { scope: "row" }, one.month ? month(one.month) : "No close date"),
        cell("Deals", number(one.deals)), cell("Weighted", sum(one.weighted)), cell("Committed", sum(one.committed)),
        cell("Best case", sum(one.best)));
    return section("Forecast", {},
        table(
            "Open deals by expected close month",
            ["Month", figure("Deals"), figure("Weighted"), figure("Committed"), figure("Best case")],
            forecast.map(row), "stacked"),
        quiet(`All open deals, in ${currency}. Weighted values count each deal by its probability.`));
}
