internal import JSON
package import Jobs
package import Records
internal import Telemetry

/// An attempt went out and failed.
package struct ToolFailure: JobFailing, Hashable {
    package let code: String, detail: String
    package let isRetryable: Bool
    /// The delay that the other side asked for.
    package var retryAfter: Duration?
    /// It may have taken effect all the same: no answer came.
    package var isAmbiguous = false
    /// The provider is at fault, not the call: counts for its circuit breaker.
    package var blamesProvider = false

    package init(
        _ code: String, _ detail: String, isRetryable: Bool, retryAfter: Duration? = nil,
        isAmbiguous: Bool = false, blamesProvider: Bool = false
    ) {
        (self.code, self.detail, self.isRetryable) = (code, detail, isRetryable)
        (self.retryAfter, self.isAmbiguous, self.blamesProvider) = (retryAfter, isAmbiguous, blamesProvider)
    }

    static func timeout(_ limit: Duration) -> ToolFailure {
        ToolFailure(
            "timeout", "no answer came within \(limit.components.seconds) s", isRetryable: true,
            isAmbiguous: true, blamesProvider: true)
    }

    static let interrupted = ToolFailure(
        "interrupted", "the call was interrupted", isRetryable: true, isAmbiguous: true)

    /// The failure of a job that works on the call.
    package var jobFailure: JobFailure {
        isRetryable ? .retryable(code, detail, after: retryAfter) : .terminal(code, detail)
    }

    /// With what to do about it, as a job's failure has it.
    var json: JSON {
        jobFailure.json.merging(["retryable": .bool(isRetryable), "ambiguous": .bool(isAmbiguous)])
    }

    /// As it was stored.
    init(stored json: JSON) {
        self.init(
            json["code"]?.text ?? "failed", json["detail"]?.text ?? "",
            isRetryable: json["retryable"]?.flag ?? true,
            isAmbiguous: json["ambiguous"]?.flag ?? false)
    }
}

/// A call was not let out: nothing has happened.
package struct ToolRefusal: JobFailing, Hashable {
    /// `budget_exhausted`, `quota_exhausted`, `quota_near`, `tool_unavailable`, `tool_disabled`, `forbidden`,
    /// `unknown_tool`, `not_callable`, `loop_detected`, `brake`, `agent_stopped`, `approval_rejected`,
    /// `approval_expired`, `validation_failed`, or the code of a single fault.
    package let code: String, detail: String
    /// The faults of the arguments, by pointers relative to them.
    package var faults: [ValueFault] = []
    /// The delay after which it may go through; `nil` when waiting does not help.
    package var retryAfter: Duration?

    package init(_ code: String, _ detail: String, faults: [ValueFault] = [], retryAfter: Duration? = nil) {
        (self.code, self.detail, self.faults, self.retryAfter) = (code, detail, faults, retryAfter)
    }

    /// Why the connector that a call names may not be asked now.
    init(_ refusal: ConnectorRefusal, at now: Instant) {
        self.init(
            refusal.cause == .circuit ? "tool_unavailable" : refusal.code, refusal.detail,
            retryAfter: refusal.until - now)
    }

    /// Returns the refusal of a call that a brake holds: the call is made once the brake is released.
    static func held(by brake: String) -> ToolRefusal {
        ToolRefusal(
            "brake", "the brake \(brake) holds back the call until it is released", retryAfter: .seconds(60))
    }

    /// Returns the refusal of a tool that the agency has switched off.
    static func disabled(_ tool: String) -> ToolRefusal {
        ToolRefusal("tool_disabled", "the tool \(tool) is switched off for the agency")
    }

    static func notCallable(_ tool: String) -> ToolRefusal {
        ToolRefusal("not_callable", "the tool \(tool) cannot be called directly; Bureau uses it itself")
    }

    package var isHeld: Bool { code == "brake" }

    static func invalid(_ faults: [ValueFault]) -> ToolRefusal {
        faults.count == 1
            ? ToolRefusal(faults[0].code, "\(faults[0].pointer): \(faults[0].detail)", faults: faults)
            : ToolRefusal(
                "validation_failed",
                "The arguments have \(faults.count) faults: "
                    + faults.map { "\($0.pointer) \($0.code)" }.joined(separator: ", "),
                faults: faults)
    }

    /// The failure of a job that works on the call: tried again when waiting helps. Raising a spent budget is for
    /// people, and its next period may be a month away: no job waits for that.
    package var jobFailure: JobFailure {
        guard code != "budget_exhausted", let retryAfter else { return .terminal(code, detail) }
        return .retryable(code, detail, after: retryAfter)
    }
}

extension ToolRefusal: ProblemConvertible {
    package var problem: Problem {
        if !faults.isEmpty { return Problem(faults: faults.map { $0.fault() }) }
        let type: ProblemType =
            switch code {
            case "budget_exhausted": .budgetExhausted
            case "quota_exhausted", "quota_near": .quotaExhausted
            case "tool_unavailable": .toolUnavailable
            case "forbidden": .forbidden
            case "unknown_tool": .notFound
            default: .conflict
            }
        let problem = Problem(type, detail)
        guard let retryAfter else { return problem }
        return problem.with(header: "Retry-After", "\(max(1, retryAfter.components.seconds))")
    }
}
