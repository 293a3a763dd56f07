internal import CGathering
internal import CSQLite

/// The facts about the library as a whole.
enum SQLiteLibrary {
    static var version: String { unsafe String(cString: sqlite3_libversion()) }

    /// The file system of the connection that writes: it writes a commit's part of the log at once.
    static let gathering = "bureau-gathering"

    private static let configuration = {
        let code = bureau_sqlite_configure()
        return code == SQLITE_OK ? unsafe bureau_gathering_register(gathering, nil) : code
    }()

    /// Once, before the first connection.
    static func configure() throws(DatabaseError) {
        guard configuration == SQLITE_OK else {
            throw .invalid("SQLite was used before it was configured (code \(configuration))")
        }
    }

    /// The error for a result code. A message may quote a bound value (full-text search does), so only
    /// those of constraints and of statements that did not compile go further.
    static func failure(
        _ code: Int32, message: String, statement: String, didCompile: Bool = true
    ) -> DatabaseError {
        switch code & 0xFF {
        case SQLITE_CONSTRAINT: constraint(code, message, statement)
        case SQLITE_FULL: .unavailable(.diskFull)
        case SQLITE_READONLY: .unavailable(.readOnly)
        case SQLITE_NOMEM: .unavailable(.outOfMemory)
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .unavailable(.locked)
        case SQLITE_IOERR, SQLITE_CANTOPEN: .unavailable(.inputOutput(describe(code)))
        case SQLITE_CORRUPT, SQLITE_NOTADB: .unavailable(.corrupt(describe(code)))
        case SQLITE_INTERRUPT: .tooSlow
        case SQLITE_TOOBIG: .invalid("a value is too large in: \(statement)")
        case SQLITE_ERROR where !didCompile: .invalid("\(message) in: \(statement)")
        default: .invalid("\(describe(code)) in: \(statement)")
        }
    }

    private static func describe(_ code: Int32) -> String {
        unsafe String(cString: sqlite3_errstr(code))
    }

    private static func constraint(_ code: Int32, _ message: String, _ statement: String) -> DatabaseError {
        let subject =
            message.split(separator: ": ", maxSplits: 1).dropFirst().first.map(String.init) ?? message
        switch code {
        case SQLITE_CONSTRAINT_UNIQUE_, SQLITE_CONSTRAINT_PRIMARYKEY_, SQLITE_CONSTRAINT_ROWID_:
            if subject.hasPrefix("index '") {
                return .constraint(.unique([String(subject.dropFirst(7).dropLast())]))
            }
            return .constraint(.unique(subject.split(separator: ", ").map(String.init)))
        case SQLITE_CONSTRAINT_FOREIGNKEY_: return .constraint(.foreignKey)
        case SQLITE_CONSTRAINT_NOTNULL_: return .constraint(.notNull(subject))
        case SQLITE_CONSTRAINT_CHECK_, SQLITE_CONSTRAINT_TRIGGER_: return .constraint(.check(subject))
        // A text in an integer column of a STRICT table: the program bound the wrong type.
        default: return .invalid("\(message) in: \(statement)")
        }
    }
}

// The header spells extended codes as expressions, which do not import.
private let SQLITE_CONSTRAINT_CHECK_: Int32 = 275
private let SQLITE_CONSTRAINT_FOREIGNKEY_: Int32 = 787
private let SQLITE_CONSTRAINT_NOTNULL_: Int32 = 1299
private let SQLITE_CONSTRAINT_PRIMARYKEY_: Int32 = 1555
private let SQLITE_CONSTRAINT_TRIGGER_: Int32 = 1811
private let SQLITE_CONSTRAINT_UNIQUE_: Int32 = 2067
private let SQLITE_CONSTRAINT_ROWID_: Int32 = 2579
