internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Synchronization
internal import Telemetry
internal import Workflows

/// Sleeps until its time.
struct Sleeper: Workflow {
    static let name = "sleeper"
    let woken: Ran
    let now: @Sendable () -> Instant

    func run(_ input: Int64, _ flow: Flow) async throws -> Nothing {
        let due = Instant(microseconds: input)
        try await flow.sleep(until: due)
        woken.add(systemSteadyClock(), now() - due)
        return Nothing()
    }
}

/// Runs that sleep for a year, all but a thousand, which wake in the minute after the last one has gone to sleep.
struct SleeperBenchmark {
    private static let wakers = 1000, chunk = 500
    private let bench: Bench
    private let woken: Ran
    private let count = number("RUNS", 1_000_000)

    init(_ folder: String) throws {
        let (woken, clocks) = (Ran(), TenantClocks())
        self.woken = woken
        bench = try Bench(
            folder, register: { $0.add(workflow: Sleeper(woken: woken, now: { clocks.now(nil) })) })
    }

    func run() async throws -> JSON {
        let began = systemSteadyClock()
        let working = Task { await bench.runner.run() }
        var made = 0
        while made < count {
            made += try await start(Self.chunk) { tx in tx.now + .seconds(365 * 86_400) }
            try await awaitSleep(atMost: 20_000)
        }
        try await awaitSleep(atMost: 0)
        let took = seconds(systemSteadyClock() - began)
        let memory = residentMegabytes()
        let wakers = Self.wakers
        _ = try await start(wakers) { tx in tx.now + .seconds(20) }
        await woken.wait(for: wakers)
        let late = woken.latencies
        let awake = residentMegabytes()
        bench.runner.drain()
        await working.value
        bench.database.close()
        return [
            "sleeping": JSON(count), "seconds_to_sleep": .number(took), "memory_mb": .number(memory),
            "memory_awake_mb": .number(awake), "woken": JSON(late.count),
            "late_p50_ms": .number(percentile(0.5, of: late)),
            "late_p99_ms": .number(percentile(0.99, of: late)),
            "late_max_ms": .number(percentile(1, of: late)),
        ]
    }

    private func start(
        _ count: Int, until due: @escaping @Sendable (Transaction) -> Instant
    ) async throws -> Int {
        try await bench.write { tx in
            for _ in 0..<count {
                _ = try tx.workflows.start(Sleeper.self, due(tx).microseconds, by: .system)
            }
            return count
        }
    }

    /// Those that have been started and do not sleep yet.
    private func awaitSleep(atMost limit: Int64) async throws {
        while true {
            let busy = try bench.database.read(tenant) {
                try $0.int(
                    "SELECT count(*) FROM jobs WHERE tenant_id = \($0.tenant) AND state IN (1, 2)") ?? 0
            }
            if busy <= limit { return }
            await systemWait(until: systemSteadyClock() + .milliseconds(20))
        }
    }
}
