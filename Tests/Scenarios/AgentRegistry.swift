import JSON
import Testing

/// Table 2.1-A of the requirements: every agent by its key.
private let plan: Set<String> = [
    "lead_generation", "prospect_research", "lead_scoring", "lead_qualification", "outreach_automation",
    "sales_automation", "client_management", "customer_service", "data_management", "orchestrator",
    "campaign_planning", "budget_allocation", "competitive_analysis", "content_strategy",
    "multi_format_generator", "content_performance", "infrastructure_monitor", "security_compliance",
    "coordination_agent", "primary_agent", "handover_monitor", "calendly_bridge", "lead_nurturing",
    "content_distribution", "lifecycle_management", "analytics_learning", "customer_analysis",
    "strategy_planning", "message_coordinator", "state_manager", "campaign_manager", "market_research",
    "social_media_coordinator", "instagram_agent", "linkedin_agent", "twitter_agent", "tiktok_agent",
    "facebook_agent", "youtube_agent", "content_quality", "performance_analytics", "sentiment_analysis",
    "crisis_detection", "crisis_response", "social_media_monitor",
]

/// The agents of the plan that are not built: whoever builds one takes it off this list.
private let notBuilt: Set<String> = [
    "competitive_analysis", "infrastructure_monitor", "security_compliance", "performance_analytics",
    "sentiment_analysis", "social_media_monitor", "crisis_detection", "crisis_response",
]

@Suite(.ownThread) struct AgentRegistry {
    let server = BureauProcess.shared

    @Test func `every agent of the plan is registered, and says why it stands by`() throws {
        let agency = try server.signUp()
        let agents = Dictionary(
            uniqueKeysWithValues: try agency.owner.every("/v1/agents").map { ($0.text("name"), $0) })
        #expect(plan.subtracting(agents.keys).isEmpty)
        for (name, agent) in agents {
            #expect(!agent.text("title").isEmpty && !agent.text("purpose").isEmpty, "\(name)")
            #expect((agent.text("state") == "standby") == notBuilt.contains(name), "\(name)")
            if notBuilt.contains(name) { #expect(!agent.text("reason").isEmpty, "\(name)") }
            let form = try agency.owner.get("/v1/agents/\(name)/config").ok()
            #expect(form["schema"]?["properties"] != nil && form["values"] == form["defaults"], "\(name)")
        }
        // The hours of its reports are kept for it.
        let reports = try agency.owner.every("/v1/schedules?agent=performance_analytics")
        #expect(Set(reports.map { $0.text("cron") }) == ["0 0 * * *", "0 16 * * fri"])
    }

    @Test func `each agent of campaigns, content and networks wakes in three ways, and may find nothing`()
        throws
    {
        let agency = try server.quietAgency()
        for name in [
            "campaign_planning", "campaign_manager", "budget_allocation", "content_strategy",
            "multi_format_generator", "content_performance", "content_quality", "social_media_coordinator",
            "instagram_agent", "linkedin_agent", "twitter_agent", "tiktok_agent", "facebook_agent",
            "youtube_agent",
        ] {
            let agent = try agency.owner.get("/v1/agents/\(name)").ok()
            let types = Set((agent["triggers"]?.array ?? []).map { $0.text("type") })
            #expect(types.isSuperset(of: ["schedule", "event", "manual"]), "\(name): \(types)")
            try agency.owner.patch("/v1/agents/\(name)", ["state": "active"]).ok()
            let run = try agency.owner.ended("/v1/agents/\(name)/runs", [:])
            #expect(run["status"] == "succeeded" && run["result"]?["processed"] == 0, "\(name): \(run)")
        }
    }

    @Test func `who writes first or spends asks a person in a new agency, and who answers does not`() throws {
        let agency = try server.signUp()
        let agents = try agency.owner.every("/v1/agents")
        for agent in agents {
            let asks = ["writes_first", "spends"].contains(agent.text("initiative"))
            #expect(agent.text("autonomy") == (asks ? "approve" : "autopilot"), "\(agent.text("name"))")
        }
        let asking = agents.filter { $0["autonomy"] == "approve" }.map { $0.text("name") }
        let wanted = [
            "outreach_automation", "sales_automation", "lead_nurturing", "content_distribution",
            "client_management", "prospect_research", "budget_allocation", "campaign_manager",
            "crisis_response", Caller.coordinator,
        ]
        #expect(Set(asking) == Set(wanted + Caller.networkAgents))
    }

    @Test func `who may write declares known tools, and who writes to people may do so`() throws {
        let agency = try server.signUp()
        let known = Set(try agency.owner.every("/v1/tools").map { $0.text("name") })
        var senders: Set<String> = []
        for agent in try agency.owner.every("/v1/agents") {
            let name = agent.text("name"), tools = Set(agent["tools"]?.array?.compactMap(\.text) ?? [])
            let permissions = agent["permissions"]?.array?.compactMap(\.text) ?? []
            #expect(tools.isSubset(of: known), "\(name)")
            if permissions.contains(where: { $0.hasSuffix(":write") }) { #expect(!tools.isEmpty, "\(name)") }
            guard tools.contains("send_message") else { continue }
            senders.insert(name)
            #expect(permissions.contains("messages:write"), "\(name)")
        }
        #expect(senders.isSuperset(of: ["customer_service", "client_management"]))
        #expect(senders.isDisjoint(with: ["lead_generation", "lead_scoring", "lead_qualification"]))
    }

    @Test func `what agents tell one another waits for one that stands by, and can be seen`() throws {
        let agency = try server.signUp()
        try agency.owner.patch("/v1/agents/handover_monitor", ["state": "standby"]).ok()
        let sent = try agency.owner.post(
            "/v1/agent-messages",
            [
                "type": "handover_request", "to": "handover_monitor",
                "body": [
                    "customer_id": "contact_00000000000000000000000000",
                    "reason": "technical_support_needed",
                ],
            ]
        ).ok(201)
        #expect(sent.text("status") == "waiting")
        #expect(try agency.owner.every("/v1/agent-messages?status=waiting").map(\.id) == [sent.id])
        try agency.owner.patch("/v1/agents/handover_monitor", ["state": "active"]).ok()
        try eventuallyTrue("the message is taken") {
            try agency.owner.get("/v1/agent-messages/\(sent.id)").ok().text("status") == "handled"
        }
        try agency.owner.post(
            "/v1/agent-messages", ["type": "handover_request", "to": "lead_scoring", "body": [:]]
        ).problem(422)
        try agency.colleague("viewer").post("/v1/agent-messages", ["type": "x", "to": "y"]).problem(403)
    }

    @Test func `why an agent has not run is told`() throws {
        let agency = try server.quietAgency()
        _ = try agency.makeLead()
        let refusals = try agency.owner.every("/v1/refusals?agent=lead_scoring")
        #expect(refusals.contains { $0.text("kind") == "run" && $0.text("detail").contains("lead.created") })
    }
}
