internal import Agents
internal import JSON
internal import Records
internal import Telemetry

/// A campaign as it is proposed, from its objective, its budget and what channels have brought before.
struct CampaignPlan {
    /// A channel's costs in earlier campaigns, and what it has brought of the figure that the objective judges by.
    struct Channel {
        let name: String
        /// In minor units.
        var spent: Int64 = 0
        var brought = 0.0
        /// The campaigns that say so.
        var campaigns: [String] = []

        /// The return for each unit of money; 0 where nobody knows.
        var earns: Double { spent > 0 ? max(brought / (Double(spent) / 100), 0) : 0 }
    }

    let objective: Campaign.Objective
    let budget: Money
    let days: Int
    let start: CivilDate
    let channels: [Channel]
    /// The metric of which the history tells.
    let counted: String

    static let budgetMin: Int64 = 1, daysMax = 731
    private static let channelsMax = 8

    /// The channels with which an objective begins as long as no history says more.
    static func usual(for objective: Campaign.Objective) -> [String] {
        switch objective {
        case .awareness: ["meta_ads", "youtube", "linkedin"]
        case .traffic: ["google_ads", "meta_ads", "email"]
        case .leads: ["google_ads", "linkedin", "email"]
        case .sales: ["google_ads", "meta_ads", "email"]
        case .retention: ["email", "linkedin"]
        }
    }

    /// `counted`: the metric of which the history tells, where that is not the objective's own.
    init(
        _ objective: Campaign.Objective, _ budget: Money, days: Int, from start: CivilDate,
        history: [Channel], counted: String? = nil
    ) {
        (self.objective, self.budget, self.days, self.start) = (objective, budget, days, start)
        self.counted = counted ?? Self.metric(of: objective)
        let known = history.sorted { ($1.earns, $0.name) < ($0.earns, $1.name) }
        let unknown = Self.usual(for: objective).filter { name in !known.contains { $0.name == name } }
        channels = Array((known + unknown.map { Channel(name: $0) }).prefix(Self.channelsMax))
    }

    var end: CivilDate { start.adding(days: days - 1) }

    var allocation: BudgetAllocation {
        BudgetAllocation(
            budget,
            among: channels.map {
                BudgetAllocation.Channel(
                    name: $0.name, brings: $0.earns, minShare: BudgetAllocation.minShare)
            })
    }

    /// The metric by which the objective is judged on a channel.
    static func metric(of objective: Campaign.Objective) -> String {
        switch objective {
        case .awareness: ChannelHistory.impressions
        case .traffic, .retention: ChannelHistory.clicks
        case .leads, .sales: ChannelHistory.conversions
        }
    }

    /// The figures by which it is judged: a target is set only where earlier campaigns say what to expect.
    var kpis: [(metric: String, target: Double?)] {
        let metric = Self.metric(of: objective)
        return allocation.parts.map { part in
            let earns = metric == counted ? part.channel.brings : 0
            let target = (Double(part.amount) / 100 * earns).rounded()
            return ("\(part.channel.name).\(metric)", target > 0 ? target : nil)
        }
    }

    enum Stage: String, CaseIterable { case look, half, review }

    /// The days on which somebody looks at it.
    var milestones: [(stage: Stage, day: CivilDate)] {
        var found: [(stage: Stage, day: CivilDate)] = []
        for (stage, offset) in [(Stage.look, min(7, days / 4)), (.half, days / 2), (.review, days - 1)] {
            let day = start.adding(days: offset)
            if found.last?.day != day { found.append((stage, day)) }
        }
        return found
    }

    // MARK: The decision

    var inputs: JSON {
        [
            "objective": .string(objective.rawValue), "budget": budget.json, "days": JSON(days),
            "start_on": .string(start.iso), "metric": .string(counted),
            "history": .array(
                channels.filter { $0.spent > 0 }.map {
                    [
                        "channel": .string($0.name), "spent": .integer($0.spent),
                        "brought": .number($0.brought),
                        "campaigns": .array($0.campaigns.map(JSON.string)),
                    ]
                }),
        ]
    }

    init?(inputs: JSON) {
        guard let objective = inputs["objective"]?.text.flatMap(Campaign.Objective.init(rawValue:)),
            let amount = inputs["budget"]?["amount"]?.int, let currency = inputs["budget"]?["currency"]?.text,
            let days = inputs["days"]?.int,
            let start = inputs["start_on"]?.text.flatMap({ CivilDate(iso: $0) })
        else { return nil }
        let history = (inputs["history"]?.array ?? []).map {
            Channel(
                name: $0["channel"]?.text ?? "", spent: $0["spent"]?.int ?? 0,
                brought: $0["brought"]?.double ?? 0,
                campaigns: $0["campaigns"]?.array?.compactMap(\.text) ?? [])
        }
        // At first history told of conversions alone.
        self.init(
            objective, Money(amount: amount, currency: currency), days: Int(days), from: start,
            history: history, counted: inputs["metric"]?.text ?? ChannelHistory.conversions)
    }

    var outcome: JSON {
        [
            "objective": .string(objective.rawValue), "start_on": .string(start.iso),
            "end_on": .string(end.iso), "channels": allocation.outcome["channels"] ?? [],
            "kpis": .array(
                kpis.map { ["metric": .string($0.metric), "target": $0.target.map(JSON.number) ?? .null] }),
            "milestones": .array(
                milestones.map { ["stage": .string($0.stage.rawValue), "due_on": .string($0.day.iso)] }),
        ]
    }

    var conclusion: Conclusion {
        let known = channels.count { $0.spent > 0 }
        return Conclusion(
            outcome: outcome, confidence: channels.isEmpty ? 0 : Double(known) / Double(channels.count),
            factors: .array(
                zip(channels, allocation.parts).map { channel, part in
                    [
                        "name": .string(channel.name), "value": .number(channel.earns),
                        "weight": .number((part.weight * 1e6).rounded() / 1e6),
                        "contribution": .integer(part.amount),
                        "evidence": .array(
                            channel.campaigns.map { ["type": "campaign", "id": .string($0)] }),
                    ]
                }),
            model: ["name": "campaign_history", "version": "1"], inputs: inputs)
    }
}
