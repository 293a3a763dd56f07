internal import Cryptography
package import Database
internal import Records
internal import Synchronization
package import Telemetry

/// The way to the first agency: a link that a start without any prints on its terminal. It lives in the memory of the
/// process that printed it, so that nothing else holds a copy; a restart prints another.
package final class WelcomeLink: Sendable {
    private struct Token {
        let digest: [UInt8]
        let expiresAt: Instant
    }

    package static let lifetime = Duration.seconds(86_400)
    private let token = Mutex<Token?>(nil)

    package init() {}

    /// A new token; the one before it is good no longer.
    package func make(now: Instant) -> String {
        let text = RandomToken.make(prefix: "wl_", characters: 40)
        token.withLock { $0 = Token(digest: SHA256.hash(text), expiresAt: now + Self.lifetime) }
        return text
    }

    /// Throws 410 unless it is the one that was made, in time.
    func check(_ text: String, now: Instant) throws {
        let digest = SHA256.hash(text)
        guard let known = token.withLock({ $0 }), known.digest == digest, known.expiresAt > now else {
            throw Self.invalid
        }
    }

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
    /// Whether nobody has signed up yet.
    package func acrossTenantsHasNoAgency() throws -> Bool {
        try !exists(WelcomeLink.acrossTenantsAnyAgency)
    }
}
