import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

private let lead = Subject(type: "lead", id: "lead_1")
private let user = Actor(.user, id: "usr_1")

struct Memories {
    @Test func `an agent remembers by subject and key, each change a version, until it expires`() async throws
    {
        let seen = Signal<JSON>()
        let agent = TestAgent(work: { run in
            seen.send(
                [
                    "tone": try run.memory.get("tone", about: lead) ?? .null,
                    "own": try run.memory.get("tone") ?? .null,
                ])
            return try await run.finish { tx in
                let count = (try run.memory.get("tone", about: lead, in: tx)?["count"]?.int ?? 0) + 1
                try run.memory.set(
                    "tone", ["count": .integer(count)], about: lead, for: .seconds(3600), in: tx)
                try run.memory.set("tone", "general", in: tx)
                return [:]
            }
        })
        let test = try AgentTest([agent, TestAgent(name: "other")], at: "2027-01-05T10:00:00Z")
        for _ in 1...2 { _ = try await test.run("scoring") }
        #expect(
            seen.values == [["tone": nil, "own": nil], ["tone": ["count": 1], "own": "general"]])
        let entry = try #require(try test.read { try $0.memories.find(of: "scoring", "tone", about: lead) })
        #expect(entry.version == 2 && entry.value == ["count": 2] && entry.runID != nil)
        #expect(entry.expiresAt == test.now + .seconds(3600))
        #expect(
            try test.read { try $0.memories.find(of: "other", "tone", about: lead) } == nil,
            "each has its own")
        try await test.advance(by: .seconds(3600))
        _ = try await test.run("scoring")
        #expect(seen.values.last == ["tone": nil, "own": "general"], "it has expired")
    }

    @Test func `what a lost attempt wanted to remember is not remembered`() async throws {
        let gate = Gate()
        let (reached, late) = (Signal<Bool>(), Signal<Bool>())
        let agent = TestAgent(work: { run in
            if run.job.runtime.configuration.boot == "boot-2" { return [:] }
            reached.send(true)
            await gate.pass()
            do {
                try await run.write { tx in try run.memory.set("secret", 1, in: tx) }
            } catch { late.send(error is LeaseLost) }
            return [:]
        })
        let dying = try TestRuntime(agents: [agent])
        dying.work()
        let id = try await dying.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user).id }
        await reached.values(1)
        let next = try TestRuntime(boot: "boot-2", agents: [agent], on: dying)
        next.work()
        _ = try await next.runtime.run(.acme, id, waitingFor: .seconds(100))
        gate.open()
        #expect(await late.values(1) == [true])
        #expect(try next.read { try $0.memories.find(of: "scoring", "secret") } == nil)
        await next.stop()
        await dying.stop()
    }

    @Test func `keys, values, their number and their version have limits`() async throws {
        let errors = Signal<String>()
        let agent = TestAgent(work: { run in
            func refused(_ body: @escaping @Sendable (Transaction) throws -> Void) async {
                do {
                    try await run.write(body)
                    errors.send("none")
                } catch RuntimeError.invalidValues(let faults) {
                    errors.send(faults.map(\.pointer).joined())
                } catch { errors.send("\(error)") }
            }
            await refused { try run.memory.set(String(repeating: "k", count: 201), 1, in: $0) }
            await refused { try run.memory.set("", 1, in: $0) }
            await refused {
                try run.memory.set("k", .string(String(repeating: "v", count: Memory.valueMax)), in: $0)
            }
            await refused { try run.memory.set("k", 1, ifVersion: 3, in: $0) }
            try await run.write { tx in
                for n in 1...Memory.perSubjectMax { try run.memory.set("k\(n)", 1, about: lead, in: tx) }
                try run.memory.set("k1", 2, about: lead, ifVersion: 1, in: tx)
            }
            await refused { try run.memory.set("one too many", 1, about: lead, in: $0) }
            try await run.write { try run.memory.forget("k1", about: lead, in: $0) }
            await refused { try run.memory.set("one too many", 1, about: lead, in: $0) }
            return [:]
        })
        let test = try AgentTest([agent], at: "2027-01-05T10:00:00Z")
        let outcome = try await test.run("scoring")
        #expect(outcome.run.status == .succeeded)
        #expect(errors.values == ["/key", "/key", "/value", "versionMismatch", "", "none"])
    }

    @Test func `expired memories are pruned, those of a sandbox by its own clock`() async throws {
        let agent = TestAgent(work: { run in
            try await run.write { try run.memory.set("k", 1, for: .seconds(60), in: $0) }
            return [:]
        })
        let test = try TestRuntime(agents: [agent])
        try await test.write(.globex) { try $0.sandboxClock.setVirtualTime(Instant("2020-01-01T00:00:00Z")!) }
        test.work()
        let live = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: user).id }
        _ = try await test.runtime.run(.acme, live, waitingFor: .seconds(100))
        try await test.write(.globex) { tx in
            try tx.run(
                """
                INSERT INTO agent_memory (tenant_id, id, realm, agent, subject_type, subject_id, key, value, version,
                    expires_at, created_at, updated_at)
                VALUES (\(tx.tenant), 'mem_1', 1, 'scoring', '', '', 'k', '1', 1, \(tx.now + .seconds(60)), 0, 0)
                """)
        }
        test.clock.advance(by: .seconds(61))
        try await test.database.acrossTenantsWrite { try $0.acrossTenantsPruneMemory() }
        let count = { (tenant: TenantID) in
            try test.read(tenant) {
                try $0.int("SELECT count(*) FROM agent_memory WHERE tenant_id = \($0.tenant)")
            }
        }
        #expect(try count(.acme) == 0)
        #expect(
            try count(.globex) == 1 && test.read(.globex) { try $0.memories.find(of: "scoring", "k") } != nil)
        await test.stop()
    }

    @Test func `what is kept about a person is exported and erased, and nothing else`() async throws {
        let other = Subject(type: "lead", id: "lead_2")
        let agent = TestAgent(work: { run in
            try await run.finish { tx in
                for subject in [lead, other] {
                    try run.memory.set("tone", "warm", about: subject, in: tx)
                    try run.send(
                        CustomerResponse(customerID: subject.id), to: "scoring", about: subject, in: tx)
                    _ = try run.decide(
                        in: tx, subject,
                        Conclusion(
                            outcome: ["score": 1], confidence: 1, model: ["name": "x"],
                            inputs: ["name": .string(subject.id)]))
                }
                return [:]
            }
        })
        let test = try AgentTest([agent], at: "2027-01-05T10:00:00Z")
        _ = try await test.run("scoring")
        let runtime = test.runtime
        func export(_ subject: Subject) throws -> [Int] {
            let all = try test.read { try runtime.exportPersonalData(of: [subject], in: $0) }
            return ["agent_memory", "agent_messages", "decisions"].map { all[$0]?.array?.count ?? -1 }
        }
        let whole = try test.read { try runtime.exportPersonalData(of: [lead], in: $0) }
        #expect(whole["agent_memory"]?.array?.first?["value"] == "warm")
        #expect(whole["decisions"]?.array?.first?["inputs"] == ["name": "lead_1"])
        #expect(try export(lead) == [1, 1, 1])
        let erased = try await test.given { try runtime.erasePersonalData(of: [lead], by: user, in: $0) }
            .erased
        #expect(
            erased == [
                "agent_memory": 1, "agent_messages": 1, "run_notes": 0, "decisions": 1, "model_answers": 0,
            ])
        #expect(try export(lead) == [0, 0, 0] && export(other) == [1, 1, 1])
    }
}
