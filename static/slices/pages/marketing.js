import { t } from "../../ui/words.js";

/** Pages of marketing that no entry leads to. */
export default () => [
    { text: t("Social accounts"), path: "/social-accounts", permission: "social_accounts:read" },
    { text: t("Ad campaigns"), path: "/ad-campaigns", permission: "campaigns:read" },
    { text: t("Ad audiences"), path: "/ad-audiences", permission: "ad_audiences:read" },
    { text: t("Promoted posts"), path: "/post-promotions", permission: "campaigns:read" },
    { text: t("Trends on networks"), path: "/network-trends", permission: "social_accounts:read" },
    { text: t("Mentions"), path: "/social-mentions", permission: "social_accounts:read" },
    { text: t("Live talks"), path: "/network-spaces", permission: "social_accounts:read" },
    { text: t("Distributions"), path: "/distributions", permission: "content_items:read" },
    { text: t("Calendar links"), path: "/calendar/links", permission: "content_calendar:write" },
    { text: t("Content calendar rules"), path: "/content-calendar-rules", permission: "content_calendar:read" },
];
