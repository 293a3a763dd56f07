internal import Cryptography
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// A signed-in device of a user: the family of its refresh tokens.
package struct UserSession: Record {
    package var head = Head<Nouns.Session>()
    package var userID = UserID.unset
    package var lastUsedAt = Instant(seconds: 0)
    package var lastSeenAt: Instant?
    package var expiresAt = Instant(seconds: 0)
    package var endedAt: Instant?
    package var userAgent: String?
    package var address: String?

    package init() {}

    package static let resource = Resource<UserSession>(
        "sessions", named: "Session", rule: .person(), personal: .nobody,
        [
            .id("user_id", \.userID, .readOnly, .about("The user who is signed in.")),
            .instant(
                "last_used_at", \.lastUsedAt, .readOnly,
                .about("When the session was signed in, or its tokens were last exchanged for new ones.")),
            .instant(
                "last_seen_at", \.lastSeenAt, .readOnly, .added(in: 256),
                .about("When the session last sent a request, within some minutes; null: not known yet.")),
            .instant("expires_at", \.expiresAt, .readOnly),
            .instant("ended_at", \.endedAt, .readOnly),
            .text("user_agent", \.userAgent, max: 300, .readOnly, .personal),
            .text("address", \.address, max: 64, .readOnly, .personal),
        ])

    /// The way in which somebody got in.
    enum Way: String { case signUp = "sign_up", invitation, password, link }

    static let lifetime: Duration = .seconds(30 * 86_400)

    package func json(current: SessionID?) -> JSON {
        var object = Self.schema.json(self).object ?? [:]
        object.append("current", .bool(id == current))
        return .object(object)
    }
}

/// Tokens that a sign-in or a refresh hands out.
struct IssuedTokens: Sendable {
    let session: UserSession
    let refreshToken: String
}

extension SessionStore {
    /// Returns the sessions in which a user is signed in, newest first.
    func open(of user: UserID) throws -> [UserSession] {
        try UserSession.resource.all(
            where: "user_id = \(user) AND ended_at IS NULL AND expires_at > \(tx.now)",
            suffix: "ORDER BY id DESC LIMIT 1000", in: tx)
    }
}

package extension SessionStore where Base == Transaction {
    /// Opens a session of `user` with its first refresh token.
    internal func open(
        of user: User, by way: UserSession.Way, userAgent: String?, address: String
    ) throws -> IssuedTokens {
        var session = UserSession.new(id: tx.nextID(), now: tx.now)
        session.userID = user.id
        (session.lastUsedAt, session.lastSeenAt) = (tx.now, tx.now)
        session.expiresAt = tx.now + UserSession.lifetime
        session.userAgent = userAgent.map { String($0.prefix(300)) }
        session.address = address
        try UserSession.resource.insert(&session, in: tx)
        try tx.auditLog.add(
            Actor(user.id), "session.created", Subject(session.id),
            ["by": .string(way.rawValue), "address": .string(address)])
        return IssuedTokens(session: session, refreshToken: try issueRefreshToken(of: session))
    }

    internal func issueRefreshToken(of session: UserSession) throws -> String {
        let token = RandomToken.make(prefix: "rt_", characters: 48)
        try tx.run(
            """
            INSERT INTO refresh_tokens (tenant_id, digest, session_id, created_at)
            VALUES (\(tx.tenant), \(SHA256.hash(token)), \(session.id), \(tx.now))
            """)
        return token
    }

    /// Ends a session and what its tokens open, at once.
    func end(_ session: SessionID) throws {
        try tx.run(
            """
            UPDATE sessions SET ended_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND id = \(session) AND ended_at IS NULL
            """)
        forgetCredentials()
    }

    func end(of user: UserID) throws {
        try tx.run(
            """
            UPDATE sessions SET ended_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND user_id = \(user) AND ended_at IS NULL
            """)
        forgetCredentials()
    }

    /// Makes every cached credential be looked up again, once this transaction has committed.
    func forgetCredentials() {
        tx.notify(DatabaseChannel.credentials, tx.tenant.rawValue)
    }
}
