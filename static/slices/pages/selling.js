import { t } from "../../app/words.js";

/** Pages of sales and content that no entry leads to. */
export default () => [
    { text: t("Searches"), path: "/searches", permission: "searches:read" },
    { text: t("Lead sources"), path: "/lead-sources", permission: "lead_sources:read" },
    { text: t("Sales figures"), path: "/insights/sales", permission: "deals:read" },
    { text: t("Duplicate leads"), path: "/leads/duplicates", permission: "leads:write" },
    { text: t("Segments"), path: "/segments", permission: "segments:read" },
    { text: t("Content"), path: "/content-items", permission: "content_items:read" },
    { text: t("Distributions"), path: "/distributions", permission: "content_items:read" },
    { text: t("Content calendar"), path: "/content-calendar", permission: "content_calendar:read" },
    { text: t("Content calendar rules"), path: "/content-calendar-rules", permission: "content_calendar:read" },
    { text: t("Tasks from sequences"), path: "/outreach-tasks", permission: "sequences:read" },
    { text: t("Experiments"), path: "/experiments", permission: "experiments:read" },
];
