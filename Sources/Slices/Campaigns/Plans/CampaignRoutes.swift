internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// `/v1/campaigns`: their records, their states, and their money.
func campaignRoutes(_ routes: inout Routes, _ dependencies: CampaignDependencies) {
    campaignEvents(&routes)
    routes.standard(Campaign.resource, read: "campaigns:read", write: "campaigns:write")
    move(&routes, "activate", "Activate a campaign", to: .active, from: [.planning])
    move(&routes, "pause", "Pause a campaign: what belongs to it is held", to: .paused, from: [.active])
    move(
        &routes, "resume", "Resume a paused campaign; what was due meanwhile does not leave all at once",
        to: .active, from: [.paused])
    move(
        &routes, "complete", "Complete a campaign: posts and mails of it that have not left are cancelled",
        to: .completed, from: [.active, .paused])
    campaignMoneyRoutes(&routes, dependencies)
    campaignResultRoutes(&routes, dependencies)
    campaignFigureRoutes(&routes, dependencies)
}

private func move(
    _ routes: inout Routes, _ verb: String, _ summary: String, to status: Campaign.Status,
    from states: Set<Campaign.Status>
) {
    routes.post(
        "/v1/campaigns/{id}/\(verb)", .permission("campaigns:write"), summary, .record(Campaign.resource)
    ) { call in
        let id = try call.id("id", of: Campaign.self)
        return .write { tx in
            .record(
                try tx.campaigns.move(
                    id, to: status, from: states, because: .person,
                    checking: { try call.checkVersion($0.version) }, by: call.actor))
        }
    }
}

private func campaignMoneyRoutes(_ routes: inout Routes, _ dependencies: CampaignDependencies) {
    routes.declare(CampaignSpending.self)
    routes.declare(AllocationBody.self)
    routes.schema("CampaignSpend", spendSchema)
    routes.schema("CampaignPacing", pacingSchema)
    routes.schema("CampaignAllocation", allocationSchema)
    routes.post(
        "/v1/campaigns/{id}/spend", .permission("campaigns:write"),
        "Record the cost of a channel on a day; the same day and channel again is replaced",
        body: .json(.reference("CampaignSpendRequest")), .record(Campaign.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Campaign.self), call.body(CampaignSpending.self))
        return .write { tx in .record(try tx.campaignSpending.note(body, on: id, by: call.actor)) }
    }
    routes.get(
        "/v1/campaigns/{id}/spend", .permission("campaigns:read"),
        "List the costs of a campaign by channel and day", query: SimpleList.docs([], fields: []),
        .list(of: .reference("CampaignSpend"))
    ) { call in
        let id = try call.id("id", of: Campaign.self)
        return .read { reader in
            _ = try Campaign.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, [], key: "id", dialect: reader.dialect)
            list.add("campaign_id = \(id)")
            let page = try list.rows(of: "campaign_spend", CampaignSpend.self, in: reader)
            return list.response(page) { row, writer in writer.value(row.json) }
        }
    }
    routes.get(
        "/v1/campaigns/{id}/pacing", .permission("campaigns:read"),
        "Get the pace of a campaign's spending: spent, planned and projected",
        .json(.reference("CampaignPacing"), "The pace.")
    ) { call in
        let id = try call.id("id", of: Campaign.self)
        return .read { reader in
            .json(try reader.campaignSpending.pacing(of: Campaign.resource.get(id, in: reader)).json)
        }
    }
    routes.post(
        "/v1/campaigns/{id}/allocate", .permission("campaigns:write"),
        "Share out a budget among channels: each its minimum, and the rest by what it brings",
        body: .json(.reference("CampaignAllocationRequest")),
        .json(.reference("CampaignAllocation"), "The share of each, with the decision.")
    ) { call in
        let id = try call.id("id", of: Campaign.self)
        let body = try call.body(AllocationBody.self)
        return .write { tx in
            let campaign = try Campaign.resource.get(id, in: tx)
            let allocation = try body.allocation(
                ChannelHistory(of: campaign, dependencies, in: tx),
                seed: ThompsonSampling.seed(of: "\(id)/\(tx.campaignSpending.today().iso)"))
            let agent = try tx.runtime.agents.definition(BudgetAllocation.agent)
            let made = try tx.decisions.conclude(
                for: BudgetAllocation.agent, on: "allocation/\(tx.makeID(Nouns.Campaign.self))",
                campaign.subject, allocation.conclusion,
                under: tx.agentConfigurations.published(agent).version)
            return .json(allocation.outcome.merging(["decision_id": JSON(made.id)]))
        }
    }
}

private let amount: JSON = ["type": "object", "description": "An amount in minor units of a currency."]

extension JSON {
    /// The schema of an amount in minor units that there may be.
    static func amountOrNull(_ description: String) -> JSON {
        ["type": ["object", "null"], "description": .string(description)]
    }
}

private let spendSchema = JSON.schema(
    [
        "id": .anyText, "channel": .anyText, "date": .anyText, "amount": amount, "noted_at": .anyInstant,
        "by_hand": [
            "type": "boolean",
            "description": "Whether it was noted here; otherwise an advertising service told it.",
        ],
    ], required: ["id", "channel", "date", "amount", "noted_at", "by_hand"])

private let pacingSchema = JSON.schema(
    [
        "spent": amount,
        "expected": .amountOrNull("The budget's part of the days that are over."),
        "projected": .amountOrNull("The cost of the campaign at its end, if it goes on like this."),
        "status": [
            "type": ["string", "null"], "enum": ["on_track", "under", "over", .null],
            "description": "More than 10 % off is not on track; null without a budget and both days.",
        ],
    ], required: ["spent", "expected", "projected", "status"])

private let allocationSchema = JSON.schema(
    [
        "channels": [
            "type": "array",
            "items": JSON.schema(
                [
                    "channel": .anyText, "amount": amount,
                    "share": ["type": "number", "description": "Its part of the sum, from 0 to 1."],
                    "reason": .anyText,
                    "chance_best": [
                        "type": "number",
                        "description": "How often the channel was the best of all draws, from 0 to 1.",
                    ],
                    "return_range": [
                        "type": "array", "items": ["type": "number"],
                        "description":
                            "Between which its results for a unit of money were in nine of ten draws.",
                    ],
                ],
                required: ["channel", "amount", "share", "reason"]),
        ], "decision_id": .anyText,
    ], required: ["channels", "decision_id"])

/// Declares the events that campaigns publish, beyond the changes of their records.
private func campaignEvents(_ routes: inout Routes) {
    let campaign: JSONObject = [
        "client_id": .textOrNull, "name": .anyText, "status": .choice(Campaign.Status.self),
        "budget": ["type": ["object", "null"]], "paused_because": .textOrNull,
    ]
    routes.events(
        "campaign",
        [
            "active": "A campaign runs.", "paused": "A campaign was paused.",
            "completed": "A campaign was completed.",
            "budget_warned": "80 % of a campaign's budget has been spent.",
            "budget_exhausted": "All of a campaign's budget has been spent.",
        ], campaign)
    routes.event(
        "campaign.milestone_due", "The day of a campaign's milestone has come.",
        campaign.adding("milestone", .anyText).adding("due_on", .anyText))
    routes.event(
        "campaign.triggered", "A figure of a campaign has crossed its line.",
        campaign.adding("trigger", .anyObject).adding("value", ["type": "number"])
            .adding("evidence", ["type": "array"]))
    routes.event(
        "campaign.figures_differ", "Systems tell different figures of the same thing on a day.",
        campaign.adding("metric", .anyText).adding("date", .anyText).adding("figures", ["type": "array"]))
}
