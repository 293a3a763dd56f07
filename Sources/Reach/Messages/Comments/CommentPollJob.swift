internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry
internal import Templates

/// Asks a network once what was said below our posts, takes it in, and plans the next look. What came is stored
/// together with how far the network has been read: whatever happens, none is lost and none is there twice.
struct CommentPollJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "comments.poll"
    /// Pages of one look.
    private static let pagesMax = 20
    private static let pauseMax: Duration = .seconds(6 * 3600)
    /// Looks in a row that may fail before somebody is told.
    private static let failuresMax = 5
    static let silence = "comments_unreachable"

    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox else { return }
        let id = payload.integration, providers = outbox.integrations.providers
        guard let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
            integration.hasComments(by: providers),
            let provider = providers[integration.provider] as? any CommentReading
        else {
            return try await job.complete { tx in
                if try Integration.resource.find(id, in: tx) == nil { try tx.comments.forget(id) }
            }
        }
        var pause = integration.commentPause(provider)
        do {
            for _ in 0..<Self.pagesMax {
                try Task.checkCancellation()
                guard try await look(into: integration, provider, job) else { break }
            }
        } catch let failure as ToolFailure {
            pause = try await fail(integration, failure, pause, job)
        } catch let snooze as JobSnooze {
            pause = max(snooze.delay, .seconds(1))
        }
        let next = pause
        try await job.complete { tx in try tx.comments.enqueuePoll(of: id, at: tx.now + next) }
    }

    /// Returns whether there is more to ask for at once.
    private func look(
        into integration: Integration, _ provider: any CommentReading, _ job: JobContext
    ) async throws -> Bool {
        let id = integration.id, settings = integration.settings, now = job.now
        let place = try job.read { try $0.comments.place(of: id) }
        let caller = ToolCaller(
            actor: .system, subject: integration.subject, clientID: integration.clientID)
        let inbox = Inbox(outbox)
        let isOver = Moment()
        try await outbox.integrations.perform(
            ServiceEffect(
                ReadCommentsTool.name, key: "comments/\(id)/\(place ?? "")/\(now.microseconds)", for: caller
            ) { call in provider.price(ofComments: 1, settings, call: call) },
            at: integration, as: provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            try await provider.comments(after: place, at: now, access, permit.reach)
        } end: { tx, outcome in
            guard case .success(let page) = outcome else { return }
            // Another look has gone on meanwhile: what it has stored is not stored again.
            guard try tx.comments.place(of: id) == place else { return }
            for var comment in page.comments {
                comment.integration = id
                try inbox.receive(comment, in: tx)
            }
            try tx.comments.keep(page.place, of: id)
            try tx.alerts.resolve(kind: Self.silence, subject: integration.subject)
            isOver.set(!page.hasMore)
        } costing: { page, call in
            provider.price(ofComments: page.count, settings, call: call)
        }
        return !isOver.value
    }

    /// Notes a look that failed, and returns how long the network is let alone.
    private func fail(
        _ integration: Integration, _ failure: ToolFailure, _ usual: Duration, _ job: JobContext
    ) async throws -> Duration {
        try await job.write { tx in
            let failures = try tx.comments.noteFailure(of: integration.id)
            if failures >= Self.failuresMax || !failure.isRetryable {
                try tx.alerts.raise(
                    kind: Self.silence, severity: .warning, subject: integration.subject,
                    title: Saying(
                        "alert.comments_silent",
                        [
                            "name": .text(integration.name ?? integration.provider),
                            "detail": .saying(.cause(failure.code, failure.detail)),
                        ]),
                    action: Saying("alert.comments_silent_do"))
            }
            let pause = Duration.seconds(usual.components.seconds << min(failures, 6))
            return failure.retryAfter ?? min(pause, Self.pauseMax)
        }
    }
}

/// Whether a look has come to the end, as its transaction says.
private final class Moment: Sendable {
    private let flag = Atomic(true)

    func set(_ value: Bool) { flag.store(value, ordering: .relaxed) }
    var value: Bool { flag.load(ordering: .relaxed) }
}

/// Begins to ask for comments when a network is connected or changed; each look sees to the next.
struct CommentPolls: EventConsumer {
    let providers: IntegrationProviders

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        guard let integration = try Integration.connected(by: event(), in: tx),
            integration.hasComments(by: providers)
        else { return }
        // The job may wait for just this change, such as new credentials.
        if let job = try tx.jobs.live(CommentPollJob.self, uniqueKey: integration.id) {
            try tx.jobs.hasten(job)
        }
        try tx.comments.enqueuePoll(of: integration.id)
    }
}

struct ReadCommentsTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_comments"
    let title = "Read comments"
    let summary = "Asks a social network what others have said below posts of the agency."
    let effect = ToolClass.reads
}

extension Integration {
    /// Returns whether it is a network that is asked for comments.
    func hasComments(by providers: IntegrationProviders) -> Bool {
        status == .active && environment == .live && capability == .chat
            && providers[provider] is any CommentReading
    }

    fileprivate func commentPause(_ provider: any CommentReading) -> Duration {
        .seconds(60 * max(1, settings["poll_minutes"]?.int ?? provider.pollMinutes))
    }
}

/// The positions to which networks have been asked for comments: `tx.comments`.
struct CommentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var comments: CommentStore<Self> { CommentStore(tx: self) }
}

extension CommentStore {
    func place(of integration: IntegrationID) throws -> String? {
        try tx.first(
            """
            SELECT place FROM comment_places
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND place IS NOT NULL
            """
        ) { $0.text(0) }
    }
}

extension CommentStore where Base == Transaction {
    func keep(_ place: String, of integration: IntegrationID) throws {
        try tx.run(
            """
            INSERT INTO comment_places (tenant_id, integration_id, place, polled_at, failures)
            VALUES (\(tx.tenant), \(integration), \(place), \(tx.now), 0)
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET place = excluded.place,
                polled_at = excluded.polled_at, failures = 0
            """)
    }

    /// Returns how many looks in a row have failed.
    fileprivate func noteFailure(of integration: IntegrationID) throws -> Int {
        try tx.run(
            """
            INSERT INTO comment_places (tenant_id, integration_id, polled_at, failures)
            VALUES (\(tx.tenant), \(integration), \(tx.now), 1)
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET polled_at = excluded.polled_at,
                failures = comment_places.failures + 1
            """)
        return Int(
            try tx.int(
                """
                SELECT failures FROM comment_places
                WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
                """) ?? 1)
    }

    fileprivate func forget(_ integration: IntegrationID) throws {
        try tx.run(
            "DELETE FROM comment_places WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)")
    }

    /// One look at a network at a time; one that waits is enough.
    func enqueuePoll(of integration: IntegrationID, at moment: Instant? = nil) throws {
        try tx.jobs.enqueue(
            CommentPollJob.self, .init(integration: integration),
            JobOptions(
                runAt: moment, uniqueKey: integration, uniqueness: .untilStarted,
                subject: Subject(integration),
                limitKey: integration, limits: JobLimits(concurrency: 1)))
    }
}
