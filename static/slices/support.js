import { t } from "../ui/words.js";

/** Support: what people write to the agency, and the answers. */
export default {
    entries: () => [
        { group: "Top", label: t("Inbox"), path: "/inbox", permission: "conversations:read", count: "inbox" },
        { group: "Support", label: t("Tickets"), path: "/tickets", permission: "tickets:read" },
        { group: "Support", label: t("Knowledge"), path: "/articles", permission: "articles:read" },
    ],
    kinds: {
        tickets: () => import("../app/views/tickets.js"), articles: () => import("../app/views/articles.js"),
        surveys: () => import("../app/views/surveys.js"),
        "support-reports": () => import("../app/views/supportreports.js"), "service-incidents": null,
        "survey-responses": null, "form-submissions": null, improvements: null,
    },
    views: {
        "/inbox": () => import("../app/inbox/shell.js").then(({ inbox }) => inbox),
        "/inbox/{id}": () => import("../app/inbox/shell.js").then(({ inbox }) => inbox),
        "/coaching": () => import("../app/views/coaching.js").then(({ coaching }) => coaching),
        "/satisfaction": () => import("../app/views/satisfaction.js").then(({ satisfaction }) => satisfaction),
        "/outbox": () => import("../app/views/outbox.js").then(({ outbox }) => outbox),
    },
    places: {
        conversation: "/inbox", ticket: "/tickets", article: "/articles", service_incident: "/service-incidents",
        incident: "/service-incidents", survey: "/surveys", survey_response: "/survey-responses",
        form_submission: "/form-submissions", improvement: "/improvements", support_report: "/support-reports",
    },
    counts: {
        inbox: {
            permission: "conversations:read", on: "conversation.*,message.received",
            path: "/v1/conversations?status=open,pending&unread[gt]=0&limit=1&fields=id&total=true",
        },
    },
    lists: { knowledge_gap: "/articles?as=gaps" },
    moved: { "/conversations": "/inbox" },
    palette: () => [
        { text: t("New ticket"), path: "/tickets/new", permission: "tickets:write", makes: true },
        { text: t("New article"), path: "/articles/new", permission: "articles:write", makes: true },
        { text: t("New incident"), path: "/service-incidents/new", permission: "service_incidents:write", makes: true },
    ],
    today: () => [
        { waits: (signal) => import("../app/today/support.js").then(({ waits }) => waits(signal)) },
    ],
};
