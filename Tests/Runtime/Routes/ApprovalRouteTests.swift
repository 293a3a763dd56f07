import JSON
import Nouns
import Records
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

@Suite struct ApprovalRouteTests {
    private func ask(
        _ bench: RouteBench, _ key: String, by actor: Actor = .agent("doubler")
    ) async throws -> String {
        try await bench.write { tx in
            try tx.approvals.request(
                ApprovalRequest(
                    owner: ("agent_effect", key), key: "http_request", title: "POST https://example.com/",
                    preview: ["to": "example.com"], reason: "It is due.",
                    arguments: ["method": "POST", "url": "https://example.com/"],
                    runID: .numbered(key == "a" ? 1 : 2),
                    agent: "doubler", tool: "http_request", subject: Subject(type: "lead", id: "lead_1"),
                    requestedBy: actor)
            ).id.text
        }
    }

    @Test func `approvals are listed, filtered, read and decided once`() async throws {
        let bench = try RouteBench()
        let (yes, no) = (try await ask(bench, "a"), try await ask(bench, "b"))
        let list = try await bench.call(
            "GET", "/v1/approvals?status=pending&agent=doubler&run_id=\(RunID.numbered(1))&subject_id=lead_1")
        #expect(list.body["data"]?.array?.map { $0["id"]?.text } == [yes])
        #expect(try await bench.call("GET", "/v1/approvals").body["data"]?.array?.count == 2)
        #expect(try await bench.call("GET", "/v1/approvals?status=maybe").status == 400)

        #expect(
            try await bench.call("POST", "/v1/approvals/\(yes)/approve", headers: [("If-Match", "\"9\"")])
                .status
                == 412)
        let faulty = try await bench.call(
            "POST", "/v1/approvals/\(yes)/approve", ["changes": ["url": "nowhere"]])
        #expect(faulty.codes == ["/changes/url": "invalid_url"])
        let approved = try await bench.call(
            "POST", "/v1/approvals/\(yes)/approve", ["changes": ["body": ["n": 2]]])
        #expect(approved.body["status"] == "approved" && approved.body["arguments"]?["body"] == ["n": 2])
        #expect(approved.body["decided_by"] == ["type": "user", "id": "user_1"])

        #expect(
            try await bench.call("POST", "/v1/approvals/\(no)/reject", [:]).codes == ["/reason": "required"])
        let rejected = try await bench.call("POST", "/v1/approvals/\(no)/reject", ["reason": "not now"])
        #expect(rejected.body["status"] == "rejected" && rejected.body["decision_reason"] == "not now")
        for path in ["\(yes)/reject", "\(no)/approve"] {
            let late = try await bench.call("POST", "/v1/approvals/\(path)", ["reason": "late"])
            #expect(late.status == 409 || late.codes == ["/reason": "unknown_field"])
        }
        let late = try await bench.call("POST", "/v1/approvals/\(yes)/reject", ["reason": "late"])
        #expect(late.status == 409 && late.body["code"] == "already_decided")
        #expect(try await bench.call("POST", "/v1/approvals/apr_x/approve").status == 404)

        // This server has no way out to the web: the effect is tried, and its failure told.
        let effect = try await eventually("the effect") {
            let approval = try await bench.call("GET", "/v1/approvals/\(yes)").body
            return approval["effect"]?["status"] == "failed" ? approval["effect"] : nil
        }
        #expect(effect["error"]?["code"] == "tool_unavailable")
    }

    @Test func `many are decided at once, each apart`() async throws {
        let bench = try RouteBench()
        let (one, two, three) = (
            try await ask(bench, "a"), try await ask(bench, "b"), try await ask(bench, "c")
        )
        let answer = try await bench.call(
            "POST", "/v1/approvals/bulk",
            [
                "decisions": [
                    ["id": .string(one), "decision": "approve"], ["id": .string(one), "decision": "approve"],
                    ["id": .string(two), "decision": "reject"], ["id": "apr_x", "decision": "approve"],
                    ["id": .string(three), "decision": "reject", "reason": "no"], 5,
                ]
            ])
        let results = try #require(answer.body["results"]?.array)
        #expect(results.map { $0["status"]?.int } == [200, 409, 422, 404, 200, 422])
        #expect(results[4]["body"]?["status"] == "rejected")
        #expect(try await bench.call("GET", "/v1/approvals/\(two)").body["status"] == "pending")
        #expect(try await bench.call("POST", "/v1/approvals/bulk", [:]).codes == ["/decisions": "required"])
    }

    @Test func `four eyes are a policy of the agency`() async throws {
        let bench = try RouteBench()
        let policy = try await bench.call("GET", "/v1/approvals/policy")
        #expect(policy.body == ["four_eyes": false, "expires_in": "PT72H", "version": 1])
        let changed = try await bench.call(
            "PATCH", "/v1/approvals/policy", ["four_eyes": true, "expires_in": "P1D"],
            headers: [("If-Match", "\"1\"")])
        #expect(changed.body == ["four_eyes": true, "expires_in": "PT24H", "version": 2])
        #expect(
            try await bench.call("PATCH", "/v1/approvals/policy", ["expires_in": "soon"]).codes
                == ["/expires_in": "out_of_range"])
        let own = try await ask(bench, "a", by: Actor(.user, id: "user_1"))
        #expect(try await bench.call("POST", "/v1/approvals/\(own)/approve").status == 403)
        let other = try await ask(bench, "b")
        let first = try await bench.call("POST", "/v1/approvals/\(other)/approve")
        #expect(first.body["status"] == "pending" && first.body["needed"] == 2)
        #expect(first.body["approved_by"] == [["type": "user", "id": "user_1"]])
    }
}
