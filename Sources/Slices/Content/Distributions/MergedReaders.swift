internal import Database
package import Nouns
internal import Records

extension ContentDeliveryStore {
    /// Returns the other contacts of each of some people, whose leads were merged with theirs: as long as the merge
    /// lasts.
    package func kin(of contacts: [ContactID]) throws -> [ContactID: Set<ContactID>] {
        guard !contacts.isEmpty else { return [:] }
        // Most were never merged: only those who were are followed.
        let pairs = try tx.all(
            """
            WITH RECURSIVE kin (root, id, contact_id, merged_into) AS (
                SELECT l.contact_id, l.id, l.contact_id, l.merged_into
                FROM leads AS l \(tx.dialect.lookingUp(in: "leads_contact"))
                WHERE l.tenant_id = \(tx.tenant) AND l.contact_id IN \(list: contacts)
                    AND (l.merged_into IS NOT NULL OR EXISTS (
                        SELECT 1 FROM leads AS m WHERE m.tenant_id = \(tx.tenant) AND m.merged_into = l.id))
                UNION
                SELECT kin.root, l.id, l.contact_id, l.merged_into FROM kin
                JOIN leads AS l ON (l.tenant_id = \(tx.tenant) AND l.merged_into = kin.id)
                    OR (l.tenant_id = \(tx.tenant) AND l.id = kin.merged_into)
            )
            SELECT DISTINCT root, contact_id FROM kin WHERE contact_id IS NOT NULL AND contact_id <> root
            """
        ) { (ContactID($0, 0), ContactID($0, 1)) }
        return pairs.reduce(into: [:]) { $0[$1.0, default: []].insert($1.1) }
    }

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
}
