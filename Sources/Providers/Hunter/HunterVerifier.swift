package import Agents
package import Integrations
internal import JSON
internal import Jobs
package import Records
internal import Telemetry

extension Hunter: EmailVerifier {
    private static let waitsMax = 6
    private static let wait: Duration = .seconds(5)

    package func verify(
        _ address: EmailAddress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> EmailVerdict {
        let query = [(name: "email", value: address.description)]
        var waits = 0
        do throws(ToolFailure) {
            while true {
                let answer = try await ask("/email-verifier", access, reach, query: query)
                switch answer.status {
                // It is still at it; asked again it counts as one.
                case 202 where waits < Self.waitsMax:
                    waits += 1
                    await systemWait(until: .steadyClock() + Self.wait)
                case 202, 222:
                    throw ToolFailure(
                        "unavailable", "the mail server of the address does not answer Hunter",
                        isRetryable: true, retryAfter: .seconds(300))
                default: return try verdict(answer.body["data"], on: address)
                }
            }
        } catch  where error.code == Self.claimed {
            var verdict = EmailVerdict(.undeliverable)
            verdict.isForbidden = true
            return verdict
        }
    }

    private func verdict(_ data: JSON?, on address: EmailAddress) throws(ToolFailure) -> EmailVerdict {
        guard let data, let status = data["status"]?.text else { throw wire.unreadable }
        if let told = data["email"]?.text, EmailAddress(told)?.key != address.key { throw wire.unreadable }
        var verdict = EmailVerdict()
        verdict.deliverability =
            switch status {
            case "valid": .deliverable
            case "invalid": .undeliverable
            default: .risky
            }
        verdict.score = data["score"]?.double.map { min(max($0 / 100, 0), 1) }
        (verdict.format, verdict.mx) = (data["regexp"]?.flag, data["mx_records"]?.flag)
        (verdict.smtp, verdict.disposable) = (data["smtp_check"]?.flag, data["disposable"]?.flag)
        (verdict.free, verdict.catchAll) = (data["webmail"]?.flag, data["accept_all"]?.flag)
        return verdict
    }
}
