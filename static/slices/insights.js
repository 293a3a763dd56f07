import { t } from "../ui/words.js";

/** The figures of the agency, and what a person should look at. */
export default {
    entries: () => [
        { group: "Insights", label: t("Insights"), path: "/insights", permission: "dashboard:read" },
        { group: "Insights", label: t("Data quality"), path: "/insights/quality", permission: "quality:read" },
        { group: "Insights", label: t("Alerts"), path: "/alerts", permission: "alerts:read", count: "alerts" },
    ],
    kinds: {
        competitors: () => import("../app/views/competitors.js"), "market-activity": null,
        "market-findings": null,
        "market-reports": () => import("../app/views/marketreports.js"),
        "metric-reads": null, "quality-rules": null,
        "change-sets": () => import("../app/views/changesets.js"),
        "quality-issues": () => import("../app/views/qualityissues.js"),
        "error-patterns": null, syncs: () => import("../app/views/syncs.js"),
        "sync-runs": () => import("../app/views/syncruns.js"),
        "sync-conflicts": () => import("../app/views/syncconflicts.js"),
    },
    places: {
        competitor: "/competitors", market_finding: "/market-findings", market_report: "/market-reports",
        metric_read: "/metric-reads",
        quality_rule: "/quality-rules", quality_issue: "/quality-issues", change_set: "/change-sets",
        error_pattern: "/error-patterns", sync: "/syncs", sync_run: "/sync-runs", sync_conflict: "/sync-conflicts",
    },
    views: {
        "/insights": () => import("../app/views/insights.js").then(({ insights }) => insights),
        "/insights/support": () => import("../app/views/support.js").then(({ support }) => support),
        "/insights/portfolio": () => import("../app/views/portfolio.js").then(({ portfolio }) => portfolio),
        "/insights/nurture": () => import("../app/views/nurture.js").then(({ nurture }) => nurture),
        "/insights/messages": () => import("../app/views/messagefigures.js")
            .then(({ messageFigures }) => messageFigures),
        "/insights/content": () => import("../app/views/contentfigures.js")
            .then(({ contentFigures }) => contentFigures),
        "/insights/quality": () => import("../app/views/quality.js").then(({ quality }) => quality),
        "/alerts": () => import("../app/views/alerts.js").then(({ alerts }) => alerts),
    },
    lists: { alert: "/alerts", ticket_queue: "/insights/support", data_report: "/insights/quality" },
    moved: { "/support": "/insights/support" },
    counts: {
        alerts: {
            permission: "alerts:read", path: "/v1/alerts?open=true&limit=1&fields=id&total=true", on: "alert.*",
        },
    },
    today: () => [
        {
            permission: "alerts:write",
            waits: (signal) => import("../app/today/insights.js").then(({ waits }) => waits(signal)),
        },
    ],
};
