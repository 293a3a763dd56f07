internal import Agents
internal import JSON
internal import Records

// The agents of the plan that are not built yet: they are listed by name and do nothing. Whoever builds one takes it
// off this list and declares it, under the same name, in its slice.

private let readsMetrics: Set<Permission> = ["dashboard:read", "events:read", "decisions:read"]

/// Strategic planning and content intelligence.
private let planningAgents: [any AgentDefinition] = [
    StandbyAgent(
        "campaign_planning", "Campaign planning", "Proposes marketing strategies from what has worked.",
        permissions: readsMetrics),
    StandbyAgent(
        "budget_allocation", "Budget allocation", "Shifts spending to the channels that earn it.",
        permissions: readsMetrics, initiative: .spends),
    StandbyAgent(
        "competitive_analysis", "Competitive analysis", "Watches competitors and suggests responses.",
        permissions: readsMetrics),
    StandbyAgent(
        "content_strategy", "Content strategy", "Plans the content calendar from trends and performance.",
        permissions: readsMetrics),
    StandbyAgent(
        "multi_format_generator", "Multi-format generator",
        "Writes coordinated pieces for blog, social networks and mail."),
    StandbyAgent(
        "content_performance", "Content performance", "Tracks how content does and suggests changes.",
        permissions: readsMetrics),
    StandbyAgent(
        "campaign_manager", "Campaign manager", "Runs campaigns: plan, budget, channels, milestones.",
        permissions: readsMetrics, initiative: .spends),
    StandbyAgent(
        "content_quality", "Content quality", "Checks pieces before they go out: brand, language, claims."),
]

/// Technical operations.
private let operationsAgents: [any AgentDefinition] = [
    StandbyAgent(
        "infrastructure_monitor", "Infrastructure monitor", "Watches the installation's health and speed.",
        permissions: ["jobs:read", "events:read"]),
    StandbyAgent(
        "security_compliance", "Security compliance",
        "Watches over privacy law: requests, retention, access.",
        permissions: ["audit:read", "users:read"]),
]

/// Social networks and insights.
private let publicAgents: [any AgentDefinition] =
    [
        StandbyAgent(
            "social_media_coordinator", "Social media coordinator", "Plans posts over all networks.",
            initiative: .writesFirst)
    ]
    + [
        ("instagram_agent", "Instagram"), ("linkedin_agent", "LinkedIn"), ("twitter_agent", "Twitter/X"),
        ("tiktok_agent", "TikTok"), ("facebook_agent", "Facebook"), ("youtube_agent", "YouTube"),
    ].map { name, network in
        StandbyAgent(
            name, network, "Adapts, publishes and measures posts on \(network).", initiative: .writesFirst)
    }
    + [
        StandbyAgent(
            "performance_analytics", "Performance analytics", "Finds what moved the figures, and reports.",
            schedules: [
                DefaultSchedule(name: "Daily performance report", cron: "0 0 * * *"),
                DefaultSchedule(
                    name: "Weekly report", cron: "0 16 * * fri", parameters: ["task": "weekly_report"]),
            ],
            permissions: readsMetrics),
        StandbyAgent(
            "sentiment_analysis", "Sentiment analysis", "Tells how people speak of a brand.",
            permissions: ["contacts:read"]),
        StandbyAgent(
            "social_media_monitor", "Social media monitor", "Listens for mentions on the networks."),
        StandbyAgent(
            "crisis_detection", "Crisis detection", "Predicts a crisis from what is said."),
        StandbyAgent(
            "crisis_response", "Crisis response", "Drafts the response to a crisis, for people to approve.",
            initiative: .writesFirst),
    ]

let plannedAgents = planningAgents + operationsAgents + publicAgents
