internal import Database
internal import Records

/// The audit and the events of a file by their places (`Places`). On a server nothing changes.
///
/// Rows are copied into new tables, tenant by tenant, and compared with the old ones before these are given up. Until
/// then the old tables are what they were, also for the program before this one.
let placeMigrations: [Migration] = [
    Migration(
        number: 1620, name: "the audit and the events by their places", statements: acrossTenantsPlaces,
        advance: { tx, isFirst in try acrossTenantsMove(tx, isFirst: isFirst) }),
    Migration(
        number: 1621, name: "the audit and the events as they lay before are gone",
        statements: acrossTenantsUnplacedGone, advance: { tx, _ in try acrossTenantsClear(tx) }),
]

/// A number of `tenant_numbers` is its tenant's for good. `previous_hash` is null where it is the hash of the entry
/// before, which is there. A hash that is not the bytes of one stays as it was found.
private let placedTables = [
    "CREATE TABLE IF NOT EXISTS tenant_numbers (number INTEGER PRIMARY KEY, tenant TEXT NOT NULL UNIQUE) STRICT",
    """
    CREATE TABLE IF NOT EXISTS audit_placed (
        place INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, row INTEGER NOT NULL, previous_hash ANY, hash ANY NOT NULL,
        id TEXT NOT NULL, actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, action TEXT NOT NULL,
        subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, changes TEXT NOT NULL, created_at INTEGER NOT NULL,
        run_id TEXT, decision_id TEXT, outcome TEXT) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS events_placed (
        place INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
        subject_type TEXT NOT NULL, subject_id TEXT NOT NULL, data TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT
    """,
]

private func acrossTenantsPlaces(_ dialect: Dialect) -> [String] {
    guard dialect == .sqlite else { return [] }
    return placedTables + [
        "ALTER TABLE audit RENAME TO audit_unplaced", "ALTER TABLE events RENAME TO events_unplaced",
        "ALTER TABLE audit_placed RENAME TO audit", "ALTER TABLE events_placed RENAME TO events",
    ]
}

/// In a file that had rows `acrossTenantsClear` has made the indexes already.
private func acrossTenantsUnplacedGone(_ dialect: Dialect) -> [String] {
    guard dialect == .sqlite else { return [] }
    return ["DROP TABLE audit_unplaced", "DROP TABLE events_unplaced"]
        + [
            "INDEX IF NOT EXISTS events_subject ON events (tenant_id, subject_id, row)",
            "INDEX IF NOT EXISTS audit_subject ON audit (tenant_id, subject_id, row)",
            "INDEX IF NOT EXISTS audit_action ON audit (tenant_id, action, row)",
            "UNIQUE INDEX IF NOT EXISTS audit_id ON audit (tenant_id, id)",
            "INDEX IF NOT EXISTS audit_run ON audit (tenant_id, run_id, row) WHERE run_id IS NOT NULL",
            "INDEX IF NOT EXISTS audit_outcome ON audit (tenant_id, outcome, row) WHERE outcome IS NOT NULL",
        ].map { "CREATE " + $0 }
}

/// A table whose rows are moved.
private struct MovedTable {
    let name: String
    /// The columns behind `place`, `tenant_id` and `row`.
    let columns: [String]
    /// The first two of them are the hash before and the row's own.
    let isChain: Bool
    let insertion: RowsStatement

    init(_ name: String, _ columns: [String], isChain: Bool) {
        (self.name, self.columns, self.isChain) = (name, columns, isChain)
        let all = ["place", "tenant_id", "row"] + columns
        insertion = RowsStatement(
            "INSERT INTO \(name)_placed (\(all.joined(separator: ", ")))", columns: all.count)
    }

    /// Each tenant's last row that is moved, and its newest.
    var progress: String {
        """
        (SELECT number, tenant,
            coalesce((SELECT max(p.place) FROM \(name)_placed p
                WHERE p.place > number << 40 AND p.place < (number + 1) << 40) & 1099511627775, 0) AS moved,
            coalesce((SELECT max(o.row) FROM \(name) o WHERE o.tenant_id = tenant), 0) AS newest
        FROM tenant_numbers)
        """
    }

    /// The condition that a copy, `p`, is as its original, `o`.
    var isCopied: String {
        let plain = isChain ? Array(columns.dropFirst(2)) : columns
        var equal = plain.map { "p.\($0) IS o.\($0)" }
        if isChain {
            let before = """
                coalesce(p.previous_hash, (SELECT b.hash FROM audit_placed b WHERE b.place = p.place - 1))
                """
            equal += ["\(shown("p.hash")) IS o.hash", "\(shown(before)) IS o.previous_hash"]
        }
        return equal.joined(separator: " AND ")
    }
}

private let movedTables = [
    MovedTable(
        "audit",
        [
            "previous_hash", "hash", "id", "actor_type", "actor_id", "action", "subject_type", "subject_id",
            "changes", "created_at", "run_id", "decision_id", "outcome",
        ], isChain: true),
    MovedTable(
        "events", ["id", "type", "subject_type", "subject_id", "data", "created_at"], isChain: false),
]

/// Rows of a commit: some tenths of a second.
private let partMax = 5000

/// Moves rows that are not yet, a part of them, and compares all when there are none. Returns the share that is moved.
func acrossTenantsMove(
    _ tx: SystemTransaction, isFirst: Bool = false, atMost limit: Int = partMax
) throws -> Double? {
    for statement in placedTables { try tx.run("\(trusted: statement)") }
    for table in movedTables {
        if isFirst { try takeBack(table, tx) }
        try number(tenantsOf: table.name, tx)
    }
    var left = limit
    for table in movedTables {
        var number: Int64 = 0
        while left > 0, let tenant = try unfinished(table, from: number, tx) {
            left -= try move(table, tenant, atMost: left, tx)
            number = tenant.number
        }
    }
    guard left < limit else {
        for table in movedTables { try compare(table, tx) }
        return nil
    }
    var moved = 0.0, all = 0.0
    for table in movedTables {
        try tx.each("SELECT sum(moved), sum(newest) FROM \(trusted: table.progress)") { row in
            (moved, all) = (moved + row.double(0), all + row.double(1))
        }
    }
    return moved / max(1, all)
}

/// Removes the copies of an earlier start that are not as their originals are. The program before this one may have
/// run in between, and have removed rows; and whatever else has come between, no start must fail by it for good.
private func takeBack(_ table: MovedTable, _ tx: SystemTransaction) throws {
    try tx.run(
        """
        DELETE FROM \(trusted: table.name)_placed WHERE NOT EXISTS (
            SELECT 1 FROM \(trusted: table.name) o
            WHERE o.tenant_id = \(trusted: table.name)_placed.tenant_id
                AND o.row = \(trusted: table.name)_placed.row)
        """)
    // Moving goes on behind a tenant's last copy.
    let starts = try tx.all(
        """
        SELECT min(p.place) FROM \(trusted: table.name)_placed p CROSS JOIN \(trusted: table.name) o
        WHERE o.tenant_id = p.tenant_id AND o.row = p.row AND NOT (\(trusted: table.isCopied))
        GROUP BY p.place >> 40
        """
    ) { $0.int64(0) }
    for start in starts {
        try tx.run(
            """
            DELETE FROM \(trusted: table.name)_placed
            WHERE place >= \(start) AND place <= \(start | Places.rowMax)
            """)
    }
}

/// Each step looks up the next tenant in the table's key.
private func number(tenantsOf table: String, _ tx: SystemTransaction) throws {
    try tx.run(
        """
        INSERT INTO tenant_numbers (tenant)
        WITH RECURSIVE known (id) AS (
            SELECT min(tenant_id) FROM \(trusted: table)
            UNION ALL SELECT (SELECT min(t.tenant_id) FROM \(trusted: table) t WHERE t.tenant_id > known.id)
            FROM known WHERE known.id IS NOT NULL)
        SELECT id FROM known WHERE id IS NOT NULL AND id NOT IN (SELECT tenant FROM tenant_numbers)
        """)
}

private typealias Unfinished = (number: Int64, id: String, moved: Int64)

private func unfinished(
    _ table: MovedTable, from number: Int64, _ tx: SystemTransaction
) throws -> Unfinished? {
    try tx.first(
        """
        SELECT number, tenant, moved FROM \(trusted: table.progress)
        WHERE number >= \(number) AND moved < newest ORDER BY number LIMIT 1
        """
    ) { row in (number: row.int64(0), id: row.text(1), moved: row.int64(2)) }
}

/// Returns how many rows it has moved.
private func move(
    _ table: MovedTable, _ tenant: Unfinished, atMost limit: Int, _ tx: SystemTransaction
) throws -> Int {
    let columns = table.columns.joined(separator: ", ")
    var rows = try tx.all(
        """
        SELECT row, \(trusted: columns) FROM \(trusted: table.name)
        WHERE tenant_id = \(tenant.id) AND row > \(tenant.moved) ORDER BY row LIMIT \(limit)
        """
    ) { row -> [SQLValue] in
        let number = row.int64(0)
        let head: [SQLValue] = [
            .integer(tenant.number << 40 | number), .text(tenant.id), .integer(number),
        ]
        return head + (1..<row.columnCount).map { row.value($0) }
    }
    guard let last = rows.last, case .integer(let end) = last[2], end <= Places.rowMax else {
        throw DatabaseError.incompatible("rows of \(table.name) of \(tenant.id) cannot be counted on")
    }
    if table.isChain { try shorten(&rows, tenant, tx) }
    try tx.run(table.insertion, rows)
    return rows.count
}

/// Gives entries their hashes as a file keeps them.
private func shorten(_ rows: inout [[SQLValue]], _ tenant: Unfinished, _ tx: SystemTransaction) throws {
    var before = SQLValue.integer(tenant.moved)
    var hash =
        try tx.first("SELECT hash FROM audit WHERE tenant_id = \(tenant.id) AND row = \(tenant.moved)") {
            $0.value(0)
        } ?? .null
    for index in rows.indices {
        let entry = rows[index]
        guard case .integer(let row) = entry[2] else { continue }
        let follows = before == .integer(row - 1) && entry[3] == hash
        rows[index][3] = follows ? .null : stored(entry[3])
        rows[index][4] = stored(entry[4])
        (before, hash) = (entry[2], entry[4])
    }
}

private func stored(_ hash: SQLValue) -> SQLValue {
    if case .text(let text) = hash { storedHash(text) } else { hash }
}

/// Throws unless each row is there as it was, and no other.
private func compare(_ table: MovedTable, _ tx: SystemTransaction) throws {
    let other = try tx.int(
        """
        SELECT count(*) FROM \(trusted: table.name) o WHERE NOT EXISTS (
            SELECT 1 FROM tenant_numbers n CROSS JOIN \(trusted: table.name)_placed p
            WHERE n.tenant = o.tenant_id AND p.place = (n.number << 40) + o.row AND p.row = o.row
                AND p.tenant_id = o.tenant_id AND \(trusted: table.isCopied))
        """)
    let more = try tx.int(
        """
        SELECT (SELECT count(*) FROM \(trusted: table.name)_placed)
            - (SELECT count(*) FROM \(trusted: table.name))
        """)
    guard other == 0, more == 0 else {
        throw DatabaseError.incompatible(
            """
            \(other ?? 0) rows of \(table.name) are not as they were after they had been copied, and there are \
            \(more ?? 0) more of them: the old ones are untouched
            """)
    }
}

/// A hash's text, in SQL.
private func shown(_ hash: String) -> String {
    "(CASE typeof(\(hash)) WHEN 'blob' THEN lower(hex(\(hash))) ELSE \(hash) END)"
}

/// Makes one index anew that an old table still has, be it one that an operator has added, or else removes a part of
/// the old rows. What is deleted is overwritten, so that in one commit the log would hold all of it.
func acrossTenantsClear(_ tx: SystemTransaction) throws -> Double? {
    let index = try tx.first(
        """
        SELECT name, tbl_name, sql FROM sqlite_schema
        WHERE type = 'index' AND tbl_name IN ('audit_unplaced', 'events_unplaced') AND sql IS NOT NULL
        ORDER BY rowid LIMIT 1
        """
    ) { row in (name: row.text(0), table: row.text(1), text: row.text(2)) }
    if let index {
        let table = String(index.table.prefix { $0 != "_" })
        try tx.run("DROP INDEX \(trusted: index.name)")
        try tx.run("\(trusted: index.text.replacing("\"\(index.table)\"", with: table))")
        return 0
    }
    for (index, table) in movedTables.enumerated() {
        let old = table.name + "_unplaced"
        let removed = try tx.run(
            """
            DELETE FROM \(trusted: old) WHERE place IN (
                SELECT place FROM \(trusted: old) ORDER BY place LIMIT \(partMax))
            """)
        guard removed == 0 else {
            let rest = try tx.first("SELECT min(place), max(place) FROM \(trusted: old)") { row in
                row.isNull(0) ? 1 : row.double(0) / max(1, row.double(1))
            }
            return (Double(index) + (rest ?? 1)) / Double(movedTables.count)
        }
    }
    return nil
}
