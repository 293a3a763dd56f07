import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// The runs of the orchestrator put together what people look at, and the one of Mondays proposes better schedules.
@Suite struct OrchestratorRunTests {
    @Test(arguments: [("weekly_planning", true), ("assessment", false)])
    func `the orchestrator's own run reports how things stand`(task: String, plans: Bool) async throws {
        let test = try TestRuntime(agents: [OrchestratorAgent(), TestAgent()])
        let schedule = try await test.write { tx in
            try tx.agents.countRun("scoring", failure: nil, took: .seconds(4), items: 3)
            for (id, days) in [("run_a", 6), ("run_b", 8)] {
                let ended = tx.now - .seconds(days * 86_400)
                try tx.run(
                    """
                    INSERT INTO agent_runs (tenant_id, id, agent, status, trigger, parameters, job_id, attempt,
                        items, cost, tokens, started_by_type, started_by_id, created_at, finished_at)
                    VALUES (\(tx.tenant), \(id), 'scoring', 'failed', 'manual', '{}', 'job_a', 1, 5, 0, 0,
                        'system', '', \(ended), \(ended))
                    """)
            }
            // Three of its runs found the one before still running.
            let made = try tx.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
            for slot in 1...3 {
                try tx.run(
                    """
                    INSERT INTO schedule_fires (tenant_id, schedule_id, slot, skipped, missed, fired_at)
                    VALUES (\(tx.tenant), \(made.id), \(slot), 'still_running', 0, \(slot))
                    """)
            }
            return made.id
        }
        test.work()
        let id = try await test.write {
            try $0.runs.start(
                agent: "orchestrator", trigger: .manual, parameters: ["task": .string(task)], by: .system
            ).id
        }
        await test.settled.values(1)
        await test.stop()
        let run = try #require(try test.read { try $0.runs.find(id) })
        let report = JSON(stored: run.result ?? "")
        let scoring = report["agents"]?.array?.first { $0["agent"] == "scoring" }
        #expect(
            run.status == .succeeded && scoring?["health"] == "healthy" && scoring?["average_seconds"] == 4)
        #expect(scoring?["runs"] == 1 && scoring?["items"] == 3 && scoring?["failed"] == 0, "in all")
        #expect(scoring?["last_week"] == ["runs": 1, "failed": 1, "items": 5], "and none of the week before")
        let proposed = (report["proposals"]?.array ?? []).map { $0["schedule_id"]?.text }
        #expect(proposed == (plans ? ["\(schedule)"] : []))
    }

    @Test func `a task that the orchestrator does not have is refused`() {
        let faults = OrchestratorAgent().faults(parameters: ["task": "juggling", "a": 1])
        #expect(faults.map(\.code) == ["invalid_choice", "unknown_field"])
    }
}
