package import Agents
package import HTTPClient
package import Integrations
internal import JSON
package import Records
package import Telemetry

/// Maileroo's verification of addresses, which has a key of its own:
/// https://maileroo.com/docs/email-verification
package struct MailerooVerify: EmailVerifier {
    package let name = "maileroo_verify"
    package let title = "Maileroo email verification"
    package let capabilities: Set<Capability> = [.emailVerification]
    package let credentials = [CredentialField("api_key", "The key for verification, not one for sending.")]
    package let baseURL: String? = "https://verify.maileroo.net"
    package let pace = ServicePace(interval: .milliseconds(100))
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
        let answer = try await wire.ask(
            "\(access.baseURL)/check", access, reach, method: "POST",
            headers: [("X-API-Key", access.credential("api_key"))],
            body: ["email_address": .string(address.description)])
        if let failure = failure(answer, reach) { throw failure }
        // Two shapes are about: `data`, and `result` with the details a level deeper.
        let result = answer.body["data"] ?? answer.body["result"] ?? .null
        let details = result["validation_details"] ?? result
        guard details.object != nil, details["format_valid"]?.flag != nil else { throw wire.unreadable }
        if let told = result["email"]?.text, EmailAddress(told)?.key != address.key { throw wire.unreadable }
        return verdict(result, details, on: address)
    }

    private func failure(_ answer: LookupWire.Answer, _ reach: ConnectorCall) -> ToolFailure? {
        // The body's word counts before the status.
        guard answer.body["success"]?.flag == false else { return wire.usualFailure(answer, reach) }
        return switch answer.body["error_code"]?.text {
        case "0401": wire.unauthenticated
        case "0429": wire.pause(reach, for: answer.retryAfter ?? .seconds(2))
        case "0500": wire.unavailable(answer)
        default:
            wire.usualFailure(answer, reach)
                ?? ToolFailure("refused", "Maileroo refuses the address", isRetryable: false)
        }
    }

    private func verdict(_ result: JSON, _ details: JSON, on address: EmailAddress) -> EmailVerdict {
        var verdict = EmailVerdict()
        (verdict.format, verdict.mx) = (details["format_valid"]?.flag, details["mx_found"]?.flag)
        (verdict.smtp, verdict.disposable) = (details["smtp_check"]?.flag, details["disposable"]?.flag)
        (verdict.role, verdict.free) = (details["role"]?.flag, details["free"]?.flag)
        verdict.catchAll = details["catch_all"]?.flag
        let score = result["score"]?.double
        verdict.score = score.map { min(max($0 > 1 ? $0 / 100 : $0, 0), 1) }
        if let domain = details["domain_suggestion"]?.text ?? result["domain_suggestion"]?.text {
            verdict.suggestion = EmailAddress("\(address.local)@\(domain)")?.description
        }
        verdict.deliverability = deliverability(result["status"]?.text, verdict, details)
        return verdict
    }

    /// Mailboxes are asked about by the newer shape alone; the older one says what speaks against an address.
    private func deliverability(_ status: String?, _ verdict: EmailVerdict, _ details: JSON) -> Deliverability
    {
        if verdict.format == false || verdict.mx == false || verdict.smtp == false { return .undeliverable }
        if verdict.disposable == true || details["mailbox_full"]?.flag == true { return .risky }
        switch status {
        case "deliverable", "valid", "safe": return .deliverable
        case "undeliverable", "invalid": return .undeliverable
        case "risky": return .risky
        default:
            if verdict.suggestion != nil || verdict.role == true || verdict.catchAll == true { return .risky }
            return verdict.smtp == true ? .deliverable : .unknown
        }
    }
}
