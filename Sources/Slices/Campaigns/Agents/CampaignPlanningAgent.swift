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
/// milestones rest on what earlier campaigns have brought. By itself it proposes what follows those that end.
struct CampaignPlanningAgent: AgentDefinition {
    let name = "campaign_planning"
    let title = "Campaign planning"
    let purpose = "Proposes campaigns from what has worked before."
    let cannot = [
        "It starts nothing and spends nothing: what it makes is in planning until a person activates it.",
        "It sets no target that earlier campaigns do not give it.",
    ]
    let schedules = [DefaultSchedule(name: "Campaigns that follow", cron: "0 6 * * 1")]
    let events = ["campaign.completed"]
    let permissions: Set<Permission> = ["campaigns:read", "campaigns:write", "metrics:read"]
    let tools = ["create_record"]
    let dependencies: CampaignDependencies

    /// The campaigns that are looked back at, and those that one run follows.
    private static let lookBack = 100, followedMax = 50
    /// The days before and after its end in which a campaign is followed by another.
    private static let daysAround = 14

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
        guard let amount = value["amount"]?.int,
            let currency = value["currency"]?.text.flatMap({ Currency($0) }),
            (CampaignPlan.budgetMin...Money.amountMax).contains(amount)
        else { return nil }
        return Money(amount: amount, currency: currency.code)
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let given = run.parameters
        guard let objective = given["objective"]?.text.flatMap(Campaign.Objective.init(rawValue:)),
            let budget = given["budget"].flatMap(Self.money)
        else {
            return try await follow(run)
        }
        let days = Int(given["days"]?.int ?? 30), client = given["client_id"]?.id(of: Nouns.Client.self)
        let plan = try run.read { reader in
            CampaignPlan(
                objective, budget, days: days, from: try reader.campaignSpending.today().adding(days: 1),
                history: try history(of: objective, in: budget.currency, in: reader))
        }
        run.processed()
        return try await run.finish { tx in
            try propose(plan, about: Subject(run.id), for: client, run, in: tx)
        }
    }

    private func propose(
        _ plan: CampaignPlan, about subject: Subject, for client: ClientID?, _ run: AgentRun,
        in tx: Transaction
    ) throws -> JSON {
        let decision = try run.decide(in: tx, subject, plan.conclusion)
        guard try run.may("create_record", about: subject, decision: decision.id, in: tx) else {
            return plan.outcome.merging(["decision_id": JSON(decision.id)])
        }
        var campaign = try plan.campaign(words: tx.wordings.find(tx.agency.tenant().locale), in: tx)
        campaign.clientID = client
        try tx.create(&campaign, by: run.actor)
        return plan.outcome.merging([
            "campaign_id": JSON(campaign.id), "decision_id": JSON(decision.id),
        ])
    }

    /// Proposes what follows campaigns that have ended, or end soon: as long as they, with their objective and budget.
    private func follow(_ run: AgentRun) async throws -> JSON {
        let ended = try run.eventSubjects().compactMap { $0.id(of: Nouns.Campaign.self) }
        let followed = try run.read { reader in
            ended.isEmpty
                ? try reader.campaigns.ending(within: Self.daysAround, limit: Self.followedMax) : ended
        }
        var made: [JSON] = []
        for id in followed {
            let proposed = try await run.write { tx -> JSON? in
                guard let old = try Campaign.resource.find(id, in: tx),
                    try tx.decisions.latest(name, subjectID: id) == nil,
                    let plan = try plan(after: old, in: tx)
                else { return nil }
                return try propose(plan, about: old.subject, for: old.clientID, run, in: tx)
            }
            guard let proposed else { continue }
            run.processed()
            made.append(proposed.merging(["follows": JSON(id)]))
        }
        var result: JSON = ["processed": JSON(made.count), "campaigns": .array(made)]
        if made.isEmpty { result = result.merging(["reason": "no_objective"]) }
        let told = result
        return try await run.finish { _ in told }
    }

    /// Returns the plan for what follows a campaign; `nil` where nothing says how long or how dear it is to be, or
    /// people have planned on.
    private func plan(after old: Campaign, in tx: Transaction) throws -> CampaignPlan? {
        guard let budget = old.budget, budget.amount >= CampaignPlan.budgetMin, let start = old.startOn,
            let end = old.endOn, start <= end, try !tx.campaigns.isFollowed(old, from: start)
        else { return nil }
        let today = try tx.campaignSpending.today(), days = end.daysSinceEpoch - start.daysSinceEpoch + 1
        let last = old.status == .completed ? today : max(today, end)
        return CampaignPlan(
            old.objective, budget, days: min(days, CampaignPlan.daysMax), from: last.adding(days: 1),
            history: try history(of: old.objective, in: budget.currency, in: tx))
    }

    /// Returns the costs of channels in campaigns with the same objective, and what they have brought of its figure.
    private func history(
        of objective: Campaign.Objective, in currency: String, in reader: some Queryable
    ) throws -> [CampaignPlan.Channel] {
        let campaigns = try Campaign.resource.all(
            where: "objective = \(objective.rawValue) AND status <> 'planning'",
            suffix: "ORDER BY id DESC LIMIT \(Self.lookBack)", in: reader)
        var found: [String: CampaignPlan.Channel] = [:]
        for campaign in campaigns where try reader.campaignSpending.currency(of: campaign) == currency {
            let past = try ChannelHistory(
                of: campaign, counting: CampaignPlan.metric(of: objective), dependencies, in: reader)
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

extension CampaignStore {
    /// Returns the campaigns whose last day is at most so many days away, before or after today.
    fileprivate func ending(within days: Int, limit: Int) throws -> [CampaignID] {
        let today = try tx.campaignSpending.today(), first = today.adding(days: -days),
            last = today.adding(days: days)
        return try Campaign.resource.all(
            where: """
                status <> 'planning' AND end_on >= \(first.iso) AND end_on <= \(last.iso)
                    AND (status = 'completed' OR end_on >= \(today.iso))
                """, suffix: "ORDER BY id LIMIT \(limit)", in: tx
        ).map(\.id)
    }

    /// Returns whether a campaign with the same objective, of the same client, begins later.
    fileprivate func isFollowed(_ old: Campaign, from start: CivilDate) throws -> Bool {
        let client = old.clientID.map { "client_id = \($0)" as SQL } ?? "client_id IS NULL"
        return try Campaign.resource.first(
            where: "objective = \(old.objective.rawValue) AND start_on > \(start.iso) AND " + client, in: tx)
            != nil
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
