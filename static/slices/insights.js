import { t } from "../app/words.js";

/** The figures of the agency, and what a person should look at. */
export default {
    entries: () => [
        { group: "Insights", label: t("Insights"), path: "/insights", permission: "dashboard:read" },
        { group: "Insights", label: t("Alerts"), path: "/alerts", permission: "alerts:read", count: "alerts" },
    ],
    views: {
        "/insights": () => import("../app/views/insights.js").then(({ insights }) => insights),
        "/insights/support": () => import("../app/views/support.js").then(({ support }) => support),
        "/alerts": () => import("../app/views/alerts.js").then(({ alerts }) => alerts),
    },
    lists: { alert: "/alerts", ticket_queue: "/insights/support" },
    moved: { "/support": "/insights/support" },
    counts: {
        alerts: {
            permission: "alerts:read", path: "/v1/alerts?open=true&limit=1&fields=id&total=true", on: "alert.*",
        },
    },
    palette: () => [{ text: t("Support figures"), path: "/insights/support", permission: "tickets:read" }],
    today: () => [
        {
            permission: "alerts:read",
            waits: (signal) => import("../app/today/insights.js").then(({ waits }) => waits(signal)),
        },
    ],
};
