internal import Database
package import JSON
internal import Records

/// The reason why an attempt of a job failed, and what may follow.
package struct JobFailure: Error, Hashable, Sendable {
    package enum Course: Hashable, Sendable {
        /// Tried again after the delay, or after the policy's backoff, as long as attempts are left.
        case retryable(after: Duration?)
        /// Dead at once.
        case terminal
    }

    package let code: String, detail: String
    package let course: Course

    package init(code: String, detail: String, course: Course) {
        (self.code, self.detail, self.course) = (code, detail, course)
    }

    package static func retryable(_ code: String, _ detail: String, after: Duration? = nil) -> JobFailure {
        JobFailure(code: code, detail: detail, course: .retryable(after: after))
    }

    package static func terminal(_ code: String, _ detail: String) -> JobFailure {
        JobFailure(code: code, detail: detail, course: .terminal)
    }

    /// ERR_003: the handler took longer than its kind allows.
    static func timeout(of claim: Claim) -> JobFailure {
        let detail = "the job ran longer than \(claim.timeout.components.seconds) s"
        return claim.retriesTimeouts
            ? retryable("agent_timeout", detail) : terminal("agent_timeout", detail)
    }

    package static func cancelled(_ why: String) -> JobFailure { terminal("cancelled", why) }

    package static let quarantined = terminal(
        "quarantined", "the server's process died several times while the job ran; a person may retry it")

    /// The error's own text stays out: it may hold what people must not see.
    package init(of error: any Error) {
        switch error {
        case let failing as any JobFailing: self = failing.jobFailure
        // Before what has a problem of its own, as these have, too.
        case DatabaseError.unavailable, DatabaseError.tooSlow:
            self = .retryable("database_unavailable", "the database did not answer")
        case let convertible as any ProblemConvertible:
            let problem = convertible.problem
            self = .terminal(problem.code, problem.detail)
        default: self = .retryable("internal_error", "an unexpected error occurred; see the server's log")
        }
    }

    package var json: JSON {
        var object: JSONObject = ["code": .string(code), "detail": .string(detail)]
        let type = Self.known[code] ?? ProblemType.ofService(code)
        if let reference = type?.reference { object.append("reference", .string(reference)) }
        object.append("recommended_action", .string(type?.remedy ?? Self.remedy(code, course)))
        return .object(object)
    }

    private static let known = [
        "agent_timeout": ProblemType.agentTimeout, "database_unavailable": .unavailable,
        "agent_not_active": .agentNotActive,
    ]

    private static func remedy(_ code: String, _ course: Course) -> String {
        switch (code, course) {
        case ("quarantined", _): "Check the server's log for why the process died, then retry the job."
        case ("interrupted", _): "Nothing: the job is retried automatically."
        case ("cancelled", _): "Nothing. Start the job again if it is still needed."
        case (_, .retryable):
            "Nothing while attempts are left. After the last one, fix the cause that detail names, then retry the job."
        case (_, .terminal): "Fix the cause that detail names, then retry the job."
        }
    }
}

/// An error that says itself what becomes of the job that it ends.
package protocol JobFailing: Error {
    var jobFailure: JobFailure { get }
}

extension JobFailure: JobFailing {
    package var jobFailure: JobFailure { self }
}

extension JSON {
    /// The schema of a `JobFailure`, where there is one.
    package static let jobFailureOrNull: JSON = [
        "type": ["object", "null"],
        "properties": [
            "code": anyText, "detail": anyText,
            "reference": ["type": "string", "description": "The number that guides call it by, as ERR_003."],
            "recommended_action": [
                "type": "string", "minLength": 12, "description": "The recommended action for a person.",
            ],
        ],
        "required": ["code", "detail"],
    ]
}

/// The lease was lost: another worker has the job, or it was cancelled. What the handler still wants to
/// write is refused; it has nothing left to do.
package struct LeaseLost: Error, Sendable {
    package init() {}
}
