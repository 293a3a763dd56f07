internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Looks after campaigns under way: their pace, their results, and what is amiss. It moves budgets between channels
/// within the agency's limits, asks beyond them, tells people what they have to look at, and clients what they are to
/// hear of.
struct CampaignManagerAgent: AgentDefinition {
    static let agent = "campaign_manager"
    let name = agent
    let title = "Campaign manager"
    let purpose = "Looks after campaigns: pace, results, faults, budgets and word to clients."
    let cannot = [
        "It never raises a budget, and lets no campaign go on whose budget is spent.",
        "It starts, pauses and completes no campaign.",
        "It sets no budget at an advertising service, and lets no advertisement run, before a person says yes.",
        "It tells clients no figure that is not in a record.",
    ]
    let schedules = [DefaultSchedule(name: "Daily look at campaigns", cron: "daily")]
    let dailyHour = 8
    let events = [
        "campaign.budget_warned", "campaign.budget_exhausted", "campaign.milestone_due", "campaign.triggered",
        "campaign.completed", "email_campaign.ratio_mismatch", "social_post.missed",
    ]
    let initiative = Initiative.spends
    let tools = [MoveBudgetTool.name, SendMessage.tool, StartPromotionTool.name, OrderAdBudgetTool.name]
    let permissions: Set<Permission> = [
        "campaigns:read", "campaigns:write", "campaigns:spend", "metrics:read", "email_campaigns:read",
        "tracked_links:read",
        "contacts:read", "clients:read", SendMessage.permission,
    ]
    typealias Settings = CampaignManagerSettings
    let dependencies: CampaignDependencies
    let outbox: Outbox

    func faults(parameters: JSON) -> [ValueFault] { CampaignParameter.faults(parameters) }

    func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run), asked = CampaignParameter.campaign(run.parameters)
        let found = try run.read { reader in
            try reader.campaigns.running(asked).map(\.id)
        }
        var looked: [JSON] = []
        for id in found {
            guard let look = try await run.write({ tx in try look(at: id, settings, run, in: tx) }) else {
                continue
            }
            run.processed()
            var told = look.told
            if let shift = look.shift {
                told = told.merging(["shift": try await shift.propose(run)])
            }
            let starts = try await id.askToStart(run), budgets = try await id.askForAdBudgets(run)
            if !starts.isEmpty { told = told.merging(["promotions": .array(starts)]) }
            if !budgets.isEmpty { told = told.merging(["ad_budgets": .array(budgets)]) }
            looked.append(told)
        }
        let words = try await CampaignWords(dependencies: dependencies, outbox: outbox, settings: settings)
            .write(run)
        let result: JSON = [
            "processed": JSON(looked.count), "campaigns": .array(looked), "messages": JSON(words),
        ]
        return try await run.finish { _ in result }
    }

    private struct Look: Sendable {
        let told: JSON
        let shift: ProposedShift?
    }

    private func look(
        at id: CampaignID, _ settings: CampaignManagerSettings, _ run: AgentRun, in tx: Transaction
    ) throws -> Look? {
        guard let campaign = try Campaign.resource.find(id, in: tx) else { return nil }
        let records = try CampaignRecords(of: campaign, dependencies, in: tx)
        let differences = try tx.figureDifferences.all(in: records)
        _ = try tx.figureDifferences.tell(differences, of: campaign)
        let facts = try CampaignFacts(
            of: records, unsettled: differences.count { $0.settled == nil }, in: tx)
        let shift = try tx.campaignSpending.shift(
            of: campaign, ChannelHistory(of: campaign, dependencies, in: tx), limits: settings.limits)
        let judgement = CampaignJudgement(facts, shift)
        let decision = try run.decide(in: tx, campaign.subject, judgement.conclusion)
        try alert(about: campaign, judgement, in: tx)
        return Look(
            told: [
                "campaign_id": JSON(id), "decision_id": JSON(decision.id),
                "findings": judgement.outcome["findings"] ?? [],
            ],
            shift: judgement.moves
                ? ProposedShift(campaign: campaign, shift: shift, decision: decision.id) : nil)
    }

    /// One alert for a campaign tells the worst of what people should look at; it is over when nothing is left.
    private func alert(about campaign: Campaign, _ judgement: CampaignJudgement, in tx: Transaction) throws {
        let faults = judgement.findings.filter(\.isFault)
        guard let worst = faults.first else {
            try tx.alerts.resolve(kind: "campaign_attention", subject: campaign.subject)
            return
        }
        try tx.alerts.raise(
            kind: "campaign_attention", severity: .warning, subject: campaign.subject, agent: name,
            title: Saying(
                "alert.campaign",
                [
                    "name": .text(campaign.name), "finding": .text(worst.rawValue),
                    "more": .number(faults.count - 1),
                ]), action: Saying("alert.campaign_do", ["finding": .text(worst.rawValue)]))
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        if let occasion = inputs["occasion"].flatMap({ CampaignOccasion(json: $0) }) {
            return occasion.conclusion.outcome
        }
        return CampaignJudgement(inputs: inputs, limits: settings(from: configuration).settings.limits)?
            .outcome
    }
}

/// An agency's settings for looking after campaigns.
struct CampaignManagerSettings: AgentSettings {
    var limits = BudgetLimits()
    var tellsClients: [String] = []

    static let schema = Schema<CampaignManagerSettings>(
        "CampaignManagerSettings",
        [
            .part("limits", \.limits, .about("How far it moves budgets without asking.")),
            .texts(
                "tells_clients", \.tellsClients, max: 5, length: 20,
                .about(
                    "Of what a client is written to: milestone, trigger, success, opportunity and completed; none unless said."
                )),
        ])

    func check(_ faults: inout Faults) {
        for (index, kind) in tellsClients.enumerated() where CampaignOccasion.Kind(rawValue: kind) == nil {
            faults.add(
                "/tells_clients/\(index)", "invalid_choice",
                "The occasion does not exist: choose \(CampaignOccasion.Kind.choices.joined(separator: ", ")).",
                choices: CampaignOccasion.Kind.choices)
        }
    }
}
