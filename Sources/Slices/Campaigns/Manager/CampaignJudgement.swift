internal import Agents
internal import JSON
internal import Records

/// The findings of the manager about a campaign, and its steps: the same facts lead to the same.
struct CampaignJudgement {
    enum Finding: String, CaseIterable {
        /// The worst first.
        case budgetExhausted = "budget_exhausted"
        case ratioMismatch = "ratio_mismatch"
        case postsAmiss = "posts_amiss"
        case spendsTooFast = "spends_too_fast"
        case channelSpent = "channel_spent"
        case spendsTooSlowly = "spends_too_slowly"
        case figuresDiffer = "figures_differ"
        case over
        case triggerMet = "trigger_met"
        case milestoneDue = "milestone_due"

        /// Whether somebody should do something about it, beyond what the manager does.
        var isFault: Bool {
            switch self {
            case .triggerMet, .milestoneDue, .channelSpent: false
            default: true
            }
        }
    }

    /// From this part of its budget on, a channel has spent it.
    private static let spentFrom = 0.9

    let facts: CampaignFacts
    /// The new allocation of its budget.
    let shift: BudgetShift

    var findings: [Finding] { Finding.allCases.filter(holds) }

    /// Whether budgets are moved. All of it spent means that nothing is: the stop stands until people raise the budget.
    var moves: Bool {
        facts.status == .active && !facts.isExhausted && shift.rest == nil
            && findings.contains { [.spendsTooFast, .spendsTooSlowly, .channelSpent].contains($0) }
    }

    private func holds(_ finding: Finding) -> Bool {
        switch finding {
        case .budgetExhausted: facts.isExhausted
        case .ratioMismatch: !facts.mismatched.isEmpty
        case .postsAmiss: !facts.postsAmiss.isEmpty
        case .spendsTooFast: facts.pace == CampaignPacing.Status.over.rawValue && !facts.isExhausted
        case .spendsTooSlowly:
            facts.pace == CampaignPacing.Status.under.rawValue && facts.status == .active
        case .channelSpent: !spentChannels.isEmpty && !facts.isExhausted
        case .figuresDiffer: facts.differences > 0
        case .over: facts.daysOver != nil
        case .triggerMet: !facts.triggers.isEmpty
        case .milestoneDue: !facts.milestones.isEmpty
        }
    }

    /// The channels that have spent nearly all of theirs while others have not.
    private var spentChannels: [String] {
        func isSpent(_ channel: BudgetShift.Channel) -> Bool {
            channel.from > 0 && Double(channel.spent) >= Double(channel.from) * Self.spentFrom
        }
        let spent = shift.channels.filter(isSpent)
        return spent.count == shift.channels.count ? [] : spent.map(\.name)
    }

    // MARK: The decision

    static func inputs(_ facts: CampaignFacts, _ shift: BudgetShift) -> JSON {
        ["facts": facts.json, "shift": shift.inputs]
    }

    init(_ facts: CampaignFacts, _ shift: BudgetShift) { (self.facts, self.shift) = (facts, shift) }

    init?(inputs: JSON, limits: BudgetLimits) {
        guard let facts = inputs["facts"].flatMap({ CampaignFacts(json: $0) }),
            let shift = inputs["shift"].flatMap({ BudgetShift(inputs: $0, limits: limits) })
        else { return nil }
        self.init(facts, shift)
    }

    var outcome: JSON {
        [
            "findings": .array(findings.map { .string($0.rawValue) }),
            "shift": moves ? shift.outcome : ["action": "none", "reason": .string(restReason)],
        ]
    }

    private var restReason: String {
        if facts.isExhausted { return Finding.budgetExhausted.rawValue }
        if facts.status != .active { return "not_active" }
        return shift.rest?.rawValue ?? "on_track"
    }

    private func factor(_ finding: Finding) -> JSON {
        let (value, evidence): (JSON, [JSON]) =
            switch finding {
            case .budgetExhausted, .spendsTooFast, .spendsTooSlowly: (.integer(facts.spent), [])
            case .ratioMismatch:
                (
                    JSON(facts.mismatched.count),
                    facts.mismatched.map { ["type": "email_campaign", "id": .string($0)] }
                )
            case .postsAmiss:
                (
                    JSON(facts.postsAmiss.count),
                    facts.postsAmiss.map { ["type": "social_post", "id": .string($0)] }
                )
            case .channelSpent: (.string(spentChannels.joined(separator: ", ")), [])
            case .figuresDiffer: (JSON(facts.differences), [])
            case .over: (JSON(facts.daysOver), [])
            case .triggerMet: (.string(facts.triggers.joined(separator: ", ")), [])
            case .milestoneDue: (.string(facts.milestones.joined(separator: ", ")), [])
            }
        return [
            "name": .string(finding.rawValue), "value": value, "weight": finding.isFault ? -1 : 1,
            "contribution": finding.isFault ? -1 : 0, "evidence": .array(evidence),
        ]
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: 1,
            factors: .array(findings.map(factor) + (moves ? shift.factors : [])),
            model: ["name": "rules", "version": "1"], inputs: Self.inputs(facts, shift))
    }
}
