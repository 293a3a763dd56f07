import JSON
import StandIns
import Testing

/// One score of how an agency's data is, and errors as patterns.
@Suite(.ownThread) struct DataHealth {
    let server = BureauProcess.shared
    private static let areas = ["data_quality", "errors", "performance", "maintenance", "integrations"]

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        return agency
    }

    @discardableResult private func run(_ agency: Agency, _ task: String) throws -> JSON {
        let run = try agency.owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": .string(task)]])
        #expect(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    private func health(_ agency: Agency) throws -> (json: JSON, areas: [String: JSON]) {
        let json = try agency.owner.get("/v1/data-health").ok()
        let areas = json["areas"]?.array ?? []
        return (json, Dictionary(areas.map { ($0.text("name"), $0) }, uniquingKeysWith: { $1 }))
    }

    @Test func `one score comes of five areas by weights that can be set, each with what to do`() throws {
        let agency = try agency()
        try agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        try run(agency, "scan")
        let (json, areas) = try health(agency)
        #expect(Set(areas.keys) == Set(Self.areas))
        let weighted = areas.values.reduce(0) {
            $0 + ($1["score"]?.double ?? 0) * ($1["weight"]?.double ?? 0) / 100
        }
        #expect(abs((json["score"]?.double ?? 0) - weighted) < 0.2)
        let weights = Self.areas.map { areas[$0]?["weight"]?.double ?? 0 }
        #expect(weights == [35, 20, 15, 10, 20])
        let advice = areas["data_quality"]?["recommendations"]?.array?.compactMap(\.text) ?? []
        #expect(advice.contains { $0.hasPrefix("lead_reachable: 1 record") } && advice.count > 1)
        #expect(json["trend"]?.array?.count == 1)
        let alone: JSON = [
            "data_quality": 100, "errors": 0, "performance": 0, "maintenance": 0, "integrations": 0,
        ]
        let changed = try agency.owner.patch("/v1/data-health", ["weights": alone]).ok()
        #expect(changed["score"] == areas["data_quality"]?["score"])
        #expect(try health(agency).json["score"] == changed["score"])
    }

    @Test func `weights that make no hundred are refused, each fault at its place`() throws {
        let agency = try agency()
        func faults(_ weights: JSON) throws -> [String: String] {
            try agency.owner.patch("/v1/data-health", ["weights": weights]).faults()
        }
        #expect(try faults(["data_quality": 33]) == ["/weights": "weights_sum"])
        #expect(
            try faults(["nothing": 1, "errors": 101, "performance": "much"])
                == [
                    "/weights/nothing": "unknown_field", "/weights/errors": "out_of_range",
                    "/weights/performance": "wrong_type",
                ])
        #expect(try health(agency).areas["errors"]?["weight"] == 20)
    }

    @Test func `each night leaves the health of its day, in a sandbox, too`() throws {
        let agency = try agency()
        let box = try agency.sandbox("live")
        func health() throws -> JSON { try box.owner.get("/v1/data-health").ok() }
        _ = try box.advance("P4D")
        let first = try health(), early = first["trend"]?.array ?? []
        #expect(early.count == 4 && first["forecast"] == [], "four days foretell nothing")
        // Worse data show from the next night on, and the days before stay as they were.
        for number in 0..<3 {
            try box.owner.post("/v1/leads", ["company": .string("Bare \(number)")]).ok(201)
        }
        _ = try box.advance("P4D")
        let later = try health(), days = later["trend"]?.array ?? [], dates = days.map { $0.text("date") }
        #expect(dates == (6...13).map { "2027-01-\($0 < 10 ? "0" : "")\($0)" })
        #expect(Array(days.prefix(4)) == early)
        func scores(_ days: [JSON]) -> [Double] { days.compactMap { $0["score"]?.double } }
        #expect(scores(days).count == days.count)
        #expect(scores(days.suffix(4)).allSatisfy { $0 < scores(early).last ?? 0 }, "\(days)")
        let forecast = later["forecast"]?.array ?? [], coming = forecast.map { $0.text("date") }
        #expect(forecast.count == 7 && coming == coming.sorted() && coming[0] > dates.last ?? "")
        #expect(scores(forecast).first ?? 100 < scores(early).last ?? 0, "\(forecast)")
    }

    @Test func `a scan that was overdue leaves a health in which it is not`() throws {
        let box = try server.quietAgency().sandbox("live")
        _ = try box.advance("P3D")
        try box.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        func health() throws -> JSON { try box.owner.get("/v1/data-health").ok() }
        let before = try health()
        let run = try box.owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": "scan"]])
        #expect(run.text("status") == "succeeded", "\(run)")
        let after = try health(), kept = after["trend"]?.array?.last?["score"]?.double
        #expect(abs((kept ?? 0) - (after["score"]?.double ?? 100)) < 0.05)
        #expect((kept ?? 0) > before["score"]?.double ?? 100)
    }

    // MARK: Errors

    private func patterns(_ agency: Agency, _ filter: String = "") throws -> [JSON] {
        try agency.owner.every("/v1/error-patterns\(filter)")
    }

    @Test func `a service that fails again and again is one pattern, with count, cause and advice`() throws {
        let mail = try ScriptedMailService("postmark") { _ in
            StandInAnswer(500, #"{"ErrorCode":100,"Message":"no"}"#)
        }
        let agency = try server.signUp()
        try agency.readyToMail()
        _ = try agency.connect(mail)
        _ = try agency.mail(0..<3)
        let pattern = try eventually("the pattern") {
            try patterns(agency, "?category=provider").first {
                $0.text("component") == "postmark" && ($0["count"]?.int ?? 0) >= 3
            }
        }
        #expect(pattern.text("status") == "open")
        #expect(pattern["cause"]?.text("component") == "postmark")
        #expect(pattern["cause"]?.text("detail").contains("500") == true)
        #expect((pattern["cause"]?["confidence"]?.double ?? 0) > 0)
        #expect(!pattern.text("recommended_action").isEmpty)
        // Nothing came before today: of three, a little more than one is expected tomorrow.
        #expect(pattern["trend"] == "steady" && (pattern["expected_tomorrow"]?.double ?? 0) > 1)
        #expect(pattern.text("first_at") <= pattern.text("last_at") && pattern.text("severity") == "info")
        #expect(try patterns(agency).count { $0.text("component") == "postmark" } == 1)
        let (_, areas) = try health(agency)
        #expect((areas["errors"]?["score"]?.double ?? 100) < 100)
        let advice = areas["errors"]?["recommendations"]?.array ?? []
        #expect(advice.contains { $0.text?.contains("postmark") == true }, "\(advice)")
    }

    @Test func `what services tell and cannot be proven or used is an error of their webhooks`() throws {
        let agency = try agency()
        let door = try GenericDoor(
            agency,
            on: [
                "lead.submitted": [
                    "upsert_lead": ["match_on": "email", "fields": ["company": "firm", "email": "mail"]]
                ]
            ])
        let body: JSON = ["type": "lead.submitted", "data": ["firm": "Acme", "mail": "nobody"]]
        for id in ["e1", "e2"] { try door.post(id, body).ok() }
        func pattern(_ category: String) throws -> JSON? {
            try patterns(agency).first {
                $0.text("component") == "hook of generic" && $0.text("category") == category
            }
        }
        let unused = try eventually("both errors") {
            try pattern("validation").flatMap { $0["count"] == 2 ? $0 : .none }
        }
        #expect(unused.text("origin") == "hook" && unused.text("status") == "open")
        #expect(unused["cause"]?.text("component") == "hook of generic")
        // A moment that no calendar has is one that was signed too long ago, or in the future.
        for stamp in [unixSeconds, .max, .min] {
            let forged = StandInHook(
                [
                    ("Content-Type", "application/json"), ("webhook-id", "f\(stamp)"),
                    ("webhook-timestamp", "\(stamp)"), ("webhook-signature", "v1,AAAA"),
                ], body.bytes)
            #expect(try server.deliver(forged, to: door.integration).status >= 400)
        }
        let refused = try eventually("the refusals") {
            try pattern("authentication").flatMap { $0["count"] == 3 ? $0 : .none }
        }
        #expect(refused.text("code") == "invalid_signature")
    }

    @Test func `what somebody has seen to opens again where it fails once more`() throws {
        let agency = try agency()
        func importBroken() throws {
            _ = try agency.imported(csv(csvHeader, [csvRow(1), csvRow(2, ["E-Mail": "broken"])]))
        }
        try importBroken()
        let pattern = try #require(try patterns(agency).first { $0.text("origin") == "file" })
        #expect(pattern.text("component") == "import of leads" && pattern.text("category") == "validation")
        #expect(pattern["count"] == 1)
        let path = "/v1/error-patterns/\(pattern.id)"
        #expect(try agency.owner.patch(path, ["status": "resolved"]).ok().text("status") == "resolved")
        try agency.owner.patch(path, ["status": "gone"]).problem(422, "invalid_choice")
        try importBroken()
        let again = try agency.owner.get(path).ok()
        #expect(again.text("status") == "open" && again["count"] == 2)
        try agency.owner.patch(path, ["status": "ignored"]).ok()
        try importBroken()
        #expect(try agency.owner.get(path).ok().text("status") == "ignored")
    }

    @Test func `what fails because of something else names that as its cause`() throws {
        let agency = try agency()
        let workflow: JSON = [
            "name": "call", "start": "call",
            "nodes": [
                [
                    "id": "call", "type": "tool", "tool": "http_request",
                    "input": ["url": "http://127.0.0.1:9/", "method": "GET"],
                ]
            ],
        ]
        let made = try agency.owner.post("/v1/workflows", workflow).ok(201)
        let run = try agency.owner.post("/v1/workflow-runs", ["workflow_id": .string(made.id)]).ok(202)
        let (tool, job) = try eventually("both patterns") { () -> (JSON, JSON)? in
            let all = try patterns(agency)
            guard let tool = all.first(where: { $0.text("origin") == "tool" }),
                let job = all.first(where: { $0.text("origin") == "job" })
            else { return nil }
            return (tool, job)
        }
        #expect(tool.text("component") == "tool http_request" && tool.text("category") == "network")
        #expect(tool["cause"]?.text("component") == "tool http_request")
        #expect(job["cause"]?.text("component") == "tool http_request", "\(job)")
        #expect(job.text("recommended_action").hasPrefix("See to tool http_request first."))
        _ = try agency.owner.post("/v1/workflow-runs/\(run.id)/cancel")
        // A failure of another kind has a cause of its own, however soon after.
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let nobody: JSON = ["parameters": ["lead_id": .string(absentLead)]]
        _ = try agency.owner.ended("/v1/agents/lead_scoring/runs", nobody)
        let own = try eventually("its pattern") {
            try patterns(agency).first { $0.text("component") == "agent lead_scoring" }
        }
        #expect(own["cause"]?.text("component") == "agent lead_scoring", "\(own)")
    }

    @Test func `an agency says itself how errors are told, and from when they are severe`() throws {
        let agency = try agency()
        let path = "/v1/agents/data_management/config"
        let faulty: JSON = ["errors_warning": 5, "errors_critical": 2]
        try agency.owner.patch(path, faulty).problem(422, "out_of_range")
        try agency.owner.patch(path, ["error_rules": [["category": "network"]]]).problem(422, "required")
        let rules: JSON = [["match": "rows_", "category": "provider", "severity": "critical"]]
        try agency.owner.patch(path, ["error_rules": rules, "errors_warning": 1]).ok()
        try agency.owner.post(path + "/publish").ok()
        _ = try agency.imported(csv(csvHeader, [csvRow(2, ["E-Mail": "broken"])]))
        let pattern = try #require(try patterns(agency).first)
        #expect(pattern.text("category") == "provider" && pattern.text("severity") == "critical")
        let alerts = try agency.owner.every("/v1/alerts?kind=error_pattern")
        #expect(alerts.count == 1 && alerts[0]["subject"]?.id == pattern.id)
        #expect(try agency.owner.told("error_pattern.raised").count == 1)
        try agency.owner.patch("/v1/error-patterns/\(pattern.id)", ["status": "resolved"]).ok()
        #expect(try agency.owner.every("/v1/alerts?kind=error_pattern&open=true").isEmpty)
    }

    @Test func `errors are severe by how many come in a day, from the numbers that the agency sets`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules(of: "nobody")
        let path = "/v1/agents/data_management/config"
        let standard = try owner.get(path).ok()["values"]
        #expect(standard?["errors_warning"] == 10 && standard?["errors_critical"] == 100)
        /// Lets so many rows of a file fail, and answers how severe that is, and what it takes from the health.
        func fail(_ count: Int) throws -> String {
            let rows = ["company,email"] + (0..<count).map { "Firm \($0),broken" }
            let file = Array(rows.joined(separator: "\n").utf8)
            try owner.post("/v1/leads/import", raw: file, type: "text/csv").ok(202)
            try box.advance("PT0S")
            let all = try owner.every("/v1/error-patterns")
            #expect(all.count == 1, "\(all)")
            let areas = try owner.get("/v1/data-health").ok()["areas"]?.array ?? []
            let score = areas.first { $0.text("name") == "errors" }?["score"]?.double ?? -1
            return "\(all.first?.text("severity") ?? "") \(Int(score))"
        }
        func alerts() throws -> Int { try owner.every("/v1/alerts?kind=error_pattern").count }
        func raised() throws -> Int { try owner.told("error_pattern.raised").count }
        #expect(try fail(9) == "info 97" && raised() == 0)
        #expect(try fail(1) == "warning 88" && raised() == 1 && alerts() == 0)
        #expect(try fail(89) == "warning 88" && raised() == 1)
        #expect(try fail(1) == "critical 70" && raised() == 2 && alerts() == 1)
        // Another day begins anew.
        try box.advance("P1D")
        #expect(try fail(1) == "info 97" && raised() == 2)
        try owner.patch(path, ["errors_warning": 2, "errors_critical": 3]).ok()
        try owner.post(path + "/publish").ok()
        #expect(try fail(1) == "warning 88" && fail(1) == "critical 70")
    }
}
