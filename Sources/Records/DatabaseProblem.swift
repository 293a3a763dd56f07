package import Database

extension DatabaseError: ProblemConvertible {
    /// What a caller can do about it; the cause goes to the log, never into the answer.
    package var problem: Problem {
        switch self {
        case .constraint(.unique): Problem(.alreadyExists, "Another record has that value already.")
        case .constraint(.foreignKey):
            Problem(.conflict, "Something it refers to, or that refers to it, stands in the way.")
        case .unavailable: Problem(.unavailable).with(header: "Retry-After", "1")
        case .tooSlow: Problem(.tooSlow)
        default: Problem(.internalError)
        }
    }
}
