import { t } from "../../ui/words.js";

/** Pages of the work for clients and of what they pay for it that no entry leads to. */
export default () => [
    { text: t("Payments"), path: "/payments", permission: "payments:read" },
    { text: t("Import statement"), path: "/payments/import", permission: "payments:write" },
    { text: t("Subscriptions"), path: "/subscriptions", permission: "subscriptions:read" },
    { text: t("Service credits"), path: "/credits", permission: "credits:read" },
    { text: t("Onboardings"), path: "/onboardings", permission: "onboardings:read" },
    { text: t("Goals"), path: "/goals", permission: "goals:read" },
    { text: t("Project templates"), path: "/project-templates", permission: "project_templates:read" },
    { text: t("Opportunities"), path: "/opportunities", permission: "opportunities:read" },
    { text: t("Review rules"), path: "/review-rules", permission: "deliverables:read" },
    { text: t("Quality of deliverables"), path: "/deliverable-quality", permission: "deliverables:read" },
    { text: t("Referrals"), path: "/referrals", permission: "referrals:read" },
];
