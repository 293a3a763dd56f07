import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

struct WorkflowSteps {
    @Test func `a body runs again from the top and no step twice`() async throws {
        let bodies = Signal<String>()
        let test = try TestRuntime(workflows: [
            Scripted { input, flow in
                bodies.send("body")
                let first = try await flow.step("first") { tx in
                    try tx.effect("first")
                    return "\(input)1"
                }
                try await flow.sleep(for: day * 30)
                let second = try await flow.step("second") { tx in
                    try tx.effect("second")
                    return first + "2"
                }
                return second
            }
        ])
        test.work()
        let id = try await test.startRun().id
        await test.settle(1)
        #expect(
            try test.run(id).status == .waiting && test.history(id) == ["first completed", "sleep waiting"])
        let job = try #require(try test.job(test.run(id).jobID))
        #expect(job.state == .scheduled && job.waitingFor?.hasPrefix("sleep until 2027-02-04") == true)
        test.clock.advance(by: day * 30)
        await test.settle(2)
        let run = try test.run(id)
        #expect(run.status == .completed && run.output == "\"a12\"")
        #expect(try test.read { try $0.effects() } == ["first", "second"] && bodies.values.count == 2)
        #expect(try test.job(run.jobID)?.state == .completed)
        await test.stop()
    }

    @Test func `a step's writes and its record are one`() async throws {
        // Not the first call: a closure is called again when another one of its commit fails.
        let isLucky = Flag()
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.step("write", attempts: StepAttempts(2, retry: RetryPolicy(base: .seconds(1))))
                {
                    tx in
                    try tx.effect("written")
                    if !isLucky.isSet { throw JobFailure.retryable("unlucky", "not yet") }
                }
                return "done"
            }
        ])
        test.work()
        let id = try await test.startRun().id
        await test.settle(1)
        #expect(try test.read { try $0.effects() }.isEmpty && test.history(id) == ["write retrying"])
        let job = try #require(try test.job(test.run(id).jobID))
        #expect(job.state == .retrying && job.attempt == 1 && job.attemptsMax == 2)
        isLucky.set()
        test.clock.advance(by: .seconds(2))
        await test.settle(2)
        #expect(try test.run(id).status == .completed && test.read { try $0.effects() } == ["written"])
        await test.stop()
    }

    @Test func `a step that fails for good fails its run and its job, and goes on when that is retried`()
        async throws
    {
        let isMended = Flag()
        let keys = Signal<String>()
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.step("before") { tx in try tx.effect("before") }
                return try await flow.call("call", attempts: StepAttempts(1)) { call in
                    keys.send(call.key)
                    if !isMended.isSet { throw JobFailure.terminal("refused", "they said no") }
                    return "yes"
                }
            }
        ])
        test.work()
        let id = try await test.startRun().id
        await test.settle(1)
        let failed = try test.run(id)
        #expect(failed.status == .failed && JSON(stored: failed.error ?? "")["code"] == "refused")
        let dead = try #require(try test.job(failed.jobID))
        #expect(dead.state == .dead && dead.attempt == 1 && dead.attemptsMax == 1)
        isMended.set()
        _ = try await test.write { try $0.jobs.retry(failed.jobID) }
        await test.settle(2)
        #expect(try test.run(id).status == .completed && test.read { try $0.effects() } == ["before"])
        #expect(Set(keys.values).count == 1 && keys.values.count == 2, "the same key for every attempt")
        await test.stop()
    }

    @Test func `time and chance are remembered`() async throws {
        let seen = Signal<String>()
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                let (now, random) = try await (flow.now(), flow.random())
                seen.send("\(now) \(random)")
                try await flow.sleep(for: day)
                return "done"
            }
        ])
        test.work()
        _ = try await test.startRun()
        await test.settle(1)
        test.clock.advance(by: day)
        await test.settle(2)
        #expect(seen.values.count == 2 && Set(seen.values).count == 1)
        await test.stop()
    }

    @Test func `a worker that was given up cannot record a step`() async throws {
        let (began, gate) = (Signal<String>(), Gate())
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.call("slow") { _ in
                    began.send("began")
                    if began.values.count == 1 { await gate.pass() }
                    return Nothing()
                } commit: { tx, _ in
                    try tx.effect("slow")
                }
                return "done"
            }
        ])
        test.work()
        let run = try await test.startRun()
        await began.values(1)
        // Someone else takes the job over.
        try await test.write { try $0.jobs.interrupt(run.jobID) }
        await test.settle(1)
        gate.open()
        await test.settle(2)
        #expect(try test.run(run.id).status == .completed && test.read { try $0.effects() } == ["slow"])
        await test.stop()
    }
}

struct WorkflowWaits {
    @Test func `an early signal is kept, a late one wakes, and without one the time ends`() async throws {
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.sleep(for: .seconds(60))
                return try await flow.signal("reply", timeout: day)?["text"]?.text ?? "nobody"
            }
        ])
        test.work()
        let (early, late, never) = (
            try await test.startRun(), try await test.startRun(), try await test.startRun()
        )
        await test.settle(3)
        _ = try await test.write { try $0.workflows.signal(early.id, "reply", ["text": "early"]) }
        await test.settle(4)
        #expect(try test.run(early.id).status == .waiting, "it still sleeps")
        test.clock.advance(by: .seconds(60))
        await test.settle(7)
        #expect(try test.run(early.id).output == "\"early\"" && test.run(late.id).status == .waiting)
        // Together, so that they wake it once.
        _ = try await test.write { tx in
            _ = try tx.workflows.signal(late.id, "other", [:])
            return try tx.workflows.signal(late.id, "reply", ["text": "late"])
        }
        await test.settle(8)
        test.clock.advance(by: day)
        await test.settled.values(9)
        #expect(try test.run(never.id).output == "\"nobody\"")
        await #expect(throws: RuntimeError.invalidTransition(of: "run", from: "completed", allowed: [])) {
            try await test.write { try $0.workflows.signal(never.id, "reply", [:]) }
        }
        await test.stop()
    }

    @Test func `an event is heard by the runs that wait for one like it`() async throws {
        let test = try TestRuntime(workflows: [
            Scripted { input, flow in
                let event = try await flow.event(
                    "lead.replied", matching: ["subject": ["id": .string(input)]])
                return event?["data"]?["text"]?.text ?? "nothing"
            }
        ])
        test.work()
        let (one, two) = (try await test.startRun("lead_1"), try await test.startRun("lead_2"))
        await test.settle(2)
        try await test.write { tx in
            try tx.publish("lead.replied", Subject(type: "lead", id: "lead_2"), ["text": "hello"])
        }
        await test.settle(3)
        #expect(try test.run(one.id).status == .waiting && test.run(two.id).output == "\"hello\"")
        await test.stop()
    }

    @Test func `a parent waits for its child`() async throws {
        let test = try TestRuntime(workflows: [
            Doubling(),
            Scripted { _, flow in "\(try await flow.child(Doubling.self, 21))" },
        ])
        test.work()
        let parent = try await test.startRun()
        await test.settle(2)
        #expect(try test.run(parent.id).status == .waiting)
        test.clock.advance(by: .seconds(60))
        await test.settle(4)
        #expect(try test.run(parent.id).output == "\"42\"")
        await test.stop()
    }

    @Test func `branches sleep side by side and meet`() async throws {
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                let parts = try await flow.parallel(
                    [1, 2, 3].map { number in
                        { flow in
                            try await flow.sleep(for: .seconds(60 * Int64(number)))
                            return try await flow.step("part \(number)") { tx in
                                try tx.effect("part \(number)")
                                return number
                            }
                        }
                    })
                return "\(parts)"
            }
        ])
        test.work()
        let id = try await test.startRun().id
        await test.settle(1)
        for minute in 1...3 {
            test.clock.advance(by: .seconds(60))
            await test.settle(1 + minute)
        }
        #expect(try test.run(id).output == "\"[1, 2, 3]\"")
        #expect(try test.read { try $0.effects() } == ["part 1", "part 2", "part 3"])
        await test.stop()
    }

    @Test func `one branch that fails ends the others`() async throws {
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                let branches: [@Sendable (Flow) async throws -> Void] = [
                    { flow in try await flow.sleep(for: day) },
                    { flow in
                        try await flow.step("bad") { _ in throw JobFailure.terminal("bad", "it is bad") }
                    },
                ]
                _ = try await flow.parallel(branches)
                return "never"
            }
        ])
        test.work()
        let id = try await test.startRun().id
        await test.settle(1)
        #expect(try test.run(id).status == .failed)
        #expect(
            try test.history(id).sorted() == ["bad failed", "parallel failed", "sleep cancelled"])
        await test.stop()
    }
}
