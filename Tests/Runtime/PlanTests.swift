import Database
import JSON
import Records
import Synchronization
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

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
            try tx.counters.count("runs", 1)
            return ["new": .bool(made.isNew)]
        }
    }
}

struct Plans {
    /// Statements that may look at everything, because what they look at is small by its nature.
    private static let exempt = ["runtime_tenants WHERE realm = 1"]

    /// On a new folder; and the plans must be the same once the folder has grown and the planner has looked for itself.
    @Test(.ofFiles) func `no statement of the runtime reads a table from end to end`() async throws {
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
            let limits = JobLimits(concurrency: 1, rate: JobRate(100, per: .seconds(1)))
            try tx.jobBatches.enqueue(
                TestJob.self, ["a", "b"].map { BulkJob(.init(name: $0)) },
                JobOptions(limitKey: "one", limits: limits), then: TestJob.self, .init(name: "c"))
            try tx.jobBatches.enqueue(TestJob.self, [BulkJob(.init(name: "d"))])
            try tx.alerts.raise(kind: "a", severity: .info, title: "a", action: "b")
            try tx.alerts.resolve(kind: "a")
        }
        await test.settled.values(4)
        try await test.write { tx in
            try tx.schedules.install(timeZone: "UTC")
            try tx.publish("lead.created", Subject(type: "lead", id: "lead_1"))
            try tx.auditLog.add(.system, "a", Subject(type: "lead", id: "lead_1"))
            try tx.jobs.enqueue(
                TestJob.self, .init(name: "a"), JobOptions(runAt: tx.now + .seconds(1), uniqueKey: "a"))
        }
        await test.settled.values(5)
        test.clock.advance(by: .seconds(3601))
        await test.settled.values(7)
        await test.stop()
        try await Sweep(test.runtime).removeOld()
        try await test.write { tx in
            try tx.publish("lead.created", Subject(type: "lead", id: "lead_2"))
            try Watch(tx).look()
            try tx.schedules.propose(tx.runtime.agents.all)
            _ = try Watch(tx).nextLook()
            _ = try tx.agents.restart("scoring", by: .system)
            _ = try tx.agents.check("scoring")
            _ = (try JobTimers().nextDue(in: tx), try ScheduleTimers().nextDue(in: tx))
        }
        try await test.write { tx in
            try tx.jobQueues.pause("default", true, by: .system)
            let id = try tx.jobs.enqueue(TestJob.self, .init(name: "e")).id
            if let job = try tx.jobs.find(id) { _ = try tx.jobQueues.reasonToWait(job, tx.runtime) }
            try tx.jobQueues.pause("default", false, by: .system)
            if let job = try tx.jobs.find(id) { _ = try tx.jobQueues.reasonToWait(job, tx.runtime) }
            _ = try tx.jobQueues.status("default", tx.runtime)
            try tx.jobs.expedite(id)
            _ = try tx.jobs.cancel(id)
        }
        try await test.runtime.pauseQueue("default", true)
        try await test.runtime.pauseQueue("default", false)
        try await test.runtime.suspend(.globex, true)
        _ = try test.runtime.verifyAudit(.acme)
        _ = try test.read { try $0.auditLog.entry("aud_1") }
        _ = try await test.reap(.expired)
        _ = try await test.reap(.ownersOtherThan("x"))
        _ = try test.read {
            try (
                $0.agents.metrics("scoring"), $0.runs.hasLive("scoring"),
                $0.schedules.nextRun(ofAgent: "scoring")
            )
        }
        let own = texts.withLock { $0 }.filter { text in
            !text.hasPrefix("CREATE") && !text.hasPrefix("PRAGMA") && !text.contains("sqlite_")
                && !Self.exempt.contains { text.contains($0) }
                && [
                    "jobs", "job_", "alerts", "tenant_queues", "events", "audit", "agent_", "schedule",
                    "decisions",
                    "run_steps",
                ]
                .contains { text.contains($0) }
        }
        #expect(own.count > 30)
        let plans = try own.sorted().map { ($0, try plan(of: $0, test)) }
        for (text, plan) in plans {
            for line in plan where line.hasPrefix("SCAN") && !line.contains("USING") {
                let isConstant =
                    line.contains("CONSTANT ROW")
                    || ["SCAN s", "SCAN v", "SCAN waiting", "SCAN last"].contains(line)
                #expect(isConstant, "\(line): \(text)")
            }
        }
        let inSandboxes = plans.filter { text, _ in
            text.contains("realm = 1") && (text.contains("FROM jobs") || text.contains("FROM schedules"))
        }
        #expect(inSandboxes.count > 1)
        for (text, plan) in inSandboxes {
            #expect(plan.contains { $0.contains("_sandbox_") }, "\(plan): \(text)")
        }
        let rests = rested.values.count
        try await grow(test)
        // A rest that began before comes first.
        for more in 1...3 where try measuredEvents(test) < 20_000 { await rested.values(rests + more) }
        #expect(try measuredEvents(test) >= 20_000)
        for (text, before) in plans { #expect(try plan(of: text, test) == before, "\(text)") }
    }

    /// As many events, entries of the audit and sleeping jobs as make the planner look for itself.
    private func grow(_ test: TestRuntime) async throws {
        try await test.write { tx in
            let numbers: SQL = """
                WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 31000)
                """
            // Their one index is taken for half as large as it is.
            let eventNumbers: SQL = """
                WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 91000)
                """
            let place: SQL = "(SELECT number << 40 FROM tenant_numbers WHERE tenant = \(tx.tenant)) + i"
            try tx.run(
                """
                INSERT INTO events (place, tenant_id, row, id, type, subject_type, subject_id, data, created_at)
                \(eventNumbers) SELECT \(place), \(tx.tenant), i, 'evt_' || i, 'lead.created', 'lead', 'lead_' || i % 99,
                    '{}', i FROM n
                """)
            try tx.run(
                """
                INSERT INTO audit (place, tenant_id, row, id, actor_type, actor_id, action, subject_type, subject_id,
                    changes, created_at, previous_hash, hash)
                \(numbers) SELECT \(place), \(tx.tenant), i, 'aud_' || i, 'user', 'user_1', 'lead.created', 'lead',
                    'lead_' || i % 99, '{}', i, '', '' FROM n
                """)
            try tx.run(
                """
                INSERT INTO jobs (tenant_id, id, kind, queue, state, priority, payload, realm, run_at, attempt,
                    max_attempts, deaths, epoch, unique_until, created_at)
                \(numbers) SELECT \(tx.tenant), 'job_' || i, 'workflow.run', 'workflows', 0, 5, '{}', 0,
                    9000000000000000 + i, 0, 1, 0, 0, 0, i FROM n
                """)
        }
    }

    private func measuredEvents(_ test: TestRuntime) throws -> Int64 {
        try test.database.acrossTenantsRead { reader in
            try reader.int(
                """
                SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1
                WHERE tbl = 'events' AND stat NOT LIKE '100000 %'
                """)
        } ?? 0
    }

    private func plan(of text: String, _ test: TestRuntime) throws -> [String] {
        let count =
            text.split(separator: "$").dropFirst().compactMap { Int($0.prefix(while: \.isNumber)) }.max() ?? 0
        return try test.database.acrossTenantsRead { reader in
            try reader.all(
                Statement("EXPLAIN QUERY PLAN " + text), Array(repeating: SQLValue.null, count: count)
            ) { $0.text(3) }
        }
    }
}
