import { t } from "../../ui/words.js";

/** Pages of agents and what they do that no entry leads to. */
export default () => [
    { text: t("Workflow runs"), path: "/workflow-runs", permission: "workflows:read" },
];
