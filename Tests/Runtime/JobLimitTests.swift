import Database
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct Limits {
    private func add(_ test: TestRuntime, _ names: [String], _ options: JobOptions) async throws -> [JobID] {
        try await test.write { tx in
            try names.map { try tx.jobs.enqueue(TestJob.self, .init(name: $0), options).id }
        }
    }

    private func names(_ jobs: [ClaimedJob]) -> [String] {
        jobs.map { String($0.payload.dropFirst(9).dropLast(2)) }
    }

    @Test func `of one key so many run at once, and the next begins when one ends`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let options = JobOptions(limitKey: "mailbox", limits: JobLimits(concurrency: 2))
        _ = try await add(test, ["a", "b", "c", "d"], options)
        _ = try await add(test, ["other"], JobOptions(limitKey: "else", limits: JobLimits(concurrency: 1)))
        _ = try await add(test, ["free"], JobOptions())
        let first = try await test.claim(10)
        #expect(names(first) == ["a", "b", "other", "free"])
        #expect(try await test.claim(10).isEmpty)
        try await test.write { try $0.jobs.complete(first[0].lease) }
        let second = try await test.claim(10)
        #expect(names(second) == ["c"])
        // However one ends, its permit goes on.
        try await test.write { try $0.jobs.settle(first[1].lease, .dead(.terminal("x", "x"))) }
        let third = try await test.claim(10)
        #expect(names(third) == ["d"])
        try await test.write { tx in
            try tx.jobs.settle(second[0].lease, .retry(after: .seconds(5), .retryable("x", "x")))
        }
        _ = try await add(test, ["e"], options)
        #expect(try await names(test.claim(10)) == ["e"], "what waits for its next attempt holds no permit")
    }

    @Test func `blocked jobs are not among those that a claim looks at`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let options = JobOptions(limitKey: "one", limits: JobLimits(concurrency: 1))
        let ids = try await add(test, (0..<50).map { "\($0)" }, options)
        let ready = try test.read { reader in
            try reader.int(
                "SELECT count(*) FROM jobs WHERE tenant_id = \(reader.tenant) AND state = 1 AND permit < 2")
        }
        #expect(ready == 1)
        // Cancelled ones give up their place, and the one with the permit gives it on.
        try await test.write { tx in for id in ids.prefix(3) { _ = try tx.jobs.cancel(id) } }
        #expect(try await names(test.claim(10)) == ["3"])
        let blocked = try #require(try test.job(ids[4]))
        let reason = try test.read { try $0.jobQueues.reasonToWait(blocked, test.runtime) }
        #expect(blocked.state == .available && reason?.reason == .keyBusy)
    }

    @Test func `a revived job waits for its key like any other`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let options = JobOptions(limitKey: "one", limits: JobLimits(concurrency: 1))
        let ids = try await add(test, ["a", "b"], options)
        _ = try await test.write { try $0.jobs.cancel(ids[0]) }
        let running = try await test.claim(10)
        _ = try await test.write { try $0.jobs.retry(ids[0]) }
        #expect(try await test.claim(10).isEmpty)
        try await test.write { try $0.jobs.complete(running[0].lease) }
        #expect(try await names(test.claim(10)) == ["a"])
    }

    @Test func `a rate gives each job its time, so many in any stretch of that length`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let options = JobOptions(limitKey: "api", limits: JobLimits(rate: JobRate(3, per: .seconds(60))))
        let ids = try await add(test, (0..<8).map { "\($0)" }, options)
        let start = test.clock.now
        let times = try ids.map { try #require(try test.job($0)).runAt - start }
        #expect(times == [0, 0, 0, 60, 60, 60, 120, 120].map { .seconds($0) })
        #expect(try await test.claim(10).count == 3)
        let waiting = try #require(try test.job(ids[3]))
        #expect(waiting.state == .scheduled && waiting.reasonToWait?.reason == .rateLimit)
        let runtime = test.runtime
        for (pass, count) in [(59, 0), (1, 3), (60, 2)] {
            test.clock.advance(by: .seconds(pass))
            _ = try await test.database.acrossTenantsWrite {
                try ClaimStore(tx: $0, runtime: runtime).wakeDue(limit: 100)
            }
            #expect(try await test.claim(10).count == count)
        }
        let rows = try test.read {
            try $0.int("SELECT count(*) FROM job_rates WHERE tenant_id = \($0.tenant)")
        }
        #expect(rows == 3, "only what the next one needs is kept")
    }

    @Test func `a job months ahead takes no place of its key before it is due`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let limits = JobLimits(concurrency: 1, rate: JobRate(1, per: .seconds(60)))
        let far = test.clock.now + .seconds(200 * 86_400)
        let late = try await add(test, ["late"], JobOptions(runAt: far, limitKey: "k", limits: limits))
        _ = try await add(test, ["now"], JobOptions(limitKey: "k", limits: limits))
        let first = try await test.claim(10)
        #expect(names(first) == ["now"])
        try await test.write { try $0.jobs.complete(first[0].lease) }
        let runtime = test.runtime
        test.clock.advance(by: .seconds(199 * 86_400))
        let next = try await test.database.acrossTenantsWrite {
            try ClaimStore(tx: $0, runtime: runtime).wakeDue(limit: 100)
        }
        #expect(next == far)
        #expect(try await test.claim(10).isEmpty)
        test.clock.advance(by: .seconds(86_400))
        _ = try await test.database.acrossTenantsWrite {
            try ClaimStore(tx: $0, runtime: runtime).wakeDue(limit: 100)
        }
        #expect(try await test.claim(10).map(\.lease.job) == late)
    }
}

struct Batches {
    private func jobs(_ names: [String]) -> [BulkJob<TestJob.Payload>] {
        names.map { BulkJob(.init(name: $0)) }
    }

    @Test func `one job follows when all of a batch have ended, however they did`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let (id, list) = (jobs(["a", "b", "c"]), "after")
        let batch = try await test.write {
            try $0.jobBatches.enqueue(TestJob.self, id, then: TestJob.self, .init(name: list))
        }
        let claimed = try await test.claim(10)
        #expect(claimed.count == 3)
        try await test.write { try $0.jobs.complete(claimed[0].lease) }
        try await test.write { try $0.jobs.settle(claimed[1].lease, .dead(.terminal("x", "x"))) }
        let half = try #require(try test.read { try $0.jobBatches.find(batch) })
        #expect((half.total, half.completed, half.dead, half.live) == (3, 1, 1, 1) && half.finishedAt == nil)
        #expect(try await test.claim(10).isEmpty)
        _ = try await test.write { try $0.jobs.cancel(claimed[2].lease.job) }
        let whole = try #require(try test.read { try $0.jobBatches.find(batch) })
        #expect((whole.completed, whole.dead, whole.cancelled) == (1, 1, 1) && whole.finishedAt != nil)
        let after = try await test.claim(10)
        #expect(after.map(\.payload) == [#"{"name":"after"}"#] && after[0].lease.job == whole.callbackJobID)
        // One that is made once more ends the batch no second time.
        _ = try await test.write { try $0.jobs.retry(claimed[1].lease.job) }
        let again = try await test.claim(10)
        try await test.write { try $0.jobs.complete(again[0].lease) }
        #expect(try await test.claim(10).isEmpty)
    }

    @Test func `an empty batch ends at once`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let batch = try await test.write {
            try $0.jobBatches.enqueue(TestJob.self, [], then: TestJob.self, .init(name: "after"))
        }
        #expect(try test.read { try $0.jobBatches.find(batch) }?.finishedAt != nil)
        #expect(try await test.claim(10).count == 1)
    }

    @Test func `many jobs are made with few statements, taken keys passed over`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let made = try await test.write { tx in
            try tx.jobs.enqueue(TestJob.self, .init(name: "taken"), JobOptions(uniqueKey: "7"))
            return try tx.jobs.enqueueAll(
                TestJob.self, (0..<1234).map { BulkJob(.init(name: "\($0)"), uniqueKey: "\($0)") })
        }
        #expect(made.count == 1233 && made == made.sorted() && Set(made).count == 1233)
        #expect(try await test.claim(2000, cap: 2000).count == 1234)
    }
}

struct Queues {
    @Test func `a paused queue starts nothing, for its tenant or for all`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        try await test.write { try $0.jobQueues.pause("default", true, by: .system) }
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        try await test.write(.globex) { try $0.jobs.enqueue(TestJob.self, .init(name: "b")) }
        #expect(try await test.claim(10).map(\.lease.tenant) == [.globex])
        let job = try #require(try test.job(id))
        #expect(try test.read { try $0.jobQueues.reasonToWait(job, test.runtime) }?.reason == .queuePaused)
        // A suspended tenant that works again keeps its pause.
        try await test.runtime.suspend(.acme, true)
        try await test.runtime.suspend(.acme, false)
        #expect(try await test.claim(10).isEmpty)
        try await test.write { try $0.jobQueues.pause("default", false, by: .system) }
        try await test.runtime.pauseQueue("default", true)
        #expect(try await test.claim(10).isEmpty)
        #expect(try test.read { try $0.jobQueues.status("default", test.runtime) }.isPausedForAll)
        try await test.runtime.pauseQueue("default", false)
        #expect(try await test.claim(10).map(\.lease.job) == [id])
        await #expect(throws: RuntimeError.notFound) {
            try await test.write { try $0.jobQueues.pause("nowhere", true, by: .system) }
        }
    }

    @Test func `a queue tells its depth, what runs, and how long the oldest has waited`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        try await test.write {
            try $0.jobs.enqueue(TestJob.self, .init(name: "old"), JobOptions(priority: 90))
        }
        let since = test.clock.now
        test.clock.advance(by: .seconds(60))
        let ids = try await test.write { tx in
            try (0..<5).map { try tx.jobs.enqueue(TestJob.self, .init(name: "\($0)")).id }
        }
        _ = try await test.claim(2)
        let status = try test.read { try $0.jobQueues.status("default", test.runtime) }
        #expect((status.depth, status.running, status.oldest, status.limit) == (4, 2, since, 48))
        let last = try #require(try test.job(ids[4]))
        let reason = try test.read { try $0.jobQueues.reasonToWait(last, test.runtime) }
        #expect(reason?.reason == .queueBusy && reason?.text == "2 others before it")
    }

    @Test func `work that someone waits for does not stand behind what nobody waits for`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let id = try await test.write { tx in
            try tx.jobs.enqueueAll(TestJob.self, (0..<1000).map { BulkJob(.init(name: "\($0)")) })
            let id = try tx.jobs.enqueue(TestJob.self, .init(name: "urgent")).id
            try tx.jobs.expedite(id)
            return id
        }
        _ = try await test.claim(12, cap: 12)
        #expect(
            try await test.claim(8, queue: RuntimeConfiguration.interactiveQueue).map(\.lease.job) == [id])
        try await test.write { try $0.jobs.expedite(id) }
        #expect(try test.job(id)?.state == .running, "what runs is left alone")
    }

    @Test func `behind a hundred thousand jobs of one tenant another's one starts in the next round`()
        async throws
    {
        let test = try TestRuntime(kinds: [TestJob()])
        try await test.write { tx in
            let pattern = try tx.jobs.enqueue(TestJob.self, .init(name: "many")).id
            try tx.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                INSERT INTO jobs (tenant_id, id, queue, kind, priority, state, realm, run_at, attempt, max_attempts,
                    deaths, epoch, unique_until, payload, created_at)
                SELECT tenant_id, substr(id, 1, 23) || CAST(1000000 + n.i AS TEXT), queue, kind, priority, state, realm, run_at, attempt, max_attempts,
                    deaths, epoch, unique_until, payload, created_at
                FROM jobs CROSS JOIN n WHERE tenant_id = \(tx.tenant) AND id = \(pattern)
                """)
        }
        // As the pool does it: all slots taken, then one after the other ends and is filled again.
        var running = try await test.claim(16, cap: 12)
        #expect(running.count == 12, "a tenant never has them all")
        try await test.write(.globex) { try $0.jobs.enqueue(TestJob.self, .init(name: "one")) }
        let next = try await test.claim(4, cap: 12)
        #expect(next.first?.lease.tenant == .globex, "a slot was free for it at once")
        // And without a free slot, in the first rounds after one ends.
        try await test.write(.globex) { try $0.jobs.enqueue(TestJob.self, .init(name: "two")) }
        var rounds = 0
        while rounds < 3 {
            rounds += 1
            let done = running.removeFirst()
            try await test.write { try $0.jobs.complete(done.lease) }
            let claimed = try await test.claim(1, cap: 12)
            if claimed.contains(where: { $0.lease.tenant == .globex }) { break }
            running += claimed
        }
        #expect(rounds <= 2)
    }
}

struct Sweeping {
    @Test func `what has ended goes after its time; audit, live work and newest events stay`() async throws {
        let agent = TestAgent(schedules: [DefaultSchedule(name: "Daily", cron: "daily")])
        let test = try TestRuntime(agents: [agent], kinds: [TestJob()])
        let other = TenantID(rawValue: "ten_box")
        try await test.write(other) { try $0.sandboxClock.begin(at: test.clock.now, seed: 1) }
        for tenant in [TenantID.acme, other] {
            try await test.write(tenant) { tx in
                for n in 0..<300 { try tx.publish("lead.updated", Subject(type: "lead", id: "lead_\(n)")) }
                try tx.auditLog.add(.system, "a", Subject(type: "lead", id: "lead_1"))
                try tx.alerts.raise(kind: "open", severity: .info, title: "a", action: "b")
                try tx.alerts.raise(kind: "over", severity: .info, title: "a", action: "b")
                try tx.alerts.resolve(kind: "over")
            }
        }
        test.work()
        let run = try await test.write {
            try $0.runs.start(agent: "scoring", trigger: .manual, by: .system).id
        }
        await test.settled.values(1)
        await test.stop()
        func count(_ table: String, _ tenant: TenantID = .acme) throws -> Int64? {
            try test.read(tenant) { reader in
                try reader.int("SELECT count(*) FROM \(trusted: table) WHERE tenant_id = \(reader.tenant)")
            }
        }
        let sweep = Sweep(test.runtime)
        try await sweep.removeOld()
        #expect(try (count("events") ?? 0) > 300)
        test.clock.advance(by: .seconds(200 * 86_400))
        try await test.write { try $0.publish("lead.updated", Subject(type: "lead", id: "lead_1")) }
        try await sweep.removeOld()
        #expect(try [count("events"), count("alerts"), count("jobs"), count("run_steps")] == [1, 1, 0, 0])
        #expect(try (count("audit") ?? 0) >= 1)
        #expect(try (count("events", other) ?? 0) > 300, "a sandbox has times of its own")
        #expect(try test.read { try $0.runs.find(run)?.id } == nil)
        test.clock.advance(by: .seconds(200 * 86_400))
        try await sweep.removeOld()
        let row = try await test.write { tx in
            try tx.publish("lead.updated", Subject(type: "lead", id: "lead_1"))
            return try tx.events.lastRow()
        }
        #expect(row > 300, "events are counted on from the newest, which stays")
    }
}
