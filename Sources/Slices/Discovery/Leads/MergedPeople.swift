internal import Database
internal import Nouns
internal import Records

extension LeadStore {
    /// Returns the other contacts of each of some people, whose leads were merged with theirs: as long as the merge
    /// lasts.
    func kin(of contacts: [ContactID]) throws -> [ContactID: Set<ContactID>] {
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
}
