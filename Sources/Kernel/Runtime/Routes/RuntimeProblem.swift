internal import JSON
package import Records

extension RuntimeError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound, .unknownAgent: Problem(.notFound)
        case .agentNotActive(let agent, let reason): Problem(.agentNotActive, "\(agent): \(reason)")
        case .invalidTransition(let state, let allowed):
            Problem(.invalidTransition, "It is \(state).", extra: ["allowed": JSON(allowed)])
        case .invalidCron(let reason): .fault("/cron", "invalid_cron", reason)
        case .invalidTimeZone(let reason): .fault("/time_zone", "invalid_time_zone", reason)
        case .invalidValues(let faults): Problem(faults: faults.map { $0.fault() })
        case .versionMismatch: Problem(.versionMismatch)
        case .forbidden(let agent, let permission):
            Problem(.forbidden, "\(agent) has no permission \(permission.name).")
        case .conflict(let reason): Problem(.conflict, reason)
        }
    }
}

extension ValueFault {
    /// As a fault of a body in which the document is found at `place`.
    package func fault(at place: String = "") -> Fault {
        Fault(place + pointer, code, detail, choices: choices)
    }
}
