import { may } from "../api.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";
import { onlyRead } from "./agency.js";
import { settingsSection } from "./parts.js";

/** Sets who has to agree to what agents ask, and for how long they may wait. */
export const approvalRules = ({ query, signal }) => [
    onlyRead(),
    settingsSection(t("How approvals are decided"), { path: "/v1/approvals/policy", signal, query, fields: () => [
        { name: "four_eyes", label: t("Two people have to approve"), type: "yes",
            help: t("Two different people, and nobody approves what they have asked for themselves.") },
        { name: "expires_in", label: t("Expires after"), type: "duration", required: true,
            help: t("An approval that has no time of its own stays open for this long.") },
    ] }),
    h("p", { class: "links" }, h("a", { href: "#/approvals" }, t("Approvals")),
        may("agents:read") && h("a", { href: "#/agents" }, t("What each agent does automatically"))),
];
