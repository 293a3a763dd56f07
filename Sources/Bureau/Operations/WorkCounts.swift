internal import Database
internal import JSON
internal import Records
internal import Synchronization
internal import Telemetry

/// The work that this process has done since it was last asked, and how it has used memory for it.
final class WorkCounts: Sendable {
    /// The work of some time.
    struct Processing: Equatable, Sendable {
        var requests = 0, jobs = 0
        /// Milliseconds of processors: used by this process, and there in that time.
        var used: Int64 = 0, there: Int64 = 0
    }

    private struct Totals {
        var requests = 0, jobs = 0
        var used: Double, at: Instant
    }

    private let writes = Atomic<Int>(0)
    private let metrics: Metrics
    private let last: Mutex<Totals>
    private let memory = Mutex<(use: MemoryUse, machine: MachineMemory?)?>(nil)

    init(_ metrics: Metrics) {
        self.metrics = metrics
        last = Mutex(Totals(used: ProcessorTime.seconds, at: .wallClock()))
    }

    func add(writes number: Int) { writes.add(number, ordering: .relaxed) }
    func takeWrites() -> Int { writes.exchange(0, ordering: .relaxed) }

    func takeProcessing() -> Processing {
        let now = Totals(
            requests: metrics.total(of: "bureau_http_requests_total"),
            jobs: metrics.total(of: "bureau_job_attempts_total"), used: ProcessorTime.seconds,
            at: .wallClock())
        let before = last.withLock { last in
            defer { last = now }
            return last
        }
        let passed = max(0, (now.at - before.at).milliseconds)
        return Processing(
            requests: max(0, now.requests - before.requests), jobs: max(0, now.jobs - before.jobs),
            used: Int64(max(0, now.used - before.used) * 1000),
            there: passed * Int64(ProcessorTime.processors))
    }

    func keep(_ use: MemoryUse, _ machine: MachineMemory?) { memory.withLock { $0 = (use, machine) } }

    /// The use of memory when it was measured last; `nil`: not yet.
    var memoryJSON: JSON {
        guard let (use, machine) = memory.withLock({ $0 }) else { return .null }
        let accesses = use.found + use.missed
        return [
            "kilobytes_each": JSON(use.kilobytes), "connections": JSON(use.connections),
            "found_share": accesses == 0 ? .null : .number(Double(use.found) / Double(accesses)),
            "machine_bytes": machine.map { .integer($0.total) } ?? .null,
            "machine_free_bytes": machine.map { .integer($0.available) } ?? .null,
        ]
    }

    static let memorySchema: JSON = JSON.record([
        "kilobytes_each": [
            "type": "integer",
            "description": "The share of each reading connection; adjusted by measurement.",
        ],
        "connections": ["type": "integer", "description": "How many connections read."],
        "found_share": [
            "type": ["number", "null"],
            "description": "The share of pages that were found in memory since the measurement before.",
        ],
        "machine_bytes": ["type": ["integer", "null"], "description": "The memory of the machine."],
        "machine_free_bytes": ["type": ["integer", "null"], "description": "The part of it that is free."],
    ]).merging([
        "type": ["object", "null"], "description": "How this process uses memory; null: not measured yet.",
    ])
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
