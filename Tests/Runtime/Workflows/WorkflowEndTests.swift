import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

struct WorkflowEnds {
    @Test func `a failed run makes good what it did, the last first, and cannot be taken up again`()
        async throws
    {
        let order = Signal<String>()
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                for name in ["one", "two"] {
                    try await flow.step(name) { tx in try tx.effect(name) }
                    flow.compensate("undo \(name)") { tx in
                        try tx.effect("undone \(name)")
                        tx.onCommit { order.send(name) }
                    }
                }
                try await flow.step("three") { _ in throw JobFailure.terminal("full", "no room") }
                return "never"
            }
        ])
        test.work()
        let run = try await test.startRun()
        await test.settle(1)
        #expect(try test.run(run.id).status == .failed && order.values == ["two", "one"])
        #expect(try test.read { try $0.effects() } == ["one", "two", "undone one", "undone two"])
        await #expect(throws: RuntimeError.self) { try await test.write { try $0.jobs.retry(run.jobID) } }
        await test.stop()
    }

    @Test func `a cancelled run begins nothing new and makes good what it did`() async throws {
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.step("one") { tx in try tx.effect("one") }
                flow.compensate("undo one") { tx in try tx.effect("undone one") }
                try await flow.sleep(for: day)
                try await flow.step("two") { tx in try tx.effect("two") }
                return "never"
            }
        ])
        test.work()
        let run = try await test.startRun()
        await test.settle(1)
        _ = try await test.write { try $0.workflows.cancel(run.id, by: .system) }
        await test.settle(2)
        #expect(try test.run(run.id).status == .cancelled)
        #expect(try test.read { try $0.effects() } == ["one", "undone one"])
        #expect(try test.history(run.id) == ["one completed", "sleep cancelled", "undo one completed"])
        #expect(try test.job(run.jobID)?.state == .completed)
        await test.stop()
    }
}

struct WorkflowVersions {
    @Test func `a run stays with the version it began with`() async throws {
        let old = Scripted { _, flow in
            try await flow.sleep(for: day)
            try await flow.step("old") { tx in try tx.effect("old") }
            return "old"
        }
        let test = try TestRuntime(workflows: [old])
        test.work()
        let sleeping = try await test.startRun()
        await test.settle(1)
        await test.stop()
        let next = ScriptedNext { _, flow in
            try await flow.step("new") { tx in try tx.effect("new") }
            return "new"
        }
        let later = try TestRuntime(boot: "boot-2", on: test, workflows: [old, next])
        later.work()
        let fresh = try await later.startRun()
        await later.settle(1)
        test.clock.advance(by: day)
        await later.settle(2)
        #expect(try later.run(sleeping.id).output == "\"old\"" && later.run(fresh.id).output == "\"new\"")
        #expect(try later.run(sleeping.id).codeVersion == 1 && later.run(fresh.id).codeVersion == 2)
        await later.stop()
    }

    @Test func `a server that does not know the version of a sleeping run says which`() async throws {
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.sleep(for: day)
                return ""
            }
        ])
        test.work()
        let run = try await test.startRun()
        await test.settle(1)
        await test.stop()
        try test.runtime.checkWorkflows()
        let later = try TestRuntime(boot: "boot-2", on: test, workflows: [Doubling()])
        #expect(throws: UnknownWorkflows(runs: ["scripted, version 1": [run.id.text]])) {
            try later.runtime.checkWorkflows()
        }
    }

    @Test func `code that does not fit the journal stops the run with both sides, and is mended`()
        async throws
    {
        let original = Scripted { _, flow in
            try await flow.step("one") { tx in try tx.effect("one") }
            try await flow.sleep(for: day)
            return "original"
        }
        let test = try TestRuntime(workflows: [original])
        test.work()
        let run = try await test.startRun()
        await test.settle(1)
        await test.stop()
        let changed = Scripted { _, flow in
            try await flow.step("other") { tx in try tx.effect("other") }
            return "changed"
        }
        let later = try TestRuntime(boot: "boot-2", on: test, workflows: [changed])
        later.work()
        test.clock.advance(by: day)
        await later.settle(1)
        let stuck = try later.run(run.id)
        let error = JSON(stored: stuck.error ?? "")
        #expect(stuck.status == .paused && error["code"] == "nondeterminism" && error["step"] == "1")
        #expect(error["recorded"] == "step one" && error["made"] == "step other")
        #expect(try later.read { try $0.effects() } == ["one"])
        await later.stop()
        let mended = try TestRuntime(boot: "boot-3", on: test, workflows: [original])
        mended.work()
        _ = try await mended.write { try $0.workflows.resume(run.id, by: .system) }
        await mended.settle(1)
        #expect(try mended.run(run.id).output == "\"original\"")
        await mended.stop()
    }

    @Test func `a body that leaves out what it did is found out, too`() async throws {
        let shortened = Flag()
        let test = try TestRuntime(workflows: [
            Scripted { _, flow in
                try await flow.sleep(for: day)
                if !shortened.isSet { try await flow.sleep(for: day) }
                return "done"
            }
        ])
        test.work()
        let run = try await test.startRun()
        await test.settle(1)
        test.clock.advance(by: day)
        await test.settle(2)
        shortened.set()
        test.clock.advance(by: day)
        await test.settle(3)
        let error = JSON(stored: try test.run(run.id).error ?? "")
        #expect(error["recorded"] == "sleep sleep" && error["made"] == "nothing" && error["step"] == "2")
        await test.stop()
    }
}
