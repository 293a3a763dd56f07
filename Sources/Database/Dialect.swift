/// Where the engines' SQL differs: texts for migrations, and pieces for queries.
package enum Dialect: Sendable {
    case sqlite

    // MARK: Tables

    /// A 64-bit integer: counts, instants, money, booleans.
    package var integer: String { "INTEGER" }
    package var real: String { "REAL" }
    /// Text compared by its bytes.
    package var text: String { "TEXT" }
    package var blob: String { "BLOB" }

    /// What follows the closing bracket of `CREATE TABLE`.
    package var tableOptions: String { "STRICT" }
    /// The same for a table without an identity column, which is stored in the order of its primary key.
    package var keyedTableOptions: String { "STRICT, WITHOUT ROWID" }

    /// An integer column that the engine numbers itself and full-text search refers to. Goes with
    /// `key(_:)`.
    package func identity(_ column: String = "row") -> String { "\(column) INTEGER PRIMARY KEY" }

    /// The primary key in the product's sense, in a table that has an identity column.
    package func key(_ columns: String) -> String { "UNIQUE (\(columns))" }

    // MARK: JSON

    /// A member of a JSON object as text: `true`, `12`, `gold`; null when it is absent. The column is
    /// trusted, the member's name is not. A name with a quotation mark or a backslash is found in no
    /// object.
    package func jsonText(_ column: String, _ member: String) -> SQL {
        guard
            !member.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 == 0 }
            )
        else { return "CAST(NULL AS TEXT)" }
        let path = "$.\"\(member)\""
        return """
            (CASE json_type(\(trusted: column), \(path)) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' \
            ELSE CAST(json_extract(\(trusted: column), \(path)) AS TEXT) END)
            """
    }

    /// A member of a JSON object as a number; null when it is absent or no number.
    package func jsonNumber(_ column: String, _ member: String) -> SQL {
        guard
            !member.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 == 0 })
        else { return "CAST(NULL AS REAL)" }
        let path = "$.\"\(member)\""
        return """
            (CASE WHEN json_type(\(trusted: column), \(path)) IN ('integer', 'real') \
            THEN CAST(json_extract(\(trusted: column), \(path)) AS REAL) END)
            """
    }

    /// Whether a JSON array of strings holds one. The column is trusted.
    package func jsonArray(_ column: String, contains text: String) -> SQL {
        "EXISTS (SELECT 1 FROM json_each(\(trusted: column)) AS element WHERE element.value = \(text))"
    }

    // MARK: Full-text search

    /// The statements that create the search table of a resource whose table has an identity column. The
    /// index keeps no copy of the text: who removes a row from it gives the text that was put in.
    package func searchTable(_ name: String) -> [String] {
        [
            """
            CREATE VIRTUAL TABLE \(name) USING fts5(
                words, content='', columnsize=0, detail=none, tokenize='ascii')
            """,
            "INSERT INTO \(name) (\(name), rank) VALUES ('automerge', 8)",
            "INSERT INTO \(name) (\(name), rank) VALUES ('crisismerge', 32)",
        ]
    }

    /// The identity values of a tenant's rows that match, as a subselect. The table is trusted. Use it as
    /// `leads.tenant_id = … AND leads.row IN \(match) ORDER BY leads.row DESC LIMIT …`, which reads the
    /// newest matches first and sorts nothing; in any other order every match is fetched and sorted.
    package func searchMatch(table: String, tenant: TenantID, _ query: SearchQuery) -> SQL {
        guard !query.isEmpty else { return "(SELECT NULL WHERE 1 = 0)" }
        return """
            (SELECT rowid FROM \(trusted: table) WHERE \(trusted: table) MATCH \(query.expression(tenant)))
            """
    }
}

extension Transaction {
    /// Puts a row's text into a search table when the closures of the commit have run. A search in the same
    /// commit does not find it yet.
    package func indexSearch(_ table: String, row: Int64, text: String) {
        let words = SearchWords.indexed(text, tenant)
        guard !words.isEmpty else { return }
        let insert: SQL = "INSERT INTO \(trusted: table) (rowid, words) VALUES (\(row), \(words))"
        afterSavepoints { _ = try run(insert) }
    }

    /// Takes a row out of a search table; `oldText` is exactly what was put in.
    package func unindexSearch(_ table: String, row: Int64, oldText: String) {
        let words = SearchWords.indexed(oldText, tenant)
        guard !words.isEmpty else { return }
        let delete: SQL = """
            INSERT INTO \(trusted: table) (\(trusted: table), rowid, words) VALUES ('delete', \(row), \(words))
            """
        afterSavepoints { _ = try run(delete) }
    }
}
