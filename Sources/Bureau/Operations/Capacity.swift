internal import Agents
internal import Database
internal import JSON
internal import Records
internal import Telemetry
internal import Wording

/// The straight line through the figures of the last days.
struct Trend: Equatable, Sendable {
    private static let daysMin = 2, yearsShown = 3650
    /// The growth of a day.
    let growth: Double

    /// `nil`: too few days are known.
    init?(_ figures: [(day: CivilDate, value: Double)]) {
        guard figures.count >= Self.daysMin, let first = figures.first?.day.daysSinceEpoch else { return nil }
        let points = figures.map { (Double($0.day.daysSinceEpoch - first), $0.value) }
        let count = Double(points.count)
        let (x, y) = (points.reduce(0) { $0 + $1.0 } / count, points.reduce(0) { $0 + $1.1 } / count)
        let spread = points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
        growth = spread == 0 ? 0 : points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / spread
    }

    /// Returns the day on which so much room ends; `nil` where that is not in sight.
    func end(of room: Double, from today: CivilDate) -> CivilDate? {
        guard growth > 0, room / growth < Double(Self.yearsShown) else { return nil }
        return today.adding(days: Int(max(0, room) / growth))
    }
}

/// The size of the database, the work that is done, and the calls of services; the growth of each, and the
/// day on which the room for it ends.
struct Capacity: Sendable {
    /// The share of the processors' time from which requests begin to wait for one another.
    static let usedMax = 0.7
    /// Days whose figures are taken for those of a day.
    private static let daysShown = 7, daysAhead = 30

    let bytes: Int64
    let free: Int64?
    /// Bytes a day; `nil`: too few days are known.
    let growth: Double?
    let fullOn: CivilDate?
    private let days: [MeasuredDay]
    private let calls: [(day: CivilDate, value: Double)]
    private let today: CivilDate

    /// `calls`: those of services on the last days.
    init(
        bytes: Int64, free: Int64?, _ days: [MeasuredDay], calls: [(day: CivilDate, value: Double)] = [],
        today: CivilDate
    ) {
        (self.bytes, self.free, self.today) = (bytes, free, today)
        (self.days, self.calls) = (days, calls)
        let trend = Trend(days.map { ($0.day, Double($0.bytes)) })
        growth = trend?.growth
        fullOn = free.flatMap { trend?.end(of: Double($0), from: today) }
    }

    /// The work of a day, against what the processors have been seen to take.
    struct Processing: Equatable, Sendable {
        let requests: Int, jobs: Int
        /// The share of the processors' time that it takes.
        let used: Double
        let growth: Double?
        /// The most requests of a day that there is room for, by what each has taken.
        let requestsMax: Int?
        let fullOn: CivilDate?
    }

    /// `nil`: no whole day is known yet.
    var processing: Processing? {
        // Today is not over.
        let whole = days.filter { $0.day < today && $0.done.there > 0 }
        let last = whole.suffix(Self.daysShown)
        guard !last.isEmpty else { return nil }
        let requests = last.reduce(0) { $0 + $1.done.requests } / last.count
        let jobs = last.reduce(0) { $0 + $1.done.jobs } / last.count
        let there = last.reduce(0) { $0 + $1.done.there }
        let used = Double(last.reduce(0) { $0 + $1.done.used }) / Double(there)
        let trend = Trend(whole.map { ($0.day, Double($0.done.used) / Double($0.done.there)) })
        return Processing(
            requests: requests, jobs: jobs, used: used, growth: trend?.growth,
            requestsMax: used > 0 ? Int(Double(requests) / used * Self.usedMax) : nil,
            fullOn: trend?.end(of: Self.usedMax - used, from: today))
    }

    /// The calls of services in a day, their growth of a day, and the sum of the next thirty days.
    var callsForecast: (perDay: Double, growth: Double?, ahead: Int)? {
        let whole = calls.filter { $0.day < today }, last = whole.suffix(Self.daysShown)
        guard !last.isEmpty else { return nil }
        let perDay = last.reduce(0) { $0 + $1.value } / Double(last.count)
        let growth = Trend(whole)?.growth, days = Double(Self.daysAhead)
        return (perDay, growth, Int(max(0, days * perDay + (growth ?? 0) * days * (days + 1) / 2).rounded()))
    }

    var json: JSON {
        [
            "bytes": .integer(bytes), "free_bytes": free.map(JSON.integer) ?? .null,
            "growth_per_day": growth.map { .integer(Int64($0.rounded())) } ?? .null,
            "full_on": JSON(fullOn?.iso), "processing": processing?.json ?? .null,
            "service_calls": callsForecast.map { calls in
                [
                    "per_day": .number(calls.perDay),
                    "growth_per_day": calls.growth.map(JSON.number) ?? .null,
                    "next_30_days": JSON(calls.ahead),
                ]
            } ?? .null,
        ]
    }

    static let schema: JSON = JSON.record([
        "bytes": ["type": "integer", "description": "The size of the database."],
        "free_bytes": ["type": ["integer", "null"], "description": "The room left on the disk."],
        "growth_per_day": [
            "type": ["integer", "null"], "description": "How much it grows a day; null: not known yet.",
        ],
        "full_on": [
            "type": ["string", "null"], "format": "date",
            "description": "The day on which the room ends, as it grows; null: not in sight.",
        ],
        "processing": JSON.record([
            "requests_per_day": ["type": "integer", "description": "Requests a day, of the last week."],
            "jobs_per_day": ["type": "integer", "description": "Attempts of jobs a day, of the last week."],
            "used_share": [
                "type": "number", "description": "The share of the processors' time that they take.",
            ],
            "growth_per_day": [
                "type": ["number", "null"], "description": "By how much that share grows a day.",
            ],
            "requests_per_day_max": [
                "type": ["integer", "null"],
                "description":
                    "How many requests a day there is room for, by what they have been seen to take.",
            ],
            "full_on": [
                "type": ["string", "null"], "format": "date",
                "description": "The day on which the processors are busy, as it grows; null: not in sight.",
            ],
        ]).merging([
            "type": ["object", "null"], "description": "The load of a day; null: no whole day is known yet.",
        ]),
        "service_calls": JSON.record([
            "per_day": [
                "type": "number", "description": "Calls of outside services a day, of the last week.",
            ],
            "growth_per_day": [
                "type": ["number", "null"], "description": "How many more there are each day.",
            ],
            "next_30_days": ["type": "integer", "description": "The expected load of the next thirty days."],
        ]).merging([
            "type": ["object", "null"], "description": "Calls of services by all agencies; null: none yet.",
        ]),
    ]).merging(["description": "The room for data and work, and when it ends."])
}

extension Capacity.Processing {
    fileprivate var json: JSON {
        [
            "requests_per_day": JSON(requests), "jobs_per_day": JSON(jobs), "used_share": .number(used),
            "growth_per_day": growth.map(JSON.number) ?? .null, "requests_per_day_max": JSON(requestsMax),
            "full_on": JSON(fullOn?.iso),
        ]
    }
}

extension Database {
    /// Returns how often all agencies have called services on each of the last days, oldest first.
    func acrossTenantsCalls(since day: CivilDate) throws -> [(day: CivilDate, value: Double)] {
        let rows = try acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT u.day, u.connector, CAST(sum(u.calls) AS REAL) FROM tenants t
                JOIN effect_use u ON u.tenant_id = t.id
                WHERE u.day >= \(day.daysSinceEpoch) GROUP BY u.day, u.connector ORDER BY u.day
                """
            ) { (day: $0.int(0), connector: $0.text(1), calls: $0.double(2)) }
        }
        let days = Dictionary(
            rows.filter { Connector.isService($0.connector) }.map { ($0.day, $0.calls) }, uniquingKeysWith: +)
        return days.sorted { $0.key < $1.key }.map { (CivilDate(daysSinceEpoch: $0.key), $0.value) }
    }
}

extension SlowStatement {
    /// `made`: the indexes that are there beside those of releases.
    func json(_ advice: StatementAdvice?, _ made: [AdvisedIndex], in words: Wording) -> JSON {
        var index = JSON.null
        if case .index(let table, let columns)? = advice, !columns.isEmpty {
            let advised = AdvisedIndex(table: table, columns: columns)
            if !made.contains(where: { $0.name == advised.name }) { index = advised.json }
        }
        let (kind, table) =
            switch advice {
            case .index(let table, _)?: ("index", table)
            case .order?: ("order", "")
            case .narrow?: ("narrow", "")
            case nil: ("none", "")
            }
        let suggestion = words("maintenance.advice", ["kind": .text(kind), "table": .text(table)])
        return [
            "statement": .string(text), "calls": JSON(calls), "p95_ms": .number(p95.milliseconds),
            "longest_ms": .number(longest.milliseconds), "suggestion": .string(suggestion), "index": index,
        ]
    }
}

extension AdvisedIndex {
    var json: JSON { ["name": .string(name), "table": .string(table), "columns": JSON(columns)] }

    static let schema: JSON = .record([
        "name": ["type": "string", "description": "The name of the index."],
        "table": ["type": "string", "description": "The table that it is on."],
        "columns": ["type": "array", "items": ["type": "string"], "description": "Its columns, in order."],
    ])
}

extension Duration {
    fileprivate var milliseconds: Double {
        let (seconds, attoseconds) = components
        return ((Double(seconds) * 1000 + Double(attoseconds) / 1e15) * 10).rounded() / 10
    }
}
