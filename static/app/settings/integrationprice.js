import { call } from "../api.js";
import { ask } from "../controls/controls.js";
import { t } from "../../ui/words.js";

const planFields = () => [
    { name: "name", label: t("Plan"), required: true }, { name: "fee", label: t("Fee a month"), type: "money" },
    { name: "included", label: t("Calls included"), type: "number", isWhole: true },
    { name: "price", label: t("Price per 1,000 calls beyond"), type: "money" },
    { name: "limit", label: t("Calls at most"), type: "number", isWhole: true },
];

/** Shows a service's cost, by the call or by a plan; and what it will cost. */
export function price(one, { at, reload }) {
    ask({
        title: t("Price and plan"), wide: true, told: t("Price saved"), onSaved: reload, values: one, fields: [
            { name: "price", label: t("Price per 1,000 calls"), type: "money" },
            { name: "price_change", label: t("New price"), type: "group", isLine: true, fields: [
                { name: "price", label: t("Price per 1,000 calls"), type: "money" },
                { name: "from", label: t("From"), type: "date" },
            ] },
            { name: "plan", label: t("Plan that is paid"), type: "group", fields: planFields() },
            { name: "plans", label: t("Other plans of the service"), type: "rows", item: t("Plan"),
                fields: planFields(),
                help: t("With them you are told when another one would be cheaper.") },
        ],
        async save({ changed }) {
            const body = withoutEmpty(changed);
            if (Object.keys(body).length) await call(at, { method: "PATCH", body });
        },
    });
}

/** A plan's fields that are left empty are left out: they have standards of their own. */
function withoutEmpty(changed) {
    const full = (plan) => plan && Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== null));
    const body = { ...changed };
    if ("plan" in body) body.plan = full(body.plan);
    if ("plans" in body) body.plans = body.plans.map(full);
    return body;
}
