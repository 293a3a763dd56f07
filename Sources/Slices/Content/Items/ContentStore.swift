internal import Agents
package import Database
internal import Nouns
internal import Records
internal import Telemetry

/// The content that the agency writes for many, and whom it has reached: `tx.content`.
package struct ContentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var content: ContentStore<Self> { ContentStore(tx: self) }
}

extension ContentStore {
    func hasReachedAnybody(_ item: ID<ContentItem>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM content_deliveries WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item)
            """)
    }

    /// Returns the technical level of what a person reads most easily, as their lead says.
    func technicalLevel(of contact: ContactID) throws -> String? {
        try tx.first(
            """
            SELECT technical_level FROM leads
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) ORDER BY id DESC LIMIT 1
            """
        ) { $0.text(0) }
    }

    /// How often each variant was sent, and what came of it.
    func results(of item: ID<ContentItem>) throws -> [String: ContentFigures] {
        var found: [String: ContentFigures] = [:]
        try tx.each(
            """
            SELECT d.variant, count(d.sent_at), count(d.delivered_at), count(d.opened_at), count(d.clicked_at),
                count(d.replied_at), count(coalesce(d.clicked_at, d.replied_at)),
                count(CASE WHEN d.sent_at IS NOT NULL AND EXISTS (SELECT 1 FROM leads
                    WHERE leads.tenant_id = d.tenant_id AND leads.contact_id = d.contact_id
                        AND leads.status = 'won' AND leads.closed_at > d.sent_at) THEN 1 END)
            FROM content_deliveries AS d
            WHERE d.tenant_id = \(tx.tenant) AND d.content_item_id = \(item) GROUP BY d.variant
            """
        ) { row in
            found[row.text(0)] = ContentFigures(
                sent: row.int(1), delivered: row.int(2), opened: row.int(3), clicked: row.int(4),
                replied: row.int(5), answered: row.int(6), converted: row.int(7))
        }
        return found
    }
}
