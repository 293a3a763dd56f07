import Agents
import Database
import JSON
import Jobs
import Records
import Testing

@testable import RuntimeTesting

@Suite struct AgentRouteTests {
    @Test func `agents are listed, read, put to sleep and woken`() async throws {
        let bench = try RouteBench()
        let list = try await bench.call("GET", "/v1/agents?limit=1")
        #expect(list.body["data"]?.array?.map { $0["name"] } == ["doubler"] && list.body["has_more"] == true)
        let cursor = try #require(list.body["next_cursor"]?.text)
        let rest = try await bench.call(
            "GET", "/v1/agents?limit=1&cursor=\(cursor)&total=true&fields=name,state")
        #expect(rest.body["data"] == [["name": "sleeper", "state": "standby"]] && rest.body["total"] == 2)
        #expect(rest.body["has_more"] == false && rest.body["next_cursor"] == .null)
        #expect(try await bench.call("GET", "/v1/agents?colour=red").body["code"] == "unknown_filter")
        #expect(try await bench.call("GET", "/v1/agents/astrology").body["code"] == "not_found")

        let one = try await bench.call("GET", "/v1/agents/doubler")
        #expect(
            one.header("ETag") == "\"1\"" && one.body["state"] == "active"
                && one.body["success_rate"] == .null)
        let stale = try await bench.call(
            "PATCH", "/v1/agents/doubler", ["state": "disabled"], headers: [("If-Match", "\"9\"")])
        #expect(stale.status == 412)
        let asleep = try await bench.call(
            "PATCH", "/v1/agents/doubler", ["state": "disabled"], headers: [("If-Match", "\"1\"")])
        #expect(asleep.status == 200 && asleep.body["state"] == "disabled" && asleep.body["version"] == 2)
        let refused = try await bench.call("POST", "/v1/agents/doubler/runs", ["parameters": [:]])
        #expect(refused.status == 409 && refused.body["code"] == "agent_not_active")
        #expect(
            try await bench.call("PATCH", "/v1/agents/doubler", ["state": "disabled"]).body["version"] == 2)
        let audit = try await bench.call("GET", "/v1/audit?subject_id=doubler&action=agent.*")
        #expect(
            audit.body["data"]?.array?.map { $0["changes"] } == [
                ["state": ["from": "active", "to": "disabled"]]
            ])
        #expect(audit.body["data"]?.array?.first?["actor"] == ["type": "user", "id": "user_1"])
    }

    @Test func `what is shown of an agent is what its runs came to`() async throws {
        let bench = try RouteBench([Doubler(), Sleeper(), Moody()])
        var ends: [String] = []
        for isWell in [true, true, false, true, false] {
            let run = try await bench.call(
                "POST", "/v1/agents/moody/runs?wait=PT60S", ["parameters": ["well": .bool(isWell)]])
            ends.append(run.body["status"]?.text ?? "")
        }
        #expect(ends == ["succeeded", "succeeded", "failed", "succeeded", "failed"])
        let runs = try await bench.call("GET", "/v1/agent-runs?agent=moody").body["data"]?.array ?? []
        let shown = try await bench.call("GET", "/v1/agents/moody").body
        #expect(shown["runs"]?.int == Int64(runs.count))
        let good = runs.count { $0["status"] == "succeeded" }
        #expect(shown["success_rate"]?.double == Double(good) / Double(runs.count))
        #expect(shown["health"] == "degraded" && shown["last_error"] == "in_a_mood")
        let last = runs.compactMap { $0["finished_at"]?.text }.max()
        let told = shown["last_run"]?.text
        #expect(told != nil && last != nil && (told ?? "") <= (last ?? ""))
        _ = try await bench.call("POST", "/v1/agents/moody/runs?wait=PT60S", ["parameters": ["well": true]])
        let mended = try await bench.call("GET", "/v1/agents/moody").body
        #expect(mended["health"] == "healthy" && mended["runs"] == 6)
        let others = try await bench.call("GET", "/v1/agents/doubler").body
        #expect(others["runs"] == 0 && others["health"] == "idle")
    }

    @Test func `what an agent's build or the API rules out is refused with the reason`() async throws {
        let bench = try RouteBench()
        let standby = try await bench.call("PATCH", "/v1/agents/sleeper", ["state": "active"])
        #expect(
            standby.status == 409 && standby.body["detail"]?.text?.contains("no provider is set up") == true)
        #expect(try await bench.call("POST", "/v1/agents/sleeper/runs").status == 409)
        let faults = try await bench.call("PATCH", "/v1/agents/doubler", ["state": "handover", "colour": 1])
        #expect(
            faults.status == 422 && faults.codes == ["/state": "invalid_choice", "/colour": "unknown_field"])
    }

    @Test func `deadline and permissions are set within what the agent comes with, and reset`() async throws {
        let bench = try RouteBench([Doubler(), Sleeper(), Writer()])
        let path = "/v1/agents/writer"
        let one = try await bench.call("GET", path)
        #expect(one.body["permissions"] == ["leads:read", "leads:write"] && one.body["deadline"] == "PT5M")
        #expect(one.body["autonomy"] == "approve" && one.body["initiative"] == "writes_first")
        let faults = try await bench.call(
            "PATCH", path, ["deadline": "soon", "permissions": ["leads:read", "users:write"]])
        #expect(faults.codes == ["/deadline": "wrong_type", "/permissions/1": "invalid_choice"])
        #expect(
            try await bench.call("PATCH", path, ["deadline": "P9D"]).codes == ["/deadline": "out_of_range"])
        let set = try await bench.call("PATCH", path, ["deadline": "PT10M", "permissions": ["leads:read"]])
        #expect(set.body["deadline"] == "PT10M" && set.body["permissions"] == ["leads:read"])
        #expect(set.body["version"] == 2 && set.body["autonomy"] == "approve")
        let rate = try await bench.call("PATCH", path, ["runs_per_hour": 5])
        #expect(rate.body["runs_per_hour"] == 5 && rate.body["deadline"] == "PT10M")
        let reset = try await bench.call(
            "PATCH", path, ["deadline": nil, "permissions": nil, "runs_per_hour": nil])
        #expect(reset.body["runs_per_hour"] == .null)
        #expect(reset.body["deadline"] == "PT5M" && reset.body["permissions"] == one.body["permissions"])
    }

    @Test func `the configuration brings its form, its defaults and its draft`() async throws {
        let bench = try RouteBench()
        let path = "/v1/agents/doubler/config"
        try await bench.call("PATCH", path, ["factor": 3])
        let form = try await bench.call("GET", path)
        #expect(form.body["draft"]?["values"] == ["factor": 3] && form.body["values"] == ["factor": 2])
        let field = form.body["schema"]?["properties"]?["factor"]
        #expect(field?["default"] == 2 && field?["minimum"] == 1 && field?["description"] != nil)
        #expect(form.body["created_by"] == ["type": "system", "id": "bureau"])
        let published = try await bench.call("POST", "\(path)/publish")
        #expect(published.body["created_by"] == ["type": "user", "id": "user_1"])
        let reset = try await bench.call("PATCH", path, ["factor": nil])
        #expect(reset.body["values"] == ["factor": 2], "what is taken away has its default again")
    }

    @Test func `a draft is checked, tried on past decisions, published and rolled back`() async throws {
        let bench = try RouteBench()
        _ = try await bench.decide(4)
        let path = "/v1/agents/doubler/config"
        #expect(try await bench.call("GET", path).body["values"] == ["factor": 2])
        let faults = try await bench.call("PATCH", path, ["factor": 99])
        #expect(
            faults.status == 422 && faults.codes == ["/factor": "out_of_range"]
                && faults.body["code"] == "out_of_range")
        #expect(try await bench.call("POST", "\(path)/test").body["changed"] == 0)

        let draft = try await bench.call("PATCH", path, ["factor": 3])
        #expect(draft.body["state"] == "draft" && draft.body["values"] == ["factor": 3])
        let trial = try await bench.call("POST", "\(path)/test", ["last": 20])
        #expect(trial.body["tested"] == 1 && trial.body["changed"] == 1)
        let difference = try #require(trial.body["differences"]?.array?.first)
        #expect(difference["before"] == ["product": 8] && difference["after"] == ["product": 12])
        #expect(difference["subject"] == ["type": "lead", "id": "lead_1"])
        #expect(try await bench.call("POST", "\(path)/test", ["last": 0]).codes == ["/last": "out_of_range"])
        #expect(try await bench.call("GET", path).body["version"] == 1, "a trial publishes nothing")

        let published = try await bench.call("POST", "\(path)/publish")
        #expect(published.body["version"] == 2 && published.body["current"] == true)
        let back = try await bench.call("POST", "\(path)/rollback", ["version": 1])
        #expect(back.body["version"] == 3 && back.body["values"] == ["factor": 2])
        #expect(
            try await bench.call("POST", "\(path)/rollback", ["version": 77]).codes == [
                "/version": "unknown_reference"
            ])
        let versions = try await bench.call("GET", "\(path)/versions")
        #expect(versions.body["data"]?.array?.map { $0["version"] } == [3, 2, 1])
    }

    @Test func `a trial writes and spends nothing`() async throws {
        let bench = try RouteBench()
        for value in 1...3 { _ = try await bench.decide(Int64(value)) }
        let path = "/v1/agents/doubler/config"
        try await bench.call("PATCH", path, ["factor": 3])
        func rows() throws -> [Int64?] {
            try bench.database.read(RouteBench.agency) { reader in
                let tables: [StaticString] = [
                    "agent_runs", "decisions", "events", "audit", "jobs", "agent_configurations", "run_steps",
                    "refusals", "agent_memory", "agent_messages",
                ]
                return try tables.map {
                    try reader.int("SELECT count(*) FROM \(raw: $0) WHERE tenant_id = \(reader.tenant)")
                }
            }
        }
        func spent() throws -> Int64? {
            try bench.database.read(RouteBench.agency) {
                try $0.int("SELECT sum(cost + tokens) FROM agent_runs WHERE tenant_id = \($0.tenant)")
            }
        }
        let before = (try rows(), try spent())
        let trial = try await bench.call("POST", "\(path)/test", ["last": 2])
        #expect(trial.body["tested"] == 2 && trial.body["changed"] == 2)
        let after = (try rows(), try spent())
        #expect(after == before && before.0.contains { $0 ?? 0 > 0 })
    }

    @Test func `settings that someone else has published meanwhile are not written over`() async throws {
        let bench = try RouteBench()
        let path = "/v1/agents/doubler/config"
        let stale = [("If-Match", try #require(try await bench.call("GET", path).header("ETag")))]
        try await bench.write { try $0.agentConfigurations.change("doubler", ["factor": 5], by: .system) }
        let attempts: [(String, String, JSON?)] = [
            ("PATCH", path, ["factor": 3]), ("POST", "\(path)/publish", nil),
            ("POST", "\(path)/rollback", ["version": 1]),
        ]
        for (method, target, body) in attempts {
            let answer = try await bench.call(method, target, body, headers: stale)
            #expect(answer.status == 412 && answer.body["code"] == "version_mismatch", "\(target)")
        }
        #expect(try await bench.call("GET", path).body["values"] == ["factor": 5])
    }

    @Test func `a change beside a draft leaves the draft alone`() async throws {
        let bench = try RouteBench()
        try await bench.call("PATCH", "/v1/agents/doubler/config", ["factor": 3])
        try await bench.write { try $0.agentConfigurations.change("doubler", ["factor": 5], by: .system) }
        #expect(try await bench.call("GET", "/v1/agents/doubler/config").body["values"] == ["factor": 5])
        #expect(
            try await bench.call("POST", "/v1/agents/doubler/config/publish").body["values"] == ["factor": 3])
    }
}

@Suite struct RunRouteTests {
    @Test func `a run is started, followed, listed with its decisions, and told step by step`() async throws {
        let bench = try RouteBench()
        let accepted = try await bench.call("POST", "/v1/agents/doubler/runs", ["parameters": ["value": 1]])
        #expect(
            accepted.status == 202 && accepted.body["status"] == "queued" && accepted.body["version"] == 1)
        let place = try #require(accepted.header("Location"))
        let run = try await eventually("the run") {
            let run = try await bench.call("GET", place)
            return run.body["status"] == "succeeded" ? .some(run.body) : .none
        }
        #expect(run["version"] == 3 && run["trigger"] == "manual" && run["items_processed"] == 1)
        #expect(
            run["updated_at"] == run["finished_at"] && run["started_by"] == ["type": "user", "id": "user_1"])

        let second = try await bench.decide()
        let list = try await bench.call(
            "GET", "/v1/agent-runs?agent=doubler&status=succeeded,failed&total=true")
        #expect(list.body["total"] == 2 && list.body["data"] == .array([second.body, run]))
        let decisions = try #require(second.body["decisions"]?.array)
        #expect(decisions.count == 1 && run["decisions"] != second.body["decisions"])
        let oldest = try await bench.call("GET", "/v1/agent-runs?sort=created_at&limit=1")
        #expect(oldest.body["data"] == .array([run]))

        let trace = try await bench.call("GET", "\(place)/trace")
        #expect(trace.body["steps"]?.array?.map { $0["name"] } == ["multiply"] && trace.body["tokens"] == 0)
        let over = try await bench.call("POST", "\(place)/cancel")
        #expect(over.status == 409 && over.body["code"] == "invalid_transition" && over.body["allowed"] == [])
        #expect(try await bench.call("GET", "/v1/agent-runs/run_absent").status == 404)
        #expect(try await bench.call("GET", "/v1/agent-runs?status=lazy").status == 400)
    }

    @Test func `wrong waits, agents and parameters are refused`() async throws {
        let bench = try RouteBench()
        for wait in ["soon", "PT", "PT61S", "P1Y", "-PT1S", ""] {
            let refused = try await bench.call("POST", "/v1/agents/doubler/runs?wait=\(wait)")
            #expect(refused.status == 400 && refused.body["code"] == "invalid_parameter", "\(wait)")
        }
        #expect(try await bench.call("POST", "/v1/agents/astrology/runs").status == 404)
        let faults = try await bench.call(
            "POST", "/v1/agents/doubler/runs", ["parameters": ["colour": "red"]])
        #expect(faults.status == 422 && faults.codes == ["/parameters/colour": "unknown_field"])
        #expect(try await bench.call("GET", "/v1/agent-runs").body["data"] == [])
    }

    @Test(arguments: [
        ("PT15M", 900.0), ("PT1H30M", 5400), ("P1DT1S", 86_401), ("PT0.25S", 0.25), ("P2W", 1_209_600),
        ("PT0S", 0),
    ])
    func `durations are read and written`(text: String, seconds: Double) throws {
        let duration = try #require(Duration(iso8601: text))
        #expect(duration == .milliseconds(Int64(seconds * 1000)))
        #expect(Duration(iso8601: duration.iso8601) == duration)
    }

    @Test(arguments: [
        "", "P", "PT", "15M", "PT15", "PT1M1H", "PT1S2S", "P1M", "PT1.5H", "PT.5S", "PT1e3S", "P99999D",
        "PT１S",
    ])
    func `what is no duration is refused`(text: String) { #expect(Duration(iso8601: text) == nil) }
}

@Suite struct DecisionRouteTests {
    @Test func `a decision is read, replayed and overridden`() async throws {
        let bench = try RouteBench()
        let id = try #require(try await bench.decide(4).body["decisions"]?.array?.first?.text)
        let found = try await bench.call("GET", "/v1/decisions?subject_id=lead_1&agent=doubler")
        #expect(found.body["data"]?.array?.map { $0["id"] } == [.string(id)])
        let one = try await bench.call("GET", "/v1/decisions/\(id)")
        #expect(one.body["outcome"] == ["product": 8] && one.header("ETag") == "\"1\"")

        // Later versions do not matter: it is replayed under its own configuration.
        try await bench.write { try $0.agentConfigurations.change("doubler", ["factor": 7], by: .system) }
        let replay = try await bench.call("POST", "/v1/decisions/\(id)/replay")
        #expect(replay.body == ["same": true, "outcome": ["product": 8]])

        let unreasoned = try await bench.call(
            "POST", "/v1/decisions/\(id)/override", ["outcome": ["product": 9]])
        #expect(unreasoned.codes == ["/reason": "required"])
        let overridden = try await bench.call(
            "POST", "/v1/decisions/\(id)/override", ["outcome": ["product": 9], "reason": "I know better"])
        #expect(overridden.body["outcome"] == ["product": 8] && overridden.body["version"] == 2)
        #expect(overridden.body["override"]?["reason"] == "I know better")
        #expect(overridden.body["override"]?["by"] == ["type": "user", "id": "user_1"])
        #expect(try await bench.call("GET", "/v1/decisions/dec_absent").status == 404)
    }

    @Test func `an override is checked, acts, holds for the same facts and ends with others`() async throws {
        let bench = try RouteBench()
        let one = try #require(try await bench.decide(4).body["decisions"]?.array?.first?.text)
        let path = "/v1/decisions/\(one)/override"
        let faults = try await bench.call(
            "POST", path, ["outcome": ["product": "many", "colour": 1], "reason": "x"])
        #expect(
            faults.status == 422
                && faults.codes == ["/outcome/product": "wrong_type", "/outcome/colour": "unknown_field"])
        #expect(
            try await bench.call("POST", path, ["outcome": [:], "reason": "x"]).codes == [
                "/outcome": "required"
            ])
        try await bench.call("POST", path, ["outcome": ["product": 9], "reason": "I know better"])
        let set = try await bench.call("GET", "/v1/events?type=product.set")
        #expect(set.body["data"]?.array?.map { $0["data"] } == [["product": 9]])

        let same = try #require(try await bench.decide(4).body["decisions"]?.array?.first?.text)
        let held = try await bench.call("GET", "/v1/decisions/\(same)")
        #expect(held.body["override"]?["outcome"] == ["product": 9] && held.body["ended_override"] == .null)
        #expect(
            held.body["override"]?["decision_id"] == .string(one) && held.body["outcome"] == ["product": 8])
        try await bench.call("POST", path, ["outcome": ["product": 1], "reason": "Less"])
        for decision in [one, same] {
            let read = try await bench.call("GET", "/v1/decisions/\(decision)")
            #expect(read.body["override"]?["reason"] == "Less", "the facts are the same")
        }

        let other = try #require(try await bench.decide(5).body["decisions"]?.array?.first?.text)
        let anew = try await bench.call("GET", "/v1/decisions/\(other)")
        #expect(anew.body["override"] == .null && anew.body["ended_override"]?["reason"] == "Less")
        let late = try await bench.call("POST", path, ["outcome": ["product": 1], "reason": "late"])
        #expect(late.status == 409 && late.body["detail"]?.text?.contains(other) == true)
        let again = try #require(try await bench.decide(4).body["decisions"]?.array?.first?.text)
        #expect(try await bench.call("GET", "/v1/decisions/\(again)").body["override"] == .null, "it is over")
        #expect(
            try await bench.call("GET", "/v1/events?type=decision.*").body["data"]?.array?.map { $0["type"] }
                == [
                    "decision.overridden", "decision.overridden", "decision.override_ended",
                ])
    }

    @Test func `what was not done is listed with its reason`() async throws {
        let bench = try RouteBench()
        try await bench.call("PATCH", "/v1/agents/doubler", ["autonomy": "observe"])
        _ = try await bench.decide(4)
        let list = try await bench.call("GET", "/v1/refusals?kind=effect&agent=doubler")
        let one = try #require(list.body["data"]?.array?.first)
        #expect(one["code"] == "observing" && one["subject"]?["type"] == "agent_run")
        let id = one["id"]?.text ?? ""
        #expect(try await bench.call("GET", "/v1/refusals/\(id)").body == one)
        #expect(try await bench.call("GET", "/v1/refusals/ref_absent").status == 404)
        #expect(try await bench.call("GET", "/v1/refusals?colour=red").status == 400)
    }

    @Test func `given an agent that cannot replay, when it is asked to, then 409`() async throws {
        let bench = try RouteBench([Guesser()])
        let run = try await bench.call("POST", "/v1/agents/guesser/runs?wait=PT60S")
        let id = try #require(run.body["decisions"]?.array?.first?.text)
        #expect(try await bench.call("POST", "/v1/decisions/\(id)/replay").body["code"] == "conflict")
        #expect(try await bench.call("POST", "/v1/agents/guesser/config/test").body["code"] == "conflict")
        let override = try await bench.call(
            "POST", "/v1/decisions/\(id)/override", ["outcome": ["guess": 2], "reason": "no"])
        #expect(override.body["code"] == "conflict", "it does not say what its outcome may be")
    }
}

private struct Writer: AgentDefinition {
    let name = "writer", title = "Writer", purpose = "Writes first"
    let permissions: Set<Permission> = ["leads:read", "leads:write"]
    let initiative = Initiative.writesFirst
    func run(_ run: AgentRun) async throws -> JSON { [:] }
}

private struct Guesser: AgentDefinition {
    let name = "guesser", title = "Guesser", purpose = "Guesses"

    func run(_ run: AgentRun) async throws -> JSON {
        try await run.finish { tx in
            let conclusion = Conclusion(
                outcome: ["guess": 1], confidence: 0.1, model: ["name": "dice"], inputs: [:])
            _ = try run.decide(in: tx, Subject(type: "lead", id: "lead_1"), conclusion)
            return [:]
        }
    }
}

/// Fails unless it is told that it is well.
private struct Moody: AgentDefinition {
    let name = "moody", title = "Moody", purpose = "Works on some days"

    func run(_ run: AgentRun) async throws -> JSON {
        guard run.parameters["well"]?.flag == true else {
            throw JobFailure.terminal("in_a_mood", "It does not work today.")
        }
        return try await run.finish { _ in ["done": true] }
    }
}
