package import Database
package import Nouns
internal import People
internal import Records
package import Telemetry

/// The right to speak to a person, held by one at a time over all channels. A lock is a lease; its fence rises with
/// every change of hands, so that an older draft is known to be late.
package struct MessageLock: StoredRow {
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
    /// The particular holder: a user, a run, a message.
    package let owner: String
    package let fence: Int
    package let expiresAt: Instant
    /// Somebody has taken it on until they give it back, beyond a message or two.
    package let isClaimed: Bool

    /// The lock, as the reason of a message that waits for it.
    var inWords: String {
        switch holder {
        case .human: "A person is in conversation with the contact."
        case .primaryAgent, .bookingAgent: "An agent is in conversation with the contact."
        case .system: "Another message to the contact is being sent."
        }
    }

    /// The time that a claim lasts after its holder's last message.
    package static let claimLease: Duration = .seconds(12 * 3600)

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        holder = Holder(rawValue: row.text("holder")) ?? .system
        (owner, fence, expiresAt) = (row.text("owner"), row.int("fence"), row.instant("expires_at"))
        isClaimed = row.bool("claimed")
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

/// Locks on people, each held by whoever may speak to them at present: `tx.messageLocks`.
package struct MessageLockStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var messageLocks: MessageLockStore<Self> { MessageLockStore(tx: self) }
}

extension MessageLockStore {
    /// The lock as it stands; one whose time is over holds nobody off, but keeps its fence.
    package func find(on contact: ContactID) throws -> MessageLock? {
        try tx.first(
            """
            SELECT \(MessageLock.columns) FROM message_locks
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
            """, MessageLock.init)
    }
}

extension MessageLockStore where Base == Transaction {
    /// Takes the lock for a while, or keeps it. Who has a higher priority takes it away at once. A claim stays until it
    /// is given back as one, whatever its owner sends meanwhile; `overPeers`: it is taken away from those of the same
    /// priority, too.
    package func take(
        on contact: ContactID, _ holder: MessageLock.Holder, owner: String, for lease: Duration,
        knowing fence: Int? = nil, claiming: Bool = false, overPeers: Bool = false
    ) throws -> LockOutcome {
        let present = try find(on: contact)
        if let fence, let present, present.fence > fence { return .stale }
        if let present, present.expiresAt > tx.now, present.owner != owner,
            present.holder.priority < holder.priority
                || present.holder.priority == holder.priority && !overPeers
        {
            return .refused(present)
        }
        let changesHands = present.map { $0.owner != owner } ?? true
        let next = (present?.fence ?? 0) + (changesHands ? 1 : 0)
        let keptClaim = present.flatMap {
            $0.isClaimed && $0.owner == owner && $0.expiresAt > tx.now ? $0.expiresAt : nil
        }
        let until = max(tx.now + lease, keptClaim ?? tx.now), isClaimed = claiming || keptClaim != nil
        try tx.run(
            """
            INSERT INTO message_locks (tenant_id, contact_id, holder, priority, owner, fence, expires_at, claimed)
            VALUES (\(tx.tenant), \(contact), \(holder.rawValue), \(holder.priority), \(owner), \(next), \(until),
                \(isClaimed))
            ON CONFLICT (tenant_id, contact_id) DO UPDATE SET holder = excluded.holder,
                priority = excluded.priority, owner = excluded.owner, fence = excluded.fence,
                expires_at = excluded.expires_at, claimed = excluded.claimed
            """)
        return .held(fence: next)
    }

    /// Gives it back, where it is still the owner's; a claim only as such.
    package func release(on contact: ContactID, owner: String, claimed: Bool = false) throws {
        try tx.run(
            """
            UPDATE message_locks SET expires_at = \(tx.now), claimed = 0
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND owner = \(owner) AND expires_at > \(tx.now)
                AND (claimed = 0 OR \(claimed) = 1)
            """)
    }

    /// The lock is on the person: their other conversations are in other hands, too.
    func noteMove(of conversation: Conversation) throws {
        try tx.run(
            """
            UPDATE conversations SET version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(conversation.contactID) AND id <> \(conversation.id)
                AND status <> 'closed'
            """)
    }
}
