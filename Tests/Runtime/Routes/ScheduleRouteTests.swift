import Database
import JSON
import Telemetry
import Nouns
import Testing
@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

@Suite struct ScheduleRouteTests {
    @Test func `a schedule is made in the agency's zone, read, changed and deleted`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call("POST", "/v1/schedules", ["agent": "doubler", "cron": "30 9 * * *"])
        #expect(
            made.status == 201 && made.body["time_zone"] == "Europe/Berlin" && made.body["jitter"] == "PT0S")
        let place = try #require(made.header("Location"))
        let fires = try #require(
            made.body["next_fires"]?.array?.compactMap { $0.text.flatMap { Instant($0) } })
        #expect(fires.count == 10 && fires == fires.sorted() && Set(fires).count == 10)
        #expect(try await bench.call("GET", place).body == made.body)
        #expect(
            try await bench.call("GET", "/v1/schedules?agent=doubler&enabled=true").body["data"]
                == .array([made.body]))
        #expect(
            try await bench.call("GET", "/v1/agents/doubler").body["next_run"]
                == made.body["next_fires"]?.array?.first)

        let changes: JSON = [
            "enabled": false, "jitter": "PT90S", "blackouts": [["from": "22:00", "to": "06:00"]],
        ]
        let changed = try await bench.call("PATCH", place, changes, headers: [("If-Match", "\"1\"")])
        #expect(
            changed.body["enabled"] == false && changed.body["jitter"] == "PT1M30S"
                && changed.body["version"] == 2)
        #expect(try await bench.call("PATCH", place, changed.body).body["version"] == 2, "sent back as it is")
        #expect(try await bench.call("PATCH", place, [:], headers: [("If-Match", "\"1\"")]).status == 412)
        #expect(try await bench.call("PATCH", place, ["agent": "sleeper"]).codes == ["/agent": "read_only"])
        #expect(try await bench.call("DELETE", place).status == 204)
        for method in ["GET", "DELETE"] { #expect(try await bench.call(method, place).status == 404) }
        let actions = try await bench.call("GET", "/v1/audit?subject_type=schedule&sort=created_at").body[
            "data"]?.array
        #expect(
            actions?.map { $0["action"] } == ["schedule.created", "schedule.updated", "schedule.deleted"])
    }

    @Test func `what a new schedule gets in the way of is told with it`() async throws {
        let bench = try RouteBench()
        let first = try await bench.call(
            "POST", "/v1/schedules", ["agent": "doubler", "cron": "0 9 * * *", "maintenance": true])
        #expect(first.body["warnings"] == nil && first.body["maintenance"] == true)
        try await bench.write {
            try $0.agents.countRun("doubler", failure: nil, took: .seconds(3600), items: 0)
        }
        let second = try await bench.call(
            "POST", "/v1/schedules", ["agent": "sleeper", "cron": "30 9 * * *"])
        #expect(second.body["warnings"]?.array?.map { $0["code"] } == ["maintenance"])
        let list = try await bench.call("GET", "/v1/schedules/conflicts").body["data"]?.array
        #expect(list?.count == 1 && (list?[0]["count"]?.int ?? 0) >= 6)
        let place = try #require(second.header("Location"))
        let sent = try await bench.call("PATCH", place, second.body)
        #expect(sent.status == 200 && sent.body["version"] == 1, "sent back as it is")
    }

    @Test func `every fault of a schedule is named`() async throws {
        let bench = try RouteBench()
        let faults = try await bench.call(
            "POST", "/v1/schedules",
            [
                "agent": "astrology", "cron": "61 * * * *", "time_zone": "Mars/Olympus", "jitter": "a while",
                "after": "nobody", "blackouts": [["from": "25:00", "to": "06:00"]], "missed": "never",
                "colour": 1,
            ])
        #expect(
            faults.codes == [
                "/agent": "invalid_choice", "/cron": "invalid_cron", "/time_zone": "invalid_time_zone",
                "/jitter": "wrong_type", "/after": "invalid_choice", "/blackouts/0": "wrong_type",
                "/missed": "invalid_choice", "/colour": "unknown_field",
            ])
        #expect(
            try await bench.call("POST", "/v1/schedules", [:]).codes == [
                "/agent": "required", "/cron": "required",
            ])
        #expect(
            try await bench.call("POST", "/v1/schedules", ["agent": "doubler", "cron": ""]).codes == [
                "/cron": "invalid_cron"
            ])
        let parameters = try await bench.call(
            "POST", "/v1/schedules", ["agent": "doubler", "cron": "daily", "parameters": ["colour": 1]])
        #expect(parameters.codes == ["/parameters/colour": "unknown_field"])
    }

    @Test func `a schedule tells its fires, and why one was skipped`() async throws {
        let bench = try RouteBench()
        let made = try await bench.call("POST", "/v1/schedules", ["agent": "sleeper", "cron": "* * * * * *"])
        let place = try #require(made.header("Location"))
        let fire = try await eventually("a fire") {
            try await bench.call("GET", "\(place)/fires?limit=1").body["data"]?.array?.first
        }
        #expect(fire["run_id"] == .null && fire["skipped"] == "agent_standby")
        #expect(try await bench.call("GET", "/v1/schedules/sch_absent/fires").status == 404)
    }
}

@Suite struct JobRouteTests {
    @Test func `a dead job is listed, retried and dies again; a completed one stays`() async throws {
        let bench = try RouteBench()
        let id = try await bench.write { try $0.jobs.enqueue(DoomedJob.self, .init()).id }
        let dead = try await eventually("its death") {
            try await bench.call("GET", "/v1/jobs?state=dead&kind=test.doomed").body["data"]?.array?.first
        }
        #expect(dead["id"] == .string(id.text) && dead["error"]?["code"] == "doomed" && dead["attempt"] == 1)
        let retried = try await bench.call("POST", "/v1/jobs/\(id)/retry")
        #expect(retried.status == 200 && retried.body["state"] == "available")
        let again = try await eventually("its second death") {
            let job = try await bench.call("GET", "/v1/jobs/\(id)").body
            return job["state"] == "dead" ? .some(job) : .none
        }
        let versions = [dead, retried.body, again].compactMap { $0["version"]?.int }
        #expect(versions.count == 3 && versions == versions.sorted() && Set(versions).count == 3)

        _ = try await bench.decide()
        let done = try #require(
            try await bench.call("GET", "/v1/jobs?state=completed,running").body["data"]?.array?.first)
        #expect(done["kind"] == "agent.run" && done["subject"]?["type"] == "agent_run")
        for verb in ["retry", "cancel"] {
            let refused = try await bench.call("POST", "/v1/jobs/\(done["id"]?.text ?? "")/\(verb)")
            #expect(
                refused.status == 409 && refused.body["code"] == "invalid_transition"
                    && refused.body["allowed"] == [])
        }
        #expect(try await bench.call("GET", "/v1/jobs?state=lazy").status == 400)
        #expect(try await bench.call("GET", "/v1/jobs/job_absent").status == 404)
    }

    @Test func `a job of a later time says what it waits for, and is cancelled`() async throws {
        let bench = try RouteBench()
        let id = try await bench.write { tx in
            try tx.jobs.enqueue(DoomedJob.self, .init(), JobOptions(runAt: tx.now + .seconds(86_400))).id
        }
        let waiting = try await bench.call("GET", "/v1/jobs/\(id)").body
        #expect(waiting["state"] == "scheduled" && waiting["waiting_reason"] == "time")
        let cancelled = try await bench.call("POST", "/v1/jobs/\(id)/cancel").body
        #expect(cancelled["state"] == "cancelled" && cancelled["finished_at"] != .null)
        let refused = try await bench.call("POST", "/v1/jobs/\(id)/cancel")
        #expect(refused.status == 409 && refused.body["allowed"] == ["available"])
    }
}
