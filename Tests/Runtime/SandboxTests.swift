import Cryptography
import Database
import JSON
import Nouns
import Records
import Synchronization
import Telemetry
import Testing
import Waiting

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

private struct Undone: Error {}
private let start = Instant("2030-01-05T10:00:00Z")!

extension TenantID {
    fileprivate static let one = TenantID(rawValue: "ten_one"), two = TenantID(rawValue: "ten_two")
}

extension TestRuntime {
    fileprivate func sandbox(_ tenant: TenantID, seed: Int64 = 7) async throws {
        try await write(tenant) { try $0.sandboxClock.begin(at: start, seed: seed) }
    }

    fileprivate func advance(_ tenant: TenantID, by duration: Duration) async throws -> SandboxTally {
        try await runtime.sandboxes.advance(tenant, runtime) { $0 + duration }.ran
    }
}

struct `Ids of a sandbox` {
    @Test func `come from its seed, its clock and how many there were`() async throws {
        let test = try TestRuntime()
        try await test.sandbox(.one)
        try await test.sandbox(.two)
        try await test.sandbox(.globex, seed: 8)
        func ids(_ tenant: TenantID) async throws -> [String] {
            try await test.write(tenant) { tx in (0..<3).map { _ in tx.makeID("x_") } }
        }
        let (one, two, other) = (try await ids(.one), try await ids(.two), try await ids(.globex))
        #expect(one == two && Set(one + other).count == 6)
        #expect(one == one.sorted(), "later ones sort later")
        test.clock.advance(by: .seconds(3600))
        #expect(try await ids(.one) == ids(.two), "the machine's time has no part in it")
        #expect(UniqueID(one[0].dropFirst(2))?.instant == start)
        #expect(!(try await test.write(.acme) { $0.makeID("x_") }.hasPrefix(one[0].prefix(10))))
    }

    @Test func `leave no trace of a transaction that is undone, and outlive the process`() async throws {
        let test = try TestRuntime()
        try await test.sandbox(.one)
        try await test.sandbox(.two)
        await #expect(throws: Undone.self) {
            try await test.write(.one) { tx in
                _ = tx.makeID("x_")
                throw Undone()
            }
        }
        try await test.write(.one) { tx in
            try? tx.attempt {
                _ = tx.makeID("x_")
                throw Undone()
            }
        }
        let first = try await test.write(.one) { $0.makeID("x_") }
        #expect(try await test.write(.two) { $0.makeID("x_") } == first)
        let reopened = try TestRuntime(boot: "boot-2", on: test)
        let second = try await reopened.write(.one) { $0.makeID("x_") }
        #expect(second > first)
        #expect(try await reopened.write(.two) { $0.makeID("x_") } == second)
    }

    @Test func `sort behind those that were copied, however late these are`() async throws {
        let test = try TestRuntime()
        try await test.sandbox(.one)
        let copied = UniqueID(high: UInt64(start.microseconds / 1000 + 5000) << 16, low: 99)
        try await test.write(.one) { try $0.sandboxClock.startIDs(after: copied) }
        let made = try await test.write(.one) { ($0.nextID(), $0.nextID()) }
        #expect(copied < made.0 && made.0 < made.1)
    }
}

struct `Work in a sandbox` {
    /// A job that notes when it ran, as the sandbox has it.
    private func noting(_ log: Signal<String>) -> TestJob {
        TestJob { payload, job in
            log.send("\(payload.name) \(job.now - start)")
            if payload.name.hasPrefix("bad") { throw JobFailure.retryable("bad", "it is bad") }
        }
    }

    @Test func `is no work of the pools, and what is due runs at once`() async throws {
        let log = Signal<String>()
        let test = try TestRuntime(kinds: [noting(log)])
        try await test.sandbox(.one)
        test.work()
        try await test.write(.one) { tx in
            #expect(tx.sandboxClock.isSandbox)
            try tx.jobs.enqueue(TestJob.self, .init(name: "later"), JobOptions(runAt: start + .seconds(60)))
            try tx.jobs.enqueue(TestJob.self, .init(name: "now"))
        }
        #expect(await log.values(1) == ["now 0.0 seconds"])
        test.clock.advance(by: .seconds(10 * 365 * 86_400))
        #expect(try await test.claim(10).isEmpty)
        #expect(try await test.advance(.one, by: .zero).jobs == 0, "its own clock stands")
        #expect(try await test.advance(.one, by: .seconds(59)).jobs == 0)
        let ran = try await test.advance(.one, by: .seconds(1))
        #expect(ran.jobs == 1 && ran.agents == 0 && ran.messages == 0)
        #expect(log.values.last == "later 60.0 seconds")
        await test.stop()
    }

    @Test func `goes on where it was when the process ended, but no further`() async throws {
        let log = Signal<String>()
        let test = try TestRuntime(kinds: [noting(log)])
        try await test.sandbox(.one)
        try await test.write(.one) { tx in
            try tx.jobs.enqueue(TestJob.self, .init(name: "now"))
            try tx.jobs.enqueue(TestJob.self, .init(name: "later"), JobOptions(runAt: start + .seconds(60)))
        }
        #expect(log.values.isEmpty, "nobody works yet")
        let step = SandboxStep(runtime: test.runtime, until: nil)
        let claimed = try await test.write(.one) { try step.run(in: $0) }
        guard case .job(let job, _) = claimed else { throw Undone() }
        let reopened = try TestRuntime(boot: "boot-2", on: test, kinds: [noting(log)])
        reopened.work()
        await log.values(1)
        await reopened.stop()
        #expect(log.values == ["now 0.0 seconds"] && reopened.clocks.now(.one) == start)
        #expect(try reopened.job(job.lease.job, .one)?.state == .completed)
    }

    @Test func `runs in the order of its time, then its priority, the same way each time`() async throws {
        func story(_ tenant: TenantID, on earlier: TestRuntime?) async throws -> ([String], TestRuntime) {
            let log = Signal<String>()
            let test = try TestRuntime(
                boot: tenant.rawValue, agents: [TestAgent()], on: earlier, kinds: [noting(log)])
            try await test.sandbox(tenant)
            try await test.write(tenant) { tx in
                _ = try tx.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
                for (name, seconds) in [("c", 7200), ("bad", 30), ("a", 30), ("b", 7200)] {
                    try tx.jobs.enqueue(
                        TestJob.self, .init(name: name),
                        JobOptions(
                            runAt: start + .seconds(seconds), priority: name == "b" ? 1 : 50, attemptsMax: 3))
                }
            }
            let ran = try await test.advance(tenant, by: .seconds(7200))
            #expect(ran.jobs == 8 && ran.agents == 2 && ran.messages == 0)
            #expect(test.clocks.now(tenant) == start + .seconds(7200))
            let runs = try test.read(tenant) { reader in
                try reader.all(
                    "SELECT id, created_at FROM agent_runs WHERE tenant_id = \(reader.tenant) ORDER BY id"
                ) { "\($0.text(0)) \($0.instant(1))" }
            }
            return (log.values + runs, test)
        }
        let (first, test) = try await story(.one, on: nil)
        let (second, _) = try await story(.two, on: test)
        #expect(first == second, "retries and ids have the same chances")
        #expect(first[0...1] == ["bad 30.0 seconds", "a 30.0 seconds"])
        #expect(first[4...5] == ["b 7200.0 seconds", "c 7200.0 seconds"])
        #expect(first[6].hasSuffix("2030-01-05T11:00:00.000Z") && first.count == 8)
    }

    @Test func `is advanced by one at a time, never while it is suspended`() async throws {
        let gate = Gate(), begun = Signal<Int>()
        let test = try TestRuntime(
            kinds: [
                TestJob { _, _ in
                    begun.send(1)
                    await gate.pass()
                }
            ])
        try await test.sandbox(.one)
        try await test.write(.one) { tx in
            try tx.jobs.enqueue(TestJob.self, .init(name: "a"), JobOptions(runAt: start + .seconds(60)))
        }
        let first = Task { try await test.advance(.one, by: .seconds(60)) }
        await begun.values(1)
        await #expect(
            throws: RuntimeError.conflict(
                "The sandbox's clock is already being advanced: wait until that has ended.")
        ) {
            try await test.advance(.one, by: .zero)
        }
        gate.open()
        #expect(try await first.value.jobs == 1)
        try await test.runtime.suspend(.one, true)
        await #expect(throws: RuntimeError.self) { try await test.advance(.one, by: .seconds(60)) }
        #expect(test.clocks.now(.one) == start + .seconds(60))
        try await test.runtime.suspend(.one, false)
        #expect(try await test.advance(.one, by: .seconds(60)).jobs == 0)
    }

    @Test func `that was cancelled is stopped`() async throws {
        let begun = Signal<JobID>(), wereCancelled = Signal<Bool>()
        let test = try TestRuntime(
            kinds: [
                TestJob { _, job in
                    begun.send(job.jobID)
                    wereCancelled.send(await yields(until: { job.isCancelled }))
                }
            ])
        try await test.sandbox(.one)
        test.work()
        try await test.write(.one) { try $0.jobs.enqueue(TestJob.self, .init(name: "a")) }
        let id = try #require(await begun.values(1).first)
        _ = try await test.write(.one) { try $0.jobs.cancel(id) }
        #expect(await wereCancelled.values(1) == [true])
        await test.stop()
        #expect(try test.job(id, .one)?.state == .cancelled)
    }

    @Test func `wakes workflows at their times, on its own clock, and after a restart`() async throws {
        let scripted = Scripted { input, flow in
            try await flow.step("first") { try $0.effect("first \($0.now - start)") }
            try await flow.sleep(for: day)
            try await flow.step("second") { try $0.effect("second \($0.now - start)") }
            return input
        }
        let test = try TestRuntime(workflows: [scripted])
        try await test.sandbox(.one)
        let id = try await test.write(.one) { try $0.workflows.start(Scripted.self, "a", by: .system) }.id
        #expect(try await test.advance(.one, by: .seconds(86_399)).jobs == 1)
        #expect(try test.read(.one) { try $0.workflows.run(id) }?.status == .waiting)
        let reopened = try TestRuntime(boot: "boot-2", on: test, workflows: [scripted])
        #expect(try await reopened.advance(.one, by: .seconds(1)).jobs == 1)
        #expect(try test.read(.one) { try $0.workflows.run(id) }?.status == .completed)
        #expect(try test.read(.one) { try $0.effects() } == ["first 0.0 seconds", "second 86400.0 seconds"])
    }
}
