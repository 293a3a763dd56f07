import JSON
import Records
import Testing

@testable import RuntimeTesting

@Suite struct ExperimentRouteTests {
    @Test func `an experiment is checked, started, read, listed and stopped`() async throws {
        let bench = try RouteBench()
        let path = "/v1/agent-experiments"
        let faults = try await bench.call(
            "POST", path,
            [
                "agent": "nobody", "name": "X", "goal": "lead.won", "observe_for": "soon",
                "variants": [
                    ["name": "control", "settings": [:]],
                    ["name": "a b", "settings": ["factor": 3], "weight": 0],
                ],
            ])
        #expect(
            faults.codes == [
                "/agent": "invalid_choice", "/observe_for": "wrong_type",
                "/variants/0/name": "already_exists",
                "/variants/0/settings": "required", "/variants/1/name": "invalid_key",
                "/variants/1/weight": "out_of_range",
            ])
        let body: JSON = [
            "agent": "doubler", "name": "Thrice", "goal": "product.set",
            "variants": [["name": "thrice", "settings": ["factor": 3]]],
        ]
        var wrong = body.object ?? [:]
        wrong["variants"] = [["name": "thrice", "settings": ["factor": 99]]]
        #expect(
            try await bench.call("POST", path, .object(wrong)).codes == [
                "/variants/1/settings/factor": "out_of_range"
            ])
        let made = try await bench.call("POST", path, body)
        #expect(made.status == 201 && made.body["status"] == "running" && made.body["apply"] == "propose")
        #expect(made.body["variants"]?.array?.map { $0["name"] } == ["control", "thrice"])
        #expect(made.body["tally"]?.array?.map { $0["assigned"] } == [0, 0])
        #expect(try await bench.call("POST", path, body).status == 409)
        let place = try #require(made.header("Location"))
        #expect(try await bench.call("GET", place).body == made.body)
        #expect(
            try await bench.call("GET", "\(path)?agent=doubler&status=running").body["data"]
                == .array([made.body]))
        #expect(try await bench.call("POST", "\(place)/apply").status == 409)
        let stale = try await bench.call("POST", "\(place)/stop", headers: [("If-Match", "\"9\"")])
        #expect(stale.status == 412)
        #expect(try await bench.call("POST", "\(place)/stop").body["status"] == "stopped")
        #expect(try await bench.call("POST", "\(place)/stop").body["code"] == "invalid_transition")
        #expect(try await bench.call("GET", "\(path)/exp_absent").status == 404)
    }

    @Test func `a decision under a variant says so, and is replayed and tried under it`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call(
            "POST", "/v1/agent-experiments",
            [
                "agent": "doubler", "name": "Thrice", "goal": "product.set",
                "variants": [
                    ["name": "thrice", "settings": ["factor": 3], "weight": 100],
                    ["name": "also", "settings": ["factor": 3], "weight": 100],
                ],
            ])
        #expect(made.status == 201)
        let id = try #require(try await bench.decide(4).body["decisions"]?.array?.first?.text)
        let decision = try await bench.call("GET", "/v1/decisions/\(id)")
        let variant = try #require(decision.body["variant"])
        #expect(variant["experiment_id"] == made.body["id"])
        #expect(decision.body["outcome"] == (variant["name"] == "control" ? ["product": 8] : ["product": 12]))
        #expect(try await bench.call("POST", "/v1/decisions/\(id)/replay").body["same"] == true)
        let trial = try await bench.call("POST", "/v1/agents/doubler/config/test")
        #expect(trial.body["tested"] == 1 && trial.body["changed"] == 0, "nothing is set otherwise")
    }
}
