import Synchronization

/// The server's report on a statement that failed.
struct PostgreSQLFault {
    let state: String, message: String
    let table: String, column: String, constraint: String

    /// Two transactions met, the server's table of locks was full, or the schema has changed since the statement was
    /// prepared.
    var mayRunAgain: Bool { state == "40001" || state == "40P01" || isOutOfLocks || isOfOlderSchema }

    private var isOutOfLocks: Bool { state == "53200" && message.contains("shared memory") }

    var isOfOlderSchema: Bool { state == "0A000" && message.contains("cached plan") }

    /// A message may quote a bound value, so only those about the statement itself go further.
    func error(_ statement: String, _ catalog: PostgreSQLCatalog) -> DatabaseError {
        switch state {
        case "23505": .constraint(.unique(catalog.columns(ofUnique: constraint)))
        case "23503": .constraint(.foreignKey)
        case "23514": .constraint(.check(constraint))
        case "23502": .constraint(.notNull("\(table).\(column)"))
        case "40001", "40P01", "55P03": .unavailable(.locked)
        case "57014": .tooSlow
        case _ where isOutOfLocks: .unavailable(.locked)
        case "53100": .unavailable(.diskFull)
        case "53200": .unavailable(.outOfMemory)
        case "25006": .unavailable(.readOnly)
        case "XX001", "XX002": .unavailable(.corrupt(message))
        case "42501" where message.contains("row-level security"):
            .invalid("a row of another tenant was written in: \(statement)")
        case _ where isOfOlderSchema: .unavailable(.locked)
        case _ where ["08", "53", "57", "58"].contains(state.prefix(2)):
            .unavailable(.unreachable("\(message) (\(state))"))
        case _ where state.hasPrefix("42"): .invalid("\(message) (\(state)) in: \(statement)")
        default: .invalid("error \(state) in: \(statement)")
        }
    }
}

/// The columns of the unique indexes, for the words of a violation. The server tells only the index's name, once row
/// level security is on.
final class PostgreSQLCatalog: Sendable {
    private let uniques = Mutex<[String: [String]]>([:])

    func columns(ofUnique name: String) -> [String] { uniques.withLock { $0[name] } ?? [name] }

    func load(_ connection: PostgreSQLConnection) throws {
        var found: [String: [String]] = [:]
        try connection.rows(Self.query, []) { row in
            // An index over an expression goes by its own name, as on SQLite.
            if !row.isNull(2) { found[row.text(0), default: []].append("\(row.text(1)).\(row.text(2))") }
            if row.isNull(2) { found[row.text(0)] = [row.text(0)] }
            return true
        }
        uniques.withLock { [found] in $0 = found }
    }

    private static let query = """
        SELECT i.relname::text, t.relname::text, a.attname::text
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
            JOIN pg_namespace n ON n.oid = t.relnamespace
            CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k (number, place)
            LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0
        WHERE x.indisunique AND n.nspname = 'public' ORDER BY i.relname, k.place
        """
}
