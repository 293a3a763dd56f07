import Database
import JSON
import Records
import Synchronization
import Telemetry
import Testing

@testable import Runtime

private struct WorkingAgent: AgentDefinition {
    let name = "scoring", title = "", purpose = ""
    let schedules = [DefaultSchedule(name: "Hourly", cron: "hourly")]
    let events = ["lead.created"]
    func run(_ run: AgentRun) async throws -> JSON {
        _ = try run.eventSubjects()
        try await run.step("one") {}
        return try await run.finish { tx in
            let made = try run.decide(
                in: tx, Subject(type: "lead", id: "lead_1"),
                Conclusion(outcome: [:], confidence: 1, model: [:], inputs: [:]))
            try tx.count("runs", 1)
            return ["new": .bool(made.isNew)]
        }
    }
}

struct Plans {
    /// Statements that may look at everything, because what they look at is small by its nature.
    private static let exempt = ["runtime_tenants WHERE realm = 1"]

    /// On a new folder; and the plans must be the same once the folder has grown and the planner has looked for itself.
    @Test func `no statement of the runtime reads a table from end to end`() async throws {
        let texts = Mutex<Set<String>>([])
        let rested = Signal<Int>()
        let test = try TestRuntime(
            agents: [WorkingAgent()], kinds: [TestJob()],
            observer: { text in
                _ = texts.withLock { $0.insert(text) }
            },
            open: {
                $0.idleTime = .milliseconds(20)
                $0.observer.checkpointed = { frames, _ in if frames == 0 { rested.send(frames) } }
            })
        test.work()
        try await test.write { tx in
            try tx.installSchedules(timeZone: "UTC")
            try tx.publish("lead.created", Subject(type: "lead", id: "lead_1"))
            try tx.audit(.system, "a", Subject(type: "lead", id: "lead_1"))
            try tx.enqueue(
                TestJob.self, .init(name: "a"), JobOptions(runAt: tx.now + .seconds(1), uniqueKey: "a"))
        }
        await test.settled.values(1)
        test.clock.advance(by: .seconds(3601))
        await test.settled.values(3)
        await test.stop()
        try await test.runtime.suspend(.globex, true)
        _ = try test.database.verifyAudit(.acme)
        _ = try await test.reap(.expired)
        _ = try await test.reap(.ownersOtherThan("x"))
        _ = try test.read {
            try ($0.agentMetrics("scoring"), $0.hasLiveRun("scoring"), $0.nextRun(ofAgent: "scoring"))
        }
        let own = texts.withLock { $0 }.filter { text in
            !text.hasPrefix("CREATE") && !text.hasPrefix("PRAGMA") && !text.contains("sqlite_")
                && !Self.exempt.contains { text.contains($0) }
                && [
                    "jobs", "tenant_queues", "events", "audit", "agent_", "schedule", "decisions",
                    "run_steps",
                ]
                .contains { text.contains($0) }
        }
        #expect(own.count > 30)
        let plans = try own.sorted().map { ($0, try plan(of: $0, test)) }
        for (text, plan) in plans {
            for line in plan where line.hasPrefix("SCAN") && !line.contains("USING") {
                let isConstant = line.contains("CONSTANT ROW") || line == "SCAN s"
                #expect(isConstant, "\(line): \(text)")
            }
        }
        try await grow(test)
        while try test.database.acrossTenantsRead({ try $0.int(Self.measuredEvents) }) ?? 0 < 20_000 {
            await rested.values(1)
        }
        for (text, before) in plans { #expect(try plan(of: text, test) == before, "\(text)") }
    }

    /// As many events and entries of the audit as make the planner look for itself.
    private func grow(_ test: TestRuntime) async throws {
        try await test.write { tx in
            let numbers: SQL = """
                WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 31000)
                """
            try tx.run(
                """
                INSERT INTO events (tenant_id, row, id, type, subject_type, subject_id, data, created_at)
                \(numbers) SELECT \(tx.tenant), i, 'evt_' || i, 'lead.created', 'lead', 'lead_' || i % 99, '{}', i FROM n
                """)
            try tx.run(
                """
                INSERT INTO audit (tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id,
                    changes, created_at, previous_hash, hash)
                \(numbers) SELECT \(tx.tenant), i, 'aud_' || i, 'user', 'user_1', 'lead.created', 'lead',
                    'lead_' || i % 99, '{}', i, '', '' FROM n
                """)
        }
    }

    private static let measuredEvents: SQL = """
        SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'events' AND stat NOT LIKE '100000 %'
        """

    private func plan(of text: String, _ test: TestRuntime) throws -> [String] {
        let count = (1...20).last { text.contains("$\($0)") } ?? 0
        return try test.database.acrossTenantsRead { reader in
            try reader.all(
                Statement("EXPLAIN QUERY PLAN " + text), Array(repeating: SQLValue.null, count: count)
            ) { $0.text(3) }
        }
    }
}
