package import Database

extension Dialect {
    /// The table of a resource: the columns that every record has, then its own.
    package func recordTable(_ name: String, _ columns: String) -> String {
        """
        CREATE TABLE \(name) (
            \(identity()), tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            \(columns),
            \(key("tenant_id, id"))
        ) \(tableOptions)
        """
    }
}
