internal import JSON
package import Records

/// A refusal by the runtime, cut by what a caller can do about it.
package enum RuntimeError: Error, Equatable, Sendable {
    case notFound
    case unknownAgent(String)
    /// The agent stands by or is disabled; the text says why.
    case agentNotActive(agent: String, reason: String)
    /// The status of a record, named by its noun, does not allow what was asked.
    case invalidTransition(of: String, from: String, allowed: [String])
    case invalidCron(String)
    case invalidTimeZone(String)
    /// Faults of a configuration or of parameters.
    case invalidValues([ValueFault])
    case versionMismatch
    /// An agent wanted to do what it has no permission for.
    case forbidden(agent: String, Permission)
    case conflict(String)
}

/// A fault of one value of a document.
package struct ValueFault: Hashable, Sendable {
    /// A JSON Pointer (RFC 6901).
    package let pointer: String
    /// The code as in the API: `required`, `wrong_type`, `out_of_range`, `unknown_field`, …
    package let code: String
    package let detail: String
    /// The choices of an `invalid_choice`.
    package let choices: [String]?

    package init(pointer: String, code: String, detail: String, choices: [String]? = nil) {
        (self.pointer, self.code, self.detail, self.choices) = (pointer, code, detail, choices)
    }
}

extension RuntimeError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound, .unknownAgent: Problem(.notFound)
        case .agentNotActive(let agent, let reason):
            Problem(.agentNotActive, "The agent \(agent) is not active: \(reason)")
        case .invalidTransition(let noun, let status, let allowed):
            Problem(
                .invalidTransition, "The \(noun) is \(status), which does not allow this.",
                extra: ["allowed": JSON(allowed)])
        case .invalidCron(let reason): .fault("/cron", "invalid_cron", "cron is not valid: \(reason).")
        case .invalidTimeZone(let reason):
            .fault("/time_zone", "invalid_time_zone", "time_zone is not valid: \(reason).")
        case .invalidValues(let faults): Problem(faults: faults.map { $0.fault() })
        case .versionMismatch: Problem(.versionMismatch)
        case .forbidden(let agent, let permission):
            Problem(.forbidden, "The agent \(agent) does not have the permission \(permission.name).")
        case .conflict(let reason): Problem(.conflict, reason)
        }
    }
}

extension ValueFault {
    /// Returns the fault for a body in which the document is found at `place`.
    package func fault(at place: String = "") -> Fault {
        Fault(place + pointer, code, detail, choices: choices)
    }
}

extension Problem {
    /// 422 for one member of a body.
    package static func fault(
        _ pointer: String, _ code: String, _ detail: String, choices: [String]? = nil
    ) -> Problem {
        Problem(faults: [Fault(pointer, code, detail, choices: choices)])
    }
}
