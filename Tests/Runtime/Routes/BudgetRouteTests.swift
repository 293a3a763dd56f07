import JSON
import Testing

@testable import Agents
@testable import RuntimeTesting

@Suite struct BudgetRouteTests {
    @Test func `a budget is made, read, changed and deleted`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call("POST", "/v1/budgets", ["kind": "calls", "limit": 3, "per": "day"])
        #expect(made.status == 201 && made.body["spent"] == 0 && made.body["held"] == 0)
        let place = try #require(made.header("Location"))
        #expect(try await bench.call("GET", place).body == made.body)
        try await bench.write { tx in
            try tx.budgets.hold(key: "k", attempt: 1, ToolUsage(calls: 2))
            try tx.budgets.settle(key: "k", attempt: 1, ToolUsage(calls: 1))
            try tx.budgets.hold(key: "k2", attempt: 1, ToolUsage(calls: 2))
        }
        let used = try await bench.call("GET", "/v1/budgets?kind=calls&per=day").body["data"]?.array?.first
        #expect(used?["spent"] == 1 && used?["held"] == 2 && used?["limit"] == 3)
        let changed = try await bench.call("PATCH", place, ["limit": 5], headers: [("If-Match", "\"1\"")])
        #expect(changed.body["limit"] == 5 && changed.body["version"] == 2 && changed.body["spent"] == 1)
        #expect(try await bench.call("PATCH", place, changed.body).body["version"] == 2, "sent back as it is")
        #expect(try await bench.call("PATCH", place, ["spent": 0]).codes == ["/spent": "read_only"])
        #expect(try await bench.call("PATCH", place, ["kind": "sends"]).codes == ["/kind": "read_only"])
        #expect(
            try await bench.call("PATCH", place, ["limit": 9], headers: [("If-Match", "\"1\"")]).status == 412
        )
        #expect(try await bench.call("DELETE", place).status == 204)
        for method in ["GET", "DELETE"] { #expect(try await bench.call(method, place).status == 404) }
        let actions = try await bench.call("GET", "/v1/audit?subject_type=budget&sort=created_at").body[
            "data"]
        #expect(
            actions?.array?.map { $0["action"] } == ["budget.created", "budget.updated", "budget.deleted"])
    }

    @Test func `money is counted in the agency's currency`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call(
            "POST", "/v1/budgets",
            [
                "kind": "money", "agent": "doubler", "limit": ["amount": 500, "currency": "USD"],
                "per": "month",
            ])
        #expect(made.body["limit"] == ["amount": 500, "currency": "USD"])
        #expect(made.body["spent"] == ["amount": 0, "currency": "USD"])
        let own = try await bench.call("GET", "/v1/agents/doubler").body["budget"]
        #expect(own?["id"] == made.body["id"] && own?["limit"] == made.body["limit"])
        #expect(try await bench.call("GET", "/v1/agents/sleeper").body["budget"] == .null)
        let foreign: JSON = ["kind": "money", "limit": ["amount": 500, "currency": "EUR"]]
        #expect(
            try await bench.call("POST", "/v1/budgets", foreign).codes == [
                "/limit/currency": "invalid_currency"
            ])
    }

    @Test func `a budget of a campaign is found by it, and its campaign stays`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call(
            "POST", "/v1/budgets", ["kind": "calls", "limit": 3, "campaign_id": "spring"])
        #expect(made.status == 201 && made.body["campaign_id"] == "spring")
        #expect(
            try await bench.call("POST", "/v1/budgets", ["kind": "calls", "limit": 3]).body["campaign_id"]
                == .null)
        let found = try await bench.call("GET", "/v1/budgets?campaign_id=spring").body["data"]?.array
        #expect(found?.map { $0["id"] } == [made.body["id"]])
        let place = try #require(made.header("Location"))
        #expect(
            try await bench.call("PATCH", place, ["campaign_id": "autumn"]).codes
                == ["/campaign_id": "read_only"])
        let entry = try await bench.call("GET", "/v1/audit?subject_type=budget&sort=created_at").body[
            "data"]?.array?.first
        #expect(entry?["changes"]?["campaign_id"] == "spring")
    }

    @Test func `a campaign's name that no message could have is refused`() async throws {
        let bench = try RouteBench()
        let long = JSON.string(String(repeating: "s", count: 65))
        #expect(
            try await bench.call("POST", "/v1/budgets", ["kind": "calls", "limit": 3, "campaign_id": long])
                .codes == ["/campaign_id": "too_long"])
    }

    @Test func `every fault of a budget is named`() async throws {
        let bench = try RouteBench()
        let faults = try await bench.call(
            "POST", "/v1/budgets",
            ["agent": "nobody", "kind": "luck", "limit": "much", "per": "century", "spent": 1, "colour": 1])
        #expect(
            faults.codes == [
                "/agent": "invalid_choice", "/kind": "invalid_choice", "/limit": "wrong_type",
                "/per": "invalid_choice", "/spent": "read_only", "/colour": "unknown_field",
            ])
        #expect(
            try await bench.call("POST", "/v1/budgets", [:]).codes == [
                "/kind": "required", "/limit": "required",
            ])
        #expect(
            try await bench.call("POST", "/v1/budgets", ["kind": "calls", "limit": -1]).codes
                == ["/limit": "out_of_range"])
    }
}
