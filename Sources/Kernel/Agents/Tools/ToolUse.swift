package import Database
internal import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// The use of a tool in one window.
package struct ToolUse: Hashable, Sendable {
    package var calls = 0, failures = 0
    /// The cost in millionths of a minor unit.
    package var cost: Int64 = 0
    /// The duration of all calls together.
    package var duration: Duration = .zero
}

extension ToolUse: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (calls, failures, cost) = (row.int("calls"), row.int("failures"), row.int64("cost"))
        duration = .microseconds(row.int64("duration"))
    }
}

/// The use of tools and connectors, by windows of time: `tx.toolUse`.
package struct ToolUseStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var toolUse: ToolUseStore<Self> { ToolUseStore(tx: self) }
}

extension ToolUseStore {
    /// Returns the use of a tool in the window that began then.
    package func find(_ tool: String, _ span: TimeSpan, since start: Instant) throws -> ToolUse {
        try tx.first(
            readToolUse, [tx.tenant.sqlValue, tool.sqlValue, span.number.sqlValue, start.sqlValue],
            ToolUse.init)
            ?? ToolUse()
    }

    /// The days that began since, newest first.
    package func days(_ tool: String, since start: Instant) throws -> [(start: Instant, use: ToolUse)] {
        try tx.all(readToolDays, [tx.tenant.sqlValue, tool.sqlValue, start.sqlValue]) { row in
            (row.instant(ToolUse.columns.names.count), try ToolUse(row))
        }
    }

    /// Returns those of some tools that were called so often on the day that began then.
    func called(_ tools: [String], atLeast calls: Int, on day: Instant) throws -> [String] {
        try tx.all(
            """
            SELECT tool FROM tool_use
            WHERE tenant_id = \(tx.tenant) AND tool IN \(list: tools) AND span = \(TimeSpan.day.number)
                AND start_at = \(day) AND calls >= \(calls)
            ORDER BY tool
            """
        ) { $0.text(0) }
    }

    /// When a window that is full ends; `nil` when there is room in all of them.
    func isFull(_ name: String, _ limits: ToolLimits, _ zone: TimeZoneRules) throws -> Instant? {
        var until: Instant?
        for span in TimeSpan.allCases {
            guard let limit = limits[span] else { continue }
            let (start, end) = span.bounds(around: tx.now, zone)
            if try find(name, span, since: start).calls >= limit { until = max(until ?? end, end) }
        }
        return until
    }

    /// Returns the number of a connector's calls that are under way, those of some tools left out.
    func callsUnderWay(of connector: String, without tools: [String]) throws -> Int64 {
        try tx.int(
            """
            SELECT count(*) FROM tool_calls
            WHERE tenant_id = \(tx.tenant) AND provider = \(connector) AND state = 'held'
                AND tool NOT IN \(list: tools)
            """) ?? 0
    }
}

extension ToolUseStore where Base == Transaction {
    /// Counts a call in every window that has a limit, and in the day's. Throws `quota_exhausted` when a window is
    /// full; what was counted before that is for the caller to undo.
    func countCall(
        of tool: String, _ limits: ToolLimits, _ zone: TimeZoneRules, for connector: Connector? = nil
    ) throws {
        for span in TimeSpan.allCases where limits[span] != nil || span == .day {
            let (start, end) = span.bounds(around: tx.now, zone)
            let limit = limits[span] ?? Int(Int32.max)
            // With a limit of nothing there is no row that could be counted up.
            let calls =
                limit == 0
                ? nil
                : try tx.first(
                    countToolCall,
                    [
                        tx.tenant.sqlValue, tool.sqlValue, span.number.sqlValue, start.sqlValue,
                        limit.sqlValue,
                    ]
                ) { $0.int(0) }
            guard let calls else {
                if let connector { throw ConnectorBusy(of: connector, at: tx.now) }
                throw ToolRefusal(
                    "quota_exhausted", "\(tool) may be called at most \(limit) times a \(span.rawValue)",
                    retryAfter: end - tx.now)
            }
            if limits[span] != nil { try tellQuota(of: tool, connector, span, limit, calls) }
            // Days are kept: trends are read off them.
            if calls == 1, span == .minute || span == .hour {
                try tx.run(
                    forgetToolUse, [tx.tenant.sqlValue, tool.sqlValue, span.number.sqlValue, start.sqlValue])
            }
        }
    }

    /// Counts what has gone through a connector in the windows that have got a limit now: a service, too, counts from
    /// its window's beginning.
    package func countWindows(
        of connector: some Key, _ limits: ToolLimits, replacing old: ToolLimits
    ) throws {
        let connector = connector.keyText
        let new = TimeSpan.allCases.filter { limits[$0] != nil && old[$0] == nil }
        // In a sandbox nothing goes through it.
        guard !new.isEmpty, !tx.sandboxClock.isSandbox else { return }
        let zone = try tx.zone()
        let uncounted = tx.runtime.tools.withoutQuota
        for span in new {
            let start = span.bounds(around: tx.now, zone).start
            let gone: Int64?
            switch span {
            case .minute, .hour:
                gone = try tx.int(
                    """
                    SELECT count(*) FROM tool_calls
                    WHERE tenant_id = \(tx.tenant) AND provider = \(connector) AND started_at >= \(start)
                        AND state NOT IN ('captured', 'observed') AND tool NOT IN \(list: uncounted)
                    """)
            // Calls are kept for a month, their sums for good.
            case .day, .month:
                let settled = try tx.int(
                    """
                    SELECT coalesce(sum(calls), 0) FROM effect_use
                    WHERE tenant_id = \(tx.tenant) AND connector = \(connector)
                        AND day >= \(zone.local(of: start).date.daysSinceEpoch)
                        AND tool NOT IN \(list: uncounted)
                    """)
                gone = try (settled ?? 0) + callsUnderWay(of: connector, without: uncounted)
            }
            try tx.run(
                """
                INSERT INTO tool_use (tenant_id, tool, span, start_at, calls, failures, cost, duration)
                VALUES (\(tx.tenant), \(connector), \(span.number), \(start), \(gone ?? 0), 0, 0, 0)
                ON CONFLICT (tenant_id, tool, span, start_at) DO UPDATE SET calls = excluded.calls
                """)
        }
    }

    /// Tells that a limit comes to its end. Every number of calls comes by once.
    private func tellQuota(
        of tool: String, _ connector: Connector?, _ span: TimeSpan, _ limit: Int, _ calls: Int
    ) throws {
        let data: JSON = ["per": .string(span.rawValue), "limit": JSON(limit), "used": JSON(calls)]
        let isWarning = calls == (limit * 4 + 4) / 5
        guard let connector else {
            guard isWarning, span != .minute else { return }
            try tx.publish("tool.quota_warned", Subject(type: "tool", id: tool), data)
            return
        }
        let subject = Subject(type: "integration", id: connector.id)
        if isWarning { try tx.publish("integration.quota_warned", subject, data) }
        if calls == limit { try tx.publish("integration.quota_exhausted", subject, data) }
        if isWarning || calls == limit { try tx.serviceQuotas.refreshAlert(of: connector.id) }
    }

    /// Adds what a call has come to, to the windows in which it began: a month has its row where it has a limit.
    func countOutcome(
        of tool: String, beganAt began: Instant, failed: Bool, cost: Int64, took: Duration,
        _ zone: TimeZoneRules, in spans: [TimeSpan] = TimeSpan.ofOutcomes
    ) throws {
        for span in spans {
            try tx.run(
                countToolOutcome,
                [
                    tx.tenant.sqlValue, tool.sqlValue, span.number.sqlValue,
                    span.bounds(around: began, zone).start.sqlValue, (failed ? 1 : 0).sqlValue, cost.sqlValue,
                    took.microseconds.sqlValue,
                ])
        }
    }
}

extension TimeSpan {
    /// Those in which outcomes are counted beside calls.
    static let ofOutcomes: [TimeSpan] = [.day, .month]

    fileprivate var number: Int {
        switch self {
        case .minute: 0
        case .hour: 1
        case .day: 2
        case .month: 3
        }
    }
}

private let readToolUse = Statement(
    """
    SELECT \(ToolUse.columns) FROM tool_use
    WHERE tenant_id = $1 AND tool = $2 AND span = $3 AND start_at = $4
    """)

private let readToolDays = Statement(
    """
    SELECT \(ToolUse.columns), start_at FROM tool_use
    WHERE tenant_id = $1 AND tool = $2 AND span = \(TimeSpan.day.number) AND start_at >= $3
    ORDER BY start_at DESC LIMIT 62
    """)

/// The condition decides, not a look before: of two that come together one finds the window full.
private let countToolCall = Statement(
    """
    INSERT INTO tool_use (tenant_id, tool, span, start_at, calls, failures, cost, duration)
    VALUES ($1, $2, $3, $4, 1, 0, 0, 0)
    ON CONFLICT (tenant_id, tool, span, start_at) DO UPDATE SET calls = tool_use.calls + 1
    WHERE tool_use.calls < $5
    RETURNING calls
    """)

private let forgetToolUse = Statement(
    "DELETE FROM tool_use WHERE tenant_id = $1 AND tool = $2 AND span = $3 AND start_at < $4")

private let countToolOutcome = Statement(
    """
    UPDATE tool_use SET failures = failures + $5, cost = cost + $6, duration = duration + $7
    WHERE tenant_id = $1 AND tool = $2 AND span = $3 AND start_at = $4
    """)
