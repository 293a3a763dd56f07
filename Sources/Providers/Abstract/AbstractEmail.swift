package import Agents
package import HTTPClient
package import Integrations
internal import JSON
package import Records
package import Telemetry

/// Abstract's validation of addresses: https://docs.abstractapi.com/email-validation
package struct AbstractEmail: EmailVerifier {
    package let name = "abstract_email"
    package let title = "Abstract email validation"
    package let capabilities: Set<Capability> = [.emailVerification]
    package let credentials = [
        CredentialField("api_key", "The key for email validation; each of Abstract's products has its own.")
    ]
    package let baseURL: String? = "https://emailvalidation.abstractapi.com"
    /// The free plan takes one call a second.
    package let pace = ServicePace(concurrent: 1, interval: .seconds(1))
    package let isTestCounted = true

    private let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(self, access)
    }

    package func verify(
        _ address: EmailAddress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> EmailVerdict {
        let url =
            "\(access.baseURL)/v1/?api_key=\(access.credential("api_key").percentEncoded)"
            + "&email=\(address.description.percentEncoded)"
        let answer = try await wire.ask(url, access, reach)
        if let failure = AbstractAnswers.failure(answer, wire, reach) { throw failure }
        guard let told = answer.body["deliverability"]?.text,
            answer.body["email"]?.text.map({ EmailAddress($0)?.key == address.key }) ?? true
        else { throw wire.unreadable }
        return verdict(answer.body, told)
    }

    private func verdict(_ body: JSON, _ told: String) -> EmailVerdict {
        func flag(_ name: String) -> Bool? { body[name]?["value"]?.flag }
        var verdict = EmailVerdict()
        verdict.format = flag("is_valid_format")
        // Where the form is wrong nothing else is looked at, and is said to be false.
        guard verdict.format != false else {
            verdict.deliverability = .undeliverable
            return verdict
        }
        verdict.deliverability =
            switch told.uppercased() {
            case "DELIVERABLE": .deliverable
            case "UNDELIVERABLE": .undeliverable
            default: .unknown
            }
        let score = body["quality_score"]?.double ?? body["quality_score"]?.text.flatMap { Double($0) }
        verdict.score = score.flatMap { $0.isFinite ? min(max($0, 0), 1) : nil }
        (verdict.mx, verdict.smtp) = (flag("is_mx_found"), flag("is_smtp_valid"))
        (verdict.disposable, verdict.role) = (flag("is_disposable_email"), flag("is_role_email"))
        (verdict.free, verdict.catchAll) = (flag("is_free_email"), flag("is_catchall_email"))
        verdict.suggestion = body["autocorrect"]?.text.flatMap { EmailAddress($0)?.description }
        return verdict
    }
}

/// The answers that Abstract's products have in common.
enum AbstractAnswers {
    /// Returns the failure that an answer means; 422 says that the plan has no calls left.
    static func failure(
        _ answer: LookupWire.Answer, _ wire: LookupWire, _ reach: ConnectorCall
    ) -> ToolFailure? {
        switch answer.status {
        case 422: wire.exhausted(reach)
        case 429: wire.pause(reach, for: max(answer.retryAfter ?? .zero, .seconds(2)))
        default: wire.usualFailure(answer, reach)
        }
    }
}
