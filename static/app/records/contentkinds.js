import { term } from "../../ui/words.js";

/* People's names for what the agency writes for many, and whom it reaches, as `kinds` has them for the rest. */

export const contentKinds = {
    "ad-audiences": {
        singular: term("audience"), title: term("Ad audiences"), name: "name",
        form: ["name", "integration_id", "segment_id", "enabled"], filters: ["status"],
        labels: {
            integration_id: term("Advertising service"), segment_id: term("Segment"), enabled: term("Enabled"),
            reasons: term("Why it waits"), size: term("Addresses"), synced_at: term("Last told"),
        },
        empty: term("An audience is those of a segment who have agreed to be found again by advertisements."),
    },
    "ad-campaigns": {
        singular: term("ad campaign"), title: term("Ad campaigns"), name: "name",
        form: [],
        filters: ["network", "status"], noEdit: true, noDelete: true, noNew: true, permission: "campaigns",
        labels: {
            network: term("Network"), daily_budget: term("Daily budget"), spend: term("Spend"),
            clicks: term("Clicks"), impressions: term("Impressions"),
        },
        empty: term("The campaigns of a connected advertising service are listed here once its metrics were read."),
        first: [term("Connected services"), "#/settings/integrations"],
    },
    brands: {
        singular: term("brand"), title: term("Brands"), name: "name",
        form: ["name", "client_id", "banned", "preferred", "disclosures", "ai_disclosure", "max_grade"],
        filters: ["client_id"],
        labels: {
            banned: term("Never said"), preferred: term("Said instead"), disclosures: term("Disclosures"),
            max_grade: term("Years of school at most"), ai_disclosure: term("Words for what AI made"),
        },
        empty: term("A brand says how content is written: words that are never said, and those that are. Write down the first one here."),
    },
    campaigns: {
        singular: term("campaign"), title: term("Campaigns"), name: "name",
        form: [
            "name", "objective", "client_id", "start_on", "end_on", "budget", "kpis", "channels", "milestones",
            "triggers",
        ],
        filters: ["status", "objective", "client_id"],
        labels: {
            objective: term("Objective"), kpis: term("KPIs"), channels: term("Channels"),
            milestones: term("Milestones"), triggers: term("Triggers"), start_on: term("Starts on"),
            end_on: term("Ends on"), budget: term("Budget"),
        },
        empty: term("A campaign has an objective, channels and a budget. Plan the first one here."),
    },
    "social-accounts": {
        singular: term("social account"), title: term("Social accounts"), name: "name",
        form: ["name", "network", "integration_id", "client_id", "time_zone", "queue", "enabled"],
        filters: ["network", "status"], permission: "social_accounts",
        labels: { network: term("Network"), queue: term("Hours of the queue"), enabled: term("Enabled") },
        empty: term("An account is where posts are published. Without an integration, a person publishes them."),
    },
    "social-posts": {
        singular: term("post"), title: term("Posts"), name: "text",
        form: [
            "account_id", "text", "format", "first_comment", "link", "client_id", "made_with_ai", "paid_partnership",
        ],
        filters: ["status", "account_id"], permission: "social_posts", noNew: true, imports: true,
        exports: true,
        named: {
            account: term("Name of the account"), scheduled_at: term("Planned for"), hour: term("Hour of the day"),
            queue: term("By the queue"), file: term("File"), alt_text: term("What the file shows"),
            privacy_level: term("Who may see it"),
        },
        labels: {
            account_id: term("Social account"), first_comment: term("First comment"), format: term("Format"),
            scheduled_at: term("Planned for"), published_at: term("Published"), reasons: term("Why it waits"),
            thread: term("Further parts"), media: term("Pictures and films"), captured: term("Kept by a sandbox"),
            made_with_ai: term("Made with AI"), paid_partnership: term("Paid partnership"),
        },
        empty: term("A post is checked against the rules of its network before it is planned. Write the first one here."),
        first: [term("Add the first one"), "#/social-posts/new"],
    },
    segments: {
        singular: term("segment"), title: term("Segments"), name: "name",
        form: ["name", "of", "static", "filter"],
        filters: ["of", "static"], labels: { of: term("Made of"), static: term("By hand"), filter: term("Filter") },
        empty: term("A segment is some of your leads, contacts or clients: those that a filter finds, or that you choose."),
    },
    "content-items": {
        singular: term("content item"), title: term("Content"), name: "title",
        form: [
            "title", "format", "type", "subject", "body", "segment_id", "client_id", "campaign_id", "planned_at",
            "claims", "technical", "guide", "made_with_ai", "status",
        ],
        filters: ["format", "type", "status", "client_id", "campaign_id"], permission: "content_items",
        labels: {
            segment_id: term("For"), technical: term("For developers"), guide: term("Guide"), variants: term("Variants"),
            publishing: term("On the blog"), publishing_reasons: term("Why it waits"), url: term("Stands at"),
            blog_integration_id: term("Blog"), blog_image: term("Picture at its head"),
            format: term("Format"), planned_at: term("Planned for"), media: term("Pictures and films"),
            claims: term("Claims"), sources: term("Made from"), made_with_ai: term("Made with AI"),
        },
        empty: term("Content is written once for many, and reaches each person once. Write the first piece here."),
    },
    distributions: {
        singular: term("distribution"), title: term("Distributions"), titled: "id",
        form: [], filters: ["status"],
        noEdit: true, noDelete: true, noNew: true, permission: "content_items",
        labels: {
            content_item_id: term("Content"), matched: term("Looked at"), planned: term("Planned"),
            skipped: term("Left out"), audience: term("Audience"),
        },
        empty: term("What is sent of your content, and to how many, is listed here."),
        first: [term("View content"), "#/content-items"],
    },
    "content-calendar-rules": {
        singular: term("calendar rule"), title: term("Content calendar rules"), name: "theme",
        form: ["theme", "scope", "weekday", "week", "quarter", "month", "type", "audience", "enabled"],
        filters: ["scope", "type"], permission: "content_calendar",
        labels: {
            scope: term("Rhythm"), weekday: term("Weekday, from 1"), week: term("Week of the month"),
            quarter: term("Quarter"), month: term("Month"), theme: term("Theme"), audience: term("Audience"),
        },
        empty: term("A rule says what is told on which days; approved content of its type fills them."),
    },
};
