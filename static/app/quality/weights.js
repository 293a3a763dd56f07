import { call } from "../api.js";
import { ask } from "../controls/controls.js";
import { quiet } from "../../ui/dom.js";
import { number, words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

/** Asks for the weight of each area in the health of the data; the figures are read anew with it. */
export function askWeights({ areas }, reload) {
    ask({
        title: t("What areas count"), lead: quiet(t("Together the weights are 100 %.")), told: t("Weights saved"),
        onSaved: reload, values: Object.fromEntries(areas.map(({ name, weight }) => [name, weight])),
        fields: areas.map(({ name }) => ({ name, label: words(name), type: "number", unit: "%", required: true })),
        async save({ values, changed: weights }) {
            const names = Object.keys(weights), sum = Object.values(values).reduce((all, one) => all + one, 0);
            if (!names.length) return;
            if (Math.abs(sum - 100) > 0.01) {
                const detail = t("Together they would be {sum} %.", { sum: number(sum) });
                throw { title: t("Not saved."), errors: [{ pointer: `/${names.at(-1)}`, detail }] };
            }
            await call("/v1/data-health", { method: "PATCH", body: { weights } });
        },
    });
}
