/// An error in the database, cut by what a caller can do about it. No text here holds a bound value.
package enum DatabaseError: Error, Hashable, Sendable {
    /// The schema refused the row: answer 409 or 422, by what was violated.
    case constraint(Constraint)
    /// Nothing can be written, or read, for now: answer 503 and let the caller try again.
    case unavailable(Unavailability)
    /// The statement was stopped at its time limit.
    case tooSlow
    /// Another process serves this folder; the text says which.
    case inUse(by: String)
    /// The file is not ours, or of another version: refuse to start, and show the text.
    case incompatible(String)
    /// A fault of the program: wrong SQL, wrong number of values, use after the closure.
    case invalid(String)

    /// The rule of the schema that a row broke.
    package enum Constraint: Hashable, Sendable {
        /// The columns as `table.column`, or the name of an index over expressions.
        case unique([String])
        case foreignKey
        /// The name of the check, or its expression when it has none.
        case check(String)
        /// The column as `table.column`.
        case notNull(String)
    }

    /// The reason why the database is out of reach for now.
    package enum Unavailability: Hashable, Sendable {
        case diskFull
        case readOnly
        case outOfMemory
        /// A lock was not to be had in time.
        case locked
        /// More requests wait for the writer than the queue holds.
        case queueFull
        case closed
        /// The server did not answer, or went away; its own words.
        case unreachable(String)
        /// The server went away while it committed: what was written may be there, or not.
        case inDoubt
        /// The operating system's or SQLite's word for it.
        case inputOutput(String)
        case corrupt(String)
    }
}

extension DatabaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .constraint(.unique(let columns)):
            "a row with the same \(columns.joined(separator: ", ")) exists"
        case .constraint(.foreignKey): "a row that is referred to does not exist, or is still referred to"
        case .constraint(.check(let name)): "the check \(name) failed"
        case .constraint(.notNull(let column)): "\(column) must not be null"
        case .unavailable(let reason): "the database is unavailable: \(reason)"
        case .tooSlow: "the statement was stopped at its time limit"
        case .inUse(let owner): "the data folder is in use by \(owner)"
        case .incompatible(let message), .invalid(let message): message
        }
    }
}

extension DatabaseError.Unavailability: CustomStringConvertible {
    package var description: String {
        switch self {
        case .diskFull: "the disk is full"
        case .readOnly: "the file is read-only"
        case .outOfMemory: "out of memory"
        case .locked: "locked"
        case .queueFull: "busy: too many writes are waiting"
        case .closed: "closed"
        case .unreachable(let text): "the server cannot be reached: \(text)"
        case .inDoubt: "the server was lost during a commit: whether it was made is not known"
        case .inputOutput(let text): text
        case .corrupt(let text): "damaged: \(text)"
        }
    }
}
