/// A column as the schema has it.
package struct TableColumn: Hashable, Sendable {
    package let name: String
    /// The type as migrations name it, such as `TEXT`; of any other column the server's own word.
    let type: String
    let isRequired: Bool
    /// The engine numbers it itself.
    package let isIdentity: Bool
    /// It is part of the primary key.
    package let isKey: Bool

    /// The column as a migration defines it, without its standard value: `name TEXT NOT NULL`.
    package var definition: String { "\(name) \(type)\(isRequired ? " NOT NULL" : "")" }
}

extension QueryScope {
    /// The columns of a table, in their order; empty when there is none of that name.
    package func columns(of table: String) throws -> [TableColumn] {
        guard dialect == .sqlite else { return try serverColumns(of: table) }
        let found = try all(
            "SELECT name, pk, type, \"notnull\" FROM pragma_table_info(\(table)) ORDER BY cid"
        ) { (name: $0.text(0), isKey: $0.int(1) > 0, type: $0.text(2), isRequired: $0.bool(3)) }
        // An integer that is the whole key is the row's number.
        let keys = found.filter(\.isKey)
        return found.map { column in
            TableColumn(
                name: column.name, type: column.type, isRequired: column.isRequired,
                isIdentity: column.isKey && keys.count == 1 && column.type == "INTEGER",
                isKey: column.isKey)
        }
    }

    /// The tables of the schema that have that column, by name.
    package func tables(withColumn column: String) throws -> [String] {
        guard dialect == .sqlite else { return try serverTables(withColumn: column) }
        return try all(
            """
            SELECT t.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND c.name = \(column) ORDER BY t.name
            """
        ) { $0.text(0) }
    }
}

/// The words of migrations for the types of the server (`Dialect.translated`).
private let writtenTypes = [
    "bigint": "INTEGER", "double precision": "REAL", "text C": "TEXT", "bytea": "BLOB",
]

extension QueryScope {
    fileprivate func serverColumns(of table: String) throws -> [TableColumn] {
        try all(
            """
            SELECT a.attname::text, a.attidentity <> '', coalesce(a.attnum = ANY (x.indkey), FALSE), a.attnotnull,
                a.atttypid::regtype::text || coalesce(' ' || o.collname::text, '')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_index x ON x.indrelid = c.oid AND x.indisprimary
                LEFT JOIN pg_collation o ON o.oid = a.attcollation
            WHERE c.relname = \(table) ORDER BY a.attnum
            """
        ) { row in
            TableColumn(
                name: row.text(0), type: writtenTypes[row.text(4)] ?? row.text(4), isRequired: row.bool(3),
                isIdentity: row.bool(1), isKey: row.bool(2))
        }
    }

    fileprivate func serverTables(withColumn column: String) throws -> [String] {
        try all(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND a.attname = \(column) ORDER BY c.relname
            """
        ) { $0.text(0) }
    }
}

extension Database {
    /// Reads on a thread of its own, at one moment of the database, for as long as it takes: for what has to
    /// look at much that belongs together. The body may block, and may wait for writes; the log cannot start
    /// anew while it lasts.
    package func readAtLength<T: Sendable>(
        _ tenant: TenantID, _ body: @escaping @Sendable (Reader) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let thread = try OwnThread { [self] in
                    continuation.resume(
                        with: Result { try read(tenant, deadline: .seconds(86_400), body) })
                }
                thread.leave()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
