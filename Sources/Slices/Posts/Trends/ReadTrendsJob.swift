internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy

/// Asks a network once what people speak of at an account's place, keeps it with its time, and plans the next look. It
/// goes on as long as the account names a place.
struct ReadTrendsJob: JobKind {
    struct Payload: Codable, Sendable { let account: SocialAccountID }

    static let kind = "social_trends.read"
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    let services: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    private struct Work: Sendable {
        let account: SocialAccount, place: Int
        let integration: Integration
        let provider: any TrendTelling
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox, let work = try work(payload.account, job) else {
            return try await job.complete { _ in }
        }
        let next = try await NetworkPause.after(usual: NetworkTrend.pause, rest: NetworkTrend.rest) {
            try await read(work, job)
        }
        try await job.complete { tx in try tx.networkTrends.wake(of: payload.account, at: tx.now + next) }
    }

    private func work(_ id: SocialAccountID, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let account = try SocialAccount.resource.find(id, in: reader), account.isEnabled,
                let place = account.trendsPlace,
                let integration = try account.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any TrendTelling
            else { return nil }
            return Work(account: account, place: place, integration: integration, provider: provider)
        }
    }

    private func read(_ work: Work, _ job: JobContext) async throws {
        let (account, place, provider) = (work.account, work.place, work.provider)
        let settings = work.integration.settings
        try await services.perform(
            ServiceEffect(
                ReadTrendsTool.name, key: "trends/\(account.id)/\(place)/\(job.now.microseconds)",
                for: ToolCaller(actor: .system, subject: account.subject, clientID: account.clientID)
            ) { call in provider.price(ofTrends: 1, settings, call: call) },
            at: work.integration, as: provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            try await provider.trends(at: place, access, permit.reach)
        } end: { tx, outcome in
            switch outcome {
            case .success(let trends):
                try tx.networkTrends.keep(trends, of: account, at: place)
                try tx.alerts.resolve(kind: PostAlert.trends, subject: account.subject)
            case .failure(let failure) where !failure.isRetryable:
                try tx.alerts.raise(
                    kind: PostAlert.trends, severity: .info, subject: account.subject,
                    title: Saying(
                        "alert.social_trends",
                        [
                            "name": .text(account.name),
                            "detail": .saying(.cause(failure.code, failure.detail)),
                        ]), action: Saying("alert.social_trends_do"))
            case .failure: break
            }
        } costing: { trends, call in
            provider.price(ofTrends: max(trends.count, 1), settings, call: call)
        }
    }
}

struct ReadTrendsTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_social_trends"
    let title = "Read the trends of a network"
    let summary = "Asks a social network what people speak of at a place."
    let effect = ToolClass.reads
}
