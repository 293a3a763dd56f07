internal import Agents
internal import JSON
internal import Records

// The agents of the plan that are not built yet: they are listed by name and do nothing. Whoever builds one takes it
// off this list and declares it, under the same name, in its slice.

private let readsMetrics: Set<Permission> = ["dashboard:read", "events:read", "decisions:read"]

/// Strategic planning and content intelligence.
private let planningAgents: [any AgentDefinition] = [
    StandbyAgent(
        "competitive_analysis", "Competitive analysis", "Watches competitors and suggests responses.",
        permissions: readsMetrics),
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

/// Insights.
private let publicAgents: [any AgentDefinition] =
    [
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
