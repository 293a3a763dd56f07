import JSON
import Records
import Testing

@testable import Agents
@testable import RuntimeTesting

@Suite struct ToolRouteTests {
    @Test func `the tools are listed with class, health, use and what is left`() async throws {
        let bench = try RouteBench()
        let list = try await bench.call("GET", "/v1/tools").body["data"]?.array ?? []
        let tools = Dictionary(uniqueKeysWithValues: list.map { ($0["name"]?.text ?? "", $0) })
        #expect(
            tools["update_record"]?["class"] == "writes" && tools["update_record"]?["health"] == "healthy")
        #expect(
            tools["http_request"]?["class"] == "sends" && tools["http_request"]?["health"] == "unavailable")
        #expect(tools["http_request"]?["input_schema"]?["properties"]?["url"] != nil)
        #expect(try await bench.call("GET", "/v1/tools/hammer").status == 404)
        #expect(
            try await bench.call("GET", "/v1/tools?fields=name,health&limit=1").body["data"]?.array?.count
                == 1)
    }

    @Test func `an agency sets a tool's limits and cost, or switches it off`() async throws {
        let bench = try RouteBench()
        let changed = try await bench.call(
            "PATCH", "/v1/tools/http_request",
            [
                "limits": ["minute": 10, "month": 0], "cost": ["amount": 2, "currency": "USD"],
                "providers": ["b", "a"],
            ], headers: [("If-Match", "\"1\"")])
        #expect(changed.body["limits"] == ["minute": 10, "hour": nil, "day": nil, "month": 0])
        #expect(changed.body["quota"]?.array?.map { $0["left"] } == [10, 0])
        #expect(changed.body["cost"] == ["amount": 2, "currency": "USD"] && changed.body["version"] == 2)
        let off = try await bench.call("PATCH", "/v1/tools/http_request", ["enabled": false, "cost": nil])
        #expect(
            off.body["enabled"] == false && off.body["cost"] == .null && off.body["quota"]?.array?.count == 2)
        #expect(
            try await bench.call("PATCH", "/v1/tools/http_request", ["enabled": false]).body["version"] == 3)
        #expect(
            try await bench.call(
                "PATCH", "/v1/tools/http_request",
                [
                    "limits": ["week": 1, "day": -1, "hour": "x"],
                    "cost": ["amount": 100_000_001, "currency": "EUR"], "colour": 1,
                ]
            ).codes == [
                "/limits/week": "unknown_field", "/limits/day": "out_of_range", "/limits/hour": "wrong_type",
                "/cost/currency": "invalid_currency", "/cost/amount": "out_of_range",
                "/colour": "unknown_field",
            ])
    }

    @Test func `calls are logged, and their use is told day by day`() async throws {
        let bench = try RouteBench()
        try await bench.write { tx in
            let request = ToolRequest(
                tool: "update_record", arguments: ["id": "lead_1", "changes": [:]],
                caller: ToolCaller(actor: .system), key: "k")
            #expect(throws: ToolRefusal.self) { try tx.tools.begin(request) }
        }
        #expect(try await bench.call("GET", "/v1/tool-calls?tool=update_record").body["data"] == [])
        let use = try await bench.call("GET", "/v1/tools/update_record/use")
        #expect(use.body["days"] == [] && use.body["month"]?["expected_calls"] == 0)
        #expect(use.body["baseline"]?["before"]?["calls"] == 0 && use.body["baseline"]?["drift"] == .null)
    }
}
