internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Moves the budgets of active campaigns to the channels that bring most: by itself within the agency's limits, and
/// beyond them once people say yes.
struct BudgetAllocationAgent: AgentDefinition {
    let name = BudgetAllocation.agent
    let title = "Budget allocation"
    let purpose = "Shares out budgets by what each channel brings."
    let cannot = [
        "It never raises a budget: it moves what a campaign's channels have between them.",
        "It takes nothing from a channel that the channel has spent.",
        "It sets no budgets at advertising services: people do.",
    ]
    let schedules = [DefaultSchedule(name: "Weekly look at budgets", cron: "0 7 * * 1")]
    let events = ["metrics.read", "campaign.budget_warned"]
    let permissions: Set<Permission> = ["campaigns:read", "campaigns:write", "metrics:read"]
    let tools = [MoveBudgetTool.name]
    let initiative = Initiative.spends
    typealias Settings = BudgetLimits
    let dependencies: CampaignDependencies

    func faults(parameters: JSON) -> [ValueFault] { CampaignParameter.faults(parameters) }

    func run(_ run: AgentRun) async throws -> JSON {
        let limits = settings(of: run), asked = CampaignParameter.campaign(run.parameters)
        let found = try run.read { reader in
            try reader.campaigns.running(asked).filter { $0.status == .active }.map(\.id)
        }
        var results: [JSON] = []
        for id in found {
            let made = try await run.write { tx -> ProposedShift? in
                guard let campaign = try Campaign.resource.find(id, in: tx), campaign.status == .active else {
                    return nil
                }
                let shift = try tx.campaignSpending.shift(
                    of: campaign, ChannelHistory(of: campaign, dependencies, in: tx), limits: limits)
                let decision = try run.decide(
                    in: tx, campaign.subject,
                    Conclusion(
                        outcome: shift.outcome, confidence: 1, factors: .array(shift.factors),
                        model: shift.model, inputs: shift.inputs))
                return ProposedShift(campaign: campaign, shift: shift, decision: decision.id)
            }
            guard let made else { continue }
            run.processed()
            results.append(try await made.propose(run))
        }
        let result: JSON = ["processed": JSON(results.count), "campaigns": .array(results)]
        return try await run.finish { _ in result }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        let limits = settings(from: configuration).settings
        return BudgetShift(inputs: inputs, limits: limits)?.outcome
            ?? BudgetAllocation(inputs: inputs)?.outcome
    }
}

/// The one parameter of agents that look at campaigns: which.
enum CampaignParameter {
    static func campaign(_ parameters: JSON) -> CampaignID? {
        parameters["campaign_id"]?.id(of: Nouns.Campaign.self)
    }

    static func faults(_ parameters: JSON) -> [ValueFault] {
        (parameters.object ?? [:]).members.compactMap { name, value in
            guard name == "campaign_id" else {
                return ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            }
            guard value.text.flatMap({ CampaignID($0) }) == nil else { return nil }
            return ValueFault(
                pointer: "/campaign_id", code: "unknown_reference",
                detail: "campaign_id must be the id of a campaign.")
        }
    }
}

extension CampaignStore {
    /// The campaigns that one run looks at, at most.
    private var runningMax: Int { 10_000 }

    /// Returns the campaigns under way, or one of them, by their ids.
    func running(_ one: CampaignID?) throws -> [Campaign] {
        if let one {
            return try Campaign.resource.find(one, in: tx).map { [$0] }?.filter {
                $0.status == .active || $0.status == .paused
            } ?? []
        }
        return try Campaign.resource.all(
            where: "status IN ('active', 'paused')", suffix: "ORDER BY id LIMIT \(runningMax)", in: tx)
    }
}
