internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// A shift that an agent has decided, on its way through the gate.
struct ProposedShift: Sendable {
    let campaign: Campaign
    let shift: BudgetShift
    let decision: DecisionID

    /// Moves the budgets, or asks for it; answers what has become of it. While people are asked about the campaign
    /// already, nothing more is asked.
    func propose(_ run: AgentRun) async throws -> JSON {
        let told = shift.outcome.merging([
            "campaign_id": JSON(campaign.id), "decision_id": JSON(decision),
        ])
        guard let total = shift.total, shift.rest == nil else { return told.merging(["state": "none"]) }
        let waiting = try run.read { try $0.approvals.pending(MoveBudgetTool.name, about: campaign.subject) }
        if let waiting {
            return told.merging(["state": "asked_already", "approval_id": JSON(waiting.id)])
        }
        let moves = zip(shift.channels, shift.to).filter { $0.from != $1 }.map { channel, to in
            MovedBudget.schema.json(
                MovedBudget(
                    channel.name, from: Money(amount: channel.from, currency: total.currency),
                    to: Money(amount: to, currency: total.currency)))
        }
        do {
            let call = try await run.call(
                MoveBudgetTool.name, ["campaign_id": JSON(campaign.id), "channels": .array(moves)],
                effect: "move/\(campaign.id)", about: campaign.subject,
                reason: Saying("approval.move_budget_why", ["name": .text(campaign.name)]).english,
                decision: decision, asksFirst: !shift.excesses.isEmpty)
            return switch call {
            case .done(let result):
                told.merging(["state": result["observed"] == true ? "observed" : "moved"])
            case .awaitsApproval(let approval):
                told.merging(["state": "asked", "approval_id": JSON(approval)])
            }
        } catch let refusal as ToolRefusal {
            return told.merging(["state": "refused", "refusal": .string(refusal.code)])
        } catch let failure as ToolFailure {
            return told.merging(["state": "failed", "failure": .string(failure.code)])
        }
    }
}
