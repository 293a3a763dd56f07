import Database
import JSON
import Records
import Synchronization
import Telemetry
import Testing

@testable import Jobs
@testable import RuntimeTesting

private struct Undone: Error {}

struct Enqueueing {
    @Test func `a job exists if and only if its transaction commits`() async throws {
        let test = try TestRuntime()
        await #expect(throws: Undone.self) {
            try await test.write { tx in
                try tx.jobs.enqueue(TestJob.self, .init(name: "a"))
                throw Undone()
            }
        }
        #expect(try test.read { try $0.int("SELECT count(*) FROM jobs WHERE tenant_id = \($0.tenant)") } == 0)
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        let job = try #require(try test.job(id))
        #expect(
            job.state == .available && job.attempt == 0 && job.attemptsMax == 3)
        #expect(try test.job(id, .globex) == nil, "another tenant sees nothing")
    }

    @Test func `a live unique key gives the job that has it`() async throws {
        let test = try TestRuntime()
        let options = JobOptions(uniqueKey: "one")
        let first = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a"), options) }
        let second = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "b"), options) }
        #expect(first.isNew && !second.isNew && first.id == second.id)
        let other = try await test.write(.globex) {
            try $0.jobs.enqueue(TestJob.self, .init(name: "c"), options)
        }
        #expect(other.isNew, "keys are the tenant's own")
        let claimed = try await test.claim(1)
        #expect(
            try await test.write { try !$0.jobs.enqueue(TestJob.self, .init(name: "d"), options).isNew },
            "it runs"
        )
        try await test.write { try $0.jobs.complete(claimed[0].lease) }
        #expect(
            try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "d"), options).isNew },
            "it is over")
    }

    @Test func `a key until the start lets the next job in while one runs`() async throws {
        let test = try TestRuntime()
        let options = JobOptions(uniqueKey: "one", uniqueness: .untilStarted)
        let first = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a"), options) }
        #expect(
            try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "b"), options).id }
                == first.id)
        _ = try await test.claim(1)
        let next = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "c"), options) }
        #expect(next.isNew)
    }

    @Test func `priority and age decide inside a tenant`() async throws {
        let test = try TestRuntime()
        try await test.write { tx in
            for (name, priority) in [("late", 90), ("first", 50), ("second", 50), ("urgent", 10)] {
                try tx.jobs.enqueue(TestJob.self, .init(name: name), JobOptions(priority: priority))
            }
        }
        let order = try await test.claim(4).map(\.payload)
        #expect(order == ["urgent", "first", "second", "late"].map { #"{"name":"\#($0)"}"# })
    }

    @Test func `a job of a later time is claimed only when it is due`() async throws {
        let test = try TestRuntime()
        let at = test.clock.now + .seconds(60)
        let id = try await test.write {
            try $0.jobs.enqueue(TestJob.self, .init(name: "a"), JobOptions(runAt: at)).id
        }
        #expect(try test.job(id)?.state == .scheduled)
        #expect(try await test.claim(1).isEmpty)
        let done = Signal<String>()
        let working = try TestRuntime(
            boot: "boot-2", on: test, kinds: [TestJob { payload, _ in done.send(payload.name) }])
        working.work()
        try await working.write { _ in }
        #expect(done.values.isEmpty)
        test.clock.advance(by: .seconds(61))
        await done.values(1)
        await working.stop()
        #expect(try test.job(id)?.state == .completed)
    }
}

struct Working {
    @Test func `an enqueued job wakes an idle worker and is completed`() async throws {
        let done = Signal<String>()
        let test = try TestRuntime(kinds: [TestJob { payload, _ in done.send(payload.name) }])
        test.work()
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        #expect(await test.settled.values(1) == [id])
        #expect(done.values == ["a"])
        let job = try #require(try test.job(id))
        #expect(job.state == .completed && job.attempt == 1 && job.finishedAt != nil)
        await test.stop()
    }

    @Test func `what fails is tried again with growing pauses, then is dead, and comes back by hand`()
        async throws
    {
        let attempts = Signal<Int>()
        let healthy = Flag()
        let kind = TestJob { _, job in
            attempts.send(job.attempt)
            if !healthy.isSet { throw Undone() }
        }
        let test = try TestRuntime(kinds: [kind])
        test.work()
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        for attempt in 1...2 {
            await test.settled.values(attempt)
            let job = try #require(try test.job(id))
            let delay = job.runAt - test.clock.now
            #expect(
                job.state == .retrying && job.attempt == attempt
                    && job.error?.contains("internal_error") == true)
            #expect(delay >= .zero && delay <= .seconds(10 << (attempt - 1)))
            test.clock.advance(by: delay + .seconds(1))
        }
        await test.settled.values(3)
        let dead = try #require(try test.job(id))
        #expect(dead.state == .dead && dead.attempt == 3 && dead.finishedAt != nil)
        #expect(
            kind.ends.values == [
                "a retried internal_error", "a retried internal_error", "a dead internal_error",
            ])
        healthy.set()
        let revived = try await test.write { try $0.jobs.retry(id) }
        #expect(revived.state == .available && revived.attempt == 0)
        await test.settled.values(4)
        #expect(try test.job(id)?.state == .completed)
        await #expect(throws: RuntimeError.self) { try await test.write { try $0.jobs.retry(id) } }
        #expect(attempts.values == [1, 2, 3, 1])
        await test.stop()
    }

    @Test func `terminal failures die at once, Retry-After is kept, snoozes do not count`() async throws {
        let kind = TestJob { payload, job in
            switch payload.name {
            case "terminal": throw JobFailure.terminal("gone", "it is gone")
            case "busy": throw JobFailure.retryable("busy", "later", after: .seconds(77))
            default: throw JobSnooze(for: .seconds(33), waitingFor: "the sun")
            }
        }
        let test = try TestRuntime(kinds: [kind])
        test.work()
        let ids = try await test.write { tx in
            try ["terminal", "busy", "snooze"].map { try tx.jobs.enqueue(TestJob.self, .init(name: $0)).id }
        }
        await test.settled.values(3)
        let jobs = try ids.map { try #require(try test.job($0)) }
        #expect(jobs.map(\.state) == [.dead, .retrying, .scheduled])
        #expect(jobs.map(\.attempt) == [1, 1, 0])
        #expect(jobs[1].runAt - test.clock.now == .seconds(77))
        #expect(jobs[2].runAt - test.clock.now == .seconds(33) && jobs[2].waitingFor == "the sun")
        await test.stop()
    }

    @Test func `an attempt over its time is cancelled and counts as a timeout`() async throws {
        let started = Signal<Int>()
        let kind = TestJob(time: .seconds(30)) { _, job in
            started.send(job.attempt)
            await job.runtime.configuration.wait(.distantFuture)
            try Task.checkCancellation()
        }
        let test = try TestRuntime(kinds: [kind])
        test.work()
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        await started.values(1)
        test.clock.advance(by: .seconds(31))
        await test.settled.values(1)
        let job = try #require(try test.job(id))
        let error = JSON(stored: job.error ?? "")
        #expect(job.state == .retrying && error["code"] == "agent_timeout" && error["reference"] == "ERR_003")
        #expect(error["recommended_action"]?.text?.contains("less work at once") == true)
        await test.stop()
    }

    @Test func `a cancelled job's worker can write nothing more`() async throws {
        let (started, gate) = (Signal<Bool>(), Gate())
        let refused = Signal<Bool>()
        let kind = TestJob { _, job in
            started.send(true)
            await gate.pass()
            do { try await job.write { try $0.effect("late") } } catch {
                refused.send(error is LeaseLost)
                throw error
            }
        }
        let test = try TestRuntime(kinds: [kind])
        test.work()
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        await started.values(1)
        #expect(try await test.write { try $0.jobs.cancel(id) }.state == .cancelled)
        gate.open()
        #expect(await refused.values(1) == [true])
        #expect(try test.read { try $0.effects() }.isEmpty)
        #expect(kind.ends.values == ["a cancelled"])
        await test.stop()
    }

    @Test func `a payload that cannot be read is dead, an unknown kind waits for another release`()
        async throws
    {
        let test = try TestRuntime(kinds: [TestJob()])
        let (broken, strange) = try await test.write { tx in
            let broken = try tx.jobs.enqueue(TestJob.self, .init(name: "a")).id
            let strange = try tx.jobs.enqueue(TestJob.self, .init(name: "b")).id
            try tx.run("UPDATE jobs SET payload = '[]' WHERE tenant_id = \(tx.tenant) AND id = \(broken)")
            try tx.run(
                "UPDATE jobs SET kind = 'of tomorrow' WHERE tenant_id = \(tx.tenant) AND id = \(strange)")
            return (broken, strange)
        }
        test.work()
        await test.settled.values(2)
        #expect(
            try test.job(broken)?.state == .dead
                && test.job(broken)?.error?.contains("invalid_payload") == true)
        #expect(try test.job(strange)?.state == .retrying)
        await test.stop()
    }

    @Test func `a drain lets what runs finish and claims nothing more`() async throws {
        let (started, gate) = (Signal<String>(), Gate())
        let kind = TestJob { payload, _ in
            started.send(payload.name)
            await gate.pass()
        }
        let test = try TestRuntime(kinds: [kind])
        test.work()
        let first = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        await started.values(1)
        test.runner.drain()
        let second = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "b")).id }
        gate.open()
        await test.stop()
        #expect(try test.job(first)?.state == .completed)
        #expect(try test.job(second)?.state == .available)
        #expect(started.values == ["a"])
    }
}

struct Forgetting {
    @Test func `ended jobs go after their time, live ones never`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let (over, live) = try await test.write { tx in
            (
                try tx.jobs.enqueue(TestJob.self, .init(name: "a")).id,
                try tx.jobs.enqueue(TestJob.self, .init(name: "b")).id
            )
        }
        let lease = try await test.claim(1)[0].lease
        try await test.write { try $0.jobs.complete(lease) }
        let sweep = Sweep(test.runtime)
        test.clock.advance(by: .seconds(29 * 86_400))
        try await sweep.removeOld()
        #expect(try test.job(over) != nil)
        test.clock.advance(by: .seconds(86_401))
        try await sweep.removeOld()
        #expect(try test.job(over)?.id == nil && test.job(live)?.state == .available)
    }
}

struct Fencing {
    @Test func `a stale worker's writes, end and completion are refused`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        let stale = try await test.claim(1)[0].lease
        test.clock.advance(by: .seconds(31))
        #expect(try await test.reap(.expired) == 1)
        #expect(
            try test.job(id)?.state == .available && test.job(id)?.attempt == 0, "a death takes no attempt")
        let fresh = try await test.claim(1, owner: "boot-2")[0].lease
        #expect(fresh.epoch == stale.epoch + 1)
        await #expect(throws: LeaseLost.self) { try await test.write { try $0.jobs.check(stale) } }
        await #expect(throws: LeaseLost.self) { try await test.write { try $0.jobs.complete(stale) } }
        for end in [
            Disposition.released, .dead(.terminal("x", "x")), .retry(after: .zero, .terminal("x", "x")),
        ] {
            await #expect(throws: LeaseLost.self) { try await test.write { try $0.jobs.settle(stale, end) } }
        }
        #expect(try test.job(id)?.state == .running)
        try await test.write { try $0.jobs.complete(fresh) }
        #expect(try test.job(id)?.state == .completed)
    }

    @Test func `a job that outlives too many processes is quarantined`() async throws {
        let kind = TestJob()
        let test = try TestRuntime(kinds: [kind])
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        for death in 1...3 {
            #expect(try await test.claim(1, owner: "boot-\(death)").count == 1)
            #expect(try await test.reap(.ownersOtherThan("boot-\(death + 1)")) == 1)
            #expect(try test.job(id)?.state == .available)
        }
        #expect(try await test.claim(1, owner: "boot-4").count == 1)
        #expect(try await test.reap(.ownersOtherThan("boot-5")) == 1)
        #expect(try test.job(id)?.state == .dead && test.job(id)?.error?.contains("quarantined") == true)
        #expect(kind.ends.values.last == "a dead quarantined")
    }

    @Test func `a job that gets on outlives any number of processes, and what stands still does not`()
        async throws
    {
        let test = try TestRuntime(kinds: [TestJob()])
        let id = try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")).id }
        for death in 1...7 {
            let lease = try await test.claim(1, owner: "boot-\(death)")[0].lease
            let isAdvanced = death < 5
            try await test.write { try $0.jobs.check(lease, isAdvanced: isAdvanced) }
            #expect(try await test.reap(.ownersOtherThan("boot-\(death + 1)")) == 1)
            #expect(try test.job(id)?.state == (death == 7 ? .dead : .available))
        }
    }

    @Test func `leases that are prolonged do not expire`() async throws {
        let test = try TestRuntime()
        try await test.write { try $0.jobs.enqueue(TestJob.self, .init(name: "a")) }
        let lease = try await test.claim(1)[0].lease
        test.clock.advance(by: .seconds(3600))
        let runtime = test.runtime
        let lost = try await test.database.acrossTenantsWrite { tx in
            try ClaimStore(tx: tx, runtime: runtime).prolong([lease], until: tx.now + .seconds(30))
        }
        #expect(lost.isEmpty)
        #expect(try await test.reap(.expired) == 0, "a jump of the clock expires nothing that is held")
    }
}
