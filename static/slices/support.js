import { t } from "../app/words.js";

/** What people write to the agency, and the answers. */
export default {
    entries: () => [
        { group: "Top", label: t("Inbox"), path: "/inbox", permission: "conversations:read" },
        { group: "Support", label: t("Tickets"), path: "/tickets", permission: "tickets:read" },
        { group: "Support", label: t("Knowledge"), path: "/articles", permission: "articles:read" },
    ],
    kinds: { tickets: () => import("../app/views/tickets.js"), articles: null },
    views: {
        "/inbox": () => import("../app/inbox/shell.js").then(({ inbox }) => inbox),
        "/inbox/{id}": () => import("../app/inbox/shell.js").then(({ inbox }) => inbox),
        "/outbox": () => import("../app/views/outbox.js").then(({ outbox }) => outbox),
    },
    places: { conversation: "/inbox", ticket: "/tickets", article: "/articles" },
    moved: { "/conversations": "/inbox" },
    palette: () => [
        { text: t("New ticket"), path: "/tickets/new", permission: "tickets:write", makes: true },
        { text: t("New article"), path: "/articles/new", permission: "articles:write", makes: true },
        { text: t("Outbox"), path: "/outbox", permission: "messages:read" },
    ],
    today: () => [
        { waits: (signal) => import("../app/today/support.js").then(({ waits }) => waits(signal)) },
    ],
};
