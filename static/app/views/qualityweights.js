import { call } from "../api.js";
import { ask } from "../controls/controls.js";
import { words } from "../format.js";
import { t } from "../words.js";

/** How much each area counts in the health of the data; the figures are read anew with it. */
export function askWeights({ areas }, reload) {
    ask({
        title: t("What areas count"), told: t("Weights saved"), onSaved: reload,
        values: Object.fromEntries(areas.map(({ name, weight }) => [name, weight])),
        fields: areas.map(({ name }) => ({ name, label: words(name), type: "number", unit: "%", required: true })),
        async save({ changed: weights }) {
            if (!Object.keys(weights).length) return;
            await call("/v1/data-health", { method: "PATCH", body: { weights } });
        },
    });
}
