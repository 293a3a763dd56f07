internal import Cryptography
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

package extension ToolStore where Base == Transaction {
    /// Lets a call out, or does not: reads its arguments; asks policy, permission and autonomy, the guard against
    /// loops, the cache, the brakes, circuit breaker, budget and quota, and sets aside what it will take. A tool that
    /// stays inside is done here and now.
    ///
    /// Throws `ToolRefusal` when the call is not let out, and `ToolFailure` when one that stays inside, or was made
    /// under the same key before, failed for good. Both may come with events worth keeping: catch them inside the
    /// transaction, and commit.
    ///
    /// An attempt that was begun and not settled, because its process died, is taken over with what it holds.
    func begin(_ request: ToolRequest) throws -> ToolStart {
        try pass(request, isApproved: false)
    }

    /// Lets a call out that a person has approved, or does not, as `beginTool` does: autonomy is not asked again,
    /// everything else is.
    internal func beginApproved(_ request: ToolRequest) throws -> ToolStart {
        try pass(request, isApproved: true)
    }

    private func pass(_ request: ToolRequest, isApproved: Bool) throws -> ToolStart {
        do {
            return try ToolGate(tx: tx, request: request, isApproved: isApproved).begin()
        } catch let refusal as ToolRefusal {
            try tx.gate.keep(refusal, of: request)
            throw refusal
        }
    }
}

/// One passage of the gate.
private struct ToolGate {
    let tx: Transaction
    let request: ToolRequest
    let isApproved: Bool
    let tool: ToolDefinition
    let prepared: PreparedCall
    let argumentsHash: String

    init(tx: Transaction, request: ToolRequest, isApproved: Bool) throws {
        (self.tx, self.request, self.isApproved) = (tx, request, isApproved)
        tool = try tx.runtime.tools.definition(request.tool)
        guard tool.isCallable else { throw ToolRefusal.notCallable(tool.name) }
        prepared = try tool.prepare(request.arguments)
        argumentsHash = Hex.encode(SHA256.hash(request.arguments.canonical.serialized))
    }

    private var caller: ToolCaller { request.caller }
    private var timeout: Duration { tool.timeout ?? .seconds(30) }

    func begin() throws -> ToolStart {
        let earlier = try tx.toolCalls.all(key: request.key)
        if let done = earlier.first(where: { $0.state.isDone }) { return .done(done.result) }
        if case .outside = prepared.work, let held = earlier.first(where: { $0.isHeld(request.attempt) }) {
            return .proceed(try takeOver(held))
        }
        let settings = try tx.tools.settings(tool)
        let status = try tx.gate.status(of: caller)
        try tx.gate.checkPolicy(of: caller, status, tool, prepared.permission, settings)
        if let start = try askAutonomy(status) { return start }
        try guardAgainstLoop()
        switch prepared.work {
        case .inside(let work): return .done(try perform(work, settings))
        case .queued(let work): return .done(try queue(work))
        case .executed: throw ToolRefusal.notCallable(tool.name)
        case .outside(let outside):
            if let cached = try cached() { return .done(cached) }
            if let reason = tool.unavailable, !isSandbox { throw ToolRefusal("tool_unavailable", reason) }
            if tool.effect.asksFirst, let brake = try tx.runtime.questions.brake(tx, caller.clientID) {
                throw ToolRefusal.held(by: brake)
            }
            let connector = try outside.connector(caller, tx)
            let (provider, probing) =
                try connector.map { (ToolProvider($0), probing: try admit($0)) }
                ?? choose(from: settings.ordered(outside.providers), earlier)
            let usage = usage(settings, provider)
            try take(usage, settings, provider, connector)
            if let probing { try tx.circuitBreakers.store(probing, tool.name, provider.name) }
            try tx.toolCalls.abandon(key: request.key, except: request.attempt)
            let round = try tx.toolCalls.insert(
                request, argumentsHash, provider: provider.name, state: .held, cost: usage.cost,
                why: connector.map { CallReason(.onlyOne, "The call names \($0.name).") })
            if !isSandbox { try outside.leaves(caller, tx) }
            return .proceed(execution(provider, connector, round, usage, outside))
        }
    }

    // MARK: May it?

    /// Records what an agent may not do by itself and leaves it, or puts it before a person. An executor asks by
    /// itself, once it knows what would leave.
    private func askAutonomy(_ status: AgentStatus?) throws -> ToolStart? {
        guard !isApproved, let name = caller.agent else { return nil }
        let autonomy = status.autonomy(with: tool)
        switch autonomy == .autopilot && request.asksFirst ? .approve : autonomy {
        case .autopilot: return nil
        case .approve:
            if case .queued = prepared.work { return nil }
            return try askPerson(name)
        case .observe:
            try tx.gate.observe(request, argumentsHash: argumentsHash)
            return .done(observationResult)
        }
    }

    private func askPerson(_ agent: String) throws -> ToolStart {
        let owner = (kind: AgentEffects.owner, id: request.key)
        let known = try tx.approvals.find(owner: owner, key: tool.name)
        guard let known else {
            return .awaitsApproval(try tx.approvals.request(question(owner, agent)).id)
        }
        switch known.status {
        case .pending, .approved:
            // Approved, it is done by a job of its own; how that went is told once it is over.
            if let error = known.effect?["error"] {
                throw ToolFailure(
                    error["code"]?.text ?? "failed", error["detail"]?.text ?? "", isRetryable: false)
            }
            return .awaitsApproval(known.id)
        case .rejected, .withdrawn:
            throw ToolRefusal("approval_rejected", known.decisionReason ?? "the call was not approved")
        case .expired: throw ToolRefusal("approval_expired", "the call was not approved in time")
        }
    }

    private func question(_ owner: (kind: String, id: String), _ agent: String) throws -> ApprovalRequest {
        let preview = prepared.preview
        var cost: JSON = .null
        if case .outside(let outside) = prepared.work {
            let provider = try outside.connector(caller, tx).map { ToolProvider($0) } ?? outside.providers[0]
            let price = try tx.tools.settings(tool).price(of: provider)
            if price > 0 {
                cost = Money(micros: price, currency: try tx.runtime.questions.currency(tx)).json
            }
        }
        return ApprovalRequest(
            owner: owner, key: tool.name, title: preview.title,
            preview: [
                "tool": .string(tool.name), "class": .string(tool.effect.rawValue),
                "text": JSON(preview.text),
                "to": JSON(preview.recipient), "cost": cost,
            ], reason: request.reason, arguments: request.arguments, runID: caller.runID, agent: agent,
            tool: tool.name, subject: caller.subject, context: caller.stored, requestedBy: caller.actor)
    }

    private func guardAgainstLoop() throws {
        guard let run = caller.runID,
            try tx.toolCalls.repeats(
                of: tool.name, argumentsHash, inRun: run, except: request.key, limit: tool.repeatsMax)
        else { return }
        try tx.publish(
            "tool.loop_detected", Subject(type: "tool", id: tool.name),
            [
                "run_id": JSON(run), "agent": JSON(caller.agent), "calls": JSON(tool.repeatsMax),
                "arguments_hash": .string(argumentsHash),
            ])
        try tx.alerts.raise(
            kind: "tool_loop", severity: .warning, subject: Subject(type: "run", id: run),
            agent: caller.agent,
            title: Saying("alert.tool_loop", ["tool": .text(tool.name)]), action: Saying("alert.tool_loop_do")
        )
        throw ToolRefusal(
            "loop_detected",
            "the run has called \(tool.name) \(tool.repeatsMax) times with these arguments, and nothing changed"
        )
    }

    private func cached() throws -> JSON? {
        guard tool.cacheTime != nil else { return nil }
        return try tx.toolCalls.cachedResult(of: tool.name, argumentsHash)
    }

    // MARK: By whom, and with what?

    /// A connector that the call names is asked, or the call waits for its turn.
    private func admit(_ connector: Connector) throws -> CircuitBreaker? {
        guard !isSandbox else { return nil }
        if let refusal = try tx.connectorTurns.waitFor(connector, tool.name, key: request.key, tx.zone()) {
            throw ToolRefusal(refusal, at: tx.now)
        }
        var breaker = try tx.circuitBreakers.find(tool.name, connector.id)
        let admission = breaker.admit(at: tx.now, deadline: timeout * 2)
        return admission == .probe ? breaker : nil
    }

    /// The first whose circuit is closed. One with which this call has failed before comes last; but while it is not
    /// known whether that attempt took effect, nobody else is asked to do the same.
    private func choose(
        from providers: [ToolProvider], _ earlier: [StoredToolCall]
    ) throws -> (ToolProvider, probing: CircuitBreaker?) {
        guard !isSandbox else { return (providers[0], nil) }
        let failed = earlier.filter { $0.state == .failed || $0.state == .abandoned }
        var candidates = providers
        if tool.effect != .reads, let last = failed.last, last.isAmbiguous {
            candidates = providers.filter { $0.name == last.provider }
        }
        let tried = Set(failed.map(\.provider))
        candidates =
            candidates.filter { !tried.contains($0.name) } + candidates.filter { tried.contains($0.name) }
        var until: Instant?, isSpent = false
        for provider in candidates {
            if !provider.limits.isEmpty,
                let moment = try tx.toolUse.isFull(quotaName(provider), provider.limits, tx.zone())
            {
                (until, isSpent) = (until.map { min($0, moment) } ?? moment, true)
                continue
            }
            var breaker = try tx.circuitBreakers.find(tool.name, provider.name)
            switch breaker.admit(at: tx.now, deadline: timeout * 2) {
            case .admitted: return (provider, nil)
            case .probe: return (provider, breaker)
            case .refused(let moment): until = until.map { min($0, moment) } ?? moment
            }
        }
        if isSpent {
            throw ToolRefusal(
                "quota_exhausted", "the quota of every provider of \(tool.name) is used up",
                retryAfter: until.map { $0 - tx.now })
        }
        throw ToolRefusal(
            "tool_unavailable", "\(tool.name) has failed repeatedly: calls to it are paused for a while",
            retryAfter: until.map { $0 - tx.now })
    }

    private func quotaName(_ provider: ToolProvider) -> String { "\(tool.name)/\(provider.name)" }

    private func usage(_ settings: ToolSettings, _ provider: ToolProvider) -> ToolUsage {
        ToolUsage(
            cost: settings.price(of: provider), sends: tool.effect == .sends ? 1 : 0, calls: 1)
    }

    /// From the budgets and the quota: from both, or from none.
    private func take(
        _ usage: ToolUsage, _ settings: ToolSettings, _ provider: ToolProvider, _ connector: Connector?
    ) throws {
        try tx.budgets.hold(
            key: request.key, attempt: request.attempt, agent: caller.agent, clientID: caller.clientID,
            campaignID: caller.campaignID, usage)
        do {
            let zone = try tx.zone()
            try tx.attempt {
                try tx.toolUse.countCall(of: tool.name, settings.limits, zone)
                if let connector, !isSandbox {
                    let quota = try tx.serviceQuotas.find(of: connector.id)
                    try tx.gate.take(connector, quota, key: request.key, zone)
                }
                guard !provider.limits.isEmpty else { return }
                try tx.toolUse.countCall(of: quotaName(provider), provider.limits, zone)
            }
        } catch {
            try tx.budgets.settle(key: request.key, attempt: request.attempt, ToolUsage())
            if let busy = error as? ConnectorBusy { throw ToolRefusal(busy.refusal, at: tx.now) }
            throw error
        }
    }

    // MARK: Beginning

    private var isSandbox: Bool { tx.sandboxClock.isSandbox }

    /// The worker that had begun it is gone: what it held is this one's now.
    private func takeOver(_ held: StoredToolCall) throws -> ToolExecution {
        guard case .outside(let outside) = prepared.work else {
            preconditionFailure("only calls that go outside are held")
        }
        let (settings, connector) = (try tx.tools.settings(tool), try outside.connector(caller, tx))
        let provider =
            connector.map { ToolProvider($0) } ?? outside.providers.first { $0.name == held.provider }
            ?? outside.providers[0]
        let round = try tx.toolCalls.takeOver(held, key: request.key)
        return execution(provider, connector, round, usage(settings, provider), outside)
    }

    private func execution(
        _ provider: ToolProvider, _ connector: Connector?, _ round: Int, _ usage: ToolUsage,
        _ outside: OutsideWork
    ) -> ToolExecution {
        ToolExecution(
            call: call(provider.name), tool: tool.name, timeout: timeout,
            captured: isSandbox ? outside.captured : JSON?.none, round: round, estimate: usage,
            connector: connector, argumentsHash: argumentsHash, cacheTime: tool.cacheTime,
            work: outside.perform)
    }

    private func call(_ provider: String) -> ToolCall {
        ToolCall(
            tenant: tx.tenant, key: request.key, attempt: request.attempt, caller: caller, provider: provider)
    }

    /// Hands the effect to its executor, which keeps its calls; a failure is kept here.
    private func queue(_ work: (ToolCall, Transaction) throws -> JSON) throws -> JSON {
        do {
            return try tx.attempt { try work(call(""), tx) }
        } catch let error as any ProblemConvertible where !(error is DatabaseError) {
            let failure = ToolFailure(error)
            try tx.toolCalls.insert(request, argumentsHash, provider: "", state: .failed, error: failure.json)
            throw failure
        }
    }

    /// Does what stays inside; a failure undoes it, and is kept.
    private func perform(
        _ work: (ToolCall, Transaction) throws -> JSON, _ settings: ToolSettings
    ) throws -> JSON {
        let zone = try tx.zone()
        try tx.attempt { try tx.toolUse.countCall(of: tool.name, settings.limits, zone) }
        do {
            let result = try tx.attempt { try work(call(""), tx) }
            try tx.toolCalls.insert(request, argumentsHash, provider: "", state: .succeeded, result: result)
            return result
        } catch let error as any ProblemConvertible where !(error is DatabaseError) {
            let failure = ToolFailure(error)
            try tx.toolCalls.insert(request, argumentsHash, provider: "", state: .failed, error: failure.json)
            try tx.toolUse.countOutcome(
                of: tool.name, beganAt: tx.now, failed: true, cost: 0, took: .zero, zone)
            throw failure
        }
    }
}

extension ToolFailure {
    /// As a tool has failed that works on our own data.
    fileprivate init(_ error: any ProblemConvertible) {
        let problem = error.problem
        self.init(problem.code, problem.summary, isRetryable: false)
    }
}

extension Problem {
    /// With every fault.
    fileprivate var summary: String {
        faults.isEmpty
            ? detail : faults.map { "\($0.pointer): \($0.detail)" }.joined(separator: " ")
    }
}

extension ToolCaller {
    /// As it is kept until the call is approved.
    var stored: JSON {
        [
            "actor": actor.json, "agent": JSON(agent), "run_id": JSON(runID),
            "subject": subject?.json ?? .null,
            "client_id": JSON(clientID), "campaign_id": JSON(campaignID), "decision_id": JSON(decisionID),
            "permissions": permissions.map { JSON($0.map(\.name).sorted()) } ?? .null,
            "tools": tools.map { JSON($0.sorted()) } ?? .null,
        ]
    }

    init(stored json: JSON) {
        func subject(_ json: JSON?) -> Subject? {
            guard let type = json?["type"]?.text, let id = json?["id"]?.text else { return nil }
            return Subject(type: type, id: id)
        }
        func texts(_ json: JSON?) -> [String]? { json?.array?.compactMap(\.text) }
        let kind = json["actor"]?["type"]?.text.flatMap { Actor.Kind(rawValue: $0) }
        self.init(
            actor: Actor(kind ?? .system, id: json["actor"]?["id"]?.text ?? ""), agent: json["agent"]?.text,
            runID: json["run_id"].flatMap { RunID(json: $0) }, subject: subject(json["subject"]),
            clientID: json["client_id"]?.id(),
            campaignID: json["campaign_id"]?.text, decisionID: json["decision_id"]?.id(),
            permissions: texts(json["permissions"]).map { Set($0.map { Permission($0) }) },
            tools: texts(json["tools"]).map { Set($0) })
    }
}
