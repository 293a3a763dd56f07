package import Database
package import Nouns
internal import Records
internal import Synchronization
package import Telemetry

/// The sessions that have sent requests since that was last written down. A request costs no write: a session is noted
/// once in some minutes, and what was noted is written together.
package final class SessionUse: Sendable {
    /// Sandboxes may have sessions of the same id.
    package struct Key: Hashable, Sendable { package let tenant: TenantID, session: SessionID }

    private struct State {
        /// When each of those that were seen of late was last noted.
        var noted: [Key: Instant] = [:]
        var unwritten: [Key: Instant] = [:]
    }

    /// The time in which a session is not noted again.
    package static let interval = Duration.seconds(300)
    private static let notedMax = 100_000

    private let state = Mutex(State())

    package init() {}

    package func note(_ session: SessionID, of tenant: TenantID, at now: Instant) {
        let key = Key(tenant: tenant, session: session)
        state.withLock { state in
            if let last = state.noted[key], now - last < Self.interval { return }
            if state.noted.count >= Self.notedMax { state.noted = state.unwritten }
            (state.noted[key], state.unwritten[key]) = (now, now)
        }
    }

    /// Returns what was noted since it was last asked, and forgets what is older than the interval.
    package func take(now: Instant) -> [TenantID: [(session: SessionID, at: Instant)]] {
        let unwritten = state.withLock { state in
            defer { state.unwritten = [:] }
            state.noted = state.noted.filter { now - $0.value < Self.interval }
            return state.unwritten
        }
        return Dictionary(grouping: unwritten, by: \.key.tenant).mapValues { uses in
            uses.map { ($0.key.session, $0.value) }
        }
    }
}

extension SessionStore where Base == Transaction {
    /// Writes down when sessions were last seen. Their versions stay: nobody has changed them.
    func saw(_ uses: [(session: SessionID, at: Instant)]) throws {
        for use in uses {
            try tx.run(
                """
                UPDATE sessions SET last_seen_at = \(use.at) WHERE tenant_id = \(tx.tenant) AND id = \(use.session)
                """)
        }
    }
}
