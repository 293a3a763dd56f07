internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// Proposes campaigns: from an objective, a budget and some days, a campaign in planning whose channels, figures and
/// milestones rest on what earlier campaigns have brought.
struct CampaignPlanningAgent: AgentDefinition {
    let name = "campaign_planning"
    let title = "Campaign planning"
    let purpose = "Proposes campaigns from what has worked before."
    let cannot = [
        "It starts nothing and spends nothing: what it makes is in planning until a person activates it.",
        "It sets no target that earlier campaigns do not give it.",
    ]
    let permissions: Set<Permission> = ["campaigns:read", "campaigns:write", "metrics:read"]
    let tools = ["create_record"]
    let dependencies: CampaignDependencies

    /// The campaigns that are looked back at.
    private static let lookBack = 100

    func faults(parameters: JSON) -> [ValueFault] {
        let given = parameters.object ?? [:]
        var faults: [ValueFault] = []
        if !given.isEmpty, given["objective"] == nil {
            faults.append(
                ValueFault(pointer: "/objective", code: "required", detail: "objective is required."))
        }
        return faults + given.members.compactMap { name, value in Self.fault(name, value) }
    }

    private static func fault(_ name: String, _ value: JSON) -> ValueFault? {
        switch name {
        case "objective" where value.text.flatMap(Campaign.Objective.init(rawValue:)) == nil:
            ValueFault(
                pointer: "/objective", code: "invalid_choice",
                detail: "objective must be one of the choices.",
                choices: Campaign.Objective.choices)
        case "budget" where money(value) == nil:
            ValueFault(
                pointer: "/budget", code: "wrong_type",
                detail: "budget must be an amount in minor units of a currency, above 0.")
        case "days" where !(value.int.map { (1...Int64(CampaignPlan.daysMax)).contains($0) } ?? false):
            ValueFault(
                pointer: "/days", code: "out_of_range",
                detail: "days must be a number from 1 to \(CampaignPlan.daysMax).")
        case "client_id" where value.text.flatMap({ ClientID($0) }) == nil:
            ValueFault(
                pointer: "/client_id", code: "unknown_reference",
                detail: "client_id must be the id of a client.")
        case "objective", "budget", "days", "client_id": nil
        default:
            ValueFault(
                pointer: "/\(name.pointerToken)", code: "unknown_field",
                detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
        }
    }

    private static func money(_ value: JSON) -> Money? {
        guard let amount = value["amount"]?.int, let currency = value["currency"]?.text,
            (CampaignPlan.budgetMin...Money.amountMax).contains(amount), currency.count == 3
        else { return nil }
        return Money(amount: amount, currency: currency)
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let given = run.parameters
        guard let objective = given["objective"]?.text.flatMap(Campaign.Objective.init(rawValue:)),
            let budget = given["budget"].flatMap(Self.money)
        else {
            return try await run.finish { _ in
                ["processed": 0, "reason": "no_objective"]
            }
        }
        let days = Int(given["days"]?.int ?? 30), client = given["client_id"]?.id(of: Nouns.Client.self)
        let plan = try run.read { reader in
            CampaignPlan(
                objective, budget, days: days, from: try reader.campaigns.today().adding(days: 1),
                history: try history(of: objective, in: budget.currency, in: reader))
        }
        run.processed()
        return try await run.finish { tx in
            let decision = try run.decide(in: tx, Subject(run.id), plan.conclusion)
            guard
                try run.may("create_record", about: Subject(run.id), decision: decision.id, in: tx)
            else { return plan.outcome.merging(["decision_id": JSON(decision.id)]) }
            var campaign = try plan.campaign(words: tx.wordings.find(tx.agency.tenant().locale), in: tx)
            campaign.clientID = client
            try tx.create(&campaign, by: run.actor)
            return plan.outcome.merging([
                "campaign_id": JSON(campaign.id), "decision_id": JSON(decision.id),
            ])
        }
    }

    /// Returns the costs and conversions of channels in campaigns with the same objective.
    private func history(
        of objective: Campaign.Objective, in currency: String, in reader: Reader
    ) throws -> [CampaignPlan.Channel] {
        let campaigns = try Campaign.resource.all(
            where: "objective = \(objective.rawValue) AND status <> 'planning'",
            suffix: "ORDER BY id DESC LIMIT \(Self.lookBack)", in: reader)
        var found: [String: CampaignPlan.Channel] = [:]
        for campaign in campaigns where try reader.campaigns.currency(of: campaign) == currency {
            let past = try ChannelHistory(of: campaign, dependencies, in: reader)
            for (name, spent) in past.spent where spent > 0 {
                var channel = found[name] ?? CampaignPlan.Channel(name: name)
                channel.spent += spent
                channel.brought += past.brought[name] ?? 0
                channel.campaigns.append("\(campaign.id)")
                found[name] = channel
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        CampaignPlan(inputs: inputs)?.outcome
    }
}

extension CampaignPlan {
    /// Returns the campaign that it proposes.
    fileprivate func campaign(words: Wording, in tx: Transaction) -> Campaign {
        var campaign = Campaign.new(id: tx.nextID(), now: tx.now)
        campaign.name = called(in: words)
        (campaign.objective, campaign.budget) = (objective, budget)
        (campaign.startOn, campaign.endOn) = (start, end)
        campaign.channels.list = allocation.parts.map { part in
            var channel = CampaignChannel()
            (channel.channel, channel.minShare) = (part.channel.name, part.channel.minShare)
            channel.budget = Money(amount: part.amount, currency: budget.currency)
            return channel
        }
        campaign.kpis.list = kpis.map { figure in
            var kpi = CampaignKPI()
            (kpi.metric, kpi.target) = figure
            return kpi
        }
        campaign.milestones.list = milestones.map { stage, day in
            var milestone = CampaignMilestone()
            (milestone.name, milestone.dueOn) = (stage.called(in: words), day)
            return milestone
        }
        return campaign
    }
}

extension CampaignPlan {
    fileprivate func called(in words: Wording) -> String {
        let day = start.iso
        return switch objective {
        case .awareness: words("campaign.plan_awareness", ["day": .text(day)])
        case .traffic: words("campaign.plan_traffic", ["day": .text(day)])
        case .leads: words("campaign.plan_leads", ["day": .text(day)])
        case .sales: words("campaign.plan_sales", ["day": .text(day)])
        case .retention: words("campaign.plan_retention", ["day": .text(day)])
        }
    }
}

extension CampaignPlan.Stage {
    fileprivate func called(in words: Wording) -> String {
        switch self {
        case .look: words("campaign.milestone_look")
        case .half: words("campaign.milestone_half")
        case .review: words("campaign.milestone_review")
        }
    }
}
