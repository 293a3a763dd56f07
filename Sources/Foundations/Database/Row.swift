internal import CSQLite
package import Nouns
package import Telemetry

/// The current row of a running statement. Good only inside the callback that it is handed to. Columns
/// count from 0. A null reads as 0, 0.0, "" or [] where the accessor is not optional.
@safe package struct Row {
    @safe enum Engine {
        case sqlite(OpaquePointer)
        /// Held by who runs the statement; unmanaged, so that a row is as cheap to hand on as on the other engine.
        case postgreSQL(Unmanaged<PostgreSQLResult>)
    }

    let engine: Engine

    package var columnCount: Int {
        switch engine {
        case .postgreSQL(let result): unsafe result._withUnsafeGuaranteedRef { $0.columnCount }
        case .sqlite(let row): Int(unsafe sqlite3_column_count(row))
        }
    }

    package func isNull(_ column: Int) -> Bool {
        switch engine {
        case .postgreSQL(let result): unsafe result._withUnsafeGuaranteedRef { $0.isNull(column) }
        case .sqlite(let row):
            unsafe sqlite3_column_type(row, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
        }
    }

    /// An integer of whatever the column holds: a real is cut, a text read as far as it is a number.
    package func int64(_ column: Int) -> Int64 {
        switch engine {
        case .postgreSQL(let result): unsafe result._withUnsafeGuaranteedRef { $0.int64(column) }
        case .sqlite(let row): unsafe sqlite3_column_int64(row, Int32(truncatingIfNeeded: column))
        }
    }

    package func double(_ column: Int) -> Double {
        switch engine {
        case .postgreSQL(let result): unsafe result._withUnsafeGuaranteedRef { $0.double(column) }
        case .sqlite(let row): unsafe sqlite3_column_double(row, Int32(truncatingIfNeeded: column))
        }
    }

    /// Lends the column's text, in UTF-8, for the duration of the call. The same as its bytes for a blob.
    package func withText<T, E>(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> T
    ) throws(E) -> T {
        switch engine {
        case .postgreSQL(let result): return try unsafe result.takeUnretainedValue().withText(column, body)
        case .sqlite(let row):
            let index = Int32(truncatingIfNeeded: column)
            // The order is SQLite's demand: the pointer first, then its length.
            let start = unsafe sqlite3_column_text(row, index)
            let count = Int(unsafe sqlite3_column_bytes(row, index))
            return try unsafe body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
        }
    }

    /// The contents of a column, read in one go. The bytes are lent until the statement moves on.
    @unsafe package enum Cell {
        case null
        case integer(Int64)
        case real(Double)
        /// A text, in UTF-8, or a blob.
        case bytes(UnsafeBufferPointer<UInt8>)
    }

    package func cell(_ column: Int) -> Cell {
        switch engine {
        case .postgreSQL(let result): return unsafe result.takeUnretainedValue().cell(column)
        case .sqlite(let row):
            // Unprotected, which matters to connections that threads share: ours are not.
            let value = unsafe sqlite3_column_value(row, Int32(truncatingIfNeeded: column))
            switch unsafe sqlite3_value_type(value) {
            case SQLITE_NULL: return unsafe .null
            case SQLITE_INTEGER: return unsafe .integer(sqlite3_value_int64(value))
            case SQLITE_FLOAT: return unsafe .real(sqlite3_value_double(value))
            default:
                let start = unsafe sqlite3_value_text(value)
                let count = Int(unsafe sqlite3_value_bytes(value))
                return unsafe .bytes(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
            }
        }
    }

    package func blob(_ column: Int) -> [UInt8] {
        switch engine {
        case .postgreSQL(let result): return unsafe result._withUnsafeGuaranteedRef { $0.blob(column) }
        case .sqlite(let row):
            let index = Int32(truncatingIfNeeded: column)
            guard let start = unsafe sqlite3_column_blob(row, index) else { return [] }
            return unsafe Array(
                UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, index))))
        }
    }

    /// The column as what it holds.
    package func value(_ column: Int) -> SQLValue {
        switch engine {
        case .postgreSQL(let result): unsafe result._withUnsafeGuaranteedRef { $0.value(column) }
        case .sqlite(let row):
            switch unsafe sqlite3_column_type(row, Int32(truncatingIfNeeded: column)) {
            case SQLITE_INTEGER: .integer(int64(column))
            case SQLITE_FLOAT: .real(double(column))
            case SQLITE_TEXT: .text(text(column))
            case SQLITE_BLOB: .blob(blob(column))
            default: .null
            }
        }
    }
}

extension Row {
    package func int(_ column: Int) -> Int { Int(truncatingIfNeeded: int64(column)) }
    package func bool(_ column: Int) -> Bool { int64(column) != 0 }
    package func instant(_ column: Int) -> Instant { Instant(microseconds: int64(column)) }
    package func text(_ column: Int) -> String {
        unsafe withText(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The identifier behind a prefix and `_`; `nil` where the column is null, or holds another's.
    package func uniqueID(_ column: Int, behind prefix: String) -> UniqueID? {
        unsafe withText(column) { unsafe UniqueID(utf8: $0, behind: prefix) }
    }

    package func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    package func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
    package func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    package func optionalBool(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
    package func optionalInstant(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}
