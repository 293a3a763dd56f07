package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
internal import Telemetry

/// The outcome of a run's call of a tool.
package enum AgentCall: Sendable {
    case done(JSON)
    /// A person is asked; once it is approved, it is done without the run.
    case awaitsApproval(ApprovalID)

    package var result: JSON? { if case .done(let result) = self { result } else { .none } }
}

extension AgentRun {
    /// Calls a tool on the run's behalf, and puts it into the trace. `effect` names what is to happen, once in the
    /// run: however often the run is attempted, what has succeeded is not done again. `asksFirst`: it is beyond what
    /// the agency lets the agent do alone, so that a person is asked. Throws `ToolRefusal` and `ToolFailure`.
    package func call(
        _ tool: String, _ arguments: JSON, effect: String, about subject: Subject? = nil,
        reason: String? = nil, decision: DecisionID? = nil, asksFirst: Bool = false
    ) async throws -> AgentCall {
        var wish = ToolRequest(
            tool: tool, arguments: arguments,
            caller: ToolCaller(
                actor: actor, agent: agent, runID: .agent(id), subject: subject, decisionID: decision),
            key: "\(id)/\(effect)",
            attempt: job.attempt, reason: reason)
        wish.asksFirst = asksFirst
        let request = wish
        return try await step("tool \(tool)", note: ["effect": .string(effect)]) {
            // A refused call has its events all the same: the transaction commits.
            let start = try await write { tx in try tx.runs.booked { try tx.tools.begin(request) } }.get()
            switch start {
            case .done(let result): return .done(result)
            case .awaitsApproval(let id): return .awaitsApproval(id)
            case .proceed(let execution):
                let outcome = await job.runtime.performTool(execution)
                let usage = execution.usage(outcome)
                spent(cost: usage.cost, tokens: Int(usage.tokens))
                return .done(
                    try await write { tx in try tx.runs.booked { try tx.tools.settle(execution, outcome) } }
                        .get())
            }
        }
    }
}

package extension RunStore where Base == Transaction {
    /// Returns the gate's refusals, and failures, as values: the caller commits what was booked and told with them.
    /// Everything else is thrown, and undoes that.
    func booked<T>(_ body: () throws -> T) throws -> Result<T, any Error> {
        do {
            return .success(try body())
        } catch let refusal as ToolRefusal {
            return .failure(refusal)
        } catch let failure as ToolFailure {
            return .failure(failure)
        }
    }
}
