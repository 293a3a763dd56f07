import Database
import JSON
import Nouns
import Records
import Synchronization
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// Takes something in each attempt and gives it back; what happens is written down in order.
private struct Holder: AgentLifecycle {
    let name = "holder", title = "Holder", purpose = "Tests"
    var timeout: Duration = .seconds(300)
    let log = Signal<String>()
    var cleaning: @Sendable (CleanUp) async throws -> Void = { _ in }
    var work: @Sendable (AgentRun) async throws -> Void = { _ in }

    func initialise(_ run: AgentRun) async throws { log.send("initialise \(run.job.attempt)") }
    func run(_ run: AgentRun) async throws -> JSON {
        log.send("run \(run.job.attempt)")
        try await work(run)
        return [:]
    }
    func cleanUp(_ cleanUp: CleanUp) async throws {
        log.send("clean up \(cleanUp.attempt) \(cleanUp.reason.rawValue)")
        try await cleaning(cleanUp)
    }
}

private let user = Actor(.user, id: "usr_1")

struct Lifecycles {
    @Test func `a run is initialised, made and cleaned up, with its success`() async throws {
        let holder = Holder(cleaning: { try await $0.write { try $0.effect("given back") } })
        let test = try TestRuntime(agents: [holder])
        test.work()
        let id = try await test.write { try $0.runs.start(agent: "holder", trigger: .manual, by: user).id }
        await test.settled.values(1)
        #expect(holder.log.values == ["initialise 1", "run 1", "clean up 1 finished"])
        try test.read {
            let (run, left) = (try $0.runs.find(id), try $0.agents.attemptToClean(ofRun: id))
            #expect(run?.status == .succeeded && left == nil)
            #expect(try $0.effects() == ["given back"])
        }
        await test.stop()
    }

    @Test func `each failed attempt is cleaned up`() async throws {
        let holder = Holder(work: { _ in throw JobFailure.terminal("broken", "it broke") })
        let test = try AgentTest([holder], at: "2027-01-05T10:00:00Z")
        let outcome = try await test.run("holder")
        #expect(outcome.run.status == .failed && outcome.error["code"] == "broken")
        #expect(holder.log.values == ["initialise 1", "run 1", "clean up 1 failed"])
    }

    @Test func `an attempt over its deadline is cleaned up, and ends the run with ERR_003`() async throws {
        let (started, gate) = (Signal<Bool>(), Gate())
        let holder = Holder(work: { run in
            started.send(true)
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                gate.open()
            }
            try Task.checkCancellation()
        })
        let test = try TestRuntime(agents: [holder])
        var change = AgentChange()
        change.deadline = .value(.seconds(20))
        let settled = change
        try await test.write { try $0.agents.set("holder", settled, by: user) }
        test.work()
        let id = try await test.write { try $0.runs.start(agent: "holder", trigger: .manual, by: user).id }
        await started.values(1)
        test.clock.advance(by: .seconds(19))
        #expect(!gate.isOpen)
        test.clock.advance(by: .seconds(2))
        let run = try #require(try await test.runtime.run(.acme, id, waitingFor: .seconds(10_000)))
        let error = JSON(stored: run.error ?? "")
        #expect(run.status == .failed && run.attempt == 1)
        #expect(error["code"] == "agent_timeout" && error["reference"] == "ERR_003")
        #expect(holder.log.values == ["initialise 1", "run 1", "clean up 1 interrupted"])

        // The limit is raised, and the run made again: it has the new one.
        try await test.write { try $0.agents.set("holder", AgentChange(), by: user) }
        var more = AgentChange()
        more.deadline = .value(.seconds(500))
        let raised = more
        try await test.write {
            try $0.agents.set("holder", raised, by: user)
            _ = try $0.runs.retry(id)
        }
        #expect(try await test.runtime.run(.acme, id, waitingFor: .seconds(10_000))?.status == .succeeded)
        let payload = try test.read { reader in
            try reader.first(
                "SELECT payload FROM jobs WHERE tenant_id = \(reader.tenant) AND id = \(run.jobID)"
            ) { JSON(stored: $0.text(0)) }
        }
        #expect(payload?["deadline"] == 500_000)
        await test.stop()
    }

    @Test func `what a dead process has taken is given back before the next attempt`() async throws {
        let (reached, gate) = (Signal<Int>(), Gate())
        let work: @Sendable (AgentRun) async throws -> Void = { run in
            reached.send(run.job.attempt)
            if run.job.runtime.configuration.boot == "boot-1" { await gate.pass() }
        }
        let (dying, next) = (Holder(work: work), Holder(work: work))
        let first = try TestRuntime(agents: [dying])
        first.work()
        let id = try await first.write { try $0.runs.start(agent: "holder", trigger: .manual, by: user).id }
        await reached.values(1)
        let second = try TestRuntime(boot: "boot-2", agents: [next], on: first)
        second.work()
        #expect(
            try await second.runtime.run(.acme, id, waitingFor: .seconds(100))?.status == .succeeded)
        await second.settled.values(1)
        #expect(next.log.values.first == "clean up 1 crashed", "\(next.log.values)")
        #expect(next.log.values.last == "clean up 1 finished")
        gate.open()
        await second.stop()
        await first.stop()
    }

    @Test func `a run that is cancelled while its process is dead is cleaned up by a job`() async throws {
        let (reached, gate) = (Signal<Int>(), Gate())
        let dying = Holder(work: { _ in
            reached.send(1)
            await gate.pass()
        })
        let first = try TestRuntime(agents: [dying])
        first.work()
        let id = try await first.write { try $0.runs.start(agent: "holder", trigger: .manual, by: user).id }
        await reached.values(1)
        let cleaned = Signal<String>()
        let later = Holder(cleaning: { cleaned.send("\($0.reason.rawValue)") })
        let second = try TestRuntime(boot: "boot-2", agents: [later], on: first)
        _ = try await second.write { try $0.runs.cancel(id) }
        second.work()
        second.clock.advance(by: .seconds(11))
        #expect(await cleaned.values(1) == ["crashed"])
        #expect(later.log.values == ["clean up 1 crashed"], "nothing else was made")
        gate.open()
        await second.stop()
        await first.stop()
    }
}

/// Creates nothing it has no right to.
private struct Trespasser: AgentDefinition {
    let name = "trespasser", title = "Trespasser", purpose = "Tests"
    let permissions: Set<Permission> = ["leads:write", "leads:read"]
    func run(_ run: AgentRun) async throws -> JSON {
        try await run.finish { tx in
            try tx.agents.require("leads:write", of: run.actor)
            try tx.effect("changed")
            return [:]
        }
    }
}

struct Principals {
    @Test func `an agent does what it may, and what its agency takes away is refused and recorded`()
        async throws
    {
        let test = try TestRuntime(agents: [Trespasser()])
        test.work()
        let run = { @Sendable () async throws -> AgentRunRecord in
            let id = try await test.write {
                try $0.runs.start(agent: "trespasser", trigger: .manual, by: user).id
            }
            return try #require(try await test.runtime.run(.acme, id, waitingFor: .seconds(100)))
        }
        let granted = try await run()
        #expect(granted.status == .succeeded)
        var change = AgentChange()
        change.permissions = .value(["leads:read", "users:write"])
        let restricted = change
        let status = try await test.write { try $0.agents.set("trespasser", restricted, by: user) }
        #expect(status.permissions == ["leads:read"], "nobody gives it more than it comes with")
        let refused = try await run()
        #expect(refused.status == .failed && refused.attempt == 1)
        #expect(JSON(stored: refused.error ?? "")["code"] == "forbidden")
        try test.read { reader in
            #expect(try reader.effects() == ["changed"])
            let refusals = try reader.refusals()
            #expect(refusals.map(\.code) == ["forbidden"] && refusals[0].runID == .agent(refused.id))
            #expect(refusals[0].kind == .action && refusals[0].agent == "trespasser")
        }
        await test.stop()
    }

    @Test func `someone who is no agent here may do nothing as one`() async throws {
        let test = try TestRuntime(agents: [Trespasser()])
        await #expect(throws: RuntimeError.forbidden(agent: "stranger", "leads:write")) {
            try await test.write { try $0.agents.require("leads:write", of: .agent("stranger")) }
        }
    }
}

struct Rates {
    @Test func `beyond its runs an hour an agent waits, and says for what`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        var change = AgentChange()
        change.runsPerHour = .value(2)
        let limited = change
        try await test.write { try $0.agents.set("scoring", limited, by: user) }
        let ids = try await test.write { tx in
            try (0..<3).map { _ in try tx.runs.start(agent: "scoring", trigger: .manual, by: user) }
        }
        test.work()
        await test.settled.values(3)
        // They begin side by side: any of them may be the one too many.
        let runs = try test.read { reader in try ids.compactMap { try reader.runs.find($0.id) } }
        let waiting = runs.filter { $0.status == .queued }
        let third = try #require(waiting.first)
        #expect(waiting.count == 1)
        #expect(try test.job(third.jobID)?.waitingFor == "the agent's limit of 2 runs an hour")
        test.clock.advance(by: .seconds(3601))
        #expect(
            try await test.runtime.run(.acme, third.id, waitingFor: .seconds(10_000))?.status == .succeeded)
        await test.stop()
    }
}

struct Refusals {
    @Test func `skipped fires and events are told with their reason, and counted by the day`() async throws {
        let agent = TestAgent(events: ["lead.created"])
        let test = try TestRuntime(agents: [agent])
        let schedule = try await test.write { tx in
            try tx.agents.set("scoring", state: .disabled)
            return try tx.schedules.make(agent: "scoring", name: "Hourly", cron: "hourly", timeZone: "UTC").id
        }
        for _ in 1...2 {
            test.clock.advance(by: .seconds(3600))
            _ = try await test.write { try $0.schedules.fire(schedule) }
        }
        try await test.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_1")) }
        let refusals = try test.read { try $0.refusals() }
        #expect(refusals.map(\.code) == ["agent_disabled", "agent_disabled"])
        #expect(refusals.map(\.subject.type) == ["schedule", "agent"] && refusals.map(\.count) == [2, 1])
        #expect(refusals[0].detail.contains("the agent is disabled"))
        test.clock.advance(by: .seconds(86_400))
        try await test.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_2")) }
        #expect(try test.read { try $0.refusals() }.count == 3, "another day, another line")
    }
}
