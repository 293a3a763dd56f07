internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
internal import Records

/// Stored files: `tx.files`.
package struct StoredFileStore<Base: Queryable> {
    package let tx: Base
}

extension Queryable {
    package var files: StoredFileStore<Self> { StoredFileStore(tx: self) }
}

extension StoredFileStore {
    /// Returns what is known of a file and a purpose; `nil` where nobody has looked, or the file that was made is gone.
    package func variant(
        of file: ID<StoredFile>, for purpose: String, by recipe: String
    ) throws -> FileVariant? {
        try tx.first(
            """
            SELECT outcome, variant_id FROM file_variants v
            WHERE tenant_id = \(tx.tenant) AND file_id = \(file) AND purpose = \(purpose) AND recipe = \(recipe)
                AND (variant_id IS NULL OR EXISTS (
                    SELECT 1 FROM files f WHERE f.tenant_id = v.tenant_id AND f.id = v.variant_id))
            """
        ) { row in
            FileVariant(
                recipe: recipe, outcome: JSON(stored: row.text(0)),
                variantID: row.id(1))
        }
    }
}

extension StoredFileStore where Base == Transaction {
    /// Keeps what was found of a file, with what was made of it. Of several who have looked at once, one is enough.
    package func keep(
        _ outcome: JSON, _ made: FileStore.Content?, named name: String, of original: StoredFile,
        for purpose: String, by recipe: String
    ) throws {
        guard try StoredFile.resource.find(original.id, in: tx) != nil,
            try variant(of: original.id, for: purpose, by: recipe) == nil
        else { return }
        try removeVariant(of: original.id, for: purpose)
        let variant = try made.map { try create($0, name: name, of: original) }
        try tx.run(
            """
            INSERT INTO file_variants (tenant_id, file_id, purpose, recipe, outcome, variant_id, created_at)
            VALUES (\(tx.tenant), \(original.id), \(purpose), \(recipe), \(outcome.serialized), \(variant?.id),
                \(tx.now))
            ON CONFLICT (tenant_id, file_id, purpose) DO UPDATE SET
                recipe = excluded.recipe, outcome = excluded.outcome, variant_id = excluded.variant_id,
                created_at = excluded.created_at
            """)
    }

    private func create(
        _ content: FileStore.Content, name: String, of original: StoredFile
    ) throws -> StoredFile {
        var file = StoredFile.new(id: tx.nextID(), now: tx.now)
        file.name = StoredFile.cleanName(name)
        (file.mediaType, file.size, file.sha256) = (content.mediaType, content.size, content.sha256)
        (file.clientID, file.originalID) = (original.clientID, original.id)
        try tx.create(&file, by: .system)
        return file
    }

    private func removeVariant(of file: ID<StoredFile>, for purpose: String) throws {
        try tx.run(
            """
            DELETE FROM files WHERE tenant_id = \(tx.tenant) AND original_id = \(file) AND id IN (
                SELECT variant_id FROM file_variants
                WHERE tenant_id = \(tx.tenant) AND file_id = \(file) AND purpose = \(purpose))
            """)
        try tx.run(
            """
            DELETE FROM file_variants
            WHERE tenant_id = \(tx.tenant) AND file_id = \(file) AND purpose = \(purpose)
            """)
    }

    /// Removes all that was made of a file.
    func removeVariants(of file: ID<StoredFile>) throws {
        try tx.run("DELETE FROM files WHERE tenant_id = \(tx.tenant) AND original_id = \(file)")
        try tx.run("DELETE FROM file_variants WHERE tenant_id = \(tx.tenant) AND file_id = \(file)")
    }
}
