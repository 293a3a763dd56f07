internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// The way of one item to one person: planned, then with a message that waits, then ended.
enum DeliveryState: String { case planned, waiting, ended }

/// The way of content items to each person: `tx.contentDeliveries`.
package struct ContentDeliveryStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contentDeliveries: ContentDeliveryStore<Self> { ContentDeliveryStore(tx: self) }
}

extension ContentDeliveryStore {
    /// Returns those of some people who have got an item, or are about to.
    func reached(of contacts: [ContactID], with item: ContentItemID) throws -> Set<ContactID> {
        Set(
            try tx.all(
                """
                SELECT contact_id FROM content_deliveries
                WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND contact_id IN \(list: contacts)
                    AND (sent_at IS NOT NULL OR state <> 'ended')
                """
            ) { ContactID($0, 0) })
    }

    func sent(by distribution: ID<Distribution>) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(sent_at) FROM content_deliveries
                WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution)
                """) ?? 0)
    }

    /// Returns those whose time has come, at most so many.
    func due(of distribution: ID<Distribution>, limit: Int) throws -> [ContactID] {
        try tx.all(
            """
            SELECT contact_id FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'planned'
                AND due_at <= \(tx.now) ORDER BY due_at LIMIT \(limit)
            """
        ) { ContactID($0, 0) }
    }

    /// When the next of those who are planned is due.
    func nextDue(of distribution: ID<Distribution>) throws -> Instant? {
        try tx.first(
            """
            SELECT min(due_at) FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'planned'
            """
        ) { $0.optionalInstant(0) } ?? nil
    }

    func isUnderWay(_ distribution: ID<Distribution>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state IN ('planned', 'waiting')
            """)
    }

    /// Returns the messages of a distribution that have not left, at most so many; with a moment, those that were due
    /// before it.
    func waiting(
        of distribution: ID<Distribution>, limit: Int, dueBefore moment: Instant? = nil
    ) throws -> [MessageID] {
        let late: SQL = moment.map { "AND due_at < \($0) " } ?? ""
        return try tx.all(
            """
            SELECT message_id FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'waiting'
                AND message_id IS NOT NULL \(late)ORDER BY due_at LIMIT \(limit)
            """
        ) { MessageID($0, 0) }
    }
}

extension ContentDeliveryStore where Base == Transaction {
    /// Plans an item for people, for each once ever; answers how many of them are planned now.
    func plan(
        _ item: ContentItem, for people: [ContactID: Instant], by distribution: ID<Distribution>
    ) throws -> Int {
        guard !people.isEmpty else { return 0 }
        var rows = SQL()
        for (contact, due) in people.sorted(by: { $0.key < $1.key }) {
            let variant = item.variant(for: contact)?.name ?? ContentItem.plain
            if !rows.isEmpty { rows += ", " }
            rows += "(\(tx.tenant), \(item.id), \(contact), \(distribution), \(variant), 'planned', \(due))"
        }
        return try tx.run(
            """
            INSERT INTO content_deliveries (tenant_id, content_item_id, contact_id, distribution_id, variant, state,
                due_at)
            VALUES \(rows)
            ON CONFLICT (tenant_id, content_item_id, contact_id) DO UPDATE
            SET distribution_id = excluded.distribution_id, variant = excluded.variant, state = 'planned',
                due_at = excluded.due_at, message_id = NULL
            WHERE content_deliveries.state = 'ended' AND content_deliveries.sent_at IS NULL
            """)
    }

    /// Notes that the message to somebody waits to leave, in the words of a variant: it may be another one than when
    /// they were planned.
    func wait(
        for message: MessageID, saying variant: String?, to contact: ContactID, of distribution: Distribution
    ) throws {
        try tx.run(
            """
            UPDATE content_deliveries
            SET state = 'waiting', message_id = \(message), stage = \(try tx.content.stage(of: contact)),
                variant = \(variant ?? ContentItem.plain)
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(distribution.itemID)
                AND contact_id = \(contact) AND distribution_id = \(distribution.id)
            """)
    }

    /// Ends the way to somebody without a message.
    func leaveOut(_ contact: ContactID, of distribution: Distribution) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(distribution.itemID)
                AND contact_id = \(contact) AND distribution_id = \(distribution.id)
            """)
    }

    /// Ends the way to all who are planned and have no message yet.
    func leaveOutAll(of distribution: ID<Distribution>) throws {
        try tx.run(
            """
            UPDATE content_deliveries SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND distribution_id = \(distribution) AND state = 'planned'
            """)
    }
}

extension ContentItem {
    /// The name that results have for the item's own words, where it has no variants.
    static let plain = "plain"
}
