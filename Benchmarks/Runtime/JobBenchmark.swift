internal import Database
internal import Dispatch
internal import Glibc
internal import JSON
internal import Jobs
internal import Synchronization
internal import Telemetry

/// Does nothing but leave the moment at which it ran: sixteen bytes at the end of a file.
struct NoOperation: JobKind {
    struct Payload: Codable, Sendable { var due: Int64 }
    static let kind = "no_operation"
    let file: Int32
    let ran: Ran

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let now = systemSteadyClock()
        let late = payload.due == 0 ? Duration.zero : now - Instant(microseconds: payload.due)
        var record = (seconds(now - Instant(microseconds: 0)), seconds(late))
        _ = withUnsafeBytes(of: &record) { Glibc.write(file, $0.baseAddress, $0.count) }
        ran.add(now, late)
    }
}

final class Ran: Sendable {
    private struct State {
        var times: [Instant] = [], latencies: [Duration] = []
        var waiting: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }
    private let state = Mutex(State())

    func add(_ now: Instant, _ late: Duration) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.times.append(now)
            state.latencies.append(late)
            guard let waiting = state.waiting, state.times.count >= waiting.count else { return nil }
            state.waiting = nil
            return waiting.continuation
        }?.resume()
    }

    func wait(for count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.times.count >= count { return true }
                state.waiting = (count, continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    var times: [Instant] { state.withLock { $0.times } }
    var latencies: [Duration] { state.withLock { $0.latencies } }
}

/// One transaction for each enqueue, answered when it is on disk, in `LANES` lanes of one process; then the workers
/// start and drain; then, idle, they are given `RATE` jobs a second at fixed moments.
struct JobBenchmark {
    private let bench: Bench
    private let ran = Ran()
    private let count = number("JOBS", 20_000), lanes = number("LANES", 64)
    private let rate = number("RATE", 200), trickleSeconds = number("TRICKLE_SECS", 10)

    init(_ folder: String) throws {
        let file = open(folder + "/done.1", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        bench = try Bench(folder) { [ran] in $0.add(NoOperation(file: file, ran: ran)) }
    }

    func run() async throws -> JSON {
        let alone = try await enqueue(2000, lanes: 1)
        let eight = try await enqueue(4000, lanes: 8)
        let together = try await enqueue(count, lanes: lanes)
        let total = count + 6000
        let working = Task { await bench.runner.run() }
        await ran.wait(for: total)
        let times = ran.times.sorted()
        let drain = Double(total - 1) / seconds(times[times.count - 1] - times[0])
        let memory = residentMegabytes()
        try await settle()
        let sent = try await trickle()
        await ran.wait(for: total + sent)
        let latencies = Array(ran.latencies[total...])
        try await settle()
        bench.runner.drain()
        await working.value
        let left = try bench.database.read(tenant) {
            try $0.int("SELECT count(*) FROM jobs WHERE tenant_id = \($0.tenant) AND state <> 4") ?? 0
        }
        bench.database.close()
        return [
            "enq": .number(together), "enq_one_lane": .number(alone), "enq_eight_lanes": .number(eight),
            "lanes": JSON(lanes),
            "drain": .number(drain), "p50": .number(percentile(0.5, of: latencies)),
            "p99": .number(percentile(0.99, of: latencies)), "lost": JSON(Int(left)),
            "enqueued": JSON(total), "drained": JSON(times.count), "rss": .number(memory),
            "spread": [[.number(together), .number(drain)]],
            "durability": .string(
                (bench.database.isOnServer ? "PostgreSQL" : "SQLite WAL, synchronous FULL")
                    + ": enqueue, claim and end are committed; at least once, fenced"),
        ]
    }

    private func enqueue(_ count: Int, lanes: Int) async throws -> Double {
        let start = systemSteadyClock()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    for _ in 0..<count / lanes + (lane < count % lanes ? 1 : 0) {
                        _ = try await bench.write { try $0.jobs.enqueue(NoOperation.self, .init(due: 0)) }
                    }
                }
            }
            try await group.waitForAll()
        }
        return Double(count) / seconds(systemSteadyClock() - start)
    }

    /// At moments that do not wait for what was sent before, from a thread of its own, as a request comes from one.
    private func trickle() async throws -> Int {
        let count = rate * trickleSeconds
        let start = systemSteadyClock() + .milliseconds(50)
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "trickle").async { [bench, rate] in
                for index in 0..<count {
                    let due = start + .microseconds(Int64(index) * 1_000_000 / Int64(rate))
                    usleep(UInt32(max(0, (due - systemSteadyClock()).microseconds)))
                    bench.database.submit(tenant) {
                        try $0.jobs.enqueue(NoOperation.self, .init(due: due.microseconds))
                    } completion: {
                        precondition((try? $0.get()) != nil, "an enqueue failed")
                    }
                }
                continuation.resume()
            }
        }
        return count
    }

    private func settle() async throws { await systemWait(until: systemSteadyClock() + .seconds(1)) }
}
