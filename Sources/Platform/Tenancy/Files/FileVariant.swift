internal import Database
package import JSON
package import Nouns

/// The result of making a file fit a purpose, such as the format of a social network: one row of `file_variants`. It is
/// found out once, for as long as what the purpose takes stays the same.
package struct FileVariant: Sendable {
    /// Tells what the purpose took when the file was looked at.
    package let recipe: String
    /// Tells what was found.
    package let outcome: JSON
    /// The file that was made; `nil`: it fits as it is, or does not fit at all.
    package let variantID: ID<StoredFile>?

    package init(recipe: String, outcome: JSON, variantID: ID<StoredFile>? = nil) {
        (self.recipe, self.outcome, self.variantID) = (recipe, outcome, variantID)
    }
}

let fileVariantMigration = Migration(number: 1190, name: "variants of files") { dialect in
    [
        "ALTER TABLE files ADD COLUMN original_id TEXT",
        """
        CREATE INDEX files_original ON files (tenant_id, original_id, id) WHERE original_id IS NOT NULL
        """,
        """
        CREATE TABLE file_variants (
            tenant_id TEXT NOT NULL, file_id TEXT NOT NULL, purpose TEXT NOT NULL, recipe TEXT NOT NULL,
            outcome TEXT NOT NULL, variant_id TEXT, created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, file_id, purpose)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}
