package import Database
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Synchronization
internal import Telemetry

/// The leave to reach for a connector once. Only the gate makes one, and no connector works without: whatever leaves
/// has been asked about, is kept, and is counted.
package struct Permit: Sendable {
    package let request: ToolRequest
    package let connector: Connector
    package let reach = ConnectorCall()
    let round: Int
    let estimate: ToolUsage
    /// It is one of the month's calls that the connector's plan includes.
    var isIncluded = false
    /// Whether a budget applies to it.
    package var hasBudget = true
    let beganAt: Instant
    /// By the clock that never jumps.
    let steadyStart: Instant
    /// By whose days it is counted.
    var zone = TimeZoneRules.utc
    /// The windows of the tool's use in which its outcome is counted.
    var spans = TimeSpan.ofOutcomes

    /// The price of this call, in millionths of a minor unit.
    package var price: Int64 { isIncluded ? 0 : connector.price }
}

/// A connector's notes on the way to the service and back.
package final class ConnectorCall: Sendable {
    private struct Notes {
        var bytes = 0
        var limit = ServiceLimit()
        var fields: [String] = []
        var hasAnswered = false
        var status: Int?
        var took: Duration?
    }

    private let notes = Mutex(Notes())

    package init() {}

    package func note(bytes: Int) { notes.withLock { $0.bytes += bytes } }
    package func note(_ limit: ServiceLimit) { notes.withLock { $0.limit = limit } }
    /// The members of a good answer, by which a change of the service's answers is seen.
    package func note(fields: [String]) { notes.withLock { $0.fields = fields } }
    /// The service has answered, whatever it said.
    package func noteAnswer() { notes.withLock { $0.hasAnswered = true } }
    /// The service has answered with a status of HTTP.
    package func note(status: Int) { notes.withLock { ($0.hasAnswered, $0.status) = (true, status) } }
    /// Notes the time that the call of the service took.
    package func note(took: Duration) { notes.withLock { $0.took = took } }

    package var bytes: Int { notes.withLock { $0.bytes } }
    var limit: ServiceLimit { notes.withLock { $0.limit } }
    var fields: [String] { notes.withLock { $0.fields } }
    package var hasAnswered: Bool { notes.withLock { $0.hasAnswered } }
    package var status: Int? { notes.withLock { $0.status } }
    var took: Duration? { notes.withLock { $0.took } }
}

/// The outcome of a call of a connector.
package enum ConnectorCallEnd: Sendable {
    case succeeded
    /// Nothing left: a sandbox.
    case captured
    case failed(ToolFailure)
    /// It may have taken effect; nobody knows.
    case unknown(ToolFailure)
}

package extension GateStore where Base == Transaction {
    /// Lets an effect out to a connector: takes it from what the connector's plan includes, from budgets and quotas,
    /// notes a probe, and keeps the call. Throws `ToolRefusal` where a budget is spent or an agent may not do it, and
    /// `ConnectorBusy` where the connector may no longer be asked. A person who tests a connector (`isTest`) wants to
    /// know although it is spared.
    func permit(
        _ request: ToolRequest, by connector: Connector, _ why: CallReason?, _ usage: ToolUsage,
        deadline: Duration, permission: Permission? = nil, isTest: Bool = false
    ) throws -> Permit {
        let zone = try tx.zone(), tool = try tx.runtime.tools.definition(request.tool)
        let settings = try tx.tools.settings(tool)
        // A call that the agent may no longer make does not leave either where it was begun before.
        if request.caller.agent != nil { try checkAgent(request, tool, permission, settings) }
        let isLeaving = !tx.sandboxClock.isSandbox && !isTest
        let quota = try isLeaving && !connector.id.isEmpty ? tx.serviceQuotas.find(of: connector.id) : nil
        var probe: CircuitBreaker?
        if isLeaving, !connector.hasOwnCircuit {
            var breaker = try tx.circuitBreakers.find(request.tool, connector.id)
            if let refusal = try tx.connectors.refusal(of: connector, breaker, quota, key: request.key, zone)
            {
                throw ConnectorBusy(refusal)
            }
            if breaker.admit(at: tx.now, deadline: deadline * 2) == .probe { probe = breaker }
        }
        let isIncluded = try !isTest && tx.includedCalls.take(of: connector, zone)
        var usage = usage
        if isIncluded { usage.cost = 0 }
        let hasBudget: Bool
        do {
            hasBudget = try tx.budgets.hold(
                key: request.key, attempt: request.attempt, agent: request.caller.agent,
                clientID: request.caller.clientID, campaignID: request.caller.campaignID, usage)
            func takeAll() throws {
                try tx.toolUse.countCall(of: tool.name, settings.limits, zone)
                if isLeaving { try take(connector, quota, key: request.key, zone) }
            }
            // Without limits there is nothing that could have to be undone.
            let isLimited = !settings.limits.isEmpty || !connector.limits.isEmpty || quota != nil
            try isLimited ? tx.attempt(takeAll) : takeAll()
        } catch {
            // Where the budget was refused, there is nothing to give back to it.
            try tx.budgets.settle(key: request.key, attempt: request.attempt, ToolUsage())
            if isIncluded { try tx.includedCalls.giveBack(of: connector, takenAt: tx.now, zone) }
            throw error
        }
        if let probe { try tx.circuitBreakers.store(probe, request.tool, connector.id) }
        let round = try tx.toolCalls.insert(
            request, "", provider: connector.id, state: .held, cost: usage.cost, why: why)
        return Permit(
            request: request, connector: connector, round: round, estimate: usage, isIncluded: isIncluded,
            hasBudget: hasBudget, beganAt: tx.now, steadyStart: tx.runtime.configuration.steadyClock(),
            zone: zone,
            spans: settings.limits.month == nil ? [.day] : TimeSpan.ofOutcomes)
    }

    /// Throws a refusal where an agent may not have something done any more that it has begun.
    private func checkAgent(
        _ request: ToolRequest, _ tool: ToolDefinition, _ permission: Permission?, _ settings: ToolSettings
    ) throws {
        let (caller, status) = (request.caller, try status(of: request.caller))
        try checkPolicy(of: caller, status, tool, status == nil ? nil : permission, settings)
        guard let status, tool.effect == .sends, !request.isApproved else { return }
        if status.state == .disabled || status.autonomy == .observe {
            let word = status.state == .disabled ? "is disabled" : "only observes"
            throw ToolRefusal(
                "agent_stopped",
                "the agent \(status.agent) \(word): what it has begun waits until it is active again")
        }
    }

    /// Takes one call from what the agency and the service leave a connector; throws `ConnectorBusy` where nothing is
    /// left. `quota`: the service's, as it stands.
    internal func take(
        _ connector: Connector, _ quota: ServiceQuota?, key: String, _ zone: TimeZoneRules
    ) throws {
        if !connector.limits.isEmpty {
            try tx.toolUse.countCall(of: connector.id, connector.limits, zone, for: connector)
            try tx.connectorTurns.leave(of: key, with: connector.id)
            try tx.connectorTurns.keepPace(of: connector, zone)
        }
        guard let quota, try !tx.serviceQuotas.take(quota, of: connector.id) else { return }
        throw ConnectorBusy(of: connector, at: tx.now)
    }

    /// Books how an effect that was let out has ended, with what it has really taken; `nil`: what was estimated, or
    /// nothing where it has failed.
    func settle(_ permit: Permit, _ end: ConnectorCallEnd, _ usage: ToolUsage? = nil) throws {
        let took = permit.reach.took ?? tx.runtime.configuration.steadyClock() - permit.steadyStart
        let request = permit.request
        let isSettled = try tx.connectorCalls.book(
            OpenConnectorCall(of: permit), key: request.key, attempt: request.attempt, end, usage, took: took,
            permit.reach, hasBudget: permit.hasBudget, permit.zone, permit.spans)
        // A failed call costs nothing, and so it takes no free one either.
        if isSettled, permit.isIncluded, !end.hasLeft {
            try tx.includedCalls.giveBack(of: permit.connector, takenAt: permit.beganAt, permit.zone)
        }
        guard !tx.sandboxClock.isSandbox, !permit.connector.hasOwnCircuit else { return }
        try tx.connectors.tellBreaker(
            permit.request.tool, permit.connector.id, named: permit.connector.name, end.failure)
        try tx.serviceBaselines.watchDrift(of: permit.connector, permit.reach, took: took)
    }
}

/// A connector that was free when it was chosen may no longer be asked.
package struct ConnectorBusy: Error, Sendable {
    package let refusal: ConnectorRefusal

    init(_ refusal: ConnectorRefusal) { self.refusal = refusal }

    init(of connector: Connector, at now: Instant) {
        refusal = ConnectorRefusal(
            cause: .quota, detail: "\(connector.name) accepts no more calls at the moment.",
            until: now + .seconds(1))
    }
}

extension ConnectorCallEnd {
    var hasLeft: Bool {
        switch self {
        case .succeeded, .captured, .unknown: true
        case .failed: false
        }
    }

    var failure: ToolFailure? {
        switch self {
        case .succeeded, .captured: nil
        case .failed(let failure), .unknown(let failure): failure
        }
    }

    var state: StoredToolCall.State {
        switch self {
        case .succeeded: .succeeded
        case .captured: .captured
        case .failed: .failed
        case .unknown: .unknown
        }
    }
}
