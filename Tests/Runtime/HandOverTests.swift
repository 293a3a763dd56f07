import Database
import Records
import Telemetry
import TestDatabases
import Testing
import Waiting

@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

/// A job that is stored while a worker of the same process is free is claimed by the commit that stores it.
@Suite("Jobs that are handed over")
struct HandOver {
    private func fixture() throws -> (TestRuntime, Signal<ClaimedJob>) {
        let test = try TestRuntime(kinds: [TestJob()], configure: { $0.slots["default"] = 4 })
        let handed = Signal<ClaimedJob>()
        test.runtime.signals.connect({ _ in }, timer: { _ in }) { _, job in handed.send(job) }
        // Closures of tests run twice, the first time for nothing.
        test.runtime.signals.offer(["default": 100])
        return (test, handed)
    }

    private func enqueue(
        _ test: TestRuntime, _ tenant: TenantID = .acme, _ options: JobOptions = JobOptions()
    ) async throws -> Job {
        let id = try await test.write(tenant) {
            try $0.jobs.enqueue(TestJob.self, .init(name: "a"), options).id
        }
        return try #require(try test.job(id, tenant))
    }

    @Test func `it runs from the start, under a lease as any claimed job`() async throws {
        let (test, handed) = try fixture()
        let job = try await enqueue(test)
        #expect(job.state == .running && job.attempt == 1 && job.startedAt == test.clock.now)
        #expect(handed.values.map(\.lease) == [Lease(tenant: .acme, job: job.id, epoch: 1)])
        #expect(try await test.claim(10).isEmpty)
        // The worker that was handed it dies before it begins.
        #expect(try await test.reap(.expired) == 0)
        test.clock.advance(by: .seconds(31))
        #expect(try await test.reap(.expired) == 1)
        #expect(try await test.claim(10).map(\.lease.epoch) == [2])
    }

    @Test func `only as many as there are hands, and as the tenant may run`() async throws {
        let (test, handed) = try fixture()
        test.runtime.signals.offer([:])
        #expect(try await enqueue(test, .globex).state == .available)
        test.runtime.signals.offer(["default": 100])
        var states: [JobState] = []
        for _ in 0..<4 { states.append(try await enqueue(test).state) }
        // Three quarters of four slots.
        #expect(states == [.running, .running, .running, .available] && handed.values.count == 3)
    }

    @Test
    func `none before those that wait, none of a paused queue or a suspended tenant, none that waits itself`()
        async throws
    {
        let (test, handed) = try fixture()
        let later = JobOptions(runAt: test.clock.now + .seconds(1))
        #expect(try await enqueue(test, .acme, later).state == .scheduled)
        let pending = JobOptions(uniqueKey: "one", uniqueness: .untilStarted)
        #expect(try await enqueue(test, .acme, pending).state == .available)
        #expect(try await enqueue(test).state == .available, "another is before it")
        #expect(try await test.claim(10).count == 2)

        try await test.write { try $0.jobQueues.pause("default", true, by: .system) }
        #expect(try await enqueue(test).state == .available)
        try await test.runtime.pauseQueue("default", true)
        #expect(try await enqueue(test, .globex).state == .available)
        try await test.runtime.pauseQueue("default", false)
        try await test.runtime.suspend(TenantID(rawValue: "ten_third"), true)
        #expect(try await enqueue(test, TenantID(rawValue: "ten_third")).state == .available)
        #expect(handed.values.isEmpty)
    }

    @Test func `one with a key, where no live job has that key`() async throws {
        let (test, handed) = try fixture()
        let job = try await enqueue(test, .acme, JobOptions(uniqueKey: "one"))
        #expect(job.state == .running && handed.values.map(\.lease.job) == [job.id])
        #expect(try await enqueue(test, .acme, JobOptions(uniqueKey: "one")).id == job.id)
        #expect(handed.values.count == 1, "and it is not run twice")
        try await test.write { try $0.jobs.complete(Lease(tenant: .acme, job: job.id, epoch: 1)) }
        #expect(try await enqueue(test, .acme, JobOptions(uniqueKey: "one")).state == .running)
    }

    @Test func `none of a transaction that is undone`() async throws {
        struct Undone: Error {}
        let (test, handed) = try fixture()
        await #expect(throws: Undone.self) {
            try await test.write { tx in
                _ = try tx.jobs.enqueue(TestJob.self, .init(name: "a"))
                throw Undone()
            }
        }
        #expect(handed.values.isEmpty)
        #expect(try test.read { try $0.int("SELECT count(*) FROM jobs") } == 0)
    }

    @Test(.ofFiles)
    func `a workflow that is started beside idle workers is handed over, and comes to its end`()
        async throws
    {
        let test = try TestRuntime(workflows: [
            Scripted { input, flow in try await flow.step("one") { _ in input + "1" } }
        ])
        test.work()
        // They are idle once they have claimed in vain.
        _ = try await test.startRun()
        await test.settle(1)
        #expect(await yields(until: { test.runtime.signals.takeHand(of: WorkflowJob.queue) }))
        let states = try await test.write { tx in
            let run = try tx.workflows.start(Scripted.self, "a", by: .system)
            return (try tx.jobs.find(run.jobID)?.state, run.id)
        }
        #expect(states.0 == .running)
        await test.settle(2)
        #expect(try test.run(states.1).output == "\"a1\"")
        await test.stop()
    }

    @Test(.ofFiles) func `what came before a run's first call outside is on the disk, its start included`()
        async throws
    {
        let log = Signal<String>()
        let test = try TestRuntime(
            workflows: [
                Scripted { _, flow in
                    try await flow.call("out") { _ in
                        log.send("call")
                        return "a"
                    }
                }
            ],
            open: { $0.observer.closureRan = { priority, _ in log.send("\(priority)") } })
        test.work()
        // Until what the workers do at first is over.
        _ = try await test.startRun()
        await test.settle(1)
        #expect(await yields(until: { test.runtime.signals.takeHand(of: WorkflowJob.queue) }))
        let place = log.values.count
        try await test.database.write(.acme, .early) { tx in
            _ = try tx.workflows.start(Scripted.self, "a", by: .system)
        }
        await test.settle(2)
        await test.stop()
        // A commit that waits for the disk takes there what was committed before it.
        let written = log.values[place...].prefix { $0 != "call" }
        #expect(written.first == "early" && written.last == "request", "\(written)")
    }
}
