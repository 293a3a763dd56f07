/// An INSERT of many rows, kept as a `static let`: a few statements for fixed numbers of rows, each of which is
/// prepared once. One of them costs less than one for each row.
package struct RowsStatement: Sendable {
    /// The numbers of rows that one statement inserts, largest first.
    private static let sizes = [64, 8, 1]

    fileprivate let statements: [(size: Int, statement: Statement)]

    /// `head` ends with the names of the columns, of which there are so many.
    package init(_ head: String, columns: Int) {
        statements = Self.sizes.map { size in
            let rows = (0..<size).map { row in
                "(\((1...columns).map { "$\(columns * row + $0)" }.joined(separator: ", ")))"
            }
            return (size, Statement("\(head) VALUES \(rows.joined(separator: ", "))"))
        }
    }
}

extension WriteScope {
    /// Inserts rows, in their order.
    package func run(_ statement: RowsStatement, _ rows: [[SQLValue]]) throws(DatabaseError) {
        var rest = rows[...]
        for (size, statement) in statement.statements {
            while rest.count >= size {
                try run(statement, Array(rest.prefix(size).joined()))
                rest = rest.dropFirst(size)
            }
        }
    }
}
