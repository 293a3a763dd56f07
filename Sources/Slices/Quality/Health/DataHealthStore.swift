internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The health of an agency's data: `tx.dataHealth`.
struct DataHealthStore<Base: Queryable> {
    let tx: Base

    /// Recommendations of an area; the worst are first.
    private static var recommendationsMax: Int { 5 }
    private static var weightsPlace: String { "health/weights" }

    /// Returns the weights of the areas, which sum to 100.
    func weights() throws -> [HealthArea: Double] {
        let stored = JSON(stored: try tx.quality.place(of: Self.weightsPlace) ?? "{}")
        return Dictionary(
            uniqueKeysWithValues: HealthArea.allCases.map { area in
                (area, stored[area.rawValue]?.double ?? area.standardWeight)
            })
    }

    /// Returns how the data is now; `after`: what was done just now, and is not noted yet.
    func current(
        _ overview: QualityOverview, after done: [DataManagementAgent.Task] = []
    ) throws -> DataHealth {
        try DataHealth(
            [quality(overview), errors(), performance(), maintenance(after: done), integrations()],
            weights: weights())
    }

    /// Returns the scores of the last days, oldest first.
    func days(limit: Int = 90) throws -> [QualityDay] {
        try tx.all(
            """
            SELECT \(QualityDay.columns) FROM health_days WHERE tenant_id = \(tx.tenant)
            ORDER BY day DESC LIMIT \(limit)
            """, QualityDay.init
        ).reversed()
    }

    private func quality(_ overview: QualityOverview) throws -> DataHealth.Area {
        var area = DataHealth.Area(.dataQuality)
        area.score = overview.score
        if overview.immediate > 0 {
            area.recommendations.append(Saying("health.immediate", ["count": .number(overview.immediate)]))
        }
        let rules = try tx.all(
            """
            SELECT rule, count(*) FROM quality_issues WHERE tenant_id = \(tx.tenant) AND status = 'open'
            GROUP BY rule ORDER BY count(*) DESC, rule LIMIT \(Self.recommendationsMax - 1)
            """
        ) { ($0.text(0), $0.int(1)) }
        for (rule, count) in rules {
            area.recommendations.append(
                Saying("health.rule", ["rule": .text(rule), "count": .number(count)]))
        }
        return area
    }

    private func errors() throws -> DataHealth.Area {
        var area = DataHealth.Area(.errors)
        let since = tx.now - .seconds(86_400)
        for pattern in try tx.errorPatterns.open(limit: 50) where pattern.lastAt >= since {
            let points: Double =
                switch pattern.severity {
                case .critical: 30
                case .warning: 12
                case .info: 3
                }
            area.score = max(0, area.score - points)
            guard area.recommendations.count < Self.recommendationsMax else { continue }
            area.recommendations.append(
                Saying(
                    "health.error",
                    [
                        "component": .text(pattern.component), "count": .number(pattern.count),
                        "category": .text(pattern.category.rawValue),
                    ]))
        }
        return area
    }

    private func performance() throws -> DataHealth.Area {
        var area = DataHealth.Area(.performance)
        let oldest =
            try tx.first(
                "SELECT min(run_at) FROM jobs WHERE tenant_id = \(tx.tenant) AND \(JobCondition.ready)"
            ) { $0.optionalInstant(0) } ?? nil
        let minutes = oldest.map { Int((tx.now - $0).components.seconds / 60) } ?? 0
        area.lose(min(40, 2 * Double(minutes)), Saying("health.jobs_waiting", ["minutes": .number(minutes)]))
        let dead = Int(
            try tx.int(
                """
                SELECT count(*) FROM jobs WHERE tenant_id = \(tx.tenant) AND state = \(literal: JobState.dead)
                    AND finished_at >= \(tx.now - .seconds(7 * 86_400))
                """) ?? 0)
        area.lose(min(30, 5 * Double(dead)), Saying("health.jobs_dead", ["count": .number(dead)]))
        let runs = try tx.first(
            """
            SELECT count(*), sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) FROM agent_runs
            WHERE tenant_id = \(tx.tenant) AND finished_at >= \(tx.now - .seconds(86_400))
            """
        ) { (all: $0.int(0), failed: $0.int(1)) }
        if let runs, runs.failed > 0 {
            let share = Double(runs.failed) / Double(max(1, runs.all))
            area.lose(30 * share, Saying("health.runs_failed", ["count": .number(runs.failed)]))
        }
        return area
    }

    private func maintenance(after done: [DataManagementAgent.Task]) throws -> DataHealth.Area {
        var area = DataHealth.Area(.maintenance)
        let isNew = try tx.agency.tenant().createdAt > tx.now - .seconds(2 * 86_400)
        func isDue(_ task: DataManagementAgent.Task, after time: Duration) throws -> Bool {
            if done.contains(task) { return false }
            let last = try tx.quality.place(of: "done/\(task.rawValue)").flatMap { Instant($0) }
            return last.map { $0 + time < tx.now } ?? !isNew
        }
        if try isDue(.scan, after: .seconds(36 * 3600)) { area.lose(25, Saying("health.scan_due")) }
        if try isDue(.verify, after: .seconds(14 * 86_400)) { area.lose(15, Saying("health.verify_due")) }
        let old = Int(
            try tx.int(
                """
                SELECT count(*) FROM quality_issues WHERE tenant_id = \(tx.tenant) AND status = 'open'
                    AND severity = 'immediate' AND found_at < \(tx.now - .seconds(7 * 86_400))
                """) ?? 0)
        area.lose(min(30, Double(old)), Saying("health.issues_old", ["count": .number(old)]))
        let doubles = Int(
            try tx.int(
                """
                SELECT count(*) FROM duplicate_pairs
                WHERE tenant_id = \(tx.tenant) AND is_shown = 1 AND confidence >= 0.9
                """) ?? 0)
        area.lose(min(20, Double(doubles)), Saying("health.duplicates", ["count": .number(doubles)]))
        return area
    }

    private func integrations() throws -> DataHealth.Area {
        var area = DataHealth.Area(.integrations)
        let all = try Integration.resource.all(
            where: "environment = 'live' AND status <> 'disabled'", suffix: "ORDER BY id LIMIT 200", in: tx)
        let troubled = Set(
            try tx.all(
                """
                SELECT subject_id FROM alerts
                WHERE tenant_id = \(tx.tenant) AND subject_type = 'integration' AND resolved_at IS NULL
                """
            ) { $0.id(0, of: Nouns.Integration.self) }.compactMap(\.self))
        let share = 100 / Double(max(1, all.count))
        for integration in all {
            let name: Saying.Value = .text(integration.name ?? integration.provider)
            if integration.status == .failing {
                area.lose(share, Saying("health.integration_failing", ["name": name]))
            } else if troubled.contains(integration.id) {
                area.lose(share / 2, Saying("health.integration_troubled", ["name": name]))
            }
        }
        area.recommendations = Array(area.recommendations.prefix(Self.recommendationsMax))
        return area
    }
}

extension Queryable {
    var dataHealth: DataHealthStore<Self> { DataHealthStore(tx: self) }
}

extension DataHealthStore where Base == Transaction {
    /// Sets what the areas weigh; they sum to 100.
    func set(_ weights: [HealthArea: Double], by actor: Actor) throws {
        let json = JSONObject(HealthArea.allCases.map { ($0.rawValue, .number(weights[$0] ?? 0)) })
        try tx.quality.setPlace(of: Self.weightsPlace, to: JSON.object(json).serialized)
        try tx.auditLog.add(
            actor, "data_health.updated", Subject(type: "tenant", id: tx.tenant.rawValue),
            ["weights": .object(json)])
    }

    /// Keeps how the data is as that of a day.
    func keep(_ health: DataHealth, on day: CivilDate) throws {
        try tx.run(
            """
            INSERT INTO health_days (tenant_id, day, score, areas)
            VALUES (\(tx.tenant), \(day.iso), \(health.score), \(health.kept.serialized))
            ON CONFLICT (tenant_id, day) DO UPDATE SET score = excluded.score, areas = excluded.areas
            """)
    }
}
