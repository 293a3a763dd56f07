extension SQLiteEngine {
    /// A file is made smaller where this share of it is free, and that is worth while.
    private static let freeShareMax = 0.2, freePagesMin: Int64 = 4096
    /// A larger file is not copied unasked: no write could be made meanwhile.
    private static let copiedPagesMax: Int64 = 262_144
    /// Pages of a search table that are merged at a time.
    private static let mergedPages = 500

    func keepUp(_ task: UpkeepTask) throws -> String {
        switch task {
        case .analyze:
            try writer.command { connection in try SQLiteStatistics.renew(connection) }
            return "The planner's statistics are renewed."
        case .vacuum:
            let before = try pages()
            guard before.free > 0 else { return "Nothing to give back: no page is free." }
            try writer.command { connection in try connection.execute("VACUUM") }
            let freed = (before.all - (try pages().all)) * SQLiteFile.pageSize_bytes
            return "\(max(0, freed) / 1024) KB were given back; the rest was written anew in order."
        case .reindex:
            let names = try indexes()
            for name in names {
                // One at a time, so that no write waits for all of them.
                try writer.command { connection in try connection.execute("REINDEX \(name.asIdentifier)") }
            }
            return "\(names.count) indexes were built anew."
        case .integrity:
            let faults = try read(.seconds(86_400)) { try SQLiteBackup.faults($0) }
            guard faults.isEmpty else { throw DatabaseError.faulty(faults) }
            return "The file is sound: pages, indexes and references agree."
        }
    }

    func need(of task: UpkeepTask) throws -> UpkeepNeed {
        switch task {
        case .vacuum:
            let pages = try pages()
            let share = Double(pages.free) / Double(max(1, pages.all))
            let isWorthWhile = share > Self.freeShareMax && pages.free >= Self.freePagesMin
            let isQuick = pages.all - pages.free <= Self.copiedPagesMax
            return UpkeepNeed(
                isDue: isWorthWhile && isQuick,
                detail: "\(Int((share * 100).rounded())) % of the file are free.")
        case .analyze:
            return UpkeepNeed(isDue: false, detail: "The writer renews statistics after many changes itself.")
        case .reindex:
            return UpkeepNeed(
                isDue: false, detail: "Indexes of a file stay in order; they are built anew after a fault.")
        case .integrity: return UpkeepNeed(isDue: false, detail: "The file is read whole once a week.")
        }
    }

    func advice(on statement: String) throws -> StatementAdvice? {
        try read(.seconds(5)) { connection in
            let text = "EXPLAIN QUERY PLAN \(statement)"
            let prepared = try connection.prepared(text)
            var steps: [String] = []
            try connection.run(prepared, Array(repeating: .null, count: prepared.parameterCount)) { row in
                steps.append(row.text(3))
                return true
            }
            for step in steps where step.hasPrefix("SCAN ") && !step.contains("USING") {
                let name = step.dropFirst(5).prefix { $0 != " " }
                guard !name.hasPrefix("(") else { continue }
                let table = StatementColumns.table(called: String(name), in: statement)
                var columns: Set<String> = []
                try connection.rows("SELECT name FROM pragma_table_info($1)", [.text(table)]) {
                    columns.insert($0.text(0))
                }
                return .index(
                    table: table, columns: StatementColumns(statement, of: table, with: columns).index)
            }
            return steps.contains { $0.contains("TEMP B-TREE FOR ORDER BY") } ? .order : .narrow
        }
    }

    func make(_ index: AdvisedIndex) throws {
        try writer.command { connection in
            try connection.execute("CREATE INDEX IF NOT EXISTS \(index.definition)")
        }
        // Without figures of its own no plan takes it.
        try writer.command { connection in try SQLiteStatistics.renew(connection) }
    }

    func removeIndex(named name: String) throws {
        let drop = "DROP INDEX IF EXISTS \(name.asIdentifier)"
        try writer.command { connection in try connection.execute(drop) }
    }

    func advisedIndexes() throws -> [AdvisedIndex] {
        try read(nil) { connection in
            var found: [String: [String]] = [:], tables: [String: String] = [:]
            try connection.rows(
                """
                SELECT s.name, s.tbl_name, c.name FROM sqlite_schema s, pragma_index_info(s.name) c
                WHERE s.type = 'index' ORDER BY s.name, c.seqno
                """
            ) { row in
                tables[row.text(0)] = row.text(1)
                found[row.text(0), default: []].append(row.text(2))
            }
            return found.filter { $0.key.hasPrefix(AdvisedIndex.prefix) }.sorted { $0.key < $1.key }
                .compactMap { name, columns in
                    tables[name].map { AdvisedIndex(table: $0, columns: columns) }
                }
        }
    }

    /// Merges the search tables' parts: until then the words of what was deleted are marked, and still there. A few
    /// pages at a time, so that no write waits for long.
    func purgeSearch() throws {
        let names = try read(nil) { connection in
            var names: [String] = []
            try connection.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%USING fts5(%' ORDER BY name"
            ) { names.append($0.text(0)) }
            return names
        }
        for name in names.map(\.asIdentifier) {
            // A negative number begins the merge of all parts, and positive ones go on with it.
            var pages = -Self.mergedPages, changes: Int64 = 0
            repeat {
                let step = "INSERT INTO \(name) (\(name), rank) VALUES ('merge', \(pages))"
                changes = try writer.command { connection in
                    let before = connection.totalChanges
                    try connection.execute(step)
                    return connection.totalChanges - before
                }
                pages = Self.mergedPages
            } while changes >= 2
        }
        try writer.emptyLogSoon()
    }

    private func pages() throws -> (all: Int64, free: Int64) {
        try read(nil) { connection in
            (try connection.integer("PRAGMA page_count"), try connection.integer("PRAGMA freelist_count"))
        }
    }

    private func indexes() throws -> [String] {
        try read(nil) { connection in
            var names: [String] = []
            try connection.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
            ) { names.append($0.text(0)) }
            return names
        }
    }
}
