import Database
import JSON
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

@Suite struct AlertRouteTests {
    @Test func `alerts are listed, filtered, read and resolved by hand, once`() async throws {
        let bench = try RouteBench()
        let id = try await bench.write { tx in
            try tx.alerts.raise(
                kind: "queue_growing", severity: .info, title: "A queue grows", action: "Look at it.")
            return try tx.alerts.raise(
                kind: "agent_failing", severity: .critical, agent: "doubler", title: "It fails",
                action: "Restart it.")
        }
        let list = try await bench.call("GET", "/v1/alerts?agent=doubler&severity=critical&open=true")
        #expect(list.body["data"]?.array?.map { $0["id"]?.text } == ["\(id)"])
        #expect(list.body["data"]?.array?.first?["subject"] == ["type": "agent", "id": "doubler"])
        #expect(try await bench.call("GET", "/v1/alerts").body["data"]?.array?.count == 2)
        #expect(try await bench.call("GET", "/v1/alerts?open=maybe").status == 400)
        #expect(
            try await bench.call("POST", "/v1/alerts/\(id)/resolve", headers: [("If-Match", "\"9\"")]).status
                == 412)
        let resolved = try await bench.call("POST", "/v1/alerts/\(id)/resolve")
        #expect(resolved.body["resolved_at"]?.text != nil && resolved.body["resolved_by"] == "user_1")
        #expect(try await bench.call("POST", "/v1/alerts/\(id)/resolve").status == 409)
        #expect(try await bench.call("GET", "/v1/alerts?open=false").body["data"]?.array?.count == 1)
        #expect(try await bench.call("GET", "/v1/alerts/alert_x").status == 404)
    }
}

@Suite struct OrchestratorRouteTests {
    @Test func `an agent is restarted and checked by hand`() async throws {
        let bench = try RouteBench()
        #expect(
            try await bench.call("POST", "/v1/agents/doubler/restart").body
                == ["agent": "doubler", "restarted": 0])
        let check = try await bench.call("POST", "/v1/agents/doubler/check").body
        #expect(check["ok"] == true && check["checks"]?.array?.count == 4)
        #expect(try await bench.call("POST", "/v1/agents/nobody/restart").status == 404)
        try await bench.write { try $0.agents.set("doubler", state: .disabled) }
        #expect(try await bench.call("POST", "/v1/agents/doubler/restart").status == 409)
        #expect(try await bench.call("POST", "/v1/agents/doubler/check").body["ok"] == false)
    }

    @Test func `proposals are listed, and decided at their schedule`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call("POST", "/v1/schedules", ["agent": "doubler", "cron": "hourly"])
        let place = try #require(made.header("Location")), id = made.body["id"]?.text ?? ""
        #expect(try await bench.call("POST", "\(place)/proposal/accept").status == 404)
        try await bench.write { tx in
            for slot in 1...3 {
                try tx.run(
                    """
                    INSERT INTO schedule_fires (tenant_id, schedule_id, slot, skipped, missed, fired_at)
                    VALUES (\(tx.tenant), \(id), \(slot), 'still_running', 0, \(slot))
                    """)
            }
            try tx.schedules.propose(tx.runtime.agents.all)
        }
        let list = try await bench.call("GET", "/v1/schedules/proposals?status=open").body["data"]?.array
        #expect(list?.count == 1 && list?[0]["changes"] == ["cron": "every_2_hours"])
        let accepted = try await bench.call("POST", "\(place)/proposal/accept")
        #expect(accepted.body["status"] == "accepted" && accepted.body["decided_by"] == "user_1")
        #expect(try await bench.call("GET", place).body["cron"] == "every_2_hours")
    }
}
