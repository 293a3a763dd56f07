import JSON
import Testing

@testable import Runtime

@Suite struct AlertRouteTests {
    @Test func `alerts are listed, filtered, read and resolved by hand, once`() async throws {
        let bench = try RouteBench()
        let id = try await bench.write { tx in
            try tx.raiseAlert(
                kind: "queue_growing", severity: .info, title: "A queue grows", action: "Look at it.")
            return try tx.raiseAlert(
                kind: "agent_failing", severity: .critical, agent: "doubler", title: "It fails",
                action: "Restart it.")
        }
        let list = try await bench.call("GET", "/v1/alerts?agent=doubler&severity=critical&open=true")
        #expect(list.body["data"]?.array?.map { $0["id"]?.text } == [id])
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
