internal import Records

/// Sentences about what went wrong. Services and programs say it in English; readers are told by its code.
extension Saying {
    /// Says what went wrong: by its code where the reader's language has words for it, else as it was said.
    package static func cause(_ code: String, _ detail: String) -> Saying {
        Saying("failure.cause", ["code": .text(kind(of: code)), "detail": .text(detail)])
    }

    /// Says what a person should do about it. `isOver`: nothing is tried again by itself.
    package static func remedy(_ code: String, isOver: Bool) -> Saying {
        Saying("failure.remedy", ["code": .text(kind(of: code)), "over": .flag(isOver)])
    }

    /// The kind of failure by which words are chosen; a code that has none stays.
    private static func kind(of code: String) -> String {
        kinds[code] ?? kinds[ProblemType.ofService(code)?.code ?? ""]
            ?? (isFault(code) ? "unavailable" : code)
    }

    /// Returns whether a code names an answer by which a service says that it is at fault: `postmark_503`.
    private static func isFault(_ code: String) -> Bool {
        code.split(separator: "_").last.flatMap { Int($0) }.map { (500...599).contains($0) } ?? false
    }

    private static let kinds: [String: String] = [
        "unauthenticated": "credentials", "access_refused": "credentials",
        "sign_in_refused": "credentials", "service_refuses": "credentials",
        "consent_refused": "credentials", "consent_missing": "credentials",
        "smtp_535": "credentials", "postmark_10": "credentials", "credentials_expired": "expired",
        "permission_missing": "permission",
        "rate_limited": "rate_limited", "service_rate_limited": "rate_limited",
        "unreachable": "unreachable", "connection_broken": "unreachable", "timeout": "timeout",
        "interrupted": "interrupted", "unavailable": "unavailable", "not_found": "not_found",
        "refused": "refused", "invalid_answer": "unreadable", "malformed_answer": "unreadable",
        "answer_too_large": "unreadable", "lookup_failed": "lookup", "internal_error": "internal",
        "agent_timeout": "agent_timeout", "database_unavailable": "database",
        "quarantined": "quarantined", "cancelled": "cancelled", "disabled": "disabled",
        "backup_failed": "backup", "quota_exhausted": "quota", "budget_exhausted": "budget",
        "address_refused": "address", "in_doubt": "in_doubt",
    ]
}
