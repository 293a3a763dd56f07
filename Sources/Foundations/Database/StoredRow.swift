package import JSON
package import Nouns
package import Telemetry

/// A value that is read from one row. It asks for each column by its name, and `SELECT` lists what it asks for: a new
/// column is one more call in `init`, and none can be out of place.
///
///     init(_ row: inout ColumnReader) { (id, title) = (row.text("id"), row.text("title")) }
///     static let columns = Columns(of: Self.self)
///
/// Statements say `"SELECT \(Alert.columns) FROM alerts WHERE …"`, and map their rows with `Alert.init`.
package protocol StoredRow: Sendable {
    /// The columns, made once: `Columns(of: Self.self)`.
    static var columns: Columns { get }
    /// Reads every column, also one that means nothing beside what another holds: which columns there are must not
    /// depend on a row.
    init(_ row: inout ColumnReader) throws
}

extension StoredRow {
    /// Reads a row whose statement begins with `SELECT \(columns)`.
    package init(_ row: Row) throws {
        var reader = ColumnReader(row)
        try self.init(&reader)
        precondition(
            reader.count == Self.columns.names.count, "\(Self.self) does not read all of its columns")
    }
}

/// The columns that a `StoredRow` reads, in its order.
package struct Columns: SQLText {
    package let names: [String]
    /// Separates the names by commas.
    package let description: String

    package init<R: StoredRow>(of type: R.Type) {
        var reader = ColumnReader(nil)
        do {
            _ = try R(&reader)
        } catch {
            preconditionFailure("\(R.self) cannot say what it reads: \(error)")
        }
        names = reader.names
        description = names.joined(separator: ", ")
    }

    /// Returns the columns of one of a statement's tables, by its name there. Those that the statement works out are
    /// named, with how.
    package func of(_ table: String, with computed: [String: String] = [:]) -> String {
        names.map { name in computed[name].map { "\($0) AS \(name)" } ?? "\(table).\(name)" }
            .joined(separator: ", ")
    }
}

/// Reads the columns of a row one after the other. Without a row it only notes what it is asked for, and gives what a
/// null reads as.
package struct ColumnReader {
    private let row: Row?
    package private(set) var names: [String] = []
    /// The number of columns that were asked for.
    package private(set) var count = 0

    /// Whether there are values to read: what has to be valid need not be without.
    package var hasRow: Bool { row != nil }

    init(_ row: Row?) { self.row = row }

    private mutating func next(_ name: String) -> Int {
        if row == nil { names.append(name) }
        count += 1
        return count - 1
    }

    /// Reads a column as its kind is read from a row.
    package mutating func value<T>(_ name: String, _ read: (Row, Int) -> T?) -> T? {
        let column = next(name)
        return row.flatMap { read($0, column) }
    }

    package mutating func int64(_ name: String) -> Int64 {
        let column = next(name)
        return row?.int64(column) ?? 0
    }

    package mutating func double(_ name: String) -> Double {
        let column = next(name)
        return row?.double(column) ?? 0
    }

    package mutating func text(_ name: String) -> String {
        let column = next(name)
        return row?.text(column) ?? ""
    }

    package mutating func optionalInt64(_ name: String) -> Int64? {
        let column = next(name)
        return row?.optionalInt64(column)
    }

    package mutating func optionalDouble(_ name: String) -> Double? {
        let column = next(name)
        return row?.optionalDouble(column)
    }

    package mutating func optionalText(_ name: String) -> String? {
        let column = next(name)
        return row?.optionalText(column)
    }

    /// Reads the identifier behind a prefix and `_`; `nil` where the column is null, or holds another's.
    package mutating func uniqueID(_ name: String, behind prefix: String) -> UniqueID? {
        let column = next(name)
        return row?.uniqueID(column, behind: prefix)
    }

    package mutating func optionalBlob(_ name: String) -> [UInt8]? {
        let column = next(name)
        return row?.optionalBlob(column)
    }

    /// Reads a document; throws where the text is none.
    package mutating func json(_ name: String) throws(JSONError) -> JSON {
        let column = next(name)
        guard let row else { return .null }
        return try JSONParser.parse(row.text(column))
    }

    /// Reads a document; `nil` where the column is null.
    package mutating func optionalJSON(_ name: String) throws(JSONError) -> JSON? {
        guard let text = optionalText(name) else { return nil }
        return try JSONParser.parse(text)
    }
}

extension ColumnReader {
    package mutating func int(_ name: String) -> Int { Int(truncatingIfNeeded: int64(name)) }
    package mutating func bool(_ name: String) -> Bool { int64(name) != 0 }
    package mutating func instant(_ name: String) -> Instant { Instant(microseconds: int64(name)) }

    package mutating func optionalInt(_ name: String) -> Int? {
        optionalInt64(name).map { Int(truncatingIfNeeded: $0) }
    }
    package mutating func optionalInstant(_ name: String) -> Instant? {
        optionalInt64(name).map { Instant(microseconds: $0) }
    }
}
