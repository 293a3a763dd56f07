internal import Cryptography
package import Database
internal import Records
internal import Synchronization
package import Telemetry

/// The link for the first sign-up, which a start without any agency prints on its terminal. It exists only in the
/// memory of the process that printed it, so that there is no other copy; a restart prints a new one.
package final class WelcomeLink: Sendable {
    private struct Token {
        let digest: [UInt8]
        let expiresAt: Instant
    }

    package static let lifetime = Duration.seconds(86_400)
    private let token = Mutex<Token?>(nil)

    package init() {}

    /// Returns a new token; the previous one is no longer valid.
    package func make(now: Instant) -> String {
        let text = RandomToken.make(prefix: "wl_", characters: 40)
        token.withLock { $0 = Token(digest: SHA256.hash(text), expiresAt: now + Self.lifetime) }
        return text
    }

    /// Returns whether the token is the current one and has not expired.
    func isValid(_ text: String, now: Instant) -> Bool {
        let digest = SHA256.hash(text)
        return token.withLock { $0.map { $0.digest == digest && $0.expiresAt > now } ?? false }
    }

    /// Throws 410 unless the token is valid.
    func check(_ text: String, now: Instant) throws {
        if !isValid(text, now: now) { throw Self.invalid }
    }

    /// Once it has been used, whoever opens it again is told so at once.
    func forget() { token.withLock { $0 = nil } }

    static let acrossTenantsAnyAgency: SQL =
        "SELECT 1 FROM tenants WHERE sandbox_of IS NULL AND tenant_id <> \(TenantID.platform)"

    static var invalid: Problem {
        Problem(
            .resetInvalid,
            """
            The link is used or too old, or there is an agency already. Sign in; without any agency, start the server \
            again: it prints a new link.
            """)
    }
}

extension SystemReader {
    /// Returns whether nobody has signed up yet.
    package func acrossTenantsHasNoAgency() throws -> Bool {
        try !exists(WelcomeLink.acrossTenantsAnyAgency)
    }
}
