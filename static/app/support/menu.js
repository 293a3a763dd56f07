import { may } from "../api.js";
import { menuButton } from "../../ui/menu.js";
import { t } from "../../ui/words.js";

/** The pages of support that have no entry of their own. */
export const supportMenu = () => menuButton(t("More of support"), () => [
    may("tickets:read") && { text: t("Support figures"), href: "#/insights/support" },
    may("tickets:read") && { text: t("Coaching"), href: "#/coaching" },
    may("service_incidents:read") && { text: t("Incidents"), href: "#/service-incidents" },
    may("surveys:read") && { text: t("Surveys"), href: "#/surveys" },
    may("surveys:read") && { text: t("Satisfaction"), href: "#/satisfaction" },
    may("forms:read") && { text: t("Form entries"), href: "#/form-submissions" },
    may("forms:read") && { text: t("Forms and surveys"), href: "#/settings/forms-and-surveys" },
    may("tickets:read") && { text: t("Support reports"), href: "#/support-reports" },
    may("ticket_triggers:read") && { text: t("Ticket rules"), href: "#/settings/ticket-rules" },
    may("improvements:read") && { text: t("Improvements"), href: "#/improvements" },
    may("teams:read") && { text: t("Teams and skills"), href: "#/settings/teams-and-skills" },
]);
