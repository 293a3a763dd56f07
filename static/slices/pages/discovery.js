import { t } from "../../ui/words.js";

/** Pages of finding leads that no entry leads to. */
export default () => [
    { text: t("Enrichment plan"), path: "/enrichment", permission: "enrichment:read" },
];
