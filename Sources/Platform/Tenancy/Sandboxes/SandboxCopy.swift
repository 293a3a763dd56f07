internal import Cryptography
internal import Database
internal import Jobs
internal import Nouns
internal import Records

/// Copies a tenant's rows into a sandbox: read at one moment of the database, written in chunks that give way
/// to whatever else is to be written.
struct SandboxCopy: Sendable {
    /// Rows of a chunk: a few milliseconds of the writer's time.
    private static let chunk = 50

    let database: Database
    let tables: [SandboxTable]
    let source: TenantID, target: TenantID

    func run() async throws {
        let copy = self
        try await database.readAtLength(source) { reader in
            var newest = UniqueID.zero
            for table in copy.tables where table.reason == nil {
                newest = max(newest, try copy.copy(table, from: reader))
            }
            let last = newest
            try copy.database.writeAndWait(copy.target, .lazy) { try $0.sandboxClock.startIDs(after: last) }
        }
    }

    /// Copies a table in the order of its key; the newest id that it holds.
    private func copy(_ table: SandboxTable, from reader: Reader) throws -> UniqueID {
        let plan = try CopyPlan(table, in: reader)
        var after: [SQLValue]?, newest = UniqueID.zero
        while true {
            let page = try plan.page(after: after, limit: Self.chunk, in: reader)
            guard let last = page.last else { return newest }
            for row in page { newest = max(newest, plan.id(of: row)) }
            try database.writeAndWait(target, .lazy) { tx in
                for row in page { try tx.run(plan.insert, plan.values(of: row, for: tx.tenant)) }
                try table.copied?(tx, page.compactMap(plan.text(of:)))
            }
            after = plan.key(of: last)
        }
    }
}

/// The columns and conditions with which the rows of one table are read and written.
private struct CopyPlan: Sendable {
    let insert: Statement
    private let table: String
    private let columns: [TableColumn]
    private let keys: [Int]
    private let idColumn: Int?
    /// Places of the values that are written, and what is written instead of some.
    private let written: [Int], changed: [Int: SQLValue]
    private let tenantColumn: Int

    init(_ table: SandboxTable, in reader: Reader) throws {
        self.table = table.name
        let columns = try reader.columns(of: table.name), names = columns.map(\.name)
        self.columns = columns
        guard let tenant = names.firstIndex(of: "tenant_id") else {
            throw DatabaseError.invalid("\(table.name) is not a tenant's table")
        }
        tenantColumn = tenant
        let identity = columns.firstIndex(where: \.isIdentity)
        let others = identity.map { [$0] } ?? columns.indices.filter { columns[$0].isKey && $0 != tenant }
        // A tenant has one row of some.
        keys = others.isEmpty ? [tenant] : others
        idColumn = names.firstIndex(of: "id")
        written = columns.indices.filter { $0 != identity }
        changed = Dictionary(
            uniqueKeysWithValues: table.changed.compactMap { name, value in
                names.firstIndex(of: name).map { ($0, value) }
            })
        guard changed.count == table.changed.count else {
            throw DatabaseError.invalid("\(table.name) lacks a column that a copy changes")
        }
        let list = written.map { names[$0] }.joined(separator: ", ")
        let places = (1...written.count).map { "$\($0)" }.joined(separator: ", ")
        insert = Statement("INSERT INTO \(table.name) (\(list)) VALUES (\(places))")
    }

    /// The next rows, every column of each.
    func page(after: [SQLValue]?, limit: Int, in reader: Reader) throws -> [[SQLValue]] {
        let names = columns.map(\.name).joined(separator: ", ")
        let order = keys.map { columns[$0].name }.joined(separator: ", ")
        var sql: SQL =
            "SELECT \(trusted: names) FROM \(trusted: table) WHERE tenant_id = \(reader.tenant)"
        if let after {
            sql += " AND (\(trusted: order)) > ("
            for (index, value) in after.enumerated() { sql += index == 0 ? "\(value)" : ", \(value)" }
            sql += ")"
        }
        sql += " ORDER BY \(trusted: order) LIMIT \(limit)"
        return try reader.all(sql) { row in columns.indices.map { row.value($0) } }
    }

    func key(of row: [SQLValue]) -> [SQLValue] { keys.map { row[$0] } }

    func values(of row: [SQLValue], for tenant: TenantID) -> [SQLValue] {
        written.map { $0 == tenantColumn ? .text(tenant.rawValue) : changed[$0] ?? row[$0] }
    }

    func text(of row: [SQLValue]) -> String? {
        if let idColumn, case .text(let id) = row[idColumn] { id } else { nil }
    }

    func id(of row: [SQLValue]) -> UniqueID {
        text(of: row).flatMap { $0.split(separator: "_").last }.flatMap { UniqueID($0) } ?? .zero
    }
}

/// Removes every row of a sandbox, some at a time.
struct SandboxPurge: Sendable {
    private static let chunk = 100

    let database: Database
    let tables: [SandboxTable]
    let tenant: TenantID

    /// Work in flight goes first: what it still writes is refused then.
    func run() async throws {
        let names = tables.map(\.name)
        for name in ["jobs"] + names where name != "runtime_tenants" && name != "tenants" {
            guard let table = tables.first(where: { $0.name == name }) else { continue }
            let columns = try database.read(tenant) { try $0.columns(of: name) }
            let identity = columns.filter(\.isIdentity)
            let keys = (identity.isEmpty ? columns.filter { $0.isKey && $0.name != "tenant_id" } : identity)
                .map(\.name).joined(separator: ", ")
            while try await remove(from: table, keys.isEmpty ? "tenant_id" : keys) == Self.chunk {}
        }
    }

    private func remove(from table: SandboxTable, _ keys: String) async throws -> Int {
        try await database.write(tenant, .lazy) { tx in
            if let removing = table.removing {
                let ids = try tx.all(
                    """
                    SELECT id FROM \(trusted: table.name) WHERE tenant_id = \(tx.tenant)
                    ORDER BY \(trusted: keys) LIMIT \(Self.chunk)
                    """
                ) { $0.text(0) }
                try removing(tx, ids)
            }
            return try tx.run(
                """
                DELETE FROM \(trusted: table.name) WHERE tenant_id = \(tx.tenant) AND (\(trusted: keys)) IN (
                    SELECT \(trusted: keys) FROM \(trusted: table.name) WHERE tenant_id = \(tx.tenant)
                    ORDER BY \(trusted: keys) LIMIT \(Self.chunk))
                """)
        }
    }
}
