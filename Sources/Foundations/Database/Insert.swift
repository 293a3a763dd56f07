internal import Synchronization

/// An INSERT of one row, whose columns stand beside their values where it is run: no list has to be kept in the order
/// of another. Like a `Statement` it is kept as a `static let`, with a text that never changes: it is made of the
/// columns that are named first, and later runs name the same ones.
///
///     private let insertAlert = Insert(into: "alerts")
///     try tx.run(insertAlert, ["id": id.sqlValue, "title": title.sqlValue])
///
/// A transaction of a tenant adds `tenant_id`.
package final class Insert: Sendable {
    private struct Made {
        let columns: [String]
        let statement: Statement
    }

    private let table: String, tail: String
    private let made = Mutex<Made?>(nil)

    /// `tail` is the rest of the statement: what a row that is there already means, and what is returned.
    package init(into table: String, _ tail: String = "") { (self.table, self.tail) = (table, tail) }

    fileprivate func statement(_ row: KeyValuePairs<String, SQLValue>) -> Statement {
        let found = made.withLock { made in
            if let made { return made }
            let new = make(row.map { $0.key })
            made = new
            return new
        }
        precondition(
            found.columns.elementsEqual(row.lazy.map { $0.key }),
            "another row was inserted into \(table) by the same statement: \(row.map { $0.key })")
        return found.statement
    }

    private func make(_ columns: [String]) -> Made {
        let places = (1...columns.count + 1).map { "$\($0)" }.joined(separator: ", ")
        return Made(
            columns: columns,
            statement: Statement(
                """
                INSERT INTO \(table) (tenant_id, \(columns.joined(separator: ", "))) VALUES (\(places))
                \(tail)
                """))
    }
}

extension Transaction {
    /// Inserts a row of the tenant's, and gives the number of rows that were inserted or updated.
    @discardableResult
    package func run(_ insert: Insert, _ row: KeyValuePairs<String, SQLValue>) throws(DatabaseError) -> Int {
        try run(insert.statement(row), values(row))
    }

    /// Inserts a row of the tenant's, and maps what the statement returns; `nil` when nothing was inserted.
    package func first<T>(
        _ insert: Insert, _ row: KeyValuePairs<String, SQLValue>, _ map: (Row) throws -> T
    ) throws -> T? {
        try first(insert.statement(row), values(row), map)
    }

    private func values(_ row: KeyValuePairs<String, SQLValue>) -> [SQLValue] {
        var values = [tenant.sqlValue]
        values.reserveCapacity(row.count + 1)
        for (_, value) in row { values.append(value) }
        return values
    }
}
