internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The quality of an agency's records: by area, and in all.
struct QualityOverview: Sendable {
    struct Area: Sendable {
        let area: QualityArea
        let score: Double, weight: Double, issues: Int
    }

    let areas: [Area]
    let immediate: Int, routine: Int, records: Int

    /// The areas' scores by their weights.
    var score: Double {
        let weight = areas.reduce(0) { $0 + $1.weight }
        return weight == 0 ? 100 : areas.reduce(0) { $0 + $1.score * $1.weight } / weight
    }

    var json: JSONObject {
        [
            "score": .toATenth(score), "areas": areasJSON,
            "open": ["immediate": JSON(immediate), "routine": JSON(routine)], "records": JSON(records),
        ]
    }

    var areasJSON: JSON {
        .array(
            areas.map { area in
                [
                    "name": .string(area.area.rawValue), "score": .toATenth(area.score),
                    "weight": .toATenth(area.weight), "issues": JSON(area.issues),
                ]
            })
    }
}

extension QualityStore {
    /// Returns the overview. An area loses what its open issues weigh, of all that its rules weigh with every record.
    func overview(_ registry: RecordRegistry) throws -> QualityOverview {
        let books = try RuleBook.all(registry, in: tx)
        var records: [String: Int] = [:]
        try tx.each(
            """
            SELECT subject_type, count(*) FROM quality_scores WHERE tenant_id = \(tx.tenant)
            GROUP BY subject_type
            """
        ) { records[$0.text(0)] = $0.int(1) }
        var open: [ID<QualityRule>: Int] = [:], immediate = 0, routine = 0
        try tx.each(
            """
            SELECT rule_id, severity, count(*) FROM quality_issues
            WHERE tenant_id = \(tx.tenant) AND status = 'open' GROUP BY rule_id, severity
            """
        ) { row in
            open[ID(row, 0), default: 0] += row.int(2)
            if row.text(1) == QualityRule.Severity.immediate.rawValue {
                immediate += row.int(2)
            } else {
                routine += row.int(2)
            }
        }
        let total = books.reduce(0) { $0 + $1.weight }
        let areas = QualityArea.allCases.compactMap { area -> QualityOverview.Area? in
            var weight = 0, possible = 0, lost = 0, issues = 0
            for book in books {
                let count = records[book.records.noun] ?? 0
                for rule in book.rules where rule.kind.area == area {
                    let failing = open[rule.id] ?? 0
                    (weight, possible) = (weight + rule.weight, possible + rule.weight * count)
                    (lost, issues) = (lost + rule.weight * failing, issues + failing)
                }
            }
            guard weight > 0 else { return nil }
            let score = possible == 0 ? 100 : max(0, 100 * (1 - Double(lost) / Double(possible)))
            return QualityOverview.Area(
                area: area, score: score, weight: 100 * Double(weight) / Double(total), issues: issues)
        }
        return QualityOverview(
            areas: areas, immediate: immediate, routine: routine, records: records.values.reduce(0, +))
    }

    /// Returns the scores of the last days, oldest first.
    func days(limit: Int = 90) throws -> [QualityDay] {
        try tx.all(
            """
            SELECT \(QualityDay.columns) FROM quality_days WHERE tenant_id = \(tx.tenant)
            ORDER BY day DESC LIMIT \(limit)
            """, QualityDay.init
        ).reversed()
    }
}

extension QualityStore where Base == Transaction {
    /// Keeps the overview as that of the agency's day.
    func keep(_ overview: QualityOverview) throws {
        let zone = try tx.runtime.questions.zone(tx)
        let day = zone.local(of: tx.now).date.iso
        try tx.run(
            """
            INSERT INTO quality_days (tenant_id, day, score, areas)
            VALUES (\(tx.tenant), \(day), \(overview.score), \(overview.areasJSON.serialized))
            ON CONFLICT (tenant_id, day) DO UPDATE SET score = excluded.score, areas = excluded.areas
            """)
    }
}

/// The score of a day: a row of `quality_days`.
struct QualityDay: StoredRow {
    let day: String
    let score: Double

    static let columns = Columns(of: Self.self)

    init(day: String, score: Double) { (self.day, self.score) = (day, score) }

    init(_ row: inout ColumnReader) { (day, score) = (row.text("day"), row.double("score")) }
}

/// The course that the score will take, by the straight line through its last days.
struct QualityForecast {
    private static let daysKnown = 5, daysAhead = 7
    private(set) var json: [JSON] = []

    /// Few days say nothing: then it is empty.
    init(_ days: [QualityDay]) {
        guard days.count >= Self.daysKnown, let last = days.last.flatMap({ CivilDate(iso: $0.day) }) else {
            return
        }
        let known = days.suffix(30).enumerated().map { (Double($0.offset), $0.element.score) }
        let count = Double(known.count)
        let (meanX, meanY) = (
            known.reduce(0) { $0 + $1.0 } / count, known.reduce(0) { $0 + $1.1 } / count
        )
        let spread = known.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
        let slope = known.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
        let errors = known.reduce(0) { sum, point in
            let error = point.1 - (meanY + slope * (point.0 - meanX))
            return sum + error * error
        }
        let deviation = max(0.5, (errors / max(1, count - 2)).squareRoot())
        for ahead in 1...Self.daysAhead {
            let x = count - 1 + Double(ahead)
            let width =
                2 * deviation * (1 + 1 / count + (x - meanX) * (x - meanX) / spread).squareRoot()
            let score = meanY + slope * (x - meanX)
            json.append([
                "date": .string(CivilDate(daysSinceEpoch: last.daysSinceEpoch + ahead).iso),
                "score": .toATenth(score), "low": .toATenth(score - width), "high": .toATenth(score + width),
            ])
        }
    }
}

extension JSON {
    /// A score to a tenth, from 0 to 100.
    static func toATenth(_ score: Double) -> JSON { .number((min(100, max(0, score)) * 10).rounded() / 10) }
}
