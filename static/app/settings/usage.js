import { get, may } from "../api.js";
import { linkTo } from "../places.js";
import { named, whenNamed } from "../records/naming.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Shows the cost of this month, and which part of it who has used. */
export function usage({ signal }) {
    const load = async () => {
        const found = await get("/v1/costs/summary", signal);
        const kinds = ["integrations", "models", "clients"];
        await whenNamed(kinds.flatMap((kind) => (found.by[kind] ?? []).map(({ id }) => [kind, id])));
        return found;
    };
    return pending(load, ({ month, by, proposals }) => [
        section(t("This month"), {}, facts([
            [t("Spent"), money(month.spent)],
            [t("Forecast"), [money(month.expected), month.error > 0 && ` (±${percent(month.error)})`]],
            [t("Plan fees"), month.fees.amount > 0 && money(month.fees)],
        ])),
        part(t("By service"), by.integrations, ({ id }) => named("integrations", id, t("A service"))),
        part(t("By model"), by.models, ({ id }) => named("models", id, t("A model"))),
        part(t("By agent"), by.agents, ({ id }) => linkTo({ type: "agent", id })),
        part(t("By client"), by.clients, ({ id }) => (id ? named("clients", id) : t("The agency itself"))),
        proposals.length > 0 && section(t("Cheaper"), {}, proposals.map(({ title, saves, consequence }) =>
            h("p", {}, h("strong", {}, title), " ", saves?.amount > 0
                && t("Saves about {amount} a month.", { amount: money(saves) }), " ", consequence))),
        h("p", { class: "links" }, may("budgets:read") && h("a", { href: "#/settings/budgets" }, t("Budgets")),
            may("integrations:read") && h("a", { href: "#/settings/integrations" }, t("Integrations"))),
        !by.agents.length && !by.integrations.length && quiet(t("Nothing has been used this month.")),
    ], { signal });
}

function part(caption, list, name) {
    if (!list?.length) return null;
    const columns = [t("Name"), figure(t("Calls")), figure(t("Failed")), figure(t("Cost"))];
    return section(caption, {}, table(caption, columns, list.map((one) => h("tr", {},
        h("th", { scope: "row" }, name(one)), cell(t("Calls"), number(one.calls)),
        cell(t("Failed"), number(one.failures)),
        cell(t("Cost"), money(one.cost)))), "stacked"));
}
