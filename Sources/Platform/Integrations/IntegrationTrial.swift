internal import Agents
package import Database
internal import HTTPServer
internal import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A service's answer when it is asked about an integration's credentials.
struct IntegrationTrial: Sendable {
    let check: IntegrationCheck
    /// The access that it was asked with; `nil` where there was nothing to ask with.
    let access: IntegrationAccess?
    /// Until when the credentials before serve, where these are good and the present ones are not.
    let servedUntil: Instant?
    /// The scopes that the owner withholds, where all else is as it should be.
    fileprivate(set) var withheld: [String] = []
    /// The state of the consent, where the service tells it.
    fileprivate var standing: OAuthStanding?
    fileprivate(set) var took: Duration = .zero
}

extension IntegrationServices {
    /// Asks a service whether it takes an integration's credentials, without doing anything there.
    func trial(
        of integration: Integration, _ tenant: TenantID, _ provider: any IntegrationProvider
    ) async throws -> IntegrationTrial {
        let start = systemSteadyClock()
        var trial = try await outcome(of: integration, tenant, provider)
        trial.took = systemSteadyClock() - start
        return trial
    }

    private func outcome(
        of integration: Integration, _ tenant: TenantID, _ provider: any IntegrationProvider
    ) async throws -> IntegrationTrial {
        let access: IntegrationAccess
        do {
            access = try await freshAccess(to: integration, of: tenant, provider)
        } catch let failure as OAuthFailure {
            let check: IntegrationCheck =
                switch failure {
                case .refused(let detail): .bad(code: "consent_missing", detail: detail)
                case .unreachable(let detail): .unclear(code: "unreachable", detail: detail)
                }
            return IntegrationTrial(check: check, access: nil, servedUntil: nil)
        }
        if let lent = try lent(to: integration, provider, tenant), try await takeShared(lent) != nil {
            let full = IntegrationCheck.unclear(
                code: "quota_exhausted", detail: "The installation's key has no calls left for now.")
            return IntegrationTrial(check: full, access: access, servedUntil: nil)
        }
        let check = await provider.check(access).redacted(by: access)
        guard case .bad(_, let detail) = check else {
            return await consent(IntegrationTrial(check: check, access: access, servedUntil: nil), provider)
        }
        var servedUntil: Instant?
        if let former = access.former(at: platform.now()), await provider.check(former).isTaken {
            servedUntil = integration.formerUntil
        }
        guard let end = integration.credentialsExpireAt, end <= platform.now() else {
            return IntegrationTrial(check: check, access: access, servedUntil: servedUntil)
        }
        let expired = IntegrationCheck.bad(
            code: "credentials_expired", detail: "The credentials expired at \(end). \(detail)")
        return IntegrationTrial(check: expired, access: access, servedUntil: servedUntil)
    }

    /// Looks at what the owner permits, as the service tells it now or has told it with the token.
    private func consent(
        _ trial: IntegrationTrial, _ provider: any IntegrationProvider
    ) async -> IntegrationTrial {
        guard let provider = provider as? any OAuthProvider, let access = trial.access,
            case .good = trial.check
        else { return trial }
        let standing = await provider.standing(access)
        let withheld = standing.map { provider.endpoints(access.settings).missing(in: $0.scopes) }
        let lacking = withheld ?? access.withheld
        let check =
            lacking.isEmpty
            ? trial.check
            : .doubtful(code: IntegrationCheck.permissionCode, detail: Integration.lacks(lacking).english)
        var told = IntegrationTrial(check: check, access: access, servedUntil: nil)
        (told.withheld, told.standing) = (lacking, standing)
        return told
    }
}

extension IntegrationStore where Base == Transaction {
    /// Keeps what a test found out: what is refused is used no more, and what works again is used again.
    func noteTrial(
        _ trial: IntegrationTrial, of id: IntegrationID, by actor: Actor, _ services: PlatformServices
    ) throws {
        guard let old = try Integration.resource.find(id, in: tx) else { return }
        try tx.integrationCredentials.noteUse(of: id, by: actor)
        try tx.connectorCalls.keep(
            trial.request(of: old, by: actor, key: tx.makeID("test_")), to: id, trial.check.end,
            took: trial.took)
        var new = old
        new.checkedAt = tx.now
        // Of what has been changed meanwhile it says nothing.
        guard trial.access?.isOf(old) ?? true else {
            try tx.update(old, to: &new, by: actor, action: "integration.tested")
            return
        }
        // A good token says nothing of the client's new secret, by which the next one is asked for.
        let leavesOpen = old.hasConsent && old.status == .active && trial.access?.former(at: tx.now) != nil
        switch trial.check {
        case .good where leavesOpen: break
        case .good:
            new.tell(error: nil)
            if old.status == .failing { new.status = .active }
        case .doubtful(let code, let detail):
            new.tell(error: trial.lacks ?? .cause(code, detail))
            if old.status == .failing { new.status = .active }
        case .bad(let code, let detail):
            new.tell(error: .cause(code, detail))
            if old.status == .active, trial.servedUntil == nil { new.status = .failing }
        case .unclear: break
        }
        if let standing = trial.standing {
            try new.note(withheld: trial.withheld, services, tx.tenant)
            if let end = standing.end { try new.note(consentEnd: end, services, tx.tenant) }
        }
        try tx.update(old, to: &new, by: actor, action: "integration.tested")
        switch trial.check {
        case .good where !leavesOpen:
            try tx.alerts.resolve(kind: IntegrationAlert.failing, subject: new.subject)
        case .doubtful where new.status != .disabled: try tellDoubtful(new)
        case .bad where new.status != .disabled: try tellFailing(new, servedUntil: trial.servedUntil)
        case .good, .doubtful, .bad, .unclear: break
        }
    }
}

/// Asks a service once a day whether it still takes an integration's credentials.
package struct IntegrationCheckJob: JobKind {
    package struct Payload: Codable, Sendable { let integration: IntegrationID }

    package static let kind = "integration.check"

    private let integrations: IntegrationServices

    package init(_ integrations: IntegrationServices) { self.integrations = integrations }

    package func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox,
            let integration = try job.read({ try Integration.resource.find(payload.integration, in: $0) }),
            !integration.hasCredentials.isEmpty
        else { return }
        var trial: IntegrationTrial?
        let provider = try job.read { try integrations.provider(integration.provider, in: $0) }
        if integration.status == .active, let provider, !provider.isTestCounted {
            trial = try await integrations.trial(of: integration, job.tenant, provider)
        }
        let found = trial
        try await job.complete { [integrations] tx in
            if let found {
                try tx.integrations.noteTrial(
                    found, of: payload.integration, by: .system, integrations.platform)
            }
            try tx.integrations.planCheck(of: payload.integration)
        }
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        // Nothing switches it off: the next day has its own.
        case .dead, .cancelled:
            if try Integration.resource.find(payload.integration, in: tx) != nil {
                try tx.integrations.planCheck(of: payload.integration)
            }
        case .retried, .snoozed, .revived: break
        }
    }
}

/// Plans the daily tests of integrations that were connected before there were any, once for each agency: from then on
/// every test plans the next.
let checkSeeding = Seeding(counter: checksPlanned) { tx in
    guard try tx.counters.find(checksPlanned) == 0 else { return }
    try tx.counters.count(checksPlanned, 1)
    let all = try Integration.resource.all(
        where: "has_credentials <> '[]'", suffix: "ORDER BY id LIMIT \(Integration.perTenantMax)", in: tx)
    for integration in all { try tx.integrations.planCheck(of: integration.id) }
}

private let checksPlanned = "integrations.checks_planned"

extension IntegrationStore where Base == Transaction {
    /// Plans the next daily test of an integration. Nothing leaves a sandbox: there is nothing to test.
    func planCheck(of id: IntegrationID) throws {
        guard !tx.sandboxClock.isSandbox else { return }
        try tx.jobs.enqueue(
            IntegrationCheckJob.self, .init(integration: id),
            JobOptions(
                runAt: id.nextCheck(after: tx.now), uniqueKey: id, uniqueness: .untilStarted,
                subject: Subject(id)))
    }
}

extension IntegrationID {
    /// A second of the day that is the integration's own, so that not all are tested at once; an hour off at least.
    fileprivate func nextCheck(after now: Instant) -> Instant {
        let day: Int64 = 86_400
        let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let second = Int64(hash % UInt64(day)), earliest = now.seconds + 3600
        return Instant(seconds: earliest + ((second - earliest) % day + day) % day)
    }
}

extension IntegrationTrial {
    /// A sentence for people on what the owner withholds.
    var lacks: Saying? { withheld.isEmpty ? nil : Integration.lacks(withheld) }

    /// The test as the log of calls has it.
    fileprivate func request(of integration: Integration, by actor: Actor, key: String) -> ToolRequest {
        ToolRequest(
            tool: EffectUse.testTool, arguments: .null,
            caller: ToolCaller(actor: actor, subject: integration.subject, clientID: integration.clientID),
            key: key)
    }
}

extension IntegrationCheck {
    fileprivate var end: ConnectorCallEnd {
        switch self {
        // The service has answered as it should.
        case .good, .doubtful: .succeeded
        case .bad(let code, let detail): .failed(ToolFailure(code, detail, isRetryable: false))
        case .unclear(let code, let detail): .failed(ToolFailure(code, detail, isRetryable: true))
        }
    }
}

func integrationTrialRoute(
    _ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime
) {
    let services = integrations.platform
    routes.post(
        "/v1/integrations/{id}/test", .permission("integrations:write"),
        "Test an integration's credentials with the service, and get what is wrong with them",
        .json(.reference("IntegrationTrial"), "The result of the test.")
    ) { call in
        let id = try call.id("id", of: Integration.self)
        return .task {
            let integration = try call.read {
                try Integration.resource.get(id, in: $0)
            }
            guard !runtime.isSandbox(call.tenant) else {
                throw Problem(
                    .conflict,
                    "A sandbox calls no services, so the integration cannot be tested there: test it in the agency."
                )
            }
            let found = try call.read { try integrations.provider(integration.provider, in: $0) }
            guard let provider = found else { throw Problem(.notFound) }
            let trial = try await integrations.trial(of: integration, call.tenant, provider)
            return try await call.commit { tx in
                try tx.integrations.noteTrial(trial, of: id, by: call.actor, services)
                return .json(trial.check.json(in: try tx.wordings.find(for: call), trial.lacks))
            }
        }
    }
}

extension IntegrationCheck {
    /// The result in a reader's words; in English it has the service's own.
    fileprivate func json(in words: Wording, _ lacks: Saying?) -> JSON {
        guard !words.areStandard else { return english }
        func said(_ saying: Saying) -> JSON { .string(saying.said(in: words)) }
        let told: JSON =
            switch self {
            case .good: ["detail": said(Saying("integration.test_good"))]
            case .doubtful(let code, let detail), .bad(let code, let detail), .unclear(let code, let detail):
                [
                    "detail": said(lacks ?? .cause(code, detail)),
                    "recommended_action": said(.remedy(code, isOver: true)),
                ]
            }
        return english.merging(told)
    }

    private var english: JSON {
        switch self {
        case .good(let detail): Self.json(true, nil, detail, nil)
        case .doubtful(let code, let detail):
            Self.json(true, code, detail, "Correct its credentials or its environment, then test it again.")
        case .bad(let code, let detail):
            Self.json(false, code, detail, "Check its credentials and settings, then test it again.")
        case .unclear(let code, let detail):
            Self.json(false, code, detail, "The result is unclear. Test it again in a few minutes.")
        }
    }

    private static func json(_ isGood: Bool, _ code: String?, _ detail: String, _ remedy: String?) -> JSON {
        let type = code.flatMap { ProblemType.ofService($0) }
        return [
            "ok": .bool(isGood), "code": JSON(code), "detail": .string(detail),
            "recommended_action": JSON(type?.remedy ?? remedy), "reference": JSON(type?.reference),
        ]
    }
}
