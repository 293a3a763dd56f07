internal import Agents
package import Database
internal import Integrations
internal import JSON
package import Jobs
internal import Mail
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Takes one message on its way, as often as that takes. A crash between the service's yes and our noting it is seen
/// by the next attempt: it looks the message up at the service, and where that cannot tell, leaves it to a person.
package struct MessageSendJob: JobKind {
    package struct Payload: Codable, Sendable { let message: MessageID }

    package static let kind = "message.send"
    package static let queue = "outbox"
    /// Over about two days: twelve pauses that grow, and then of half an hour on average.
    package static let attemptsMax = 108
    package static let retriesTimeouts = true
    /// The time after its sending in which a message that the service does not know may still turn up there.
    static let untilShown: Duration = .seconds(300)
    /// The pause until a service is asked for a message whose answer was lost.
    static let untilLookedUp: Duration = .seconds(2)

    let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func timeout(_ payload: Payload) -> Duration { .seconds(180) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let message = try job.read({ try Self.message(payload, in: $0) }) else { return }
        switch message.status {
        case .queued, .held: break
        case .sending: return try await resolve(message, job)
        default: return try await settleHeard(message, job)
        }
        if job.isSandbox || message.channel.isOwn { return try await capture(message, job) }
        guard message.channel == .email else { return try await deliverChat(message, job) }
        try await deliver(message, job)
    }

    /// Settles a message that its service reported on before the answer to the sending could be noted: the attempt was
    /// cut off after that.
    private func settleHeard(_ message: Message, _ job: JobContext) async throws {
        guard [.delivered, .bounced, .failed].contains(message.status),
            try job.read({ try $0.connectorCalls.isUnderWay(key: message.id) })
        else { return }
        let outbox = outbox
        try await job.write { tx in
            try outbox.settle(message, .accepted(providerID: message.providerID), in: tx)
        }
    }

    private static func message(_ payload: Payload, in reader: some Queryable) throws -> Message? {
        try Message.resource.find(payload.message, in: reader)
    }

    // MARK: Sandboxes, and channels of our own

    private func capture(_ message: Message, _ job: JobContext) async throws {
        let outbox = outbox
        let held = try await job.write { tx -> Sendability? in
            let connector = try outbox.connector(capturing: message, in: tx)
            switch try outbox.claim(message, integration: nil, by: connector, nil, in: tx) {
            case .gone, .busy: return nil
            case .held(let sendability), .full(let sendability): return sendability
            case .claimed(let message, _, let permit):
                try outbox.settle(message, .accepted(providerID: nil), permit, in: tx)
                return nil
            }
        }
        if let held { try await rest(message.id, held, job) }
    }

    // MARK: Services

    private func deliver(_ message: Message, _ job: JobContext) async throws {
        // The text can be written before a lane is taken for it.
        let words = try job.read { try outbox.words(of: message, in: $0) }
        try await deliver(message, for: .emailSending, (any EmailSending).self, \.lanesMax, job) {
            try await attempt(message, words, $0, $1, job, $2)
        } absent: {
            noProvider
        }
    }

    /// A way on which a message may leave now, and why this one.
    struct Way: Sendable {
        let integration: Integration
        let connector: Connector
        let why: CallReason
    }

    /// Hands a message to a service, and to the next one where that does not take it.
    func deliver<Provider>(
        _ message: Message, for capability: Capability, _ kind: Provider.Type, _ lanesMax: (Provider) -> Int,
        _ job: JobContext, isFit: (Integration, Provider) -> Bool = { _, _ in true },
        attempt: (Way, Provider, SendLanes.Place) async throws -> Step, absent: () -> Sendability
    ) async throws {
        let integrations = try job.read { try $0.integrations.all(for: capability, client: message.clientID) }
        var providers: [IntegrationID: Provider] = [:]
        for integration in integrations {
            let provider = outbox.integrations.providers[integration.provider] as? Provider
            providers[integration.id] = provider.flatMap { isFit(integration, $0) ? $0 : nil }
        }
        let able = integrations.filter { providers[$0.id] != nil }
        var open = able
        var last: SendOutcome?, full: Sendability?
        while !open.isEmpty {
            let ranking = try job.read { try outbox.rank(able, for: message, in: $0) }
            guard let way = way(among: open, ranking, providers.mapValues(lanesMax)),
                let provider = providers[way.integration.id]
            else {
                guard last == nil, full == nil, let connector = ranking.soonest else { break }
                guard let refusal = try await wait(message, connector, job) else { continue }
                return try await hold(message, Sendability(refusal), job)
            }
            let step = try await outbox.lanes.withLane(
                of: way.integration.id, of: lanesMax(provider)
            ) { place in
                try await attempt(way, provider, place)
            }
            switch step {
            case .over: return
            case .held(let sendability): return try await rest(message.id, sendability, job)
            // It is asked again which of them may be asked now.
            case .busy: continue
            case .full(let sendability): full = sendability
            case .next(let outcome): last = outcome
            }
            open.removeAll { $0.id == way.integration.id }
        }
        guard let last else {
            if let full { return try await hold(message, full, job) }
            let none = try job.read { try outbox.sendability(of: message, in: $0) }
            return try await hold(message, none.isSendable ? absent() : none, job)
        }
        if case .later(let code, let detail, let after) = last {
            throw JobFailure.retryable(code, detail, after: after)
        }
        // Every service refused us: they are off now, and the message waits for one that works.
        try await hold(message, absent(), job)
    }

    /// Why a message waits for a connector; `nil` where it need not any more.
    private func wait(
        _ message: Message, _ connector: Connector, _ job: JobContext
    ) async throws -> ConnectorRefusal? {
        try await job.write { tx in
            try tx.connectorTurns.waitFor(connector, SendMessage.tool, key: message.id, tx.agency.zone())
        }
    }

    /// The best way. Those that stand in for the agency's first choice share what there is to do.
    private func way(
        among integrations: [Integration], _ ranking: ConnectorRanking, _ lanesMax: [IntegrationID: Int]
    ) -> Way? {
        let isStandIn = !ranking.refused.isEmpty
        let left = ranking.ranked.filter { ranked in
            integrations.contains { ranked.connector.isOf($0.id) }
        }
        let best =
            left.first { ranked in
                guard isStandIn, let id = IntegrationID(ranked.connector.id) else { return true }
                return outbox.lanes.hasRoom(of: id, of: lanesMax[id] ?? 1)
            } ?? left.first
        guard let best, let integration = integrations.first(where: { best.connector.isOf($0.id) })
        else {
            return nil
        }
        return Way(integration: integration, connector: best.connector, why: best.why)
    }

    private var noProvider: Sendability {
        Sendability(
            reasons: [
                Reason("no_provider", "No working email service is connected: connect one in the settings.")
            ], from: nil)
    }

    enum Step: Sendable {
        case over
        case held(Sendability)
        /// The service may no longer be asked now.
        case busy
        /// The next service may be tried: this one has sent enough, or did not take it.
        case full(Sendability), next(SendOutcome)
    }

    private func attempt(
        _ message: Message, _ words: ComposedMail?, _ way: Way, _ provider: any EmailSending,
        _ job: JobContext,
        _ place: SendLanes.Place
    ) async throws -> Step {
        let (outbox, integration) = (outbox, way.integration)
        let access: IntegrationAccess
        do {
            access = try await outbox.integrations.freshAccess(to: integration, of: job.tenant, provider)
        } catch let failure as OAuthFailure {
            // Nothing has been taken up yet that would have to be settled.
            return .next(SendOutcome(failure))
        }
        let claim = try await job.write(.request) { tx in
            try outbox.claim(
                message, integration: integration, by: way.connector, way.why, words: words, in: tx)
        }
        switch claim {
        case .gone: return .over
        case .held(let sendability): return .held(sendability)
        case .full(let sendability): return .full(sendability)
        case .busy: return .busy
        case .claimed(let message, let mail, let permit):
            guard let mail else { return .over }
            let outcome = await outbox.services.send(access, permit, job) {
                await provider.send(mail, messageID: message.id, $0, permit)
            }
            return try await settled(message, outcome, permit, access, place, of: words?.source.tenant, job)
        }
    }

    /// Books what a service has said to a message; answers what follows. `tenant`: as it was a moment ago.
    func settled(
        _ message: Message, _ outcome: SendOutcome, _ permit: Permit, _ access: IntegrationAccess,
        _ place: SendLanes.Place, of tenant: Tenant? = nil, _ job: JobContext
    ) async throws -> Step {
        let outbox = outbox
        place.note(outcome.hasWorked)
        switch outcome {
        case .later, .refused(SendRefusal(cause: .account)):
            try await job.write { tx in
                try outbox.settle(message, outcome, permit, in: tx)
                if case .refused(let refusal) = outcome {
                    try tx.integrations.fails(access, because: .cause(refusal.code, refusal.detail))
                }
            }
            return .next(outcome)
        default:
            // The next claim comes behind this in the writer's queue: never more are in doubt than there are lanes.
            try await job.complete(.request, queued: place.leave) { tx in
                try outbox.settle(message, outcome, permit, of: tenant, in: tx)
                if case .refused(let refusal) = outcome, refusal.cause == .permission {
                    try tx.integrations.lacks(access, .cause(refusal.code, refusal.detail))
                }
            }
            return .over
        }
    }

    /// An attempt before this one was cut off after the message may have left.
    private func resolve(_ message: Message, _ job: JobContext) async throws {
        var found = SendLookup.unclear, isAskedAgain = false
        // Services of short messages tell by themselves what they have taken, and some can be asked, too.
        let signs: [DeliveryEvent.Kind] = [.sent, .delivered, .opened]
        if message.channel != .email,
            try job.read({ reader in
                try signs.contains { try reader.conversations.hasNote($0.rawValue, of: message.id) }
            })
        {
            found = .accepted(providerID: nil)
        } else if message.channel != .email, let id = message.integrationID,
            let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
            let provider = outbox.integrations.providers[integration.provider] as? any ChatSending,
            provider.findsMessages
        {
            found = try await lookUp(message, at: integration, provider, job)
            isAskedAgain = message.updatedAt + Self.untilShown > job.now
        }
        if let id = message.integrationID,
            let internetID = message.internetID.flatMap({ InternetMessageID($0) }),
            let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
            let provider = outbox.integrations.providers[integration.provider] as? any EmailSending,
            provider.findsMails
        {
            let mail = SentMail(
                messageID: message.id, internetID: internetID, recipient: message.recipient ?? "",
                at: message.updatedAt)
            do {
                let access = try await outbox.integrations.freshAccess(
                    to: integration, of: job.tenant, provider)
                var look = ServiceRead(LookUpMessageTool.name, into: integration, job.runtime)
                found = await access.withEither(at: job.now, isRefused: { $0.isUnclear }) {
                    await provider.find(mail, $0)
                }
                (look.found, look.bytes) = (1, access.reach.bytes)
                let keep = look.ended(found.failure(access.reach))
                try await job.write { tx in try keep(tx) }
            } catch is OAuthFailure {
                // Nobody can be asked.
            }
        }
        let outbox = outbox
        switch found {
        case .accepted(let id):
            try await job.complete { tx in
                try outbox.settle(message, .accepted(providerID: id), in: tx)
            }
        case .absent:
            // A service shows what it has taken only after a while, and an attempt that was given up may go on. One
            // that tells by itself may do so any moment.
            let sure = message.updatedAt + Self.untilShown
            if sure > job.now {
                let pause = message.channel == .email ? sure - job.now : min(sure - job.now, .seconds(30))
                throw JobSnooze(for: pause, waitingFor: "what the service knows")
            }
            try await job.write { tx in
                try outbox.settle(
                    message,
                    .later(
                        code: "interrupted", detail: "The server stopped before the message was sent.",
                        after: nil),
                    in: tx)
            }
            throw JobSnooze(for: .zero, waitingFor: "its next attempt")
        case .unclear where isAskedAgain:
            throw JobSnooze(for: .seconds(30), waitingFor: "what the service knows")
        case .unclear:
            try await job.complete { tx in
                try outbox.settle(
                    message,
                    .unknown(detail: "The server stopped while the message was being sent."), in: tx)
            }
        }
    }

    // MARK: Waiting

    /// Notes why it does not leave, then waits: for a time, or for whoever lets it go.
    func hold(_ message: Message, _ sendability: Sendability, _ job: JobContext) async throws {
        let outbox = outbox
        try await job.write { tx in
            guard let now = try Message.resource.find(message.id, in: tx),
                now.status == .queued || now.status == .held
            else { return }
            try outbox.hold(now, sendability, in: tx)
        }
        try await rest(message.id, sendability, job)
    }

    func rest(_ id: MessageID, _ sendability: Sendability, _ job: JobContext) async throws {
        guard let from = sendability.from else { return }
        throw JobSnooze(
            for: max(from - job.now, .seconds(1)),
            waitingFor: sendability.reasons.map(\.code).joined(separator: ", "))
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard let message = try Self.message(payload, in: tx) else { return }
        switch end {
        case .dead(let failure) where message.status == .queued || message.status == .held:
            try outbox.settle(
                message,
                .refused(SendRefusal(.message, code: failure.code, detail: failure.detail)), in: tx)
        case .dead where message.status == .sending,
            .cancelled where message.status == .sending:
            try outbox.settle(message, .unknown(detail: "Sending was interrupted."), in: tx)
        case .cancelled:
            try outbox.cancel(
                message, because: Reason("cancelled", "The message's job was cancelled."), in: tx)
        case .revived where message.status == .failed:
            var queued = message
            queued.status = .queued
            try tx.outbox.change(message, to: &queued)
        default: break
        }
    }
}

extension SendOutcome {
    /// The outcome where there is no token to send with.
    init(_ failure: OAuthFailure) {
        switch failure {
        case .refused(let detail):
            self = .refused(SendRefusal(.account, code: "consent_gone", detail: detail))
        case .unreachable(let detail): self = .later(code: "no_token", detail: detail, after: nil)
        }
    }
}

extension SendRefusal {
    /// For patterns: whatever the words are.
    init(cause: Cause) { self.init(cause, code: "", detail: "") }

    static func ~= (pattern: SendRefusal, value: SendRefusal) -> Bool {
        pattern.cause == value.cause
    }
}
