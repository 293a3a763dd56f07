package import Database
internal import Nouns
internal import Records

/// Views of lists, as people keep them: `tx.views`.
package struct SavedViewStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var views: SavedViewStore<Self> { SavedViewStore(tx: self) }
}

extension SavedViewStore {
    func count(of owner: UserID) throws -> Int64 {
        try tx.int("SELECT count(*) FROM views WHERE tenant_id = \(tx.tenant) AND owner_id = \(owner)") ?? 0
    }

    func isNameTaken(_ name: String, _ view: SavedView) throws -> Bool {
        guard let owner = view.ownerID else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM views WHERE tenant_id = \(tx.tenant) AND owner_id = \(owner)
                AND resource = \(view.list) AND name = \(name) AND id <> \(view.id)
            """)
    }
}

extension SavedViewStore where Base == Transaction {
    /// Takes away the views that only somebody who leaves saw; those they shared stay, and are nobody's.
    func release(of owner: UserID) throws {
        try tx.run(
            """
            DELETE FROM views WHERE tenant_id = \(tx.tenant) AND owner_id = \(owner) AND is_shared = 0
            """)
        try tx.run(
            """
            UPDATE views SET owner_id = NULL, version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND owner_id = \(owner)
            """)
    }
}
