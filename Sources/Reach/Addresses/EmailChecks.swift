package import Agents
package import Database
package import Integrations
internal import JSON
internal import Jobs
package import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// Asks a service whether mail to an address arrives.
struct CheckEmailTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "check_email"
    let title = "Check an email address"
    let summary = "Asks a service whether mail to an address arrives; nobody calls it by its name."
    let effect = ToolClass.reads
    let takesQuota = true
}

/// Judges addresses: by themselves first, then by the services that the agency has connected, in their order.
package struct EmailChecks: Sendable {
    /// The kind of kept answers about addresses, which their keys name.
    package static let kind = "email"
    private static let month: Duration = .seconds(30 * 86_400), day: Duration = .seconds(86_400)

    package let integrations: IntegrationServices
    package let hosts: MailHosts

    package init(_ integrations: IntegrationServices, _ hosts: MailHosts) {
        (self.integrations, self.hosts) = (integrations, hosts)
    }

    /// Judges an address. `refreshes`: asks although an answer is kept. `job`: what asks, where no person does. Nothing
    /// that a service says on the way throws.
    package func check(
        _ text: String, refreshes: Bool = false, for caller: ToolCaller, job: JobID? = nil,
        of tenant: TenantID
    ) async throws -> EmailCheck {
        let local = try await judge(text, of: tenant)
        guard let address = local.address, local.isWorthAsking else {
            return try self.local(local, text, [], tenant)
        }
        var question = ServiceQuestion(
            tool: CheckEmailTool.name, kind: Self.kind, key: address.key, for: caller)
        question.job = job
        let ways = try integrations.platform.database.read(tenant) { [question] reader in
            try integrations.connections(
                for: .emailVerification, client: caller.clientID, question, in: reader)
        }
        // A sandbox has no integrations, and what they have told before it was made.
        if ways.isEmpty, let kept = try kept(question, tenant) {
            return result(local, address, kept.source, kept.answer, [kept])
        }
        if !refreshes, let kept = try integrations.keptAnswer(to: question, by: ways, of: tenant) {
            return result(local, address, kept.source, kept.answer, [kept])
        }
        question.refreshes = refreshes
        return try await ask(ways, question, local, address, tenant)
    }

    private func ask(
        _ ways: [ServiceConnection], _ question: ServiceQuestion, _ local: LocalJudgement,
        _ address: EmailAddress, _ tenant: TenantID
    ) async throws -> EmailCheck {
        var attempts: [ServiceAttempt] = [], vague: ServiceAttempt?
        for way in ways {
            guard let verifier = way.provider as? any EmailVerifier else { continue }
            let attempt = try await integrations.ask(way, question, of: tenant) {
                access, reach async throws(ToolFailure) in
                Self.reply(try await verifier.verify(address, access, reach))
            }
            attempts.append(attempt)
            guard let answer = attempt.freshAnswer else { continue }
            let verdict = EmailVerdict(answer.value)
            if verdict.isForbidden { try await forbid(address, attempt.source, tenant) }
            if verdict.deliverability != .unknown {
                return result(local, address, attempt.source, answer, attempts)
            }
            vague = vague ?? attempt
        }
        // Where nobody could be asked, the last that somebody has told serves, however old.
        guard let best = vague ?? attempts.first(where: { $0.answer != nil }), let answer = best.answer else {
            return try self.local(local, address.description, attempts, tenant)
        }
        return result(local, address, best.source, answer, attempts)
    }

    private func kept(_ question: ServiceQuestion, _ tenant: TenantID) throws -> ServiceAttempt? {
        try integrations.platform.database.read(tenant) { reader in
            guard try reader.sandboxClock.livesByVirtualTime else { return nil }
            return try reader.keptAnswers.fresh(question.kind, question.key).first.map {
                ServiceAttempt(kept: $0.answer, of: $0.service)
            }
        }
    }

    /// Judges an address without a service. A sandbox asks no name server either.
    func judge(_ text: String, of tenant: TenantID) async throws -> LocalJudgement {
        let asksNobody = try integrations.platform.database.read(tenant) {
            try $0.sandboxClock.livesByVirtualTime
        }
        return await LocalJudgement(text) { asksNobody ? nil : await hosts.look($0) }
    }

    private static func reply(_ verdict: EmailVerdict) -> ServiceReply {
        switch verdict.deliverability {
        case .deliverable, .undeliverable: ServiceReply(verdict.json, lifetime: month)
        case .risky: ServiceReply(verdict.json, lifetime: day * 7)
        case .unknown: ServiceReply(verdict.json, lifetime: day, isFirm: false)
        }
    }

    private func result(
        _ local: LocalJudgement, _ address: EmailAddress, _ source: String, _ answer: ServiceAnswer?,
        _ attempts: [ServiceAttempt]
    ) -> EmailCheck {
        let told = answer.map { EmailVerdict($0.value) } ?? local.verdict
        return EmailCheck(
            email: address.description, verdict: told.completed(by: local.verdict, of: address),
            source: source, isCached: answer?.isKept ?? false, attempts: attempts,
            checkedAt: answer?.askedAt ?? Instant(seconds: 0),
            expiresAt: answer?.freshUntil ?? Instant(seconds: 0))
    }

    private func local(
        _ local: LocalJudgement, _ text: String, _ attempts: [ServiceAttempt], _ tenant: TenantID
    ) throws -> EmailCheck {
        let now = try integrations.platform.database.read(tenant) { $0.now }
        return EmailCheck(
            email: local.address?.description ?? text, verdict: local.verdict, source: EmailCheck.local,
            isCached: false, attempts: attempts, checkedAt: now, expiresAt: now + Self.day)
    }

    /// Suppresses an address whose owner wants nobody to tell of it.
    private func forbid(_ address: EmailAddress, _ source: String, _ tenant: TenantID) async throws {
        try await integrations.platform.database.write(tenant) { tx in
            try tx.consents.suppress(
                address.description, .email, .manual,
                note: "The owner of the address has forbidden \(source) to tell of it.")
        }
    }
}
