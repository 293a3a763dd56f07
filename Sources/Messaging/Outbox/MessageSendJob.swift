package import Database
internal import JSON
internal import Mail
internal import Platform
internal import Records
package import Runtime
internal import Telemetry

/// Takes one message on its way, as often as that takes. A crash between the service's yes and our noting it is seen
/// by the next attempt: it looks the message up at the service, and where that cannot tell, leaves it to a person.
package struct MessageSendJob: JobKind {
    package struct Payload: Codable, Sendable { let message: String }

    package static let kind = "message.send"
    package static let queue = "outbox"
    /// Over about two days.
    package static let attemptsMax = 14
    package static let retriesTimeouts = true
    /// How long after its sending a message that the service does not know may still turn up there.
    static let untilShown: Duration = .seconds(300)

    let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func timeout(_ payload: Payload) -> Duration { .seconds(180) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let message = try job.read({ try Self.message(payload, in: $0) }) else { return }
        switch message.status {
        case .queued, .held: break
        case .sending: return try await resolve(message, job)
        default: return
        }
        if job.isSandbox || message.channel.isOwn { return try await capture(message, job) }
        guard message.channel == .email else { return try await deliverChat(message, job) }
        try await deliver(message, job)
    }

    private static func message(_ payload: Payload, in reader: some Queryable) throws -> Message? {
        try ID<Message>(payload.message).flatMap { try Message.resource.find($0, in: reader) }
    }

    // MARK: Sandboxes, and channels of our own

    private func capture(_ message: Message, _ job: JobContext) async throws {
        let outbox = outbox
        let held = try await job.write { tx -> Sendability? in
            switch try outbox.claim(message, integration: nil, attempt: job.attempt, in: tx) {
            case .gone: return nil
            case .held(let sendability), .full(let sendability): return sendability
            case .claimed(let message, _):
                try outbox.settle(message, .accepted(providerID: nil), attempt: job.attempt, in: tx)
                return nil
            }
        }
        if let held { try await rest(message.id, held, job) }
    }

    // MARK: Services

    private func deliver(_ message: Message, _ job: JobContext) async throws {
        let client = message.clientID
        let integrations = try job.read { try $0.integrations(for: .emailSending, client: client) }
        // What can be written before anybody waits for it.
        let words = try job.read { try outbox.words(of: message, in: $0) }
        var last: SendOutcome?, full: Sendability?
        for integration in integrations {
            guard let provider = outbox.services.providers[integration.provider] as? any EmailSending else {
                continue
            }
            let step = try await outbox.lanes.withLane(of: integration.id.text, of: provider.lanesMax) {
                try await attempt(message, words, integration, provider, job, $0)
            }
            switch step {
            case .over: return
            case .held(let sendability): return try await rest(message.id, sendability, job)
            case .full(let sendability): full = sendability
            case .next(let outcome): last = outcome
            }
        }
        guard let last else {
            if let full { return try await hold(message, full, job) }
            let none = try job.read { try outbox.sendability(of: message, in: $0) }
            return try await hold(message, none.isSendable ? noProvider : none, job)
        }
        if case .later(let code, let detail, let after) = last {
            throw JobFailure.retryable(code, detail, after: after)
        }
        // Every service refused us: they are off now, and the message waits for one that works.
        try await hold(message, noProvider, job)
    }

    private var noProvider: Sendability {
        Sendability(
            reasons: [
                Reason("no_provider", "No mail service is connected, or none works: see /v1/integrations.")
            ], from: nil)
    }

    enum Step: Sendable {
        case over
        case held(Sendability)
        /// The next service may be tried: this one has sent enough, or did not take it.
        case full(Sendability), next(SendOutcome)
    }

    private func attempt(
        _ message: Message, _ words: MailWords?, _ integration: Integration, _ provider: any EmailSending,
        _ job: JobContext, _ place: SendLanes.Place
    ) async throws -> Step {
        let (outbox, attempt) = (outbox, job.attempt)
        let access: IntegrationAccess
        do {
            access = try await outbox.services.freshAccess(to: integration, of: job.tenant, provider)
        } catch let failure as OAuthFailure {
            // Nothing has been taken up yet that would have to be settled.
            return switch failure {
            case .refused(let detail):
                .next(.refused(SendRefusal(.account, code: "consent_gone", detail: detail)))
            case .unreachable(let detail): .next(.later(code: "no_token", detail: detail, after: nil))
            }
        }
        let claim = try await job.write(.request) { tx in
            try outbox.claim(message, integration: integration, words: words, attempt: attempt, in: tx)
        }
        switch claim {
        case .gone: return .over
        case .held(let sendability): return .held(sendability)
        case .full(let sendability): return .full(sendability)
        case .claimed(let message, let mail):
            guard let mail else { return .over }
            let outcome = await provider.send(mail, messageID: message.id.text, access)
            switch outcome {
            case .later, .refused(SendRefusal(cause: .account)):
                try await job.write { tx in
                    try outbox.settle(message, outcome, attempt: attempt, in: tx)
                    if case .refused(let refusal) = outcome {
                        try tx.integrationFails(access, because: refusal.detail)
                    }
                }
                return .next(outcome)
            default:
                // The next claim comes behind this in the writer's queue: never more are in doubt than there are lanes.
                try await job.complete(.request, queued: place.leave) { tx in
                    try outbox.settle(message, outcome, attempt: attempt, of: words?.source.tenant, in: tx)
                }
                return .over
            }
        }
    }

    /// An attempt before this one was cut off after the message may have left.
    private func resolve(_ message: Message, _ job: JobContext) async throws {
        var found = SendLookup.unclear
        // Services of short messages cannot be asked, but tell by themselves what they have taken.
        let signs: [DeliveryEvent.Kind] = [.sent, .delivered, .opened]
        if message.channel != .email,
            try job.read({ reader in
                try signs.contains { try reader.hasNote($0.rawValue, of: message.id) }
            })
        {
            found = .accepted(providerID: nil)
        }
        if let id = message.integrationID, let internetID = message.internetID.flatMap({ MessageID($0) }),
            let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
            let provider = outbox.services.providers[integration.provider] as? any EmailSending
        {
            let mail = SentMail(
                messageID: message.id.text, internetID: internetID, recipient: message.recipient ?? "",
                at: message.updatedAt)
            do {
                let access = try await outbox.services.freshAccess(to: integration, of: job.tenant, provider)
                found = await provider.find(mail, access)
            } catch is OAuthFailure {
                // Nobody can be asked.
            }
        }
        let (outbox, attempt) = (outbox, job.attempt)
        switch found {
        case .accepted(let id):
            try await job.complete { tx in
                try outbox.settle(message, .accepted(providerID: id), attempt: attempt, in: tx)
            }
        case .absent:
            // A service shows what it has taken only after a while, and an attempt that was given up may go on.
            let sure = message.updatedAt + Self.untilShown
            if sure > job.now { throw JobSnooze(for: sure - job.now, waitingFor: "what the service knows") }
            try await job.write { tx in
                try outbox.settle(
                    message, .later(code: "interrupted", detail: "The server went down before.", after: nil),
                    attempt: attempt, in: tx)
            }
            throw JobSnooze(for: .zero, waitingFor: "its next attempt")
        case .unclear:
            try await job.complete { tx in
                try outbox.settle(
                    message,
                    .unknown(detail: "The server went down while it was being handed over."),
                    attempt: attempt, in: tx)
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

    func rest(_ id: ID<Message>, _ sendability: Sendability, _ job: JobContext) async throws {
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
                .refused(SendRefusal(.message, code: failure.code, detail: failure.detail)), attempt: 0,
                in: tx)
        case .dead where message.status == .sending,
            .cancelled where message.status == .sending:
            try outbox.settle(message, .unknown(detail: "Its sending was cut off."), attempt: 0, in: tx)
        case .cancelled:
            try outbox.cancel(message, because: Reason("cancelled", "Its job was cancelled."), in: tx)
        case .revived where message.status == .failed:
            var queued = message
            queued.status = .queued
            try tx.change(message, to: &queued)
        default: break
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
