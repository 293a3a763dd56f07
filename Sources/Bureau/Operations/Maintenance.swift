internal import Agents
internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// The tasks that keep an installation's database quick, sound and small.
enum MaintenanceTask: String, CaseIterable, Sendable {
    case analyze, vacuum, reindex, integrity, archive
    /// Restores the newest backup into a folder of its own, and looks whether it is whole.
    case restore
    /// Makes an index that a statement's plan asks for, and takes one away again.
    case makeIndex = "make_index", dropIndex = "drop_index"

    /// Those that are done by themselves, too.
    static let regular: [MaintenanceTask] = [.analyze, .vacuum, .reindex, .integrity, .archive, .restore]

    var upkeep: UpkeepTask? { UpkeepTask(rawValue: rawValue) }

    /// The time between two of them without a measured need; `nil`: only where that is measured.
    var interval: Duration? {
        switch self {
        case .analyze, .archive: .seconds(86_400)
        case .integrity, .restore: .seconds(7 * 86_400)
        case .vacuum, .reindex, .makeIndex, .dropIndex: nil
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
    let work: WorkCounts

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
            do {
                try await adjust(MachineMemory.now())
            } catch {
                log.warning("memory could not be measured", ["error": .init(error)])
            }
        }
    }

    /// Gives the reading connections more or less memory, where the measured use or the machine asks for it.
    func adjust(_ machine: MachineMemory?) async throws {
        let database = database
        let use = try await onOwnThread { try database.memoryUse() }
        work.keep(use, machine)
        guard let size = MemoryPlan(use, machine).kilobytes else { return }
        database.giveMemory(kilobytes: size)
        let words = "\(use.kilobytes) KB became \(size) KB for each of \(use.connections) connections"
        log.info("the memory of reads was adjusted", ["change": .init(words)])
        try await database.write(.platform, .batch) { tx in
            try tx.auditLog.add(
                .system, "maintenance.adjusted", Subject(type: "maintenance", id: "memory"),
                ["from_kilobytes": JSON(use.kilobytes), "to_kilobytes": JSON(size)])
        }
    }

    /// Whether there are backups of Bureau's own; a server's are restored with its own tools.
    private var canRestore: Bool {
        !configuration.isOnServer && !Backups.files(in: configuration.backups).isEmpty
    }

    /// Keeps what was counted, and enqueues the tasks that are due where this is the quiet hour.
    func look(_ now: Instant) async throws {
        let hour = Int(LocalClock.parts(now).tm_hour), counted = work.takeWrites(), size = database.size.file
        let day = CivilDate(daysSinceEpoch: Int(now.seconds / 86_400)).iso
        let done = work.takeProcessing()
        try await database.write(.platform, .batch) { tx in
            try tx.maintenance.count(counted, hour: hour, fading: Self.fading)
            try tx.maintenance.keep(bytes: size, done, on: day)
        }
        let (quiet, states) = try database.read(.platform) { reader in
            (
                try reader.maintenance.quietHour(standard: configuration.backupTime.hour),
                try reader.maintenance.all()
            )
        }
        guard hour == quiet else { return }
        for task in MaintenanceTask.regular where task != .restore || canRestore {
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

/// Does a task of maintenance: a job, so that it is done even if the process ends meanwhile, and by one process alone.
struct MaintenanceJob: JobKind {
    struct Payload: Codable, Sendable {
        let task: String
        /// The table and its columns of an index that is to be made, or the name of one that is to go.
        var table: String?, columns: [String]?, index: String?
    }

    static let kind = "maintenance.run"
    static let attemptsMax = 2
    static let retriesTimeouts = false

    let database: Database
    let backups: Backups

    func timeout(_ payload: Payload) -> Duration { .seconds(6 * 3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let task = MaintenanceTask(rawValue: payload.task) else {
            return try await job.complete { _ in }
        }
        let start = systemSteadyClock(), result: String
        do {
            result = try await perform(task, payload, job)
        } catch let error where error is DatabaseError || error is RestoreFailure {
            let (took, words) = (systemSteadyClock() - start, "The task failed: \(error)")
            try await job.write { tx in
                try tx.maintenance.ended(task, words, hasFailed: true, took: took)
                let subject = Subject(type: "maintenance", id: task.rawValue)
                try tx.auditLog.add(.system, "maintenance.failed", subject, ["result": .string(words)])
                try tx.publish("maintenance.failed", subject, ["result": .string(words)])
            }
            throw JobFailure.terminal("maintenance_failed", "the task \(task.rawValue) failed: \(error)")
        }
        let took = systemSteadyClock() - start
        try await job.complete { tx in
            try tx.maintenance.ended(task, result, hasFailed: false, took: took)
            try tx.auditLog.add(
                .system, "maintenance.done", Subject(type: "maintenance", id: task.rawValue),
                ["result": .string(result)])
        }
    }

    private func perform(
        _ task: MaintenanceTask, _ payload: Payload, _ job: JobContext
    ) async throws -> String {
        let database = database
        if let upkeep = task.upkeep { return try await onOwnThread { try database.keepUp(upkeep) } }
        switch task {
        case .restore: return try await RestoreTest(backups: backups).run()
        case .makeIndex:
            guard let table = payload.table, let columns = payload.columns else {
                return "Nothing was asked for."
            }
            let index = AdvisedIndex(table: table, columns: columns)
            try await onOwnThread { try database.make(index) }
            return "The index \(index.name) is made."
        case .dropIndex:
            guard let name = payload.index else { return "Nothing was asked for." }
            try await onOwnThread { try database.removeIndex(named: name) }
            return "The index \(name) is gone."
        case .archive, .analyze, .vacuum, .reindex, .integrity:
            try await Sweep.removeOld(of: job.runtime)
            try await onOwnThread { try database.purgeSearch() }
            let agencies = try await job.runtime.acrossTenantsArchive()
            return "Records past their retention are gone; \(agencies) agencies look for unused ones."
        }
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
