package import Database
internal import Records
package import Telemetry

/// The totals of settled calls.
package struct EffectUse: Hashable, Sendable {
    package var calls = 0, failures = 0
    /// The calls that a service may charge for: without tests and looks; known of days alone.
    package var asked = 0
    /// In millionths of a minor unit.
    package var cost: Int64 = 0
    package var tokens: Int64 = 0, bytes: Int64 = 0
    /// Of all calls together.
    package var duration: Duration = .zero

    package init() {}

    fileprivate init(_ row: Row, from column: Int) {
        (calls, failures, cost) = (row.int(column), row.int(column + 1), row.int64(column + 2))
        (tokens, bytes) = (row.int64(column + 3), row.int64(column + 4))
        duration = .microseconds(row.int64(column + 5))
    }

    fileprivate init(ofDay row: Row, from column: Int) {
        self.init(row, from: column)
        asked = row.int(column + 6)
    }

    /// As what a person's test of a connector is kept.
    package static let testTool = "test_integration"

    /// Of one call, in milliseconds.
    package var averageMilliseconds: Int64 { calls == 0 ? 0 : duration.microseconds / 1000 / Int64(calls) }
}

/// By what use is told.
package enum EffectDimension: String, CaseIterable, Sendable {
    case connector, tool, agent
    case client = "client_id"
    case campaign = "campaign_id"
}

/// A connector, and what it was asked for.
struct ServiceTool: Hashable, Sendable {
    let connector: String, tool: String

    /// Whether it is an integration or a model, and no address that the agency itself listens at.
    var isService: Bool { connector.hasPrefix("int_") || connector.hasPrefix("model_") }
}

extension Queryable {
    /// Whether a test of a connector has gone well since a time, as far as calls are kept.
    package func hasPassedTest(_ connector: String, since start: Instant) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM tool_calls
            WHERE tenant_id = \(tenant) AND provider = \(connector) AND tool = \(EffectUse.testTool)
                AND state = 'succeeded' AND started_at >= \(start) LIMIT 1
            """)
    }

    /// Returns the use of integrations and models in some days by tool; tests are none.
    func effectUse(in days: Range<Int>, of connector: String? = nil) throws -> [ServiceTool: EffectUse] {
        let uses = try all(
            """
            SELECT connector, tool, \(sums) FROM effect_use
            WHERE tenant_id = \(tenant) AND day >= \(days.lowerBound) AND day < \(days.upperBound)
                AND tool <> \(EffectUse.testTool) \(filter(connector))
            GROUP BY connector, tool
            """
        ) { (ServiceTool(connector: $0.text(0), tool: $0.text(1)), EffectUse($0, from: 2)) }
        return Dictionary(uniqueKeysWithValues: uses.filter { $0.0.isService })
    }

    /// Returns a connector's use by day (counted from 1970 by the agency's clock), newest first. Days are kept for so
    /// long that a year's seasons can be read off them. `free`: the tools whose calls cost nothing.
    package func effectDays(
        of connector: String, since first: Int, until end: Int = .max, without free: [String] = []
    ) throws -> [(day: Int, use: EffectUse)] {
        try all(
            """
            SELECT day, \(sums(without: free)) FROM effect_use
            WHERE tenant_id = \(tenant) AND connector = \(connector) AND day >= \(first) AND day < \(end)
            GROUP BY day ORDER BY day DESC
            """
        ) { ($0.int(0), EffectUse(ofDay: $0, from: 1)) }
    }

    /// Returns the same of every connector.
    package func effectDays(
        since first: Int, until end: Int = .max, without free: [String]
    ) throws -> [String: [Int: EffectUse]] {
        var days: [String: [Int: EffectUse]] = [:]
        let rows = try all(
            """
            SELECT connector, day, \(sums(without: free)) FROM effect_use
            WHERE tenant_id = \(tenant) AND day >= \(first) AND day < \(end) GROUP BY connector, day
            """
        ) { ($0.text(0), $0.int(1), EffectUse(ofDay: $0, from: 2)) }
        for (connector, day, use) in rows { days[connector, default: [:]][day] = use }
        return days
    }

    /// In the order in which `EffectUse` reads them.
    private var sums: SQL {
        "sum(calls), sum(failures), sum(cost), sum(tokens), sum(bytes), sum(duration)"
    }

    private func sums(without free: [String]) -> SQL {
        "\(sums), sum(CASE WHEN tool IN \(list: free) THEN 0 ELSE calls END)"
    }

    /// Returns the use since a day by the values of a dimension, the most used first; calls that lack it are left out.
    package func effectUse(
        by dimension: EffectDimension, of connector: String? = nil, since day: Int
    ) throws -> [(id: String, use: EffectUse)] {
        try all(
            """
            SELECT \(trusted: dimension.rawValue), \(sums) FROM effect_use
            WHERE tenant_id = \(tenant) AND day >= \(day) \(filter(connector)) AND \(trusted: dimension.rawValue) <> ''
            GROUP BY \(trusted: dimension.rawValue) ORDER BY 2 DESC, 1 LIMIT 200
            """
        ) { ($0.text(0), EffectUse($0, from: 1)) }
    }

    /// Returns what an agent's calls have come to since a day.
    package func effectUse(ofAgent agent: String, since day: Int) throws -> EffectUse {
        try first(
            """
            SELECT coalesce(sum(calls), 0), coalesce(sum(failures), 0), coalesce(sum(cost), 0),
                coalesce(sum(tokens), 0), coalesce(sum(bytes), 0), coalesce(sum(duration), 0)
            FROM effect_use WHERE tenant_id = \(tenant) AND day >= \(day) AND agent = \(agent)
            """
        ) { EffectUse($0, from: 0) } ?? EffectUse()
    }

    /// Returns what connectors' calls of a tool have come to since a day.
    func effectUse(of connectors: [String], with tool: String, since day: Int) throws -> [String: EffectUse] {
        let uses = try all(
            """
            SELECT connector, \(sums) FROM effect_use
            WHERE tenant_id = \(tenant) AND connector IN \(list: connectors) AND day >= \(day) AND tool = \(tool)
            GROUP BY connector
            """
        ) { ($0.text(0), EffectUse($0, from: 1)) }
        return Dictionary(uniqueKeysWithValues: uses)
    }

    private func filter(_ connector: String?) -> SQL { connector.map { "AND connector = \($0)" } ?? "" }
}

extension Transaction {
    /// Counts a settled call in the day in which it began.
    func count(
        _ use: EffectUse, of tool: String, by connector: String, for caller: ToolCaller,
        beganAt began: Instant, _ zone: TimeZoneRules
    ) throws {
        let counted = try first(
            countEffect,
            [
                tenant.sqlValue, connector.sqlValue, zone.local(of: began).date.daysSinceEpoch.sqlValue,
                tool.sqlValue, (caller.agent ?? "").sqlValue, (caller.clientID ?? "").sqlValue,
                (caller.campaignID ?? "").sqlValue, use.calls.sqlValue, use.failures.sqlValue,
                use.cost.sqlValue, use.tokens.sqlValue, use.bytes.sqlValue,
                use.duration.microseconds.sqlValue,
            ]
        ) { $0.int(0) }
        // The first of a day.
        if counted == use.calls { try watchUse() }
    }
}

private let countEffect = Statement(
    """
    INSERT INTO effect_use (tenant_id, connector, day, tool, agent, client_id, campaign_id, calls, failures, cost,
        tokens, bytes, duration)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (tenant_id, connector, day, tool, agent, client_id, campaign_id) DO UPDATE SET
        calls = effect_use.calls + excluded.calls, failures = effect_use.failures + excluded.failures,
        cost = effect_use.cost + excluded.cost, tokens = effect_use.tokens + excluded.tokens,
        bytes = effect_use.bytes + excluded.bytes, duration = effect_use.duration + excluded.duration
    RETURNING calls
    """)
