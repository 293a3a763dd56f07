package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

extension ConnectorStore {
    /// Returns whether a test of a connector has gone well since a time, as far as calls are kept.
    package func hasPassedTest(_ connector: some Key, since start: Instant) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM tool_calls
            WHERE tenant_id = \(tx.tenant) AND provider = \(connector.keyText) AND tool = \(EffectUse.testTool)
                AND state = 'succeeded' AND started_at >= \(start) LIMIT 1
            """)
    }

    /// Returns the state of a connector's circuit breaker, over all tools that it does.
    package func circuit(of connector: String) throws -> JSON {
        let breakers = try tx.circuitBreakers.all(ofProvider: connector)
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
            let used = try tx.toolUse.find(connector, span, since: start).calls
            quotas.append(
                StandingQuota(per: span, limit: limit, used: used, left: max(0, limit - used), end: end))
        }
        if let told = try tx.serviceQuotas.find(of: connector), let limit = told.limit ?? told.left,
            let end = told.resetsAt, end > tx.now
        {
            let left = told.left ?? 0
            quotas.append(
                StandingQuota(per: nil, limit: limit, used: max(0, limit - left), left: left, end: end))
        }
        return quotas
    }
}

package extension ConnectorStore where Base == Transaction {
    /// Forgets what is known of a connector that is gone, and ends the gate's alerts about it.
    func forget(_ connector: some Key) throws {
        let connector = connector.keyText
        try tx.run("DELETE FROM service_quotas WHERE tenant_id = \(tx.tenant) AND connector = \(connector)")
        try tx.run("DELETE FROM included_calls WHERE tenant_id = \(tx.tenant) AND connector = \(connector)")
        try tx.run("DELETE FROM tool_breakers WHERE tenant_id = \(tx.tenant) AND provider = \(connector)")
        try tx.run("DELETE FROM connector_turns WHERE tenant_id = \(tx.tenant) AND connector = \(connector)")
        try tx.run("DELETE FROM connector_pace WHERE tenant_id = \(tx.tenant) AND connector = \(connector)")
        try tx.run("DELETE FROM effect_errors WHERE tenant_id = \(tx.tenant) AND connector = \(connector)")
        for kind in [CircuitAlert.kind, DriftAlert.kind, DegradedService.alert, QuotaAlert.kind] {
            try tx.alerts.resolve(kind: kind, subject: .connector(connector))
        }
    }
}

/// The state of one of a connector's limits.
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
