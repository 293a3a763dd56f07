internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Takes addresses that are suppressed here off the list of a marketing service, one after the other. What was told is
/// noted in the transaction that settles the call; told twice, it changes nothing.
struct MarketingTellJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "marketing.tell"
    static let queue = "outbox"
    static let attemptsMax = 1000
    static let retry = RetryPolicy(base: .seconds(2), cap: .seconds(3600))
    private static let chunk = 20
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    func timeout(_ payload: Payload) -> Duration { .seconds(900) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.integration
        guard let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
            let service = outbox.integrations.providers[integration.provider] as? any MarketingLists
        else { return }
        let untold = try job.read { try $0.marketing.untold(id, limit: Self.chunk) }
        for suppression in untold {
            do {
                try await tell(suppression, integration, service, job)
            } catch let failure as ToolFailure where failure.code == "rate_limited" {
                throw JobSnooze(for: failure.retryAfter ?? .seconds(30), waitingFor: failure.code)
            }
        }
        guard untold.count == Self.chunk else { return }
        try await job.complete { tx in
            try tx.jobs.enqueue(
                Self.self, payload, JobOptions(uniqueKey: id, uniqueness: .untilStarted))
        }
    }

    private func tell(
        _ id: String, _ integration: Integration, _ service: any MarketingLists, _ job: JobContext
    ) async throws {
        let found = try job.read { reader in
            try ID<Suppression>(id).flatMap { try Suppression.resource.find($0, in: reader) }
        }
        guard let address = found?.address else {
            return try await job.write { tx in try tx.marketing.forget(id, at: integration.id) }
        }
        let caller = ToolCaller(
            actor: .system, subject: Subject(type: Suppression.noun, id: id), clientID: integration.clientID)
        do {
            try await outbox.integrations.perform(
                ServiceEffect(UnsubscribeThereTool.name, key: "\(integration.id)/\(id)", for: caller),
                at: integration, as: service, job
            ) { tx in
                // Somebody may have taken it back meanwhile.
                try ID<Suppression>(id).flatMap { try Suppression.resource.find($0, in: tx) } != nil
            } _: { access, permit async throws(ToolFailure) in
                try await service.unsubscribe(address, access, permit.reach)
            } end: { tx, outcome in
                if case .success = outcome { try tx.marketing.forget(id, at: integration.id) }
            }
        } catch let failure as ToolFailure where !failure.isRetryable {
            // The service would refuse it again each time: the call says why.
            try await job.write { tx in try tx.marketing.forget(id, at: integration.id) }
        }
    }
}
