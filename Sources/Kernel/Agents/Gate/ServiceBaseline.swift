package import Database
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates

/// The number, speed and success of a service's answers to a tool in some days.
package struct ServicePerformance: Hashable, Sendable {
    package fileprivate(set) var use = EffectUse()
    /// The number of calls that failed with each code.
    package fileprivate(set) var errors: [String: Int] = [:]
}

/// The performance of a service today beside what is usual for it: the two weeks before today.
package struct ServiceBaseline: Sendable {
    package let connector: String, tool: String
    package let today: ServicePerformance, usual: ServicePerformance

    static let days = 14
    /// Fewer failures with one code are chance.
    private static let toldFrom = 5
    /// A code that is known is told from this share of the day's calls on, in per cent, where that is so many times its
    /// usual share.
    private static let leastPercent = 10, timesUsual = 5

    /// The change for the worse; `nil` while it does as ever, or too little is known.
    var drift: Saying? {
        let worse = ToolBaseline(today: ToolUse(today.use), before: ToolUse(usual.use)).drift
        let changes = worse + unusualErrors
        return changes.isEmpty
            ? nil : Saying("alert.tool_worse", ["tool": .text(tool), "changes": .list(changes)])
    }

    private var unusualErrors: [Saying] {
        guard usual.use.calls >= ToolBaseline.knownFrom else { return [] }
        return today.errors.sorted { $0.key < $1.key }.compactMap { unusual($0.key, $0.value) }
    }

    /// Returns what is to be told of a code with which so many calls failed today; `nil` where that is as ever.
    private func unusual(_ code: String, _ failures: Int) -> Saying? {
        guard failures >= Self.toldFrom else { return nil }
        guard let before = usual.errors[code] else {
            return Saying("alert.new_error", ["code": .text(code), "count": .number(failures)])
        }
        // Shares are compared without dividing: one that is exactly at a threshold is told.
        guard failures * 100 >= today.use.calls * Self.leastPercent,
            failures * usual.use.calls >= before * today.use.calls * Self.timesUsual
        else { return nil }
        let share = Double(failures) / Double(max(1, today.use.calls))
        let usually = Double(before) / Double(usual.use.calls)
        return Saying(
            "alert.more_fail_with",
            [
                "now": .text(ToolBaseline.percent(share)), "code": .text(code),
                "before": .text(ToolBaseline.percent(usually)),
            ])
    }
}

extension ToolUse {
    fileprivate init(_ use: EffectUse) {
        self.init(calls: use.calls, failures: use.failures, cost: use.cost, duration: use.duration)
    }
}

/// The usual performance of services, and those that do worse: `tx.serviceBaselines`.
package struct ServiceBaselineStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var serviceBaselines: ServiceBaselineStore<Self> { ServiceBaselineStore(tx: self) }
}

extension ServiceBaselineStore {
    /// Returns how services do that were used in the last two weeks, by connector and tool; `today` is counted from
    /// 1970 by the agency's clock.
    package func all(of connector: String? = nil, today: Int) throws -> [ServiceBaseline] {
        let present = try performance(of: connector, in: today..<today + 1)
        let usual = try performance(of: connector, in: today - ServiceBaseline.days..<today)
        let asked = Set(present.keys).union(usual.keys)
        return asked.sorted { ($0.connector, $0.tool) < ($1.connector, $1.tool) }.map { asked in
            ServiceBaseline(
                connector: asked.connector, tool: asked.tool, today: present[asked] ?? ServicePerformance(),
                usual: usual[asked] ?? ServicePerformance())
        }
    }

    private func performance(
        of connector: String?, in days: Range<Int>
    ) throws -> [ServiceTool: ServicePerformance] {
        var found = try tx.effectUse.all(in: days, of: connector).mapValues { use in
            var performance = ServicePerformance()
            performance.use = use
            return performance
        }
        let errors = try tx.all(
            """
            SELECT connector, tool, code, sum(calls) FROM effect_errors
            WHERE tenant_id = \(tx.tenant) AND day >= \(days.lowerBound) AND day < \(days.upperBound)
                \(tx.effectUse.only(connector))
            GROUP BY connector, tool, code
            """
        ) { (ServiceTool(connector: $0.text(0), tool: $0.text(1)), $0.text(2), $0.int(3)) }
        for (asked, code, calls) in errors { found[asked]?.errors[code] = calls }
        return found
    }

    /// Returns the services that do worse today than is usual for them.
    func worse(_ runtime: Runtime) throws -> [DegradedService] {
        let today = try runtime.questions.zone(tx).local(of: tx.now).date.daysSinceEpoch
        var drifts: [String: [Saying]] = [:]
        for baseline in try all(today: today) {
            if let drift = baseline.drift { drifts[baseline.connector, default: []].append(drift) }
        }
        return try drifts.sorted { $0.key < $1.key }.compactMap { id, drifts -> DegradedService? in
            // A removed connector is nobody's concern.
            guard let connector = try runtime.questions.connector(tx, id) else { return nil }
            return DegradedService(
                subject: .connector(id),
                title: Saying(
                    "alert.integration_worse", ["name": .text(connector.name), "drift": .list(drifts)]))
        }
    }
}

/// A service that does worse than it used to, as an alert says it.
struct DegradedService: Sendable {
    static let alert = "integration_worse"

    let subject: Subject
    let title: Saying
}

extension ServiceBaselineStore where Base == Transaction {
    /// Counts a failure by its code.
    func count(
        _ failure: ToolFailure, of tool: String, by connector: String, beganAt began: Instant,
        _ zone: TimeZoneRules
    ) throws {
        guard Connector.isService(connector) else { return }
        let day = zone.local(of: began).date.daysSinceEpoch
        let counted = try tx.first(
            countError,
            [
                tx.tenant.sqlValue, connector.sqlValue, day.sqlValue, tool.sqlValue, failure.code.sqlValue,
            ]
        ) { $0.int(0) }
        // The first of a day takes along what no baseline goes back to.
        guard counted == 1 else { return }
        try tx.run(
            """
            DELETE FROM effect_errors
            WHERE tenant_id = \(tx.tenant) AND connector = \(connector) AND day < \(day - 2 * ServiceBaseline.days)
            """)
    }

    /// Tells which services do worse than they used to, and ends what is so no more.
    func tell(_ worse: [DegradedService]) throws {
        for service in worse {
            try tx.alerts.raise(
                kind: DegradedService.alert, severity: .warning, subject: service.subject,
                title: service.title,
                action: Saying("alert.integration_worse_do"))
        }
        for alert in try tx.alerts.open(kind: DegradedService.alert)
        where !worse.contains(where: { $0.subject == alert.subject }) {
            try tx.alerts.resolve(kind: DegradedService.alert, subject: alert.subject)
        }
    }
}

private let countError = Statement(
    """
    INSERT INTO effect_errors (tenant_id, connector, day, tool, code, calls) VALUES ($1, $2, $3, $4, $5, 1)
    ON CONFLICT (tenant_id, connector, day, tool, code) DO UPDATE SET calls = effect_errors.calls + 1
    RETURNING calls
    """)
