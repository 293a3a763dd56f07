import { t } from "../../ui/words.js";

/** Pages of support that no entry leads to. */
export default () => [
    { text: t("Outbox"), path: "/outbox", permission: "messages:read" },
    { text: t("Knowledge gaps"), path: "/articles?as=gaps", permission: "knowledge_gaps:read" },
    { text: t("Coaching"), path: "/coaching", permission: "tickets:read" },
    { text: t("Satisfaction"), path: "/satisfaction", permission: "surveys:read" },
    { text: t("Incidents"), path: "/service-incidents", permission: "service_incidents:read" },
    { text: t("Surveys"), path: "/surveys", permission: "surveys:read" },
    { text: t("Form entries"), path: "/form-submissions", permission: "forms:read" },
    { text: t("Improvements"), path: "/improvements", permission: "improvements:read" },
];
