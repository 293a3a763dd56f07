internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry
internal import Tenancy

/// Asks a network once for an account's live talks, keeps them, and plans the next look. It goes on as long as the
/// account has them read.
struct ReadSpacesJob: JobKind {
    struct Payload: Codable, Sendable { let account: SocialAccountID }

    static let kind = "social_spaces.read"
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    let services: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    private struct Work: Sendable {
        let account: SocialAccount, known: [String]
        let integration: Integration
        let provider: any SpaceReading
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox, let work = try work(payload.account, job) else {
            return try await job.complete { _ in }
        }
        let next = try await NetworkPause.after(usual: NetworkSpace.pause, rest: NetworkSpace.rest) {
            try await read(work, job)
        }
        try await job.complete { tx in try tx.networkSpaces.wake(of: payload.account, at: tx.now + next) }
    }

    private func work(_ id: SocialAccountID, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let account = try SocialAccount.resource.find(id, in: reader), account.isEnabled,
                account.readsSpaces,
                let integration = try account.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any SpaceReading
            else { return nil }
            return Work(
                account: account, known: try reader.networkSpaces.open(of: id).map(\.remote),
                integration: integration, provider: provider)
        }
    }

    private func read(_ work: Work, _ job: JobContext) async throws {
        let (account, provider, known) = (work.account, work.provider, work.known)
        let settings = work.integration.settings
        try await services.perform(
            ServiceEffect(
                ReadSpacesTool.name, key: "spaces/\(account.id)/\(job.now.microseconds)",
                for: ToolCaller(actor: .system, subject: account.subject, clientID: account.clientID)
            ) { call in provider.price(ofSpaces: 1, settings, call: call) },
            at: work.integration, as: provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            try await provider.spaces(known: known, access, permit.reach)
        } end: { tx, outcome in
            if case .success(let spaces) = outcome { try tx.networkSpaces.keep(spaces, of: account) }
        } costing: { spaces, call in
            provider.price(ofSpaces: max(spaces.count, 1), settings, call: call)
        }
    }
}

struct ReadSpacesTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_social_spaces"
    let title = "Read the live talks of an account"
    let summary = "Asks a social network which Spaces an account has planned or holds."
    let effect = ToolClass.reads
}

/// `/v1/network-spaces`: live talks of accounts, as networks tell them.
func spaceRoutes(_ routes: inout Routes) {
    routes.standard(
        NetworkSpace.resource, read: "social_accounts:read", write: "social_accounts:write", create: false,
        patch: false, delete: false)
    for (verb, about) in [
        ("scheduled", "A live audio event was planned."), ("live", "A live audio event began."),
        ("moved", "A live audio event was moved, or got another title."),
        ("ended", "A live audio event ended."), ("cancelled", "A live audio event was cancelled."),
    ] { routes.event("network_space.\(verb)", about) }
}
