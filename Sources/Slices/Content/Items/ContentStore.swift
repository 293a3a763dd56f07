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
    func hasReachedAnybody(_ item: ContentItemID) throws -> Bool {
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

    /// Returns the stage of the lifecycle that a person's lead is in.
    func stage(of contact: ContactID) throws -> String? {
        try tx.first(
            """
            SELECT lifecycle_stage FROM leads
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) ORDER BY id DESC LIMIT 1
            """
        ) { $0.text(0) }
    }

    /// Returns how often each variant was sent, and what came of it.
    func results(of item: ContentItemID) throws -> [String: ContentFigures] {
        var found: [String: ContentFigures] = [:]
        try tx.each(
            """
            SELECT d.variant, \(ContentFigures.columns)
            FROM content_deliveries AS d
            WHERE d.tenant_id = \(tx.tenant) AND d.content_item_id = \(item) GROUP BY d.variant
            """
        ) { row in
            found[row.text(0), default: ContentFigures()].add(row, from: 1)
        }
        return found
    }
}
