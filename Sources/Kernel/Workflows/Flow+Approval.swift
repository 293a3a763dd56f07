internal import Agents
internal import Database
package import JSON
internal import Nouns
internal import Jobs
internal import Records
internal import Telemetry

/// A person's answer, or the lack of one in time.
package struct FlowAnswer: Codable, Hashable, Sendable {
    /// `approved`, `rejected`, `expired` or `withdrawn`.
    package let status: String
    package let reason: String?
    let text: String

    package var isApproved: Bool { status == ApprovalStatus.approved.rawValue }
    /// The arguments that were asked about, as the person has left them.
    package var arguments: JSON { JSON(stored: text) }
}

extension Flow {
    /// Asks a person, and sleeps until there is an answer or its time is over.
    package func approval(
        _ title: String, reason: String? = nil, expiresIn: Duration? = nil, arguments: JSON = [:]
    ) async throws -> FlowAnswer {
        try await approval(step: title, title, reason: reason, expiresIn: expiresIn, arguments: arguments)
    }

    func approval(
        step node: String, _ title: String, reason: String?, expiresIn: Duration?, arguments: JSON
    ) async throws -> FlowAnswer {
        let step: FlowStep
        switch try enter(.approval, node, ["title": .string(title)]) {
        case .done(let output): return try decodePayload(FlowAnswer.self, output ?? "")
        case .open(let open): step = open
        case .attempt(let new):
            let run = activation.run
            try await begin(new, for: "a person's answer to: \(title)") { tx in
                try tx.approvals.request(
                    ApprovalRequest(
                        owner: WorkflowApprovals.owner(of: run.id), key: new.path, title: title,
                        preview: arguments,
                        reason: reason, arguments: arguments, expiresAt: expiresIn.map { tx.now + $0 },
                        runID: .workflow(run.id), subject: run.subject, requestedBy: run.starter)
                ).id.untyped
            }
        }
        guard let id = step.reference.flatMap({ ApprovalID($0) }),
            let approval = try activation.job.read({ try $0.approvals.find(id) })
        else {
            try failed(
                step, JobFailure.terminal("not_found", "the approval no longer exists"), StepAttempts(1))
        }
        guard approval.status != .pending else {
            throw leave(until: nil, waitingFor: "a person's answer to: \(title)")
        }
        let answer = FlowAnswer(
            status: approval.status.rawValue,
            reason: approval.decisionReason
                ?? (approval.status == .expired ? "the approval was not answered in time" : nil),
            text: approval.arguments.serialized)
        activation.note(try completed(step, try encodePayload(answer)))
        return answer
    }
}

/// Wakes the run whose question was answered. A graph's question is about its state: an edited yes changes it.
struct WorkflowApprovals: ApprovalListener {
    static let owner = "workflow"

    /// The owner of the questions of one run.
    static func owner(of run: WorkflowRunID) -> (kind: String, id: String) { (owner, run.keyText) }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        if approval.status != .withdrawn, let run = approval.work(of: Nouns.WorkflowRun.self) {
            try tx.workflows.wake(run)
        }
    }

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        guard let id = approval.work(of: Nouns.WorkflowRun.self), let run = try? tx.workflows.run(id),
            let id = run.workflowID,
            let version = run.workflowVersion, let graph = try? tx.workflows.graph(of: id, version: version)
        else { return [] }
        var faults = Faults()
        let state = arguments.object ?? [:]
        graph.state.check(state, at: "", &faults)
        for field in graph.state.fields where field.isRequired && state[field.name]?.isNull ?? true {
            faults.add("/\(field.name.pointerToken)", "required", "\(field.name) is required.")
        }
        return faults.list.map { ValueFault(pointer: $0.pointer, code: $0.code, detail: $0.detail) }
    }
}
