import { t } from "../app/words.js";

/** The work for clients, and what they pay for it. */
export default {
    entries: () => [
        { group: "Clients", label: t("Clients"), path: "/clients", permission: "clients:read" },
        { group: "Clients", label: t("Projects"), path: "/projects", permission: "projects:read" },
        { group: "Clients", label: t("Tasks"), path: "/tasks", permission: "tasks:read" },
        { group: "Clients", label: t("Reports"), path: "/reports", permission: "reports:read" },
        { group: "Clients", label: t("Invoices"), path: "/invoices", permission: "invoices:read" },
    ],
    kinds: {
        invoices: () => import("../app/views/invoices.js"), reports: () => import("../app/views/reports.js"),
        clients: null, projects: null, tasks: null, deliverables: null,
    },
    places: {
        client: "/clients", project: "/projects", task: "/tasks", deliverable: "/deliverables", report: "/reports",
        invoice: "/invoices",
    },
    palette: () => [
        { text: t("New client"), path: "/clients/new", permission: "clients:write", makes: true },
        { text: t("New project"), path: "/projects/new", permission: "projects:write", makes: true },
        { text: t("New task"), path: "/tasks/new", permission: "tasks:write", makes: true },
        { text: t("New invoice"), path: "/invoices/new", permission: "invoices:write", makes: true },
    ],
};
