import { t } from "../ui/words.js";

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
        invoices: () => import("../app/views/invoices.js"), payments: () => import("../app/views/payments.js"),
        subscriptions: () => import("../app/views/subscriptions.js"), credits: () => import("../app/views/credits.js"),
        reports: () => import("../app/views/reports.js"),
        clients: () => import("../app/views/clients.js"), projects: () => import("../app/views/projects.js"),
        tasks: () => import("../app/views/tasks.js"), deliverables: () => import("../app/views/deliverables.js"),
        goals: () => import("../app/views/goals.js"), onboardings: () => import("../app/views/onboardings.js"),
        "project-templates": () => import("../app/views/projecttemplates.js"),
        opportunities: () => import("../app/views/opportunities.js"),
        referrals: () => import("../app/views/referrals.js"),
        "review-rules": () => import("../app/views/reviewrules.js"),
    },
    views: {
        "/clients/duplicates": () => import("../app/views/duplicates.js")
            .then(({ duplicatesOf }) => duplicatesOf("clients")),
        "/deliverable-quality": () => import("../app/views/deliverablequality.js")
            .then(({ deliverableQuality }) => deliverableQuality),
        "/payments/import": () => import("../app/views/payments.js").then(({ statement }) => statement),
    },
    places: {
        client: "/clients", project: "/projects", task: "/tasks", deliverable: "/deliverables", report: "/reports",
        invoice: "/invoices", payment: "/payments", subscription: "/subscriptions", service_credit: "/credits",
        goal: "/goals", onboarding: "/onboardings", project_template: "/project-templates",
        opportunity: "/opportunities", referral: "/referrals", review_rule: "/review-rules",
    },
    palette: () => [
        { text: t("New client"), path: "/clients/new", permission: "clients:write", makes: true },
        { text: t("New project"), path: "/projects/new", permission: "projects:write", makes: true },
        { text: t("New task"), path: "/tasks/new", permission: "tasks:write", makes: true },
        { text: t("New invoice"), path: "/invoices/new", permission: "invoices:write", makes: true },
    ],
    today: () => [
        { waits: (signal) => import("../app/today/clients.js").then(({ waits }) => waits(signal)) },
    ],
};
