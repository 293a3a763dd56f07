import { t } from "../ui/words.js";

/** Marketing: campaigns and the calendar, what is written and where it stands, and whom it reaches. */
export default {
    entries: () => [
        { group: "Marketing", label: t("Calendar"), path: "/calendar", permission: "content_calendar:read" },
        { group: "Marketing", label: t("Campaigns"), path: "/campaigns", permission: "campaigns:read" },
        { group: "Marketing", label: t("Content"), path: "/content-items", permission: "content_items:read" },
        { group: "Marketing", label: t("Posts"), path: "/social-posts", permission: "social_posts:read" },
        {
            group: "Marketing", label: t("Email campaigns"), path: "/email-campaigns",
            permission: "email_campaigns:read",
        },
        { group: "Marketing", label: t("Segments"), path: "/segments", permission: "segments:read" },
        { group: "Marketing", label: t("Tracked links"), path: "/tracked-links", permission: "tracked_links:read" },
        { group: "Marketing", label: t("Brands"), path: "/brands", permission: "brands:read" },
    ],
    kinds: {
        segments: () => import("../app/views/segments.js"), "content-calendar-rules": null,
        campaigns: () => import("../app/views/campaigns.js"),
        "ad-campaigns": () => import("../app/views/adcampaigns.js"),
        "social-accounts": () => import("../app/views/socialposts.js").then(({ accounts }) => accounts),
        "social-posts": () => import("../app/views/socialposts.js").then(({ posts }) => posts),
        brands: () => import("../app/views/brands.js"), "ad-audiences": null,
        "content-items": () => import("../app/views/contentitems.js"),
        distributions: () => import("../app/views/distributions.js"),
        "email-campaigns": () => import("../app/views/emailcampaigns.js"), "tracked-links": null,
        "post-promotions": () => import("../app/views/postpromotions.js"), "network-trends": null, "network-spaces": null,
        "social-mentions": null,
    },
    views: {
        "/calendar": () => import("../app/views/calendar.js").then(({ calendar }) => calendar),
        "/calendar/links": () => import("../app/views/calendarlinks.js").then(({ calendarLinks }) => calendarLinks),
    },
    places: {
        segment: "/segments", campaign: "/campaigns", ad_campaign: "/ad-campaigns", content_item: "/content-items",
        ad_audience: "/ad-audiences", distribution: "/distributions", email_campaign: "/email-campaigns",
        tracked_link: "/tracked-links", social_account: "/social-accounts", social_post: "/social-posts",
        brand: "/brands", content_calendar_rule: "/content-calendar-rules", post_promotion: "/post-promotions",
        network_trend: "/network-trends", network_space: "/network-spaces",
        social_mention: "/social-mentions",
    },
    moved: { "/content-calendar": "/calendar" },
    palette: () => [
        { text: t("New post"), path: "/social-posts/new", permission: "social_posts:write", makes: true },
        { text: t("New campaign"), path: "/campaigns/new", permission: "campaigns:write", makes: true },
    ],
};
