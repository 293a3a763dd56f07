import Database
import Records
import Telemetry
import Templates
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `What has ended` {
    private func left(_ test: TestRuntime) throws -> [String: Int64] {
        try test.read { reader in
            var counts: [String: Int64] = [:]
            for table in ["agent_runs", "schedule_fires", "refusals", "alerts"] {
                counts[table] = try reader.int(
                    "SELECT count(*) FROM \(trusted: table) WHERE tenant_id = \(reader.tenant)")
            }
            counts["events"] = try reader.int(
                """
                SELECT count(*) FROM events WHERE tenant_id = \(reader.tenant) AND type = 'lead.created'
                """)
            return counts
        }
    }

    @Test func `goes of each agency for itself, and each keeps its newest event`() async throws {
        let test = try TestRuntime()
        let lead = Subject(type: "lead", id: "lead_1"), tenants = [TenantID.acme, .globex]
        for _ in 0..<3 {
            for tenant in tenants {
                try await test.write(tenant) { tx in
                    try tx.publish("lead.created", lead)
                    try tx.auditLog.add(.system, "lead.created", lead)
                }
            }
        }
        test.clock.advance(by: .seconds(91 * 86_400))
        for _ in 0..<2 { try await test.write { try $0.publish("lead.created", lead) } }
        try await Sweep(test.runtime).removeOld()
        let rows = try tenants.map { tenant in
            try test.read(tenant) { try $0.events.after(0, limit: 9) }.map(\.row)
        }
        #expect(rows == [[4, 5], [3]])
        for tenant in tenants {
            let chain = try test.runtime.verifyAudit(tenant)
            #expect(chain == AuditVerification(valid: true, entries: 3, firstInvalid: nil), "it is kept")
        }
        try await test.write(.globex) { try $0.publish("lead.created", lead) }
        #expect(try test.read(.globex) { try $0.events.lastRow() } == 4)
    }

    @Test func `goes after the time of its kind, and what lives stays`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        // Two runs and two alerts, one of which is over.
        try await test.write { tx in
            try tx.publish("lead.created", Subject(type: "lead", id: "lead_1"))
            let run = try tx.runs.start(agent: "scoring", trigger: .manual, by: .system)
            let live = try tx.runs.start(agent: "scoring", trigger: .manual, by: .system)
            try tx.run(
                """
                UPDATE agent_runs SET status = 'succeeded', finished_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND id = \(run.id)
                """)
            try tx.run(
                """
                INSERT INTO schedule_fires (tenant_id, schedule_id, slot, run_id, missed, fired_at)
                VALUES (\(tx.tenant), 'sched_1', 1, \(live.id), 0, \(tx.now))
                """)
            try tx.run(
                """
                INSERT INTO refusals (tenant_id, id, kind, subject_type, subject_id, code, detail, fingerprint,
                    count, created_at, updated_at)
                VALUES (\(tx.tenant), 'ref_1', 'tool', 'lead', 'lead_1', 'a', 'b', 'c', 1, \(tx.now), \(tx.now))
                """)
            for kind in ["over", "open"] {
                try tx.alerts.raise(kind: kind, severity: .info, title: "a", action: "b")
            }
            try tx.alerts.resolve(kind: "over")
        }
        let all: [String: Int64] = [
            "agent_runs": 2, "schedule_fires": 1, "refusals": 1, "alerts": 2, "events": 1,
        ]
        let later: [String: Int64] = [
            "agent_runs": 1, "schedule_fires": 0, "refusals": 0, "alerts": 2, "events": 0,
        ]
        let start = test.clock.now
        for (day, wanted) in [
            (89, all), (91, later), (179, later), (181, later.merging(["alerts": 1]) { $1 }),
        ] {
            test.clock.advance(by: start + .seconds(Int64(day) * 86_400) - test.clock.now)
            try await Sweep(test.runtime).removeOld()
            #expect(try left(test) == wanted, "\(day)")
        }
    }
}
