internal import Database
internal import Nouns
internal import Records

extension ContentStore {
    /// Returns the other contacts of a person, whose leads were merged with theirs: as long as the merge lasts.
    private func others(than contact: ContactID) throws -> [ContactID] {
        try tx.all(
            """
            WITH RECURSIVE kin (id, contact_id, merged_into) AS (
                SELECT id, contact_id, merged_into FROM leads
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
                UNION
                SELECT l.id, l.contact_id, l.merged_into FROM kin
                JOIN leads AS l ON (l.tenant_id = \(tx.tenant) AND l.merged_into = kin.id)
                    OR (l.tenant_id = \(tx.tenant) AND l.id = kin.merged_into)
            )
            SELECT DISTINCT contact_id FROM kin WHERE contact_id IS NOT NULL AND contact_id <> \(contact)
            """
        ) { ContactID($0, 0) }
    }

    /// Whether an item has reached somebody, or is about to, as any of the contacts that they are.
    func hasReachedPerson(of contact: ContactID, with item: ID<ContentItem>) throws -> Bool {
        if try hasReached(contact, with: item) { return true }
        return try others(than: contact).contains { try hasReached($0, with: item) }
    }

    /// Whether an item was written to somebody as another contact of theirs: who were planned as two may be one by now.
    func isWrittenToOther(than contact: ContactID, of item: ID<ContentItem>) throws -> Bool {
        try others(than: contact).contains { other in
            try tx.exists(
                """
                SELECT 1 FROM content_deliveries
                WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND contact_id = \(other)
                    AND (sent_at IS NOT NULL OR state = 'waiting')
                """)
        }
    }
}
