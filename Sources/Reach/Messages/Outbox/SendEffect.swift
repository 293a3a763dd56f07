internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import People
internal import Nouns
package import Records
internal import Telemetry
internal import Tenancy

/// The tool by which anything is said to people.
package enum SendMessage {
    package static let tool = "send_message"
    package static let permission: Permission = "messages:write"
}

extension Message {
    /// The message as the gate keeps it: each attempt to hand it over is one call.
    var effect: ToolRequest {
        var caller = ToolCaller(
            actor: writer, agent: agent, runID: runID, subject: subjectOfEvents, clientID: clientID)
        (caller.campaignID, caller.decisionID) = (campaignID, decisionID)
        var request = ToolRequest(
            tool: SendMessage.tool, arguments: .null, caller: caller, key: id.keyText, attempt: attempts,
            reason: why)
        request.isApproved = approvalID != nil
        return request
    }

    /// The actor who wrote it.
    var writer: Actor {
        let kind = author["type"]?.text.flatMap { Actor.Kind(rawValue: $0) }
        return Actor(kind ?? .system, id: author["id"]?.text ?? "")
    }
}

extension OutboxStore where Base == Transaction {
    func permit(
        _ effect: ToolRequest, by connector: Connector, _ why: CallReason?, segments: Int = 1,
        deadline: Duration
    ) throws -> Permit {
        // A text of several parts costs so many times the price, and is taken from budgets so.
        let usage = ToolUsage(cost: connector.price * Int64(segments), sends: 1, calls: 1)
        return try tx.gate.permit(
            effect, by: connector, why, usage, deadline: deadline, permission: SendMessage.permission)
    }

    /// Books how a message's handing over has ended; `permit`: `nil` where it was cut off with its process.
    func settle(_ end: ConnectorCallEnd, _ permit: Permit?, of message: Message) throws {
        if let permit {
            try tx.gate.settle(permit, end)
        } else if message.status == .unknown {
            try tx.connectorCalls.resolve(key: message.id, end)
        } else {
            try tx.connectorCalls.settle(key: message.id, attempt: message.attempts, end)
        }
        // The hold of an attempt that was cut off has gone with it.
        if permit?.hasBudget ?? true { try tx.budgets.abandonHolds(key: message.id) }
    }
}

extension ConnectorCallEnd {
    /// A person says that it did not leave.
    static var notSent: ConnectorCallEnd {
        .failed(
            ToolFailure("not_sent", "A person has noted that the message was not sent.", isRetryable: true))
    }
}

extension Outbox {
    /// Ranks the integrations by which a message could leave.
    func rank(
        _ integrations: [Integration], for message: Message, in reader: some Queryable
    ) throws -> ConnectorRanking {
        let tenant = try reader.agency.tenant()
        return try reader.connectors.rank(
            integrations.map { $0.connector(for: tenant, at: reader.now) }, for: SendMessage.tool,
            key: message.id, tenant.zone)
    }

    /// Returns the connector under which a message that does not leave is kept: that of the integration by which it
    /// would have left, or Bureau's own where there is none.
    func connector(capturing message: Message, in tx: Transaction) throws -> Connector {
        guard !message.channel.isOwn else { return .own }
        let capability: Capability = message.channel == .email ? .emailSending : .chat
        let integrations = try tx.integrations.all(for: capability, client: message.clientID)
        return try integrations.first?.connector(for: tx.agency.tenant(), at: tx.now) ?? .own
    }
}

extension PlatformServices {
    /// Sends, and notes how long that took.
    func send(
        _ access: IntegrationAccess, _ permit: Permit, _ job: JobContext,
        _ attempt: (IntegrationAccess) async -> SendOutcome
    ) async -> SendOutcome {
        let clock = job.runtime.configuration.steadyClock, start = clock()
        defer { permit.reach.note(took: clock() - start) }
        return await access.withEither(at: job.now, isRefused: { $0.refusesAccount }) { access in
            await attempt(access).redacted(by: access)
        }
    }
}

extension Connector {
    /// Bureau itself: its own pages, where nothing goes outside.
    static let own = Connector("", name: "Bureau", priority: 0, hasOwnCircuit: true)
}

extension SendOutcome {
    /// Whether the service does what it is asked: a mail that it does not take is no failure of its own.
    var hasWorked: Bool {
        switch self {
        case .accepted: true
        case .refused(let refusal): refusal.cause != .account
        case .later, .unknown: false
        }
    }

    /// Whether the service does not know us, by what we got in with.
    fileprivate var refusesAccount: Bool {
        if case .refused(let refusal) = self { refusal.cause == .account } else { false }
    }

    /// Returns the outcome without the secrets that the service may have repeated.
    fileprivate func redacted(by access: IntegrationAccess) -> SendOutcome {
        switch self {
        case .accepted: self
        case .refused(let refusal):
            .refused(
                SendRefusal(refusal.cause, code: refusal.code, detail: access.redacted(refusal.detail)))
        case .later(let code, let detail, let after):
            .later(code: code, detail: access.redacted(detail), after: after)
        case .unknown(let detail): .unknown(detail: access.redacted(detail))
        }
    }

    /// Returns the end of the attempt for the gate. A service that has answered, though not as it should, is not down;
    /// what stands between and waits for it in vain is no answer of its own.
    func end(_ permit: Permit?, in tx: Transaction) -> ConnectorCallEnd {
        switch self {
        case .accepted: tx.sandboxClock.isSandbox ? .captured : .succeeded
        case .refused(let refusal):
            .failed(ToolFailure(refusal.code, refusal.detail, isRetryable: refusal.cause == .account))
        case .later(let code, let detail, let after):
            .failed(
                ToolFailure(
                    code, detail, isRetryable: true, retryAfter: after,
                    blamesProvider: !code.blamesNobody))
        case .unknown(let detail):
            .unknown(
                ToolFailure(
                    "unknown", detail, isRetryable: false, isAmbiguous: true,
                    blamesProvider: permit.map { $0.reach.status.map { $0 >= 500 } ?? !$0.reach.hasAnswered }
                        ?? false))
        }
    }
}

extension String {
    /// Whether a service that has answered with such a code is well: it has had enough for now, or a mailbox elsewhere
    /// has (RFC 5321 §4.2.2: 450 to 452; 421 is its own trouble).
    fileprivate var blamesNobody: Bool {
        hasSuffix("_429") || ["smtp_450", "smtp_451", "smtp_452"].contains(self)
    }
}

extension Sendability {
    /// Why the gate does not let a message out.
    init(_ refusal: ToolRefusal, at now: Instant, _ zone: TimeZoneRules) {
        // A reason that somebody has to change does not end by itself.
        let isStanding = ["tool_disabled", "forbidden", "agent_stopped"].contains(refusal.code)
        let until = refusal.retryAfter.map { now + $0 } ?? (isStanding ? nil : zone.nextDay(after: now))
        self.init(reasons: [Reason(refusal.code, refusal.detail, until: until)], from: until)
    }

    /// Why no connector takes a message now.
    init(_ refusal: ConnectorRefusal) {
        self.init(reasons: [Reason(refusal.code, refusal.detail, until: refusal.until)], from: refusal.until)
    }
}
