internal import Database
package import JSON
internal import Jobs
package import Records
internal import Telemetry

extension GateStore {
    /// Returns the state of a connector's circuit breaker, over all tools that it does.
    package func circuit(of connector: String) throws -> JSON {
        let breakers = try tx.tools.circuitBreakers(ofProvider: connector)
        func order(_ breaker: CircuitBreaker) -> (Int64, Int) {
            (breaker.openUntil?.microseconds ?? 0, breaker.failures)
        }
        let worst = breakers.max { order($0) < order($1) } ?? CircuitBreaker()
        return [
            "state": .string(worst.state(at: tx.now).rawValue), "failures": JSON(worst.failures),
            "opened_at": JSON(worst.openedAt?.description), "retry_at": JSON(worst.openUntil?.description),
        ]
    }

    /// Returns what is left of the agency's limits for a connector, and of those that its service tells.
    package func quota(
        of connector: String, _ limits: ToolLimits, _ zone: TimeZoneRules
    ) throws -> [JSON] {
        try standingQuotas(of: connector, limits, zone).map(\.json)
    }

    func standingQuotas(
        of connector: String, _ limits: ToolLimits, _ zone: TimeZoneRules
    ) throws -> [StandingQuota] {
        var quotas: [StandingQuota] = []
        for span in TimeSpan.allCases {
            guard let limit = limits[span] else { continue }
            let (start, end) = span.bounds(around: tx.now, zone)
            let used = try tx.tools.use(connector, span, since: start).calls
            quotas.append(
                StandingQuota(per: span, limit: limit, used: used, left: max(0, limit - used), end: end))
        }
        if let told = try serviceQuota(of: connector), let limit = told.limit ?? told.left,
            let end = told.resetsAt, end > tx.now
        {
            let left = told.left ?? 0
            quotas.append(
                StandingQuota(per: nil, limit: limit, used: max(0, limit - left), left: left, end: end))
        }
        return quotas
    }

    /// The month's calls that the plan of a connector includes, where those beyond are paid for; `nil` where there are
    /// none beyond.
    func standingIncluded(of connector: Connector, _ zone: TimeZoneRules) throws -> StandingQuota? {
        let limit = connector.included
        guard limit > 0, connector.price > 0, limit < connector.limits.month ?? .max else { return nil }
        let left = try includedLeft(of: connector, zone)
        let end = TimeSpan.month.bounds(around: tx.now, zone).end
        return StandingQuota(per: .month, limit: limit, used: limit - left, left: left, end: end)
    }
}

/// How one of a connector's limits stands.
struct StandingQuota: Sendable {
    /// `nil`: the service's own window.
    let per: TimeSpan?
    let limit: Int, used: Int, left: Int
    let end: Instant

    fileprivate var json: JSON {
        [
            "per": .string(per?.rawValue ?? "window"), "limit": JSON(limit), "used": JSON(used),
            "left": JSON(left), "resets_at": .string(end.description),
            "source": .string(per == nil ? "service" : "agency"),
        ]
    }
}

/// The schema of `circuit`.
package let circuitSchema: JSON = .record([
    "state": ["type": "string", "enum": ["closed", "open", "half_open"]], "failures": .anyInteger,
    "opened_at": .instantOrNull, "retry_at": .instantOrNull,
])

/// The schema of one of `quota`.
package let quotaSchema: JSON = .record([
    "per": ["type": "string", "enum": ["minute", "hour", "day", "month", "window"]], "limit": .anyInteger,
    "used": .anyInteger, "left": .anyInteger, "resets_at": .anyInstant,
    "source": ["type": "string", "enum": ["agency", "service"]],
])
