package import Database
package import JSON
package import Jobs
package import Nouns
package import Records

/// The gate's answer to a wish.
package enum GateDecision: Sendable {
    case granted
    /// A person has to say yes first.
    case asks
    /// It is kept as what would have been done, and is not done.
    case observed
    /// It is kept with its reason.
    case refused(ToolRefusal)

    package var isGranted: Bool { if case .granted = self { true } else { false } }
    /// Whether it is done, by itself or once a person has said yes.
    package var isGiven: Bool {
        switch self {
        case .granted, .asks: true
        case .observed, .refused: false
        }
    }
}

extension GateStore where Base == Transaction {
    /// Asks policy, permission and autonomy about what a caller is about to do in this transaction, or to hand to an
    /// executor of the gate. What is observed or refused is kept; limits, budgets and connectors are asked once it
    /// leaves.
    package func leave(for request: ToolRequest, permission: Permission? = nil) throws -> GateDecision {
        let leave = try standingLeave(of: request.caller, request.tool, permission)
        try keep(leave, of: request)
        return leave
    }

    fileprivate func standingLeave(
        of caller: ToolCaller, _ name: String, _ permission: Permission?
    ) throws -> GateDecision {
        do {
            let tool = try tx.runtime.tools.definition(name), status = try status(of: caller)
            try checkPolicy(of: caller, status, tool, permission, tx.tools.settings(tool))
            return switch status.autonomy(with: tool) {
            case .autopilot: .granted
            case .approve: .asks
            case .observe: .observed
            }
        } catch let refusal as ToolRefusal {
            return .refused(refusal)
        }
    }

    fileprivate func keep(_ leave: GateDecision, of request: ToolRequest) throws {
        switch leave {
        case .granted, .asks: break
        case .observed: try observe(request, argumentsHash: "")
        case .refused(let refusal): try keep(refusal, of: request)
        }
    }

    /// Throws a refusal where the agency has switched a tool off, or the caller may not use it.
    func checkPolicy(
        of caller: ToolCaller, _ status: AgentStatus?, _ tool: ToolDefinition, _ permission: Permission?,
        _ settings: ToolSettings
    ) throws {
        guard settings.isEnabled else { throw ToolRefusal.disabled(tool.name) }
        let agent = caller.agent.flatMap { tx.runtime.agents[$0] }
        let isAllowed =
            agent?.tools.contains(tool.name) ?? true && caller.tools?.contains(tool.name) ?? true
        guard isAllowed else {
            throw ToolRefusal(
                "forbidden", "\(caller.agent ?? "the caller") may not use the tool \(tool.name)")
        }
        guard let permission else { return }
        if let permissions = try permissions(of: caller, status), !permissions.contains(permission) {
            throw ToolRefusal("forbidden", "the permission \(permission) is missing")
        }
    }

    private func permissions(of caller: ToolCaller, _ status: AgentStatus?) throws -> Set<Permission>? {
        if let own = caller.permissions { return own }
        if let status, caller.actor.kind == .agent { return status.permissions }
        // People and keys of the live tenant are not in its sandboxes, where nothing can be done to anyone.
        return tx.sandboxClock.isSandbox ? nil : try tx.runtime.questions.permissions(caller.actor, tx)
    }

    /// Returns the status of the agent on whose behalf something is done, if it is one's.
    func status(of caller: ToolCaller) throws -> AgentStatus? {
        try caller.agent.flatMap { tx.runtime.agents[$0] }.map { try tx.agents.status($0) }
    }

    /// Keeps what an agent would have done, once under its key. Its words stay with the call, where they can be erased.
    func observe(_ request: ToolRequest, argumentsHash: String) throws {
        let known = try tx.toolCalls.all(key: request.key)
        guard !known.contains(where: { $0.state == .observed }) else { return }
        try tx.toolCalls.insert(
            request, argumentsHash, provider: "", state: .observed,
            result: observationResult.merging(["arguments": request.arguments]))
        try tx.publish(
            "tool.observed", Subject(type: "tool", id: request.tool),
            ["agent": JSON(request.caller.agent), "run_id": JSON(request.caller.runID)])
    }

    /// Forgets what agents would have said to or about somebody, and what services have answered about it.
    package func forgetObservations(of subjects: [Subject]) throws {
        try tx.run(
            """
            UPDATE tool_calls SET result = NULL, error = NULL
            WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: subjects.map(\.id))
                AND (state = 'observed' OR error IS NOT NULL)
            """)
    }

    /// Keeps what is not let out with its reason: that is asked for more often than what was.
    func keep(_ refusal: ToolRefusal, of request: ToolRequest) throws {
        let subject = request.caller.subject ?? Subject(type: "tool", id: String(request.tool.prefix(64)))
        tx.refusals.refuse(
            .tool, agent: request.caller.agent, subject, code: refusal.code, refusal.detail,
            run: request.caller.runID)
        try tx.refusedAttempts.note(refusal, of: request)
    }
}

extension AgentStatus? {
    /// Returns how far a caller goes by itself with a tool: a person's own action needs no second yes, and
    /// what changes our own records is not put before one. What an agent that is at rest has begun earlier
    /// asks first.
    func autonomy(with tool: ToolDefinition) -> Autonomy {
        guard let self, tool.effect != .reads else { return .autopilot }
        guard self.autonomy != .observe else { return .observe }
        let asks = self.autonomy == .approve || self.state != .active
        return asks && tool.effect.asksFirst ? .approve : .autopilot
    }
}

/// The gate's answer to an agent's run about a tool, for the length of a transaction.
package struct RunGateDecisions {
    fileprivate let leave: GateDecision
    fileprivate let tool: String
    fileprivate let run: AgentRun

    /// Whether the agent does it, by itself or once a person has said yes.
    package var isGiven: Bool { leave.isGiven }

    /// Returns whether the agent does something that it has decided. Otherwise it is left, and kept as
    /// observed or refused.
    package func covers(
        _ subject: Subject, _ arguments: JSON = [:], decision: DecisionID?, in tx: Transaction
    ) throws -> Bool {
        let caller = ToolCaller(
            actor: run.actor, agent: run.agent, runID: .agent(run.id), subject: subject, decisionID: decision)
        let key = "\(run.id)/\(tool)/\(subject.type)/\(subject.id)"
        try tx.gate.keep(leave, of: ToolRequest(tool: tool, arguments: arguments, caller: caller, key: key))
        return leave.isGiven
    }
}

extension AgentRun {
    /// Asks the gate about a tool once for many subjects: to change records with `update_record`, say. `permission`:
    /// what the tool takes, where that is known ahead.
    package func leave(
        _ tool: String, permission: Permission? = nil, in tx: Transaction
    ) throws -> RunGateDecisions {
        let caller = ToolCaller(actor: actor, agent: agent, runID: .agent(id))
        return RunGateDecisions(
            leave: try tx.gate.standingLeave(of: caller, tool, permission), tool: tool, run: self)
    }

    /// Asks the gate whether the agent may do something that it has decided, in the transaction that does it: change
    /// records with `update_record`, or write to somebody with `send_message`. `false`: it is left, and kept as
    /// observed or refused.
    package func may(
        _ tool: String, _ arguments: JSON = [:], permission: Permission? = nil, about subject: Subject,
        decision: DecisionID?, in tx: Transaction
    ) throws -> Bool {
        try leave(tool, permission: permission, in: tx)
            .covers(subject, arguments, decision: decision, in: tx)
    }
}

let observationResult: JSON = ["done": false, "observed": true]
