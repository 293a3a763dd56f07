import { t } from "../../ui/words.js";

/** Pages of sales that no entry leads to. */
export default () => [
    { text: t("Searches"), path: "/searches", permission: "searches:read" },
    { text: t("Lead sources"), path: "/lead-sources", permission: "lead_sources:read" },
    { text: t("Sales figures"), path: "/insights/sales", permission: "deals:read" },
    { text: t("Duplicate leads"), path: "/leads/duplicates", permission: "leads:write" },
    { text: t("Tasks from sequences"), path: "/outreach-tasks", permission: "sequences:read" },
    { text: t("Experiments"), path: "/experiments", permission: "experiments:read" },
];
