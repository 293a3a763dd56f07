internal import Agents
internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Records
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// The tasks that keep an installation's database quick, sound and small.
enum MaintenanceTask: String, CaseIterable, Sendable {
    case analyze, vacuum, reindex, integrity, archive

    var upkeep: UpkeepTask? { UpkeepTask(rawValue: rawValue) }

    /// How often it is done without a measured need; `nil`: only where that is measured.
    var interval: Duration? {
        switch self {
        case .analyze, .archive: .seconds(86_400)
        case .integrity: .seconds(7 * 86_400)
        case .vacuum, .reindex: nil
        }
    }
}

/// Looks after the database in quiet hours: what is due by its interval or by measured need is done in the hour of the
/// day in which least is written, as the last weeks show.
struct Maintenance: Sendable {
    private static let pulse = Duration.seconds(300)
    /// Each day's writes count half as much as the next day's after so many days.
    private static let fading = 0.9

    let database: Database
    let configuration: Configuration
    let log: Log
    let writes: WriteCounts

    /// Counts writes by hour, and enqueues what is due, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await pause(Self.pulse)
            guard !Task.isCancelled else { return }
            do {
                try await look(.wallClock())
            } catch {
                log.warning("maintenance could not be planned", ["error": .init(error)])
            }
        }
    }

    /// Keeps what was counted, and enqueues the tasks that are due where this is the quiet hour.
    func look(_ now: Instant) async throws {
        let hour = Int(LocalClock.parts(now).tm_hour), counted = writes.take(), size = database.size.file
        let day = CivilDate(daysSinceEpoch: Int(now.seconds / 86_400)).iso
        try await database.write(.platform, .batch) { tx in
            try tx.maintenance.count(counted, hour: hour, fading: Self.fading)
            try tx.maintenance.keep(bytes: size, on: day)
        }
        let (quiet, states) = try database.read(.platform) { reader in
            (
                try reader.maintenance.quietHour(standard: configuration.backupTime.hour),
                try reader.maintenance.all()
            )
        }
        guard hour == quiet else { return }
        for task in MaintenanceTask.allCases {
            let last = states[task]?.lastAt
            if let last, now - last < .seconds(20 * 3600) { continue }
            let isOverdue = task.interval.map { interval in
                last.map { $0 + interval - .seconds(4 * 3600) <= now } ?? true
            }
            let isNeeded = try task.upkeep.map { try database.need(of: $0).isDue } ?? false
            guard isOverdue ?? false || isNeeded else { continue }
            try await database.write(.platform, .batch) { tx in _ = try tx.maintenance.enqueue(task) }
        }
    }
}

/// The writes of this process since they were last asked for.
final class WriteCounts: Sendable {
    private let count = Atomic<Int>(0)

    func add(_ number: Int) { count.add(number, ordering: .relaxed) }
    func take() -> Int { count.exchange(0, ordering: .relaxed) }
}

/// Does a task of maintenance: a job, so that it is done even if the process ends meanwhile, and by one process alone.
struct MaintenanceJob: JobKind {
    struct Payload: Codable, Sendable {
        let task: String
    }

    static let kind = "maintenance.run"
    static let attemptsMax = 2
    static let retriesTimeouts = false

    let database: Database

    func timeout(_ payload: Payload) -> Duration { .seconds(6 * 3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let task = MaintenanceTask(rawValue: payload.task) else {
            return try await job.complete { _ in }
        }
        let start = systemSteadyClock(), result: String
        do {
            result = try await perform(task, job)
        } catch let error as DatabaseError {
            let words = "The task failed: \(error)"
            try await job.write { try $0.maintenance.ended(task, words, took: systemSteadyClock() - start) }
            throw JobFailure.terminal("maintenance_failed", "the task \(task.rawValue) failed: \(error)")
        }
        let took = systemSteadyClock() - start
        try await job.complete { tx in
            try tx.maintenance.ended(task, result, took: took)
            try tx.auditLog.add(
                .system, "maintenance.done", Subject(type: "maintenance", id: task.rawValue),
                ["result": .string(result)])
        }
    }

    private func perform(_ task: MaintenanceTask, _ job: JobContext) async throws -> String {
        if let upkeep = task.upkeep {
            let database = database
            return try await onOwnThread { try database.keepUp(upkeep) }
        }
        try await Sweep.removeOld(of: job.runtime)
        let agencies = try await job.runtime.acrossTenantsArchive()
        return "Records past their retention are gone; \(agencies) agencies look for unused ones."
    }
}

extension Runtime {
    /// Has the data management of every agency look for records that nobody uses; answers in how many.
    fileprivate func acrossTenantsArchive() async throws -> Int {
        let tenants = try database.acrossTenantsRead { reader in
            try reader.all(
                "SELECT id FROM tenants WHERE sandbox_of IS NULL AND status = 'active' ORDER BY id"
            ) { TenantID(rawValue: $0.text(0)) }
        }
        var started = 0
        for tenant in tenants {
            let hasStarted = try await database.write(tenant, .batch) { tx -> Bool in
                guard let agent = tx.runtime.agents["data_management"],
                    try tx.agents.status(agent).state == .active
                else { return false }
                _ = try tx.runs.start(
                    agent: agent.name, trigger: .schedule, parameters: ["task": "archive"], by: .system)
                return true
            }
            if hasStarted { started += 1 }
        }
        return started
    }
}
