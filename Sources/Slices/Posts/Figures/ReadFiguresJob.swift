internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// Reads how posts of an account do, when that is due: those that are due together with one question, if the network
/// takes it. Posts stay due until their figures are stored, so that a process that ends loses none.
struct ReadFiguresJob: JobKind {
    struct Payload: Codable, Sendable {
        let account: SocialAccountID
        /// When the first of them is due, in microseconds.
        let at: Int64
    }

    static let kind = "social_post.read_figures"
    static let attemptsMax = 100
    /// An account is asked for one at a time: two at once would read the same.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    /// The time for which a network that fails is let alone, unless it says.
    private static let rest: Duration = .seconds(600)
    let services: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(600) }

    private struct Work: Sendable {
        let posts: [SocialPost]
        let account: SocialAccount
        let integration: Integration
        let provider: any SocialMeasuring
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        while let posts = try due(payload.account, job) {
            try Task.checkCancellation()
            guard let work = try work(posts, of: payload.account, job) else {
                return try await job.complete { tx in try tx.postFigures.endReadings(of: posts) }
            }
            do {
                try await read(work.posts, work, job)
            } catch let failure as ToolFailure where !failure.isRetryable && work.posts.count > 1 {
                // One of them may be what the network refuses.
                guard failure.isOfPosts else { continue }
                for post in work.posts { try await readAlone(post, work, job) }
            } catch let failure as ToolFailure {
                guard failure.isRetryable || failure.endsAccess else { continue }
                throw JobSnooze(for: failure.retryAfter ?? Self.rest, waitingFor: failure.code)
            }
        }
    }

    /// The posts that are due; `nil`: none is.
    private func due(_ account: SocialAccountID, _ job: JobContext) throws -> [SocialPost]? {
        let posts = try job.read { try $0.postFigures.due(of: account, limit: 100) }
        return posts.isEmpty ? nil : posts
    }

    /// Returns what the next question works with; `nil` where nothing is connected that could be asked.
    private func work(_ posts: [SocialPost], of id: SocialAccountID, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let account = try SocialAccount.resource.find(id, in: reader),
                let integration = try account.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any SocialMeasuring
            else { return nil }
            return Work(
                posts: Array(posts.prefix(provider.postsAtOnce)), account: account, integration: integration,
                provider: provider)
        }
    }

    private func readAlone(_ post: SocialPost, _ work: Work, _ job: JobContext) async throws {
        do {
            try await read([post], work, job)
        } catch let failure as ToolFailure where !failure.isRetryable && !failure.endsAccess {
            return
        }
    }

    private func read(_ posts: [SocialPost], _ work: Work, _ job: JobContext) async throws {
        let now = job.now, isAlone = posts.count == 1
        let asked = posts.compactMap { post in
            post.remote.map {
                StandingPost(id: $0, format: post.format, age: now - (post.publishedAt ?? now))
            }
        }
        let (provider, settings) = (work.provider, work.integration.settings)
        try await services.perform(
            ServiceEffect(
                ReadFiguresTool.name, key: Self.key(of: posts),
                for: ToolCaller(
                    actor: .system, subject: work.account.subject, clientID: work.account.clientID)
            ) { call in provider.price(ofReading: asked.count, settings, call: call) },
            at: work.integration, as: provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            try await provider.figures(of: asked, access, permit.reach)
        } end: { tx, outcome in
            switch outcome {
            case .success(let readings): try tx.postFigures.keep(readings, of: posts)
            case .failure(let failure):
                // Each post is asked for alone next, which shows the one that is at fault.
                guard isAlone || !failure.isOfPosts || failure.isRetryable else { return }
                try tx.postFigures.fail(failure, reading: posts)
            }
        }
    }

    /// The name of a question: the same for each attempt.
    private static func key(of posts: [SocialPost]) -> String {
        let parts = posts.map { "\($0.id)@\($0.nextReadingAt?.microseconds ?? 0)" }
        return "figures/" + Hex.encode(SHA256.hash(parts.joined(separator: " ")))
    }
}

extension ToolFailure {
    /// Whether it may be about one of the posts that were asked for, and not about all.
    fileprivate var isOfPosts: Bool {
        !endsAccess && code != IntegrationCheck.permissionCode && code != "not_supported"
    }
}

struct ReadFiguresTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_social_figures"
    let title = "Read the figures of posts"
    let summary = "Asks a social network how posts of the agency do there."
    let effect = ToolClass.reads
}
