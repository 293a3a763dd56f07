internal import Database
internal import Jobs
internal import Records
internal import Telemetry

/// When a task was done last, and what came of it.
struct MaintenanceState: StoredRow {
    let task: MaintenanceTask?
    let lastAt: Instant, result: String, hasFailed: Bool, took: Duration

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        task = MaintenanceTask(rawValue: row.text("name"))
        (lastAt, result) = (row.instant("last_at"), row.text("last_result"))
        (took, hasFailed) = (.milliseconds(row.int64("took")), row.bool("failed"))
    }
}

/// The size of the database on a day, and what was processed on it.
struct MeasuredDay: StoredRow {
    let day: CivilDate, bytes: Int64, done: WorkCounts.Processing

    static let columns = Columns(of: Self.self)

    init(day: CivilDate, bytes: Int64, _ done: WorkCounts.Processing = .init()) {
        (self.day, self.bytes, self.done) = (day, bytes, done)
    }

    init(_ row: inout ColumnReader) {
        day = CivilDate(iso: row.text("day")) ?? CivilDate(daysSinceEpoch: 0)
        bytes = row.int64("bytes")
        done = WorkCounts.Processing(
            requests: row.int("requests"), jobs: row.int("jobs"), used: row.int64("used"),
            there: row.int64("there"))
    }
}

/// The store of the installation's maintenance: `tx.maintenance`.
struct MaintenanceStore<Base: Queryable> {
    let tx: Base

    func all() throws -> [MaintenanceTask: MaintenanceState] {
        let states = try tx.all(
            "SELECT \(MaintenanceState.columns) FROM maintenance_runs WHERE tenant_id = \(tx.tenant)",
            MaintenanceState.init)
        return Dictionary(
            states.compactMap { state in state.task.map { ($0, state) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Returns the hour of this machine's day in which least is written, of those that were seen; `standard` until a
    /// whole day was.
    func quietHour(standard: Int) throws -> Int {
        let hours = try tx.all(
            "SELECT hour, writes FROM maintenance_hours WHERE tenant_id = \(tx.tenant) ORDER BY writes, hour"
        ) { (hour: $0.int(0), writes: $0.double(1)) }
        guard hours.count == 24, let least = hours.first else { return standard }
        // The usual hour is as good where it is as quiet.
        let usual = hours.first { $0.hour == standard }?.writes ?? .infinity
        return usual <= least.writes * 1.1 ? standard : least.hour
    }

    /// Returns what was measured on the last days, oldest first.
    func days() throws -> [MeasuredDay] {
        try tx.all(
            """
            SELECT \(MeasuredDay.columns) FROM database_days WHERE tenant_id = \(tx.tenant)
            ORDER BY day DESC LIMIT 60
            """, MeasuredDay.init
        ).reversed()
    }
}

extension Queryable {
    var maintenance: MaintenanceStore<Self> { MaintenanceStore(tx: self) }
}

extension MaintenanceStore where Base == Transaction {
    /// Adds to an hour's writes; what is long ago fades.
    func count(_ writes: Int, hour: Int, fading: Double) throws {
        let share = 1 - fading
        try tx.run(
            """
            INSERT INTO maintenance_hours (tenant_id, hour, writes)
            VALUES (\(tx.tenant), \(hour), \(Double(writes) * share))
            ON CONFLICT (tenant_id, hour) DO UPDATE
                SET writes = maintenance_hours.writes * \(1 - share / 12) + excluded.writes
            """)
    }

    /// Keeps the size of the database on a day, and adds what was processed since the last time.
    func keep(bytes: Int64, _ done: WorkCounts.Processing, on day: String) throws {
        try tx.run(
            """
            INSERT INTO database_days (tenant_id, day, bytes, requests, jobs, used, there)
            VALUES (\(tx.tenant), \(day), \(bytes), \(done.requests), \(done.jobs), \(done.used), \(done.there))
            ON CONFLICT (tenant_id, day) DO UPDATE SET bytes = excluded.bytes,
                requests = database_days.requests + excluded.requests, jobs = database_days.jobs + excluded.jobs,
                used = database_days.used + excluded.used, there = database_days.there + excluded.there
            """)
    }

    func ended(_ task: MaintenanceTask, _ result: String, hasFailed: Bool, took: Duration) throws {
        let milliseconds =
            took.components.seconds * 1000 + took.components.attoseconds / 1_000_000_000_000_000
        try tx.run(
            """
            INSERT INTO maintenance_runs (tenant_id, name, last_at, last_result, failed, took)
            VALUES (\(tx.tenant), \(task.rawValue), \(tx.now), \(result), \(hasFailed), \(milliseconds))
            ON CONFLICT (tenant_id, name) DO UPDATE SET last_at = excluded.last_at,
                last_result = excluded.last_result, failed = excluded.failed, took = excluded.took
            """)
    }

    /// Has a task done; one that is under way is not begun again.
    func enqueue(_ task: MaintenanceTask) throws -> EnqueuedJob {
        try enqueue(MaintenanceJob.Payload(task: task.rawValue), key: task.rawValue)
    }

    /// `key`: of what is to be done once; `at`: when, or at once.
    func enqueue(_ payload: MaintenanceJob.Payload, key: String, at: Instant? = nil) throws -> EnqueuedJob {
        try tx.jobs.enqueue(
            MaintenanceJob.self, payload,
            JobOptions(runAt: at, uniqueKey: key, subject: Subject(type: "maintenance", id: payload.task)))
    }
}
