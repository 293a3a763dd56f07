import { download, may } from "../api.js";
import { doing, h } from "../dom.js";
import { t } from "../words.js";
import { listPage } from "./parts.js";

/** People who must not be written to: one by one, or as a list from elsewhere. */
export const suppressions = listPage("suppressions", () => ({
    about: t("Nothing is sent to these addresses. Those who unsubscribe, complain or bounce are added by themselves."),
    buttons: () => {
        const trouble = h("div");
        return [
            may("suppressions:import") && h("a", { class: "button", href: "#/import?into=suppressions" },
                t("Import")),
            may("suppressions:export") && doing(t("Export"),
                () => download("/v1/suppressions/export?format=csv", "suppressions.csv"), { place: trouble }), trouble,
        ];
    },
}));
