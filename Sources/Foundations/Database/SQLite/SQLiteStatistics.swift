/// The planner's statistics. An empty or small table has none worth having: without them the planner takes
/// an index that makes it sort thousands of rows, or scans a table that was small when it was looked at.
/// Small tables therefore keep the figures of an installation that has grown, and plans stay what the tests
/// saw.
enum SQLiteStatistics {
    /// A table with fewer rows gets assumed figures.
    private static let measuredRowsMin = 20_000
    private static let assumedRows = 100_000
    private static let assumedRowsOfTenant = 10_000
    private static let sparseRows = 1000
    /// The number of rows of each index that are examined.
    private static let rowsLookedAt = 1000

    static func renew(_ connection: SQLiteConnection) throws(DatabaseError) {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            try write(connection)
            try connection.execute("COMMIT")
        } catch {
            if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    /// Inside a transaction.
    static func write(_ connection: SQLiteConnection) throws(DatabaseError) {
        // Looks at a thousand rows of each index: milliseconds, however large the table.
        try connection.execute("PRAGMA analysis_limit = \(rowsLookedAt)")
        try connection.execute("ANALYZE")
        let indexes = try indexes(connection)
        var rows: [Int] = []
        for index in indexes { rows.append(try measured(connection, index).first ?? 0) }
        // Looking at a thousand rows gives each index of a table another number of rows. Beside each other,
        // measured and assumed figures would make the planner prefer the wrong one.
        let rowsOfTable = Dictionary(
            zip(indexes, rows).filter { !$0.0.isPartial }.map { ($0.0.table, $0.1) }, uniquingKeysWith: max)
        var rowsOfTenant: [String: Int] = [:]
        // The whole ones first: the others are judged by them.
        for (index, rowsOfIndex) in zip(indexes, rows).sorted(by: { !$0.0.isPartial && $1.0.isPartial }) {
            let all = rowsOfTable[index.table] ?? 0
            let counted = index.isPartial ? rowsOfIndex : all
            guard counted < measuredRowsMin else {
                if let alike = try correct(index, connection), !index.isPartial {
                    rowsOfTenant[index.table] = alike
                }
                continue
            }
            guard index.isPartial, all >= measuredRowsMin else {
                try set(assumed(index), of: index, connection)
                continue
            }
            // Of a table that has many rows, few are in this index: that is what it is there for. So are those of a
            // tenant: were they taken for more than all that a tenant has, all of these would be read instead.
            let alike = (rowsOfTenant[index.table] ?? all) * sparseRows / all
            try set(assumed(index, sparseRows, ofTenant: max(alike, 2)), of: index, connection)
        }
        try connection.execute("ANALYZE sqlite_schema")
        // Other connections read the statistics again only when the schema changes.
        try connection.execute("CREATE TABLE statistics_renewed (moment INTEGER)")
        try connection.execute("DROP TABLE statistics_renewed")
    }

    /// Where all rows that were looked at are one tenant's, it has more of them than these. Taken for so few, they
    /// would be read from the first to the last rather than looked up in another index by some hundred values. Returns
    /// how many rows a tenant has; `nil`: it is no index by tenants.
    private static func correct(_ index: Index, _ connection: SQLiteConnection) throws(DatabaseError) -> Int?
    {
        var figures = try measured(connection, index)
        guard index.columns.first == "tenant_id", figures.count > 1 else { return nil }
        guard figures[1] >= rowsLookedAt else { return figures[1] }
        figures[1] = max(figures[1], min(figures[0], assumedRowsOfTenant))
        try set(figures.map(String.init).joined(separator: " "), of: index, connection)
        return figures[1]
    }

    private static func set(
        _ figures: String, of index: Index, _ connection: SQLiteConnection
    ) throws(DatabaseError) {
        try connection.rows(
            "DELETE FROM sqlite_stat1 WHERE tbl = $1 AND idx = $2",
            [.text(index.table), .text(index.statisticsName)]
        ) { _ in }
        try connection.rows(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)",
            [.text(index.table), .text(index.statisticsName), .text(figures)]
        ) { _ in }
    }

    private struct Index {
        var table: String
        var name: String
        /// Tables stored in the order of their key have their own name here.
        var statisticsName: String
        var isUnique: Bool
        var isPartial: Bool
        var columns: [String]
    }

    private static func indexes(_ connection: SQLiteConnection) throws(DatabaseError) -> [Index] {
        var found: [Index] = []
        try connection.rows(
            """
            SELECT t.name, i.name, i."unique", i.partial, t.wr AND i.origin = 'pk'
            FROM pragma_table_list t, pragma_index_list(t.name) i
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
            """
        ) { row in
            found.append(
                Index(
                    table: row.text(0), name: row.text(1),
                    statisticsName: row.bool(4) ? row.text(0) : row.text(1),
                    isUnique: row.bool(2), isPartial: row.bool(3), columns: []))
        }
        for position in found.indices {
            var columns: [String] = []
            try connection.rows(
                "SELECT name FROM pragma_index_info($1) ORDER BY seqno", [.text(found[position].name)]
            ) { row in columns.append(row.text(0)) }
            found[position].columns = columns
        }
        return found
    }

    /// Returns the figures of an index; none where nothing is known of it. Words behind them are left out.
    private static func measured(
        _ connection: SQLiteConnection, _ index: Index
    ) throws(DatabaseError) -> [Int] {
        var figures: [Int] = []
        try connection.rows(
            "SELECT stat FROM sqlite_stat1 WHERE tbl = $1 AND idx IS $2",
            [.text(index.table), .text(index.statisticsName)]
        ) { row in figures = row.text(0).split(separator: " ").compactMap { Int($0) } }
        return figures
    }

    /// Rows in the index, then rows that agree in its first column, its first two, and so on.
    private static func assumed(
        _ index: Index, _ known: Int? = nil, ofTenant: Int = assumedRowsOfTenant
    ) -> String {
        let rows = known ?? (index.isPartial ? assumedRows / 10 : assumedRows)
        var figures = [rows]
        var alike = rows
        for (position, column) in index.columns.enumerated() {
            if position == index.columns.count - 1, index.isUnique {
                alike = 1
            } else if position == 0 {
                alike = column == "tenant_id" ? min(rows, ofTenant) : rows / 1000
            } else {
                alike = max(alike / 10, 2)
            }
            figures.append(alike)
        }
        return figures.map(String.init).joined(separator: " ")
    }
}
