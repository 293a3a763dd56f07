extension PostgreSQLEngine {
    /// A share of rows that are dead, from which the server's own cleaning is too slow.
    private static let deadShareMax = 0.2, deadRowsMin: Int64 = 50_000

    /// As the owner of the tables, on a connection of its own, which waits for others as long as it takes.
    private func asOwner<T>(_ work: (PostgreSQLConnection) throws -> T) throws -> T {
        let connection = try pool.connect()
        defer { pool.forget(connection) }
        try connection.command("SET ROLE \(pool.roles.owner.asIdentifier)")
        return try work(connection)
    }

    func keepUp(_ task: UpkeepTask) throws -> String {
        try asOwner { try keepUp(task, $0) }
    }

    private func keepUp(_ task: UpkeepTask, _ connection: PostgreSQLConnection) throws -> String {
        switch task {
        case .analyze:
            try connection.command("ANALYZE")
            return "The planner's statistics are renewed."
        case .vacuum:
            try connection.command("VACUUM (ANALYZE)")
            return "Dead rows were cleared away in every table."
        case .reindex:
            let names = try texts(
                """
                SELECT c.oid::regclass::text FROM pg_class c
                WHERE c.relkind = 'i' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1
                """, connection)
            for name in names { try connection.command("REINDEX INDEX CONCURRENTLY \(name)") }
            return "\(names.count) indexes were built anew, while all went on."
        case .integrity: return try integrity(connection)
        }
    }

    /// Names the faults that the server knows: checksums of pages, indexes that are not valid, and, where its extension
    /// amcheck is there, the order of every index.
    private func integrity(_ connection: PostgreSQLConnection) throws -> String {
        var faults = try texts(
            "SELECT 'the index ' || indexrelid::regclass::text || ' is not valid' FROM pg_index WHERE NOT indisvalid",
            connection)
        faults += try texts(
            """
            SELECT checksum_failures || ' pages had a wrong checksum' FROM pg_stat_database
            WHERE datname = current_database() AND checksum_failures > 0
            """, connection)
        faults += try texts(
            """
            SELECT conrelid::regclass::text || ' has a reference that was never checked' FROM pg_constraint
            WHERE contype = 'f' AND NOT convalidated
            """, connection)
        let hasChecker = try !texts("SELECT 'yes' FROM pg_extension WHERE extname = 'amcheck'", connection)
            .isEmpty
        if hasChecker {
            let indexes = try texts(
                """
                SELECT c.oid::regclass::text FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
                JOIN pg_am a ON a.oid = c.relam
                WHERE a.amname = 'btree' AND c.relkind = 'i' AND i.indisvalid
                    AND c.relnamespace = current_schema()::regnamespace
                """, connection)
            for index in indexes {
                do {
                    try connection.command("SELECT bt_index_check(\(index.asLiteral))")
                } catch {
                    faults.append("\(index): \(error)")
                }
            }
        }
        let checked = hasChecker ? "every index in order" : "as far as the server tells without amcheck"
        guard faults.isEmpty else { throw DatabaseError.faulty(faults) }
        return "The database is sound: \(checked)."
    }

    func need(of task: UpkeepTask) throws -> UpkeepNeed {
        if task == .integrity { return UpkeepNeed(isDue: false, detail: "Done once a week, or by hand.") }
        if task == .reindex {
            // One that was left unfinished, or is damaged, helps no statement and costs each write.
            let faulty = try readers.read(nil, .seconds(5)) { connection in
                try texts("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid", connection)
            }
            return UpkeepNeed(isDue: !faulty.isEmpty, detail: "Indexes that are not valid: \(faulty.count).")
        }
        let counts = try readers.read(nil, .seconds(5)) { connection in
            var found: (live: Int64, dead: Int64, changed: Int64) = (0, 0, 0)
            try connection.rows(
                """
                SELECT coalesce(sum(n_live_tup), 0)::bigint, coalesce(sum(n_dead_tup), 0)::bigint,
                    coalesce(sum(n_mod_since_analyze), 0)::bigint FROM pg_stat_user_tables
                """, []
            ) { row in
                found = (row.int64(0), row.int64(1), row.int64(2))
                return false
            }
            return found
        }
        let measured = task == .vacuum ? counts.dead : counts.changed
        let share = Double(measured) / Double(max(1, counts.live + counts.dead))
        let word = task == .vacuum ? "dead" : "changed since the last statistics"
        return UpkeepNeed(
            isDue: measured >= Self.deadRowsMin && share > Self.deadShareMax,
            detail: "\(Int((share * 100).rounded())) % of the rows are \(word).")
    }

    func advice(on statement: String) throws -> StatementAdvice? {
        // A plan needs values; the tables that are read whole most often are told by the server's own counts.
        let read = try readers.read(nil, .seconds(5)) { connection in
            var tables: [String] = []
            try connection.rows(
                """
                SELECT relname FROM pg_stat_user_tables WHERE seq_scan > 100 AND n_live_tup > 10000
                    AND seq_tup_read / greatest(seq_scan, 1) > n_live_tup / 2
                ORDER BY seq_tup_read DESC LIMIT 20
                """, []
            ) { row in
                tables.append(row.text(0))
                return true
            }
            return tables
        }
        if let table = read.first(where: { statement.contains(" \($0) ") || statement.hasSuffix(" \($0)") }) {
            let columns = try readers.read(nil, .seconds(5)) { connection in
                try texts(
                    """
                    SELECT attname FROM pg_attribute
                    WHERE attrelid = \(table.asLiteral)::regclass AND attnum > 0 AND NOT attisdropped
                    """, connection)
            }
            return .index(
                table: table, columns: StatementColumns(statement, of: table, with: Set(columns)).index)
        }
        return statement.contains("ORDER BY") ? .order : .narrow
    }

    func make(_ index: AdvisedIndex) throws {
        try asOwner { connection in
            try connection.command("SET lock_timeout = 0")
            do {
                try connection.command("CREATE INDEX CONCURRENTLY IF NOT EXISTS \(index.definition)")
            } catch {
                // An unfinished index is not used, and costs each write.
                try connection.command("DROP INDEX CONCURRENTLY IF EXISTS \(index.name.asIdentifier)")
                throw error
            }
        }
    }

    func removeIndex(named name: String) throws {
        try asOwner { connection in
            try connection.command("SET lock_timeout = 0")
            try connection.command("DROP INDEX CONCURRENTLY IF EXISTS \(name.asIdentifier)")
        }
    }

    func advisedIndexes() throws -> [AdvisedIndex] {
        try readers.read(nil, .seconds(5)) { connection in
            var found: [String: AdvisedIndex] = [:]
            try connection.rows(
                """
                SELECT i.relname::text, t.relname::text, a.attname::text
                FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
                    CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
                WHERE starts_with(i.relname::text, $1) AND x.indisvalid ORDER BY i.relname, k.place
                """, [.text(AdvisedIndex.prefix)]
            ) { row in
                let columns = found[row.text(0)]?.columns ?? []
                found[row.text(0)] = AdvisedIndex(table: row.text(1), columns: columns + [row.text(2)])
                return true
            }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Returns how much the server kept on its disk since its working memory did not hold it, for all databases.
    func memoryUse() throws -> MemoryUse {
        var use = (work: 4096, temporary: Int64(0), found: Int64(0))
        try readers.read(nil, .seconds(5)) { connection in
            try connection.rows(
                """
                SELECT (SELECT setting::bigint FROM pg_settings WHERE name = 'work_mem'), temp_bytes / 8192, blks_hit
                FROM pg_stat_database WHERE datname = current_database()
                """, []
            ) { row in
                use = (row.int(0), row.int64(1), row.int64(2))
                return false
            }
        }
        let memory = pool.configuration.memory
        let (found, missed) = memory.since(found: Int(use.found), missed: Int(use.temporary))
        return MemoryUse(
            kilobytes: use.work, connections: readers.openConnections, found: found, missed: missed)
    }

    private func texts(_ sql: String, _ connection: PostgreSQLConnection) throws -> [String] {
        var found: [String] = []
        try connection.rows(sql, []) { row in
            found.append(row.text(0))
            return true
        }
        return found
    }
}
