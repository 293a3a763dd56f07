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

    @Test func `no statement of the runtime reads a table from end to end`() async throws {
        let texts = Mutex<Set<String>>([])
        let test = try TestRuntime(
            agents: [WorkingAgent()], kinds: [TestJob()],
            observer: { text in
                _ = texts.withLock { $0.insert(text) }
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
        for text in own.sorted() {
            for line in try plan(of: text, test) where line.hasPrefix("SCAN") && !line.contains("USING") {
                let isConstant = line.contains("CONSTANT ROW") || line == "SCAN s"
                #expect(isConstant, "\(line): \(text)")
            }
        }
    }

    private func plan(of text: String, _ test: TestRuntime) throws -> [String] {
        let count = (1...20).last { text.contains("$\($0)") } ?? 0
        return try test.database.acrossTenantsRead { reader in
            try reader.all(
                Statement("EXPLAIN QUERY PLAN " + text), Array(repeating: SQLValue.null, count: count)
            ) { $0.text(3) }
        }
    }
}
