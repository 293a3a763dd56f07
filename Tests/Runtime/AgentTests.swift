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

struct TestSettings: AgentSettings {
    var highFrom = 70, batchSize = 50
    static let schema = Schema<TestSettings>(
        "TestSettings",
        [
            .integer("high_from", \.highFrom, in: 0...100),
            .integer("batch_size", \.batchSize, in: 1...1000),
        ])
}

/// An agent whose work is a closure of the test.
struct TestAgent: AgentDefinition {
    var name = "scoring"
    let title = "Scoring", purpose = "Tests"
    var schedules: [DefaultSchedule] = []
    var events: [String] = []
    var buildState = BuildState.ready
    var permissions: Set<Permission> = []
    typealias Settings = TestSettings
    var work: @Sendable (AgentRun) async throws -> JSON = { _ in ["done": true] }

    func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object?.keys ?? []).filter { $0 == "colour" }
            .map {
                ValueFault(pointer: "/\($0)", code: "unknown_field", detail: "there is no such parameter")
            }
    }
    func run(_ run: AgentRun) async throws -> JSON { try await work(run) }
}

private let user = Actor(.user, id: "usr_1")
private let conclusion = Conclusion(
    outcome: ["score": 81], confidence: 0.9, factors: [["name": "budget", "weight": 100]],
    model: ["name": "rules", "version": "1"], inputs: ["b": 1, "a": 2])

struct AgentRuns {
    @Test func `a run is made, traced, decided, counted and announced`() async throws {
        let agent = TestAgent(work: { run in
            let score = try await run.step("score", note: ["factor": "budget"]) { 81 }
            run.processed(1)
            return try await run.finish { tx in
                try tx.effect("scored \(score)")
                _ = try run.decide(in: tx, Subject(type: "lead", id: "lead_1"), conclusion)
                run.processed(2)
                return ["score": .integer(Int64(score))]
            }
        })
        let test = try TestRuntime(agents: [agent])
        test.work()
        let started = try await test.write {
            try $0.runs.start(agent: "scoring", trigger: .manual, parameters: ["lead_id": "lead_1"], by: user)
        }
        #expect(started.status == .queued && started.startedAt == nil)
        let run = try #require(try await test.runtime.run(.acme, started.id, waitingFor: .seconds(10)))
        #expect(run.status == .succeeded && run.result == #"{"score":81}"# && run.items == 3)
        #expect(run.startedAt != nil && run.finishedAt != nil && run.configurationVersion == 1)
        try test.read { reader in
            #expect(try reader.effects() == ["scored 81"])
            let decisions = try reader.runs.decisionIDs(ofRun: run.id)
            let decision = try #require(try reader.decisions.find(decisions[0]))
            #expect(decisions.count == 1 && decision.agent == "scoring" && decision.occasion == run.id.text)
            #expect(decision.inputs == #"{"a":2,"b":1}"# && decision.inputsHash.count == 64)
            #expect(try reader.decisions.latest("scoring", subjectID: "lead_1")?.id == decision.id)
            #expect(try reader.runs.steps(ofRun: run.id).map(\.name) == ["score"])
            #expect(try reader.events.after(0, limit: 10).map(\.type) == ["agent_run.succeeded"])
            let metrics = try reader.agents.metrics("scoring")
            #expect(
                metrics.runs == 1 && metrics.succeeded == 1 && metrics.items == 3
                    && metrics.health == "healthy")
            #expect(try reader.jobs.find(run.jobID)?.state == .completed)
        }
        await test.stop()
    }

    @Test func `waiting ends with the time when the run does not`() async throws {
        let (started, gate) = (Signal<Bool>(), Gate())
        let test = try TestRuntime(agents: [
            TestAgent(work: { _ in
                started.send(true)
                await gate.pass()
                return [:]
            })
        ])
        test.work()
        let id = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user).id }
        await started.values(1)
        let asking = Task { try await test.runtime.run(.acme, id, waitingFor: .seconds(5)) }
        // The waiting may begin after the first step of time; it ends with one of them.
        while try await statusOrAdvance(asking, test) == nil {}
        #expect(try await asking.value?.status == .running)
        gate.open()
        #expect(try await test.runtime.run(.acme, id, waitingFor: .seconds(10))?.status == .succeeded)
        #expect(try await test.runtime.run(.acme, .numbered(1), waitingFor: .seconds(10)) == nil)
        await test.stop()
    }

    private func statusOrAdvance(
        _ asking: Task<AgentRunRecord?, any Error>, _ test: TestRuntime
    ) async throws -> Bool? {
        let isOver = Flag()
        let watching = Task {
            _ = try await asking.value
            isOver.set()
        }
        test.clock.advance(by: .seconds(6))
        await Task.yield()
        if isOver.isSet { return true }
        _ = watching
        return nil
    }

    @Test func `a failing run is retried, then failed, and can be made again`() async throws {
        let healthy = Flag()
        let agent = TestAgent(work: { run in
            run.log("begun")
            if !healthy.isSet {
                throw JobFailure.retryable("upstream_down", "try later", after: .seconds(60))
            }
            return [:]
        })
        let test = try TestRuntime(agents: [agent])
        test.work()
        let id = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user).id }
        for attempt in 1...2 {
            await test.settled.values(attempt)
            #expect(try test.read { try $0.runs.find(id) }?.status == .queued)
            test.clock.advance(by: .seconds(61))
        }
        let failed = try #require(try await test.runtime.run(.acme, id, waitingFor: .seconds(10_000)))
        let error = JSON(stored: failed.error ?? "")
        #expect(
            failed.status == .failed && error["code"] == "upstream_down" && error["detail"] == "try later")
        #expect(error["recommended_action"]?.text?.isEmpty == false && error["reference"] == nil)
        try test.read { reader in
            #expect(
                try reader.events.after(0, limit: 10).map(\.type) == ["agent_run.failed", "alert.raised"])
            let metrics = try reader.agents.metrics("scoring")
            #expect(
                metrics.failed == 1 && metrics.lastError == "upstream_down" && metrics.health == "degraded")
            #expect(try reader.runs.steps(ofRun: id).map(\.attempt) == [1, 2, 3])
        }
        healthy.set()
        #expect(try await test.write { try $0.runs.retry(id) }.status == .queued)
        #expect(try await test.runtime.run(.acme, id, waitingFor: .seconds(10_000))?.status == .succeeded)
        await #expect(throws: RuntimeError.self) { try await test.write { try $0.runs.retry(id) } }
        await test.stop()
    }

    @Test func `a cancelled run ends at once`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        let id = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user).id }
        #expect(try await test.write { try $0.runs.cancel(id) }.status == .cancelled)
        await #expect(
            throws: RuntimeError.invalidTransition(of: "run", from: "cancelled", allowed: ["queued"])
        ) {
            try await test.write { try $0.runs.cancel(id) }
        }
    }

    @Test func `an agent that cannot run, or faulty parameters, start nothing`() async throws {
        let test = try TestRuntime(agents: [
            TestAgent(), TestAgent(name: "outreach", buildState: .standby(reason: "no mail is set up")),
        ])
        await #expect(throws: RuntimeError.unknownAgent("astrology")) {
            try await test.write { try $0.runs.start(agent: "astrology", trigger: .manual, by: user) }
        }
        await #expect(throws: RuntimeError.agentNotActive(agent: "outreach", reason: "no mail is set up")) {
            try await test.write { try $0.runs.start(agent: "outreach", trigger: .manual, by: user) }
        }
        await #expect(throws: RuntimeError.agentNotActive(agent: "outreach", reason: "no mail is set up")) {
            try await test.write { try $0.agents.set("outreach", state: .active) }
        }
        await #expect(throws: RuntimeError.self) {
            try await test.write {
                try $0.runs.start(agent: "scoring", trigger: .manual, parameters: ["colour": "red"], by: user)
            }
        }
        let status = try await test.write {
            try $0.agents.set("scoring", state: .disabled, autonomy: .observe)
        }
        #expect(status.state == .disabled && status.autonomy == .observe && status.version == 2)
        await #expect(throws: RuntimeError.agentNotActive(agent: "scoring", reason: "the agent is disabled"))
        {
            try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user) }
        }
        #expect(
            try test.read { try $0.int("SELECT count(*) FROM agent_runs WHERE tenant_id = \($0.tenant)") }
                == 0)
    }

    @Test func `events start one run that serves them all`() async throws {
        let subjects = Signal<[String]>()
        let test = try TestRuntime(agents: [
            TestAgent(
                events: ["lead.created"],
                work: { run in
                    subjects.send(try run.eventSubjects().map(\.id))
                    return [:]
                })
        ])
        for n in 1...5 {
            try await test.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_\(n)")) }
        }
        #expect(
            try test.read { try $0.int("SELECT count(*) FROM agent_runs WHERE tenant_id = \($0.tenant)") }
                == 1)
        test.work()
        #expect(await subjects.values(1) == [["lead_1", "lead_2", "lead_3", "lead_4", "lead_5"]])
        await test.settled.values(1)
        try await test.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_6")) }
        #expect(await subjects.values(2).last == ["lead_6"])
        await test.settled.values(2)
        try await test.write { try $0.agents.set("scoring", state: .standby) }
        try await test.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_7")) }
        #expect(
            try test.read { try $0.int("SELECT count(*) FROM agent_runs WHERE tenant_id = \($0.tenant)") }
                == 2)
        await test.stop()
    }

    @Test func `an event starts a run where the same commit takes or cancels the last one`() async throws {
        let test = try TestRuntime(agents: [TestAgent(events: ["lead.created"])])
        let (runtime, lead) = (test.runtime, Subject(type: "lead", id: "lead_1"))
        let counts = try await test.database.acrossTenantsWrite { system in
            let tx = system.scoped(to: .acme)
            let runs: SQL = "SELECT id FROM agent_runs WHERE tenant_id = \(tx.tenant) ORDER BY id"
            func started() throws -> [AgentRunID] {
                for _ in 0..<2 { try tx.publish("lead.created", lead) }
                return try tx.all(runs) { AgentRunID($0, 0) }
            }
            var counts = [try started().count]
            let claimed = try ClaimStore(tx: system, runtime: runtime).claim(
                AgentRunJob.queue, limit: 1, cap: 100, owner: "boot-1", leaseUntil: tx.now + .seconds(30))
            counts += [claimed.jobs.count, try started().count]
            let waiting = try #require(try started().last)
            _ = try tx.runs.cancel(waiting)
            counts.append(try started().count)
            return counts
        }
        #expect(counts == [1, 1, 2, 3])
    }
}

struct ExactlyOnce {
    @Test func `a run whose process dies before its end is made again, and is effective once`() async throws {
        let (reached, gate) = (Signal<Int>(), Gate())
        let late = Signal<Bool>()
        let agent = TestAgent(work: { run in
            let made = try await run.write { tx in
                let made = try run.decide(in: tx, Subject(type: "lead", id: "lead_1"), conclusion)
                if made.isNew { try tx.effect("scored") }
                return made
            }
            reached.send(run.job.attempt)
            if run.job.runtime.configuration.boot == "boot-1" {
                await gate.pass()
                do {
                    try await run.finish { tx in
                        try tx.effect("finished"); return [:]
                    }
                } catch {
                    late.send(error is LeaseLost)
                    throw error
                }
                return [:]
            }
            return try await run.finish { tx in
                try tx.effect("finished")
                return ["new": .bool(made.isNew)]
            }
        })
        let dying = try TestRuntime(agents: [agent])
        dying.work()
        let id = try await dying.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user).id }
        await reached.values(1)
        // The process is gone: another boots on the same folder.
        let next = try TestRuntime(boot: "boot-2", agents: [agent], on: dying)
        next.work()
        let run = try #require(try await next.runtime.run(.acme, id, waitingFor: .seconds(100)))
        #expect(run.status == .succeeded && run.result == #"{"new":false}"#)
        // And even if it was only asleep, it can do nothing more.
        gate.open()
        #expect(await late.values(1) == [true])
        try next.read { (reader: Reader) throws in
            #expect(try reader.effects() == ["finished", "scored"])
            #expect(try reader.runs.decisionIDs(ofRun: id).count == 1)
            #expect(try reader.events.after(0, limit: 10).map(\.type) == ["agent_run.succeeded"])
            #expect(try reader.agents.metrics("scoring").runs == 1)
        }
        await next.stop()
        await dying.stop()
    }
}

struct Configurations {
    @Test func `draft, publish, roll back`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        let agent = try #require(test.runtime.agents["scoring"])
        let published = { try test.read { try $0.agentConfigurations.published(agent) } }
        #expect(try published().version == 1 && published().values["high_from"] == 70)
        let draft = try await test.write {
            try $0.agentConfigurations.draft("scoring", ["high_from": 80], by: user)
        }
        #expect(draft.state == .draft && draft.version == 2 && draft.values["batch_size"] == 50)
        #expect(try published().values["high_from"] == 70, "a draft is not in force")
        let again = try await test.write {
            try $0.agentConfigurations.draft("scoring", ["high_from": 90], by: user)
        }
        #expect(again.version == 2 && again.values == ["high_from": 90, "batch_size": 50])
        await #expect(throws: RuntimeError.self) {
            try await test.write { try $0.agentConfigurations.draft("scoring", ["high_from": 900], by: user) }
        }
        let two = try await test.write { try $0.agentConfigurations.publish("scoring", by: user) }
        #expect(two.version == 2 && two.state == .published)
        #expect(try published().values == ["high_from": 90, "batch_size": 50])
        let three = try await test.write { try $0.agentConfigurations.rollBack("scoring", to: 1, by: user) }
        #expect(three.version == 3 && three.values == ["high_from": 70, "batch_size": 50])
        #expect(try test.read { try $0.agentConfigurations.all(agent) }.map(\.version) == [3, 2, 1])
        await #expect(throws: RuntimeError.notFound) {
            try await test.write { try $0.agentConfigurations.rollBack("scoring", to: 9, by: user) }
        }
        #expect(
            try await test.write { try $0.agentConfigurations.publish("scoring", by: user) }.version == 3,
            "no draft"
        )
    }
}
