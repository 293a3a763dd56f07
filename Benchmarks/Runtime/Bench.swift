internal import Agents
internal import Cryptography
internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Nouns
internal import Synchronization
internal import Telemetry
internal import Workflows

let tenant = TenantID(rawValue: "tenant_01jd8x00000000000000000000")

/// A runtime as the server has it, without the server: durable commits, system clock, usual slots.
struct Bench {
    let database: Database
    let runtime: Runtime
    let runner: Runner

    init(
        _ folder: String, tables: [Migration] = [], register: (inout JobRegistration) -> Void,
        configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws {
        let clocks = TenantClocks()
        var opening = DatabaseConfiguration(folder: folder + "/data", clock: clocks.now)
        opening.server = setting("BENCH_DATABASE_URL")
        database = try Database.open(opening)
        try database.migrate(jobMigrations + agentMigrations + workflowMigrations + tables)
        var configuration = RuntimeConfiguration(seed: 1, boot: "bench", auditKey: HMACKey([1]))
        configuration.watchInterval = nil
        // One agency has the machine.
        configuration.tenantShare = 1
        configuration.observer.troubled = { doing, error in
            let line = "\(doing): \(error)\n"
            Glibc.write(STDERR_FILENO, line, line.utf8.count)
        }
        configure(&configuration)
        runtime = try Runtime(database, configuration, clocks: clocks) { registration in
            registration.addAgents(AgentRegistry([]))
            registration.addWorkflows()
            register(&registration)
        }
        runner = Runner(runtime)
    }

    func write<T: Sendable>(
        _ priority: WritePriority = .request, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        try await database.write(tenant, priority, body)
    }
}

/// Jobs whose attempt has come to its end.
final class Ended: Sendable {
    private struct State {
        var ended: Set<JobID> = []
        var waiting: [JobID: CheckedContinuation<Void, Never>] = [:]
    }
    private let state = Mutex(State())

    func note(_ job: JobID) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiting = state.waiting.removeValue(forKey: job) else {
                state.ended.insert(job)
                return nil
            }
            return waiting
        }?.resume()
    }

    func end(of job: JobID) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.ended.remove(job) != nil { return true }
                state.waiting[job] = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}

func seconds(_ duration: Duration) -> Double { Double(duration.microseconds) / 1e6 }

/// In milliseconds; of at least one time.
func percentile(_ share: Double, of times: [Duration]) -> Double {
    let sorted = times.sorted()
    return seconds(sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]) * 1000
}

/// Proportional share of memory, in megabytes.
func residentMegabytes() -> Double {
    guard let file = fopen("/proc/self/smaps_rollup", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let parts = text.split(separator: " ")
        if parts.first == "Pss:", parts.count > 1, let kilobytes = Double(parts[1]) {
            return kilobytes / 1024
        }
    }
    return 0
}
