package import Database

extension DatabaseError: ProblemConvertible {
    /// The problem that tells a caller what to do about the error; the cause goes to the log, never into the answer.
    package var problem: Problem {
        switch self {
        case .constraint(.unique):
            Problem(
                .alreadyExists,
                "Another record already has this value: use that record, or send another value.")
        case .constraint(.foreignKey):
            Problem(
                .conflict,
                "The record refers to one that does not exist, or others still refer to it: remove the reference first."
            )
        case .unavailable(let reason):
            Problem(.unavailable, reason.told).with(header: "Retry-After", "1")
        case .tooSlow: Problem(.tooSlow)
        default: Problem(.internalError)
        }
    }
}

extension DatabaseError.Unavailability {
    /// Describes the failure to a caller; the words of the server and of the system stay in the log.
    fileprivate var told: String {
        let reason: String
        switch self {
        case .diskFull: reason = "The server's disk is full."
        case .readOnly: reason = "The database can only be read at the moment."
        case .outOfMemory: reason = "The database has run out of memory."
        case .locked, .queueFull: reason = "The database is busy."
        case .closed: reason = "The server is stopping."
        case .unreachable: reason = "The database server cannot be reached."
        case .inDoubt:
            return """
                The connection to the database was lost while the request was being saved, so it may or may not have been \
                saved. Check before you send it again, or send it again with the same Idempotency-Key.
                """
        case .inputOutput, .corrupt: reason = "The database's file could not be read or written."
        }
        return "\(reason) Nothing was written; try again in a moment."
    }
}
