import Database
import Glibc
import JSON
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

private struct QuickAgent: AgentDefinition {
    let name = "quick", title = "", purpose = ""
    func run(_ run: AgentRun) async throws -> JSON { [:] }
}

/// Figures, not promises: run with BUREAU_BENCHMARK=1 on an optimised build.
@Suite(.enabled(if: getenv("BUREAU_BENCHMARK") != nil), .serialized)
struct Throughput {
    private func measure(_ name: String, _ count: Int, _ body: () async throws -> Void) async throws {
        let start = systemSteadyClock()
        try await body()
        let time = systemSteadyClock() - start
        let each = Double(time.microseconds) / Double(count)
        print(
            "\(name): \(count) in \(time.microseconds / 1000) ms, \(Int(1e6 / each))/s,",
            "\((each * 10).rounded() / 10) µs each"
        )
    }

    private func live(_ kinds: [any JobKind] = [], _ agents: [any AgentDefinition] = []) throws -> TestRuntime
    {
        try TestRuntime(
            agents: agents, kinds: kinds,
            configure: {
                ($0.wait, $0.steadyClock) = (systemWait, systemSteadyClock)
            })
    }

    @Test func `jobs from enqueue to completion`() async throws {
        let done = Signal<Int>()
        let test = try live([TestJob { _, job in try await job.complete { _ in } }])
        let count = 20_000
        try await measure("enqueue, 100 to a transaction", count) {
            for _ in 0..<count / 100 {
                try await test.write { tx in
                    for n in 0..<100 { try tx.jobs.enqueue(TestJob.self, .init(name: "\(n)")) }
                }
            }
        }
        try await measure("enqueue at once, 1000 to a transaction", 10_000) {
            for _ in 0..<10 {
                try await test.write(.globex) { tx in
                    try tx.jobs.enqueueAll(
                        TestJob.self, (0..<1000).map { BulkJob(.init(name: "\($0)")) },
                        JobOptions(runAt: tx.now + .seconds(86_400)))
                }
            }
        }
        try await measure("claim and complete, one transaction each", count) {
            test.work()
            await test.settled.values(count)
        }
        _ = done
        try await measure("enqueue, one transaction each from 16 tasks, and complete", 8000) {
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for n in 0..<500 {
                            _ = try? await test.write {
                                try $0.jobs.enqueue(TestJob.self, .init(name: "\(task) \(n)"))
                            }
                        }
                    }
                }
            }
            await test.settled.values(count + 8000)
        }
        await test.stop()
    }

    @Test func `an idle worker starts at once`() async throws {
        let started = Signal<Instant>()
        let test = try live([TestJob { _, _ in started.send(systemSteadyClock()) }])
        test.work()
        var delays: [Duration] = []
        for n in 1...300 {
            try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")) }
            let committed = systemSteadyClock()
            delays.append(await started.values(n).last! - committed)
            await test.settled.values(n)
        }
        delays.sort()
        print("from commit to start: median \(delays[150]), p99 \(delays[297])")
        await test.stop()
    }

    @Test func `agent runs`() async throws {
        let test = try live([], [QuickAgent()])
        let count = 5000
        try await measure("start runs, 50 to a transaction", count) {
            for _ in 0..<count / 50 {
                try await test.write { tx in
                    for _ in 0..<50 { _ = try tx.runs.start(agent: "quick", trigger: .manual, by: .system) }
                }
            }
        }
        try await measure("runs to their end, two transactions each", count) {
            test.work()
            await test.settled.values(count)
        }
        await test.stop()
    }

    @Test func `audit and events in a transaction`() async throws {
        let test = try live()
        let subject = Subject(type: "lead", id: "lead_01jd8zkq3v5m9x7c2b4n6p8r0t")
        let changes: JSON = ["employee_count": [12, 99]]
        let count = 20_000
        for (name, work) in [
            (
                "audit",
                { @Sendable (tx: Transaction) in
                    try tx.auditLog.add(.system, "lead.updated", subject, changes)
                }
            ),
            ("publish", { @Sendable tx in _ = try tx.publish("lead.updated", subject, changes) }),
            ("count", { @Sendable tx in try tx.counters.count("leads.total", 1) }),
        ] {
            try await measure(name, count) {
                for _ in 0..<count / 200 { try await test.write { tx in for _ in 0..<200 { try work(tx) } } }
            }
        }
        try await measure("verify", count) {
            let result = try test.runtime.verifyAudit(.acme)
            #expect(result.valid)
        }
    }
}
