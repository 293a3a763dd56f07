import { t } from "../../ui/words.js";

/** Pages of figures and data that no entry leads to. */
export default () => [
    { text: t("Support figures"), path: "/insights/support", permission: "tickets:read" },
    { text: t("Portfolio"), path: "/insights/portfolio", permission: "clients:read" },
    { text: t("Nurture figures"), path: "/insights/nurture", permission: "sequences:read" },
    { text: t("Message figures"), path: "/insights/messages", permission: "dashboard:read" },
    { text: t("Content figures"), path: "/insights/content", permission: "content_items:read" },
    { text: t("Data quality"), path: "/insights/quality", permission: "quality:read" },
    { text: t("Competitors"), path: "/competitors", permission: "competitors:read" },
    { text: t("Competitors' activity"), path: "/market-activity", permission: "competitors:read" },
    { text: t("Market findings"), path: "/market-findings", permission: "market:read" },
    { text: t("Market reports"), path: "/market-reports", permission: "market:read" },
    { text: t("Values read from services"), path: "/metric-reads", permission: "metrics:read" },
    { text: t("Quality issues"), path: "/quality-issues", permission: "quality:read" },
    { text: t("Quality rules"), path: "/quality-rules", permission: "quality_rules:read" },
    { text: t("Change sets"), path: "/change-sets", permission: "change_sets:read" },
    { text: t("Syncs"), path: "/syncs", permission: "syncs:read" },
    { text: t("Sync conflicts"), path: "/sync-conflicts", permission: "syncs:read" },
];
