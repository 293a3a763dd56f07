package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
internal import Telemetry

/// Effects that wait for a yes: what is stored already is its tool's to do, every other effect is done by a job once it
/// is approved.
package struct AgentEffects: ApprovalListener {
    package static let owner = "agent_effect"

    /// The owner of the question about one effect, which is known by what is stored of it.
    package static func owner(of id: some Key) -> (kind: String, id: String) { (owner, id.keyText) }

    package func decided(_ approval: Approval, in tx: Transaction) throws {
        if let tool = tx.runtime.asking(approval) { return try tool.decided(approval, in: tx) }
        guard approval.status == .approved else { return }
        try tx.jobs.enqueue(
            AgentEffectJob.self, .init(approval: approval.id),
            JobOptions(uniqueKey: "\(approval.id)", subject: approval.subjectOfEvents))
    }

    package func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        if let tool = tx.runtime.asking(approval) {
            return tool.faults(approval, arguments: arguments, in: tx)
        }
        return approval.tool.flatMap { tx.runtime.tools.faults($0, arguments: arguments) } ?? []
    }
}

extension ApprovalStore where Base == Transaction {
    /// Withdraws and forgets the effects for which an owner waits for a yes, since their person is erased.
    package func forgetEffects(of owner: some Key) throws {
        let asked = AgentEffects.owner(of: owner)
        try withdraw(of: asked, because: "The person whom it was for was erased.")
        try forget(of: asked)
    }
}

extension Runtime {
    fileprivate func asking(_ approval: Approval) -> (any AskingTool)? {
        approval.tool.flatMap { tools[$0]?.asking }
    }
}

/// Does what was approved, with the key of the call: what an edited yes has changed passes the gate again.
struct AgentEffectJob: JobKind {
    struct Payload: Codable, Sendable { let approval: ApprovalID }

    static let kind = "agent.effect"
    static let queue = "agents"
    static let attemptsMax = 5

    func timeout(_ payload: Payload) -> Duration { .seconds(120) }

    private enum Step: Sendable {
        case over
        case perform(ToolExecution)
        case failed(JobFailure)
        case held(ToolRefusal)
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let attempt = job.attempt
        let step = try await job.write { tx -> Step in
            guard let approval = try tx.approvals.find(payload.approval),
                let request = approval.request(attempt)
            else { return .over }
            do {
                switch try tx.tools.beginApproved(request) {
                case .done(let result):
                    try tx.approvals.recordEffect(of: approval.id, ["status": "succeeded", "result": result])
                    return .over
                case .proceed(let execution): return .perform(execution)
                case .awaitsApproval: return .over
                }
            } catch let refusal as ToolRefusal {
                return refusal.isHeld ? .held(refusal) : .failed(refusal.jobFailure)
            } catch let failure as ToolFailure {
                return .failed(failure.jobFailure)
            }
        }
        switch step {
        case .over: return
        case .failed(let failure): throw failure
        case .held(let refusal): throw JobSnooze(for: .seconds(60), waitingFor: refusal.detail)
        case .perform(let execution): try await perform(execution, payload, job)
        }
    }

    private func perform(_ execution: ToolExecution, _ payload: Payload, _ job: JobContext) async throws {
        let outcome = await job.runtime.performTool(execution)
        guard outcome.failure == nil else {
            let failure = try await job.write { tx -> ToolFailure? in
                do {
                    _ = try tx.tools.settle(execution, outcome)
                    return nil
                } catch let failure as ToolFailure {
                    return failure
                }
            }
            if let failure { throw failure.jobFailure }
            return
        }
        try await job.complete { tx in
            let result = try tx.tools.settle(execution, outcome)
            try tx.approvals.recordEffect(of: payload.approval, ["status": "succeeded", "result": result])
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead(let failure):
            try tx.approvals.recordEffect(of: payload.approval, ["status": "failed", "error": failure.json])
        case .cancelled: try tx.approvals.recordEffect(of: payload.approval, ["status": "cancelled"])
        case .retried(let failure?):
            try tx.approvals.recordEffect(
                of: payload.approval, ["status": "retrying", "last_error": failure.json])
        case .revived: try tx.approvals.recordEffect(of: payload.approval, ["status": "queued"])
        case .retried(nil), .snoozed: break
        }
    }
}

extension Approval {
    /// The call that was approved, with its arguments as they were.
    fileprivate func request(_ attempt: Int) -> ToolRequest? {
        guard status == .approved, let tool else { return nil }
        return ToolRequest(
            tool: tool, arguments: arguments, caller: ToolCaller(stored: context), key: owner.id,
            attempt: attempt, reason: reason)
    }
}
