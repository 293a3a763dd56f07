/// An index beside those that releases make, since a statement that took long would use it: advised by the statement's
/// text, made where an operator wants it, and taken away again the same way.
package struct AdvisedIndex: Hashable, Sendable {
    /// The beginning of the names of all of them; no release has such an index.
    package static let prefix = "advised_"
    /// Longer names are cut by a server.
    private static let nameMax = 63, readableMax = 46

    package let table: String, columns: [String]

    package init(table: String, columns: [String]) { (self.table, self.columns) = (table, columns) }

    /// Its name, which follows from the table and the columns.
    package var name: String {
        let name = Self.prefix + ([table] + columns).joined(separator: "_")
        guard name.utf8.count > Self.nameMax else { return name }
        var whole = Fingerprint()
        whole.add(bytes: name.utf8)
        return "\(name.prefix(Self.readableMax))_\(String(whole.value, radix: 16))"
    }

    /// The statement's part behind `CREATE INDEX`, before the table: `name ON table (columns)`.
    var definition: String {
        let list = columns.map(\.asIdentifier).joined(separator: ", ")
        return "\(name.asIdentifier) ON \(table.asIdentifier) (\(list))"
    }
}

extension Database {
    /// Rows of a table of a file from which an index on it is not made at once: no write could be made meanwhile.
    private static let rowsMadeAtOnce = 50_000

    /// Makes an index. On a server all goes on meanwhile; a file makes no write meanwhile, which is why large tables
    /// wait for a quiet hour (`mustWait`). Blocks the calling thread.
    package func make(_ index: AdvisedIndex) throws {
        try refuseOnWriter()
        switch engine {
        case .sqlite(let engine): try engine.make(index)
        case .postgreSQL(let engine): try engine.make(index)
        }
    }

    /// Takes an advised index away; of any other name nothing happens. Blocks the calling thread.
    package func removeIndex(named name: String) throws {
        try refuseOnWriter()
        guard name.hasPrefix(AdvisedIndex.prefix) else { return }
        switch engine {
        case .sqlite(let engine): try engine.removeIndex(named: name)
        case .postgreSQL(let engine): try engine.removeIndex(named: name)
        }
    }

    /// Returns whether a table is so large that writes would notice that an index on it is made.
    package func mustWait(forIndexOn table: String) throws -> Bool {
        guard case .sqlite = engine else { return false }
        let rows: SQL = "SELECT count(*) FROM (SELECT 1 FROM \(trusted: table) LIMIT \(Self.rowsMadeAtOnce))"
        return try acrossTenantsRead { try $0.int(rows) } == Int64(Self.rowsMadeAtOnce)
    }

    /// Returns the advised indexes that are there, by name.
    package func advisedIndexes() throws -> [AdvisedIndex] {
        switch engine {
        case .sqlite(let engine): try engine.advisedIndexes()
        case .postgreSQL(let engine): try engine.advisedIndexes()
        }
    }

    /// Returns the names of a table's columns; empty where there is no such table.
    package func columnNames(of table: String) throws -> [String] {
        try acrossTenantsRead { try $0.columns(of: table).map(\.name) }
    }
}
