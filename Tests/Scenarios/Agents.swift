import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Agents {
    let server = BureauProcess.shared
    let scored = ["score", "priority", "conversion_probability", "next_action", "best_contact_at"]
    let factors: Set = ["company_size", "industry", "technology", "online_presence", "engagement", "budget"]

    @Test func `a new agency has the first agents, each with its state`() throws {
        let agency = try server.signUp()
        let agents = try agency.owner.every("/v1/agents")
        #expect(
            Set(agents.map { $0.text("name") }).isSuperset(of: [
                "lead_generation", "lead_scoring", "lead_qualification",
            ]))
        for agent in agents {
            for key in [
                "title", "state", "autonomy", "triggers", "version", "budget", "last_run", "next_run",
                "success_rate", "health",
            ] {
                #expect(agent[key] != nil, "\(agent.text("name")).\(key)")
            }
            #expect(["observe", "approve", "autopilot"].contains(agent.text("autonomy")))
        }
        #expect(try agency.owner.get("/v1/agents/lead_scoring").ok().text("state") == "active")
        try agency.owner.get("/v1/agents/astrology").problem(404, "not_found")
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "dreaming"]).problem(
            422, "invalid_choice")
        try agency.owner.patch("/v1/agents/astrology", ["state": "disabled"]).problem(404, "not_found")
    }

    @Test func `a new lead is scored by the event`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead(0, ["budget": dollars(8000)]).id
        let lead = try eventually("a score") {
            let lead = try agency.owner.get("/v1/leads/\(id)").ok()
            return lead["score"] == .null ? .none : lead
        }
        for key in scored { #expect(lead[key] != .null, "\(key)") }
        let score = lead["score"]?.int ?? -1, probability = lead["conversion_probability"]?.double ?? -1
        #expect((0...100).contains(score) && (0...1).contains(probability))
        #expect(lead.text("priority") == (score >= 70 ? "high" : score >= 40 ? "medium" : "low"))
    }

    @Test func `scoring on demand is a run to follow, or to wait for`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        let answer = try agency.owner.post("/v1/leads/\(id)/score")
        let place = try #require(answer.header("Location"))
        #expect(answer.status == 202 && place.wholeMatch(of: /\/v1\/agent-runs\/run_[0-9a-z]{26}/) != nil)
        let run = try eventually("the run's end") {
            let run = try agency.owner.get(place).ok()
            return run.text("status") == "succeeded" ? run : .none
        }
        #expect(run.text("agent") == "lead_scoring" && run.text("trigger") == "manual")
        #expect(run.text("started_at") <= run.text("finished_at"))
        let waited = try agency.owner.post("/v1/leads/\(id)/score?wait=PT10S").ok(200)
        #expect(waited.text("status") == "succeeded")
        for wait in ["soon", "PT", "-PT1S", "P1Y"] {
            try agency.owner.post("/v1/leads/\(id)/score?wait=\(wait)").problem(400, "invalid_parameter")
        }
        try agency.owner.post("/v1/leads/\(absentLead)/score").problem(404, "not_found")
    }

    @Test func `a score is explained by six factors that add up to it`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead(0, ["budget": dollars(5000)]).id
        let decision = try agency.score(id)
        #expect(
            decision["subject"] == ["type": "lead", "id": .string(id)]
                && decision.text("agent") == "lead_scoring")
        #expect(
            (0...1).contains(decision["confidence"]?.double ?? -1)
                && decision["model"]?.text("name") == "rules")
        let parts = decision["factors"]?.array ?? []
        #expect(Set(parts.map { $0.text("name") }) == factors && parts.count == 6)
        #expect(abs(parts.reduce(0) { $0 + ($1["weight"]?.double ?? 0) } - 100) < 0.01)
        let outcome = try #require(decision["outcome"])
        #expect(
            abs(parts.reduce(0) { $0 + ($1["contribution"]?.double ?? 0) } - (outcome["score"]?.double ?? -1))
                <= 1)
        #expect(parts.allSatisfy { $0["evidence"] != nil && $0["evidence"] != .null })
        let lead = try agency.owner.get("/v1/leads/\(id)").ok()
        for key in scored { #expect(lead[key] == outcome[key], "\(key)") }
        #expect(try agency.owner.get("/v1/decisions/\(decision.id)").ok() == decision)
        #expect(try agency.owner.every("/v1/decisions").contains { $0.id == decision.id })
    }

    @Test func `much known and well-off outscores bare, and is surer`() throws {
        let agency = try server.signUp()
        let rich = try agency.score(
            agency.makeLead(
                1,
                [
                    "employee_count": 400, "annual_revenue": dollars(50_000_000), "budget": dollars(20_000),
                    "linkedin_url": "https://www.linkedin.com/company/x", "phone": "+14155552671",
                ]
            ).id)
        let poor = try agency.score(agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201).id)
        func figure(_ decision: JSON, _ key: String) -> Double { decision["outcome"]?[key]?.double ?? -1 }
        #expect(figure(rich, "score") >= figure(poor, "score") + 20)
        #expect(figure(rich, "conversion_probability") > figure(poor, "conversion_probability"))
        #expect((rich["confidence"]?.double ?? 0) > (poor["confidence"]?.double ?? 1))
    }

    @Test func `the same inputs give the same outcome, in another agency too`() throws {
        let (one, two) = (try server.signUp(), try server.signUp())
        let id = try one.makeLead().id
        func bare(_ decision: JSON) -> [JSON?] {
            let outcome = decision["outcome"]
            let parts = (decision["factors"]?.array ?? []).sorted { $0.text("name") < $1.text("name") }
            return ["score", "priority", "conversion_probability"].map { outcome?[$0] }
                + parts.flatMap { part in ["name", "weight", "contribution"].map { part[$0] } }
        }
        let decisions = [try one.score(id), try one.score(id), try two.score(try two.makeLead().id)]
        #expect(bare(decisions[0]) == bare(decisions[1]) && bare(decisions[0]) == bare(decisions[2]))
        let replay = try one.owner.post("/v1/decisions/\(decisions[0].id)/replay").ok()
        #expect(replay["same"] == true)
    }

    @Test func `a person may overrule a decision, with a reason`() throws {
        let agency = try server.signUp()
        let decision = try agency.score(agency.makeLead().id)
        let path = "/v1/decisions/\(decision.id)/override"
        #expect(try agency.owner.post(path, ["outcome": ["score": 90]]).faults() == ["/reason": "required"])
        #expect(
            try agency.owner.post(path, ["outcome": ["priority": "urgent", "colour": 1], "reason": "x"])
                .faults()
                == ["/outcome/priority": "invalid_choice", "/outcome/colour": "unknown_field"])
        let overruled = try agency.owner.post(
            path, ["outcome": ["priority": "high", "score": 90], "reason": "I know them"]
        ).ok()
        #expect(overruled["override"]?.text("reason") == "I know them")
        let id = decision["subject"]?.text("id") ?? ""
        #expect(try agency.owner.get("/v1/leads/\(id)").ok().text("priority") == "high")
        let again = try agency.score(id)
        #expect(again.id != decision.id && again["override"]?["outcome"]?["score"] == 90)
        #expect(try agency.owner.get("/v1/leads/\(id)").ok()["score"] == 90)
        try agency.owner.patch("/v1/leads/\(id)", ["employee_count": 1]).ok()
        _ = try agency.score(id)
        // Its own run, which the change brought, may have come first.
        let ended = try agency.owner.every("/v1/decisions?subject_id=\(id)").compactMap {
            $0["ended_override"]?.object == nil ? nil : $0["ended_override"]?.text("reason")
        }
        #expect(ended == ["I know them"])
        #expect(try agency.owner.get("/v1/leads/\(id)").ok()["score"] != 90)
        try agency.colleague("viewer").post(path, ["outcome": ["score": 1], "reason": "x"]).problem(
            403, "forbidden")
    }

    @Test func `weights are configured in a draft, must sum to 100, and count once published`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead(0, ["employee_count": 5, "budget": dollars(50_000)]).id
        let before = try agency.score(id)["outcome"]?["score"]?.int ?? 0
        let config = try agency.owner.get("/v1/agents/lead_scoring/config").ok()
        let weights = config["values"]?["weights"]?.object ?? [:]
        #expect(
            Set(weights.keys) == factors && weights.members.reduce(0) { $0 + ($1.value.double ?? 0) } == 100)
        #expect(config.text("state") == "published")
        let path = "/v1/agents/lead_scoring/config"
        try agency.owner.patch(path, ["weights": ["budget": 99]]).problem(422)
        var change = JSONObject(factors.map { ($0, JSON.integer(0)) })
        change["budget"] = 100
        #expect(try agency.owner.patch(path, ["weights": .object(change)]).ok().text("state") == "draft")
        #expect(try agency.owner.get(path).ok()["values"]?["weights"] == config["values"]?["weights"])
        try agency.owner.post(path + "/publish").ok()
        let decision = try agency.score(id)
        #expect((decision["outcome"]?["score"]?.int ?? 0) > before)
        #expect((decision["config_version"]?.int ?? 0) > (config["version"]?.int ?? 0))
        try agency.owner.post(path + "/rollback", ["version": config["version"] ?? 1]).ok()
        #expect(try agency.owner.get(path).ok()["values"]?["weights"] == config["values"]?["weights"])
        #expect(try agency.owner.get(path + "/versions").ok().items.count >= 3)
    }

    @Test(arguments: [
        ("DE", "Berlin", "Europe/Berlin"), ("JP", "Tokyo", "Asia/Tokyo"),
        ("US", "San Francisco, CA", "America/Los_Angeles"),
    ])
    func `the best time to write lies in the working hours of where the lead is`(
        _ country: String, _ location: String, _ zone: String
    ) throws {
        let agency = try server.signUp()
        let id = try agency.makeLead(0, ["country": .string(country), "location": .string(location)]).id
        let text = try agency.score(id)["outcome"]?.text("best_contact_at") ?? ""
        let date = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        let parts = calendar.dateComponents([.weekday, .hour], from: date)
        #expect((2...6).contains(parts.weekday ?? 0) && (8..<18).contains(parts.hour ?? 0), "\(text)")
    }

    @Test func `with enough won and lost leads the score comes from the agency's own outcomes`() throws {
        let agency = try server.quietAgency()
        try agency.makeLeads(
            (0..<120).map { number in
                let isWon = number % 2 == 1
                return lead(
                    number,
                    [
                        "status": isWon ? "won" : "lost", "industry": isWon ? "retail" : "finance",
                        "employee_count": isWon ? 300 : 5, "budget": dollars(isWon ? 9000 : 500),
                    ])
            })
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let good = try agency.score(
            agency.makeLead(900, ["industry": "retail", "employee_count": 310, "budget": dollars(8800)]).id)
        let bad = try agency.score(
            agency.makeLead(901, ["industry": "finance", "employee_count": 4, "budget": dollars(400)]).id)
        #expect(
            good["model"]?.text("name") == "logistic_regression" && good["model"]?["training_size"] == 120)
        #expect((good["model"]?["auc"]?.double ?? 0) > 0.8 && !(good["model"]?.text("version") ?? "").isEmpty)
        #expect((good["outcome"]?["conversion_probability"]?.double ?? 0) > 0.6)
        #expect((bad["outcome"]?["conversion_probability"]?.double ?? 1) < 0.4)
    }

    @Test func `leads that come at the same time are scored once each`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        // At the full hour all leads are scored again.
        for schedule in try agency.owner.every("/v1/schedules") where schedule.text("agent") == "lead_scoring"
        {
            try agency.owner.patch("/v1/schedules/\(schedule.id)", ["enabled": false]).ok()
        }
        let leads = try inParallel(8, Array(1...60)) { try agency.makeLead($0).id }
        try agency.rest()
        let scored = try agency.owner.every("/v1/decisions?agent=lead_scoring")
            .compactMap { $0["subject"]?.text("id") }
        #expect(scored.sorted() == leads.sorted())
    }

    @Test func `qualification weighs its criteria: met, not met or unknown, and the mandatory ones decide`()
        throws
    {
        let agency = try server.signUp()
        let cases: [(JSONObject, String, [String: String])] = [
            (
                [
                    "budget": dollars(3000), "timeline_days": 90, "authority": true,
                    "pain_points": ["no leads"],
                ], "qualified",
                [
                    "budget": "met", "timeline": "met", "authority": "met", "challenge": "met",
                    "gap": "unknown", "growth": "unknown",
                ]
            ),
            (
                ["budget": dollars(2999), "timeline_days": 90, "authority": true], "disqualified",
                ["budget": "not_met", "challenge": "unknown"]
            ),
            (
                ["budget": dollars(9000), "timeline_days": 400, "authority": true], "disqualified",
                ["timeline": "not_met"]
            ),
            (
                ["budget": dollars(9000), "timeline_days": 183, "authority": false], "disqualified",
                ["timeline": "met", "authority": "not_met"]
            ),
            (
                ["budget": dollars(9000)], "needs_information",
                ["budget": "met", "timeline": "unknown", "authority": "unknown"]
            ),
        ]
        for (number, (fields, result, states)) in cases.enumerated() {
            let id = try agency.makeLead(number, fields).id
            _ = try agency.score(id)
            let run = try agency.owner.ended("/v1/leads/\(id)/qualify")
            try #require(run.text("status") == "succeeded", "\(run.serialized)")
            let decision = try #require(run["decisions"]?.array?.last?.text)
            let outcome = try #require(try agency.owner.get("/v1/decisions/\(decision)").ok()["outcome"])
            let criteria = outcome["criteria"]?.array ?? []
            let got = Dictionary(
                criteria.map { ($0.text("name"), $0.text("state")) }, uniquingKeysWith: { a, _ in a })
            #expect(outcome.text("result") == result, "\(number)")
            for (name, state) in states { #expect(got[name] == state, "\(number): \(name)") }
            #expect(
                Set(criteria.filter { $0["mandatory"] == true }.map { $0.text("name") }) == [
                    "budget", "timeline", "authority",
                ])
            #expect(
                criteria.filter { $0.text("state") != "unknown" }.allSatisfy {
                    $0["evidence"] != nil && $0["evidence"] != .null
                })
            let asked = Set((outcome["questions"]?.array ?? []).map { $0.text("criterion") })
            #expect(asked == Set(got.filter { $0.value == "unknown" }.keys), "\(number)")
            if result != "needs_information" {
                #expect(try agency.owner.get("/v1/leads/\(id)").ok().text("status") == result)
            }
        }
    }

    @Test func `a run has its trace; trouble is told before it begins`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        let parameters: JSON = ["parameters": ["lead_id": .string(id)]]
        let run = try agency.owner.ended("/v1/agents/lead_scoring/runs", parameters)
        #expect(run.text("status") == "succeeded" && run["parameters"] == ["lead_id": .string(id)])
        let trace = try agency.owner.get("/v1/agent-runs/\(run.id)/trace").ok()
        let steps = trace["steps"]?.array ?? []
        #expect(
            !steps.isEmpty && steps.allSatisfy { !$0.text("name").isEmpty && !$0.text("started_at").isEmpty })
        #expect(try agency.owner.every("/v1/agent-runs?agent=lead_scoring").contains { $0.id == run.id })
        try agency.owner.post("/v1/agents/astrology/runs", ["parameters": [:]]).problem(404, "not_found")
        let nope: JSON = ["parameters": ["lead_id": "nope", "colour": "red"]]
        let faults = try agency.owner.post("/v1/agents/lead_scoring/runs", nope).faults()
        #expect(
            faults == ["/parameters/lead_id": "unknown_reference", "/parameters/colour": "unknown_field"])
        let lost = try agency.owner.post(
            "/v1/agents/lead_generation/runs", ["parameters": ["search_id": "x"]])
        #expect(try lost.faults() == ["/parameters/search_id": "unknown_reference"])
        try agency.quieten()
        try agency.owner.post("/v1/agents/lead_scoring/runs", parameters).problem(409, "agent_not_active")
        try agency.owner.post("/v1/leads/\(id)/score").problem(409, "agent_not_active")
    }

    @Test func `whoever may only read cannot run or configure an agent`() throws {
        let agency = try server.signUp()
        let viewer = try agency.colleague("viewer")
        let id = try agency.makeLead().id
        try viewer.post("/v1/leads/\(id)/score").problem(403, "forbidden")
        try viewer.patch("/v1/agents/lead_scoring", ["state": "disabled"]).problem(403, "forbidden")
        try viewer.patch("/v1/agents/lead_scoring/config", ["high_from": 1]).problem(403, "forbidden")
        #expect(try agency.owner.get("/v1/agents/lead_scoring").ok().text("state") == "active")
    }

    @Test func `lead generation runs without a provider, and says what is missing`() throws {
        let agency = try server.signUp()
        let run = try agency.owner.ended(
            "/v1/agents/lead_generation/runs", ["parameters": ["target_count": 10]])
        #expect(["succeeded", "failed"].contains(run.text("status")), "\(run.serialized)")
        #expect(try agency.owner.total() == 0, "no lead is made up")
    }
}

@Suite(.ownThread) struct SchedulesAndJobs {
    let server = BureauProcess.shared

    @Test func `the first agents' schedules are in the agency's zone`() throws {
        let agency = try server.signUp(timeZone: "Europe/Berlin")
        let schedules = try agency.owner.every("/v1/schedules")
        for name in ["lead_generation", "lead_scoring", "lead_qualification"] {
            let schedule = try #require(schedules.first { $0.text("agent") == name }, "\(name)")
            #expect(schedule["enabled"] == true && schedule.text("time_zone") == "Europe/Berlin")
            let fires = schedule["next_fires"]?.array?.compactMap(\.text) ?? []
            #expect(fires.count == 10 && fires == fires.sorted() && Set(fires).count == 10)
        }
        let daily = try #require(schedules.first { $0.text("agent") == "lead_generation" })
        let first = try #require(daily["next_fires"]?[0].text)
        let date = try Date(first, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(calendar.dateComponents([.hour, .minute], from: date) == DateComponents(hour: 9, minute: 0))
    }

    @Test func `a schedule is made, changed, put to sleep and deleted`() throws {
        let agency = try server.signUp(timeZone: "America/New_York")
        let made = try agency.owner.post("/v1/schedules", ["agent": "lead_scoring", "cron": "30 6 * * 1-5"])
            .ok(201)
        #expect(made.text("time_zone") == "America/New_York" && made["next_fires"]?.array?.count == 10)
        let path = "/v1/schedules/\(made.id)"
        let changed = try agency.owner.patch(path, ["cron": "hourly", "time_zone": "UTC"]).ok()
        #expect(changed.text("time_zone") == "UTC" && changed["next_fires"] != made["next_fires"])
        #expect(try agency.owner.patch(path, ["enabled": false]).ok()["enabled"] == false)
        try agency.owner.delete(path).ok(204)
        try agency.owner.get(path).problem(404, "not_found")
    }

    @Test func `a schedule that cannot be is refused with its reason`() throws {
        let agency = try server.signUp()
        for cron in ["", "* * * *", "61 * * * *", "* * * * * * *", "sometimes", "0 0 31 2 *", "*/0 * * * *"] {
            let answer = try agency.owner.post(
                "/v1/schedules", ["agent": "lead_scoring", "cron": .string(cron)])
            try answer.problem(422)
            #expect(["invalid_cron", "required"].contains(answer.code ?? ""), "\(cron): \(answer)")
        }
        let body: JSON = ["agent": "lead_scoring", "cron": "daily", "time_zone": "Mars/Olympus"]
        try agency.owner.post("/v1/schedules", body).problem(422, "invalid_time_zone")
        let unknown = try agency.owner.post("/v1/schedules", ["agent": "astrology", "cron": "daily"])
        #expect([404, 422].contains(unknown.status), "\(unknown)")
    }

    @Test func `work leaves jobs that tell how it went`() throws {
        let agency = try server.signUp()
        _ = try agency.score(agency.makeLead().id)
        let jobs = try agency.owner.every("/v1/jobs")
        let job = try #require(jobs.first)
        for key in [
            "kind", "queue", "state", "priority", "attempt", "max_attempts", "run_at", "error", "subject",
        ] {
            #expect(job[key] != nil, "\(key)")
        }
        #expect(jobs.contains { $0.text("state") == "completed" })
        #expect(
            try agency.owner.every("/v1/jobs?state=completed").allSatisfy { $0.text("state") == "completed" })
        let done = try #require(jobs.first { $0.text("state") == "completed" })
        try agency.owner.post("/v1/jobs/\(done.id)/retry").problem(409, "invalid_transition")
        try agency.owner.post("/v1/jobs/\(done.id)/cancel").problem(409, "invalid_transition")
        #expect(try agency.owner.get("/v1/jobs/\(done.id)").ok().id == done.id)
    }
}
