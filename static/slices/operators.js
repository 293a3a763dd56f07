import { whoIsMe } from "../app/api.js";
import { h } from "../ui/dom.js";
import { spokenAs } from "../ui/state.js";
import { t } from "../ui/words.js";

const forOperators = (list) => () => (whoIsMe()?.role === "platform_admin" ? list() : []);

/** The operators' part: the agencies of the installation, its backups, and its health. */
export default {
    entries: forOperators(() => [
        { group: "Top", label: t("Agencies"), path: "/settings/agencies" },
        { group: "Top", label: t("Backups"), path: "/settings/backups" },
        { group: "Top", label: t("Health"), path: "/settings/health" },
    ]),
    today: forOperators(() => [{ draw: () => h("section", spokenAs(t("Installation")),
        h("h2", {}, t("This installation")),
        h("p", {}, t("You run it for all agencies. What they write and whom they know stays their own.")),
        h("p", { class: "links" }, h("a", { href: "#/settings/agencies" }, t("Agencies")),
            h("a", { href: "#/settings/backups" }, t("Backups")), h("a", { href: "#/settings/health" },
                t("Health")))) }]),
};
