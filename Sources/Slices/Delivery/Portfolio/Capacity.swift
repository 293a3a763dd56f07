internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// The work that the agency's people can do in the next weeks, and the part of it that is planned.
struct Capacity {
    struct Week {
        let monday: CivilDate
        var planned = 0.0
    }
    /// The load of the next weeks, in the order of the numbers by which it is kept.
    enum State: Int {
        case free, tight, over

        var name: String { ["free", "tight", "over"][rawValue] }
    }

    static let weeksAhead = 8
    /// The weeks that decide whether the agency may promise more.
    private static let near = 4
    fileprivate static let tasksMax = 20_000

    /// Of one week.
    let hours: Double
    private(set) var weeks: [Week]

    init(hours: Double, from today: CivilDate, _ tasks: [(due: CivilDate, hours: Double)]) {
        self.hours = hours
        let monday = today.adding(days: 1 - today.weekday)
        var weeks = (0..<Self.weeksAhead).map { Week(monday: monday.adding(days: 7 * $0)) }
        for task in tasks {
            // A late task is still to be done, now.
            let week = max(0, (task.due.daysSinceEpoch - monday.daysSinceEpoch) / 7)
            if week < weeks.count { weeks[week].planned += task.hours }
        }
        self.weeks = weeks
    }

    private var planned: Double { weeks.reduce(0) { $0 + $1.planned } }

    var state: State {
        let (planned, all) = (
            weeks.prefix(Self.near).reduce(0) { $0 + $1.planned }, hours * Double(Self.near)
        )
        if planned > all || weeks.prefix(Self.near).contains(where: { $0.planned > hours }) { return .over }
        return planned > 0.85 * all ? .tight : .free
    }

    /// The first week that has more than can be done.
    var fullest: Week? { weeks.first { $0.planned > hours } }

    var json: JSON {
        let all = hours * Double(weeks.count)
        return [
            "hours": .number(all), "planned": .number(planned), "free": .number(max(0, all - planned)),
            "weeks": .array(
                weeks.map { week in
                    [
                        "week": .string(week.monday.iso), "hours": .number(hours),
                        "planned": .number(week.planned),
                    ]
                }),
        ]
    }

    static let schema: JSON = {
        let hours: JSON = ["type": "number", "minimum": 0]
        return .schema(
            [
                "hours": hours, "planned": hours, "free": hours,
                "weeks": [
                    "type": "array",
                    "items": .schema(
                        ["week": .anyText, "hours": hours, "planned": hours],
                        required: ["week", "hours", "planned"]),
                ],
            ], required: ["hours", "planned", "free", "weeks"])
    }()
}

extension ClientStore {
    /// The counter that keeps how full the next weeks are: 0 free, 1 tight, 2 over.
    static var capacityCounter: String { "capacity.state" }

    func capacity(_ settings: OutlookSettings, on today: CivilDate) throws -> Capacity {
        let people = try tx.int(
            """
            SELECT count(*) FROM users
            WHERE tenant_id = \(tx.tenant) AND role <> 'client' AND status = 'active' AND client_id IS NULL
            """)
        let end = today.adding(days: 7 * Capacity.weeksAhead)
        var tasks: [(due: CivilDate, hours: Double)] = []
        try tx.each(
            """
            SELECT due_on, estimate FROM tasks
            WHERE tenant_id = \(tx.tenant) AND status IN ('todo', 'doing', 'blocked') AND due_on < \(end.iso)
                AND estimate IS NOT NULL
            ORDER BY due_on DESC LIMIT \(Capacity.tasksMax)
            """
        ) { row in
            guard let due = CivilDate(iso: row.text(0)), let time = Duration(iso8601: row.text(1)) else {
                return
            }
            tasks.append((due, Double(time.components.seconds) / 3600))
        }
        return Capacity(hours: Double((people ?? 0) * Int64(settings.hoursPerPerson)), from: today, tasks)
    }
}

extension ClientStore {
    /// Returns how full the next weeks are, as it was kept last.
    package func capacityState() throws -> String {
        (Capacity.State(rawValue: try tx.counters.find(Self.capacityCounter)) ?? .free).name
    }
}

extension ClientStore where Base == Transaction {
    /// Keeps how full the next weeks are, and tells it where that has changed.
    func note(_ capacity: Capacity) throws {
        let before = try tx.counters.find(Self.capacityCounter), now = capacity.state
        guard before != now.rawValue else { return }
        try tx.counters.count(Self.capacityCounter, now.rawValue - before)
        let old = Capacity.State(rawValue: before) ?? .free
        try tx.publish(
            "capacity.changed", Subject(type: "capacity", id: tx.tenant.rawValue),
            ["from": .string(old.name), "to": .string(now.name), "free": capacity.json["free"] ?? .null])
    }
}
