package import Database
internal import Records
package import Nouns
internal import Telemetry

/// The totals of settled calls.
package struct EffectUse: Hashable, StoredRow {
    package var calls = 0, failures = 0
    /// The calls that a service may charge for: without tests and looks; known of days alone.
    package var asked = 0
    /// The cost in millionths of a minor unit.
    package var cost: Int64 = 0
    package var tokens: Int64 = 0, bytes: Int64 = 0
    /// The duration of all calls together.
    package var duration: Duration = .zero

    package init() {}

    /// The sums over rows of `effect_use`.
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (calls, failures) = (row.int("sum(calls)"), row.int("sum(failures)"))
        (cost, tokens) = (row.int64("sum(cost)"), row.int64("sum(tokens)"))
        (bytes, duration) = (row.int64("sum(bytes)"), .microseconds(row.int64("sum(duration)")))
    }

    /// The place of the first column behind the sums.
    fileprivate static var end: Int { columns.names.count }

    /// The use of a day; what was asked stands behind the sums.
    fileprivate init(ofDay row: Row) throws {
        try self.init(row)
        asked = row.int(Self.end)
    }

    package mutating func add(_ other: EffectUse) {
        calls += other.calls
        asked += other.asked
        failures += other.failures
        cost += other.cost
        tokens += other.tokens
        bytes += other.bytes
        duration += other.duration
    }

    /// The name of the tool under which a person's test of a connector is kept.
    package static let testTool = "test_integration"

    /// The mean duration of one call, in milliseconds.
    package var averageMilliseconds: Int64 { calls == 0 ? 0 : duration.microseconds / 1000 / Int64(calls) }
}

/// The dimension by which use is reported.
package enum EffectDimension: String, CaseIterable, Sendable {
    case connector, tool, agent
    case client = "client_id"
    case campaign = "campaign_id"
}

/// A connector, and what it was asked for.
struct ServiceTool: Hashable, Sendable {
    let connector: String, tool: String
}

/// The use of connectors by the day: `tx.effectUse`.
package struct EffectUseStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var effectUse: EffectUseStore<Self> { EffectUseStore(tx: self) }
}

extension EffectUseStore {
    /// Returns the use of integrations and models in some days by tool; tests are none.
    func all(in days: Range<Int>, of connector: String? = nil) throws -> [ServiceTool: EffectUse] {
        let uses = try tx.all(
            """
            SELECT \(EffectUse.columns), connector, tool FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND day >= \(days.lowerBound) AND day < \(days.upperBound)
                AND tool <> \(EffectUse.testTool) \(only(connector))
            GROUP BY connector, tool
            """
        ) { row in
            let tool = ServiceTool(connector: row.text(EffectUse.end), tool: row.text(EffectUse.end + 1))
            return (tool, try EffectUse(row))
        }
        return Dictionary(uniqueKeysWithValues: uses.filter { Connector.isService($0.0.connector) })
    }

    /// Returns a connector's use by day (counted from 1970 by the agency's clock), newest first. Days are kept for so
    /// long that a year's seasons can be read off them. `free`: the tools whose calls cost nothing.
    package func days(
        of connector: some Key, since first: Int, until end: Int = .max, without free: [String] = []
    ) throws -> [(day: Int, use: EffectUse)] {
        try tx.all(
            """
            SELECT \(EffectUse.columns), \(asked(without: free)), day FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND connector = \(connector.keyText) AND day >= \(first) AND day < \(end)
            GROUP BY day ORDER BY day DESC
            """
        ) { ($0.int(EffectUse.end + 1), try EffectUse(ofDay: $0)) }
    }

    /// Returns the same of every connector.
    package func days(
        since first: Int, until end: Int = .max, without free: [String]
    ) throws -> [String: [Int: EffectUse]] {
        var days: [String: [Int: EffectUse]] = [:]
        let rows = try tx.all(
            """
            SELECT \(EffectUse.columns), \(asked(without: free)), connector, day FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND day >= \(first) AND day < \(end) GROUP BY connector, day
            """
        ) { ($0.text(EffectUse.end + 1), $0.int(EffectUse.end + 2), try EffectUse(ofDay: $0)) }
        for (connector, day, use) in rows { days[connector, default: [:]][day] = use }
        return days
    }

    /// The calls that a service may charge for.
    private func asked(without free: [String]) -> SQL {
        "sum(CASE WHEN tool IN \(list: free) THEN 0 ELSE calls END)"
    }

    /// Returns the use since a day by the values of a dimension, the most used first; calls that lack it are left out.
    package func all(
        by dimension: EffectDimension, of connector: String? = nil, since day: Int
    ) throws -> [(id: String, use: EffectUse)] {
        try tx.all(
            """
            SELECT \(EffectUse.columns), \(trusted: dimension.rawValue) FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND day >= \(day) \(only(connector)) AND \(trusted: dimension.rawValue) <> ''
            GROUP BY \(trusted: dimension.rawValue) ORDER BY 1 DESC, \(trusted: dimension.rawValue) LIMIT 200
            """
        ) { ($0.text(EffectUse.end), try EffectUse($0)) }
    }

    /// Returns what an agent's calls have come to since a day.
    package func total(ofAgent agent: String, since day: Int) throws -> EffectUse {
        try tx.first(
            """
            SELECT \(EffectUse.columns) FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND day >= \(day) AND agent = \(agent)
            """, EffectUse.init) ?? EffectUse()
    }

    /// Returns what connectors' calls of a tool have come to since a day.
    func all(of connectors: [String], with tool: String, since day: Int) throws -> [String: EffectUse] {
        let uses = try tx.all(
            """
            SELECT \(EffectUse.columns), connector FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND connector IN \(list: connectors) AND day >= \(day) AND tool = \(tool)
            GROUP BY connector
            """
        ) { ($0.text(EffectUse.end), try EffectUse($0)) }
        return Dictionary(uniqueKeysWithValues: uses)
    }

    /// The condition that keeps a connector's rows alone; none where there is no connector.
    func only(_ connector: String?) -> SQL { connector.map { "AND connector = \($0)" } ?? "" }
}

extension EffectUseStore where Base == Transaction {
    /// Counts a settled call, and its failure by its code, in the day in which it began.
    func count(
        _ usage: ToolUsage, bytes: Int, took: Duration, _ failure: ToolFailure?, of tool: String,
        by connector: String, for caller: ToolCaller, beganAt began: Instant, _ zone: TimeZoneRules
    ) throws {
        var use = EffectUse()
        (use.calls, use.failures, use.cost) = (1, failure == nil ? 0 : 1, usage.cost)
        (use.tokens, use.bytes, use.duration) = (usage.tokens, Int64(bytes), took)
        try count(use, of: tool, by: connector, for: caller, beganAt: began, zone)
        if let failure {
            try tx.serviceBaselines.count(failure, of: tool, by: connector, beganAt: began, zone)
        }
    }

    /// Counts the use of a connector in the day in which it began.
    func count(
        _ use: EffectUse, of tool: String, by connector: String, for caller: ToolCaller,
        beganAt began: Instant, _ zone: TimeZoneRules
    ) throws {
        let counted = try tx.first(
            countEffect,
            [
                tx.tenant.sqlValue, connector.sqlValue, zone.local(of: began).date.daysSinceEpoch.sqlValue,
                tool.sqlValue, (caller.agent ?? "").sqlValue, (caller.clientID?.keyText ?? "").sqlValue,
                (caller.campaignID ?? "").sqlValue, use.calls.sqlValue, use.failures.sqlValue,
                use.cost.sqlValue, use.tokens.sqlValue, use.bytes.sqlValue,
                use.duration.microseconds.sqlValue,
            ]
        ) { $0.int(0) }
        // The first of a day.
        if counted == use.calls { try tx.useWatch.wake() }
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
