package import Database
package import Records
package import Telemetry

/// Who may speak to a person: one at a time, over all channels. A lock is a lease; its fence rises with every change
/// of hands, so that what was drafted before is known to be late.
package struct MessageLock: Sendable {
    package enum Holder: String, Choice {
        case human
        case primaryAgent = "primary_agent"
        case bookingAgent = "calendly_bridge"
        case system

        /// The lower goes first.
        package var priority: Int {
            switch self {
            case .human: 1
            case .primaryAgent: 2
            case .bookingAgent: 3
            case .system: 4
            }
        }
    }

    package let holder: Holder
    /// Who in particular: a user, a run, a message.
    package let owner: String
    package let fence: Int
    package let expiresAt: Instant

    fileprivate init(_ row: Row) {
        holder = Holder(rawValue: row.text(0)) ?? .system
        (owner, fence, expiresAt) = (row.text(1), row.int(2), row.instant(3))
    }
}

package enum LockOutcome: Sendable {
    /// It is the asker's, with this fence.
    case held(fence: Int)
    /// Someone who goes first, or came first, speaks.
    case refused(MessageLock)
    /// The conversation has changed hands since the fence that the asker knew.
    case stale
}

extension Queryable {
    /// The lock as it stands; one whose time is over holds nobody off, but keeps its fence.
    package func messageLock(on contact: ID<Contact>) throws -> MessageLock? {
        try first(
            """
            SELECT holder, owner, fence, expires_at FROM message_locks
            WHERE tenant_id = \(tenant) AND contact_id = \(contact)
            """, MessageLock.init)
    }
}

extension Transaction {
    /// Takes the lock for a while, or keeps it. Who has a higher priority takes it away at once.
    package func takeLock(
        on contact: ID<Contact>, _ holder: MessageLock.Holder, owner: String, for lease: Duration,
        knowing fence: Int? = nil
    ) throws -> LockOutcome {
        let present = try messageLock(on: contact)
        if let fence, let present, present.fence > fence { return .stale }
        if let present, present.expiresAt > now, present.owner != owner,
            present.holder.priority <= holder.priority
        {
            return .refused(present)
        }
        let changesHands = present.map { $0.owner != owner } ?? true
        let next = (present?.fence ?? 0) + (changesHands ? 1 : 0)
        try run(
            """
            INSERT INTO message_locks (tenant_id, contact_id, holder, priority, owner, fence, expires_at)
            VALUES (\(tenant), \(contact), \(holder.rawValue), \(holder.priority), \(owner), \(next), \(now + lease))
            ON CONFLICT (tenant_id, contact_id) DO UPDATE SET holder = excluded.holder,
                priority = excluded.priority, owner = excluded.owner, fence = excluded.fence,
                expires_at = excluded.expires_at
            """)
        return .held(fence: next)
    }

    /// Gives it back, where it is still the owner's.
    package func releaseLock(on contact: ID<Contact>, owner: String) throws {
        try run(
            """
            UPDATE message_locks SET expires_at = \(now)
            WHERE tenant_id = \(tenant) AND contact_id = \(contact) AND owner = \(owner) AND expires_at > \(now)
            """)
    }
}
