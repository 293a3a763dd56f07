internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Asks a marketing service once a day who has left its list, since webhooks may not have come: what it says is taken
/// over, and nobody here is ever added there.
struct MarketingPullJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "marketing.pull"
    static let attemptsMax = 100
    static let retry = RetryPolicy(base: .seconds(10), cap: .seconds(3600))
    private static let every: Duration = .seconds(86_400)
    /// Clocks differ, and changes take their time to be listed.
    private static let overlap: Duration = .seconds(3600)
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    func timeout(_ payload: Payload) -> Duration { .seconds(900) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.integration
        while true {
            guard let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
                let service = outbox.integrations.providers[integration.provider] as? any MarketingLists,
                let state = try job.read({ try $0.marketing.state(of: id) })
            else { return }
            let began = state.readAt ?? (job.now - Self.overlap).description
            let page: MarketingPage
            do {
                page = try await outbox.integrations.look(
                    with: ReadMarketingListTool.name, into: integration, as: service, job
                ) { access, reach async throws(ToolFailure) in
                    try await service.leavers(since: state.since, after: state.cursor, access, reach)
                }
                for leaver in page.leavers { try await take(leaver, integration, service, job) }
            } catch let failure as ToolFailure where failure.code == "rate_limited" {
                throw JobSnooze(for: failure.retryAfter ?? .seconds(30), waitingFor: failure.code)
            }
            if let next = page.next, next != state.cursor {
                try await job.write { tx in
                    try tx.marketing.noteRead(id, since: state.since, began: began, cursor: next)
                }
                continue
            }
            return try await job.complete { tx in
                try tx.marketing.noteRead(id, since: began, began: nil, cursor: nil)
                try tx.jobs.enqueue(
                    Self.self, payload,
                    JobOptions(runAt: tx.now + Self.every, uniqueKey: id, uniqueness: .untilStarted))
            }
        }
    }

    private func take(
        _ leaver: MarketingPage.Leaver, _ integration: Integration, _ service: any MarketingLists,
        _ job: JobContext
    ) async throws {
        let isKnown = try job.read {
            try !$0.consents.suppressions(of: leaver.address, .email, for: .marketing).isEmpty
        }
        guard !isKnown else { return }
        var standing = leaver.standing
        if standing == nil {
            standing = try await outbox.integrations.look(
                with: ReadMarketingListTool.name, into: integration, as: service, job
            ) { access, reach async throws(ToolFailure) in
                try await service.standing(of: leaver.address, access, reach)
            }
        }
        let found = standing
        try await job.write { tx in try tx.marketing.left(leaver.address, found, integration) }
    }
}
