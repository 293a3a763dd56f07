internal import Database
internal import Nouns
internal import Records

extension ContentDeliveryStore {
    /// Returns those of some people whom an item has reached, or is about to, as any of the contacts that they are.
    func reachedPeople(
        of contacts: [ContactID], _ kin: [ContactID: Set<ContactID>], with item: ContentItemID
    ) throws -> Set<ContactID> {
        let reached = try reached(of: contacts + kin.values.joined(), with: item)
        return Set(
            contacts.filter { reached.contains($0) || !(kin[$0] ?? []).isDisjoint(with: reached) })
    }

    /// Returns whether an item was written to somebody as another contact of theirs: who were planned as two
    /// may be one by now.
    func isWritten(to others: Set<ContactID>, of item: ContentItemID) throws -> Bool {
        guard !others.isEmpty else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM content_deliveries
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND contact_id IN \(list: Array(others))
                AND (sent_at IS NOT NULL OR state = 'waiting')
            """)
    }

    /// Returns whether an item has left to somebody as another contact of theirs, or is leaving. One that waits as well
    /// may never leave.
    func hasLeft(to others: Set<ContactID>, of item: ContentItemID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM content_deliveries AS d
            LEFT JOIN messages AS m ON m.tenant_id = d.tenant_id AND m.id = d.message_id
            WHERE d.tenant_id = \(tx.tenant) AND d.content_item_id = \(item)
                AND d.contact_id IN \(list: others.sorted())
                AND (d.sent_at IS NOT NULL OR m.status = 'sending')
            """)
    }

    /// Returns whether an item has left to somebody by another message, or is leaving: who were two contacts when these
    /// were written may be one by now.
    func hasLeft(
        to contact: ContactID, besides message: MessageID, of item: ContentItemID
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM messages AS m CROSS JOIN content_deliveries AS d
            WHERE m.tenant_id = \(tx.tenant) AND m.contact_id = \(contact) AND m.id <> \(message)
                AND d.tenant_id = m.tenant_id AND d.message_id = m.id
                AND d.content_item_id = \(item) AND (d.sent_at IS NOT NULL OR m.status = 'sending')
            """)
    }
}
