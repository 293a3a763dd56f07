import JSON
import Testing

@Suite(.ownThread) struct Conventions {
    let server = BureauProcess.shared

    // MARK: Problems

    @Test func `an unknown path is a problem document whose type is served`() throws {
        let agency = try server.signUp()
        let problem = try agency.owner.get("/v1/nothing").problem(404, "not_found")
        #expect(problem.text("type") == "/problems/not_found")
        let page = try server.anonymous.get("/problems/not_found")
        #expect(page.status == 200 && page.text.count > 50)
        try server.anonymous.get("/problems/no_such_problem").problem(404, "not_found")
    }

    @Test(arguments: [
        "x", "lead_", absentLead, "lead_" + String(repeating: "Z", count: 26),
        "run_00000000000000000000000000",
        "lead_0000000000000000000000000u", "..%2f..%2fetc", "%00", "%27;%20DROP%20TABLE%20leads;%20--",
        "%ff%fe",
        "lead_" + String(repeating: "0", count: 5000),
    ])
    func `a malformed id answers like an absent one`(_ id: String) throws {
        let agency = try server.signUp()
        let answer = try agency.owner.get("/v1/leads/\(id)")
        #expect([404, 400].contains(answer.status), "\(answer)")
        let wanted = try agency.owner.get("/v1/leads/\(absentLead)").problem(404, "not_found")
        if answer.status == 404, !id.contains("%") {
            let problem = try answer.problem(404, "not_found")
            #expect(problem.text("detail") == wanted.text("detail"))
        }
    }

    @Test func `a wrong method answers 405 with what is allowed`() throws {
        let agency = try server.signUp()
        let answer = try agency.owner.delete("/v1/leads")
        try answer.problem(405, "method_not_allowed")
        let allowed = Set(
            (answer.header("Allow") ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
        #expect(allowed.isSuperset(of: ["GET", "POST"]) && !allowed.contains("DELETE"), "\(allowed)")
        let unknown = try agency.owner.request("BREW", "/v1/leads")
        #expect([400, 405, 501].contains(unknown.status), "\(unknown)")
    }

    @Test func `a parameter that an operation does not have is refused`() throws {
        let agency = try server.signUp()
        let lead = try agency.makeLead()
        for path in [
            "v1/leads/\(lead.id)", "v1/me", "v1/settings", "v1/agents/lead_scoring", "api/control/config",
        ] {
            try agency.owner.get("/\(path)?no_such=1").problem(400, "invalid_parameter")
        }
        try agency.owner.post("/v1/leads/\(lead.id)/score?wiat=PT1S", [:]).problem(400, "invalid_parameter")
        try agency.owner.get("/v1/leads/export?no_such=1").problem(400, "unknown_filter")
    }

    @Test func `HEAD is GET without a body, OPTIONS names the methods`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead()
        for path in ["/v1/leads", "/v1/leads/\(lead.id)", "/healthz"] {
            let (head, get) = (try agency.owner.request("HEAD", path), try agency.owner.get(path))
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.header("Content-Type") == get.header("Content-Type"))
            #expect(head.header("ETag") == get.header("ETag"))
        }
        let options = try agency.owner.request("OPTIONS", "/v1/leads")
        #expect(
            [200, 204].contains(options.status) && options.header("Allow")?.contains("POST") == true,
            "\(options)")
        let bulk = try agency.owner.request("OPTIONS", "/v1/leads/bulk")
        #expect(bulk.header("Allow") == "POST, OPTIONS", "\(bulk)")
    }

    // MARK: Request ids

    @Test func `a sane request id comes back, a wild one is replaced, one is always there`() throws {
        let agency = try server.signUp()
        let sane = try agency.owner.get("/v1/me", ["X-Request-Id": "check-42.a"])
        #expect(sane.header("X-Request-Id") == "check-42.a")
        for wild in [String(repeating: "x", count: 500), "a b", "<script>", "a\u{e9}"] {
            let given = try agency.owner.get("/v1/me", ["X-Request-Id": wild]).header("X-Request-Id") ?? ""
            #expect(!given.isEmpty && given != wild)
        }
        let missing = try agency.owner.get("/v1/nothing")
        #expect(missing.header("X-Request-Id") == missing.json.text("request_id"))
        let (one, two) = (try agency.owner.get("/v1/me"), try agency.owner.get("/v1/me"))
        #expect(one.header("X-Request-Id") != two.header("X-Request-Id"))
    }

    // MARK: Headers for browsers

    @Test func `private answers are not sniffed, not stored, and closed to other origins`() throws {
        let agency = try server.signUp()
        let answer = try agency.owner.get("/v1/me", ["Origin": "https://evil.example"])
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
        #expect(answer.header("Cache-Control")?.contains("no-store") == true)
        #expect(answer.header("Access-Control-Allow-Origin") == nil)
    }

    @Test func `an origin that the agency allows may read, and only its own agency's answers`() throws {
        let (agency, other) = (try server.signUp(), try server.signUp())
        let origin = "https://app-\(agency.tenant.id.suffix(8)).example"
        try agency.owner.patch("/v1/settings", ["allowed_origins": [.string(origin)]]).ok()
        let own = try agency.owner.get("/v1/me", ["Origin": origin])
        #expect(own.header("Access-Control-Allow-Origin") == origin)
        #expect(own.header("Vary")?.lowercased().contains("origin") == true)
        let theirs = try other.owner.get("/v1/me", ["Origin": origin])
        #expect(theirs.header("Access-Control-Allow-Origin") == nil)
        let preflight = try server.anonymous.request(
            "OPTIONS", "/v1/leads", headers: ["Origin": origin, "Access-Control-Request-Method": "POST"])
        #expect([200, 204].contains(preflight.status))
        let stranger = try server.anonymous.request(
            "OPTIONS", "/v1/leads",
            headers: ["Origin": "https://evil.example", "Access-Control-Request-Method": "POST"])
        #expect(stranger.header("Access-Control-Allow-Origin") == nil)
    }

    @Test func `an origin has to be one`() throws {
        let agency = try server.signUp()
        for origin in ["*", "example.com", "https://example.com/path", "javascript://x", ""] {
            let answer = try agency.owner.patch("/v1/settings", ["allowed_origins": [.string(origin)]])
            if origin.isEmpty, answer.status == 200 { continue }
            try answer.problem(422)
        }
    }

    // MARK: Limits

    @Test func `every authenticated answer says what is left`() throws {
        let agency = try server.signUp()
        let answers = [
            try agency.owner.get("/v1/leads"), try agency.owner.post("/v1/leads", lead()),
            try agency.owner.get("/v1/nothing"), try agency.owner.post("/v1/leads", ["email": "x"]),
        ]
        for answer in answers {
            for name in ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"] {
                #expect(answer.header(name).flatMap { Int($0) } != nil, "\(name) of \(answer)")
            }
        }
    }

    @Test func `a burst over the limit is refused exactly, and harms no other credential`() throws {
        let small = try BureauProcess.start(["limits.requests_per_minute": "60", "limits.burst": "10"])
        let (greedy, other) = (try small.signUp(), try small.signUp())
        let answers = try together(30) { _ in try small.caller(greedy.token).get("/v1/leads") }
        let accepted = answers.filter { $0.status == 200 }
        #expect((10...12).contains(accepted.count) && Set(answers.map(\.status)) == [200, 429])
        let refused = try #require(answers.first { $0.status == 429 })
        try refused.problem(429, "rate_limited")
        #expect((1...60).contains(refused.header("Retry-After").flatMap { Int($0) } ?? 0))
        #expect(accepted.allSatisfy { $0.header("RateLimit-Limit") == "10" })
        try other.owner.get("/v1/leads").ok()
        try eventuallyTrue("another try", every: .milliseconds(200)) {
            try greedy.owner.get("/v1/leads").status == 200
        }
    }

    // MARK: Connections

    @Test func `requests that come together on one connection are answered in order`() throws {
        let agency = try server.signUp()
        let connection = try Connection(port: server.port)
        let paths = ["/v1/me", "/v1/leads", "/v1/nothing", "/healthz"]
        for path in paths {
            try connection.send(
                "GET \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(agency.token)\r\n\r\n")
        }
        #expect(try paths.map { _ in try connection.receive().status } == [200, 200, 404, 200])
    }

    @Test func `changes end their connection, unless there are many of them`() throws {
        let own = BureauProcess(["limits.requests_per_minute": "60000", "limits.burst": "1000"])
        try own.start()
        let agency = try own.quietAgency()
        #expect(try agency.owner.get("/v1/leads").header("Connection") == nil)
        let first = try agency.owner.post("/v1/leads", ["company": "First"])
        #expect(first.status == 201 && first.header("Connection") == "close")
        let ended = try (0..<600).filter { number in
            let answer = try agency.owner.post("/v1/leads", ["company": .string("Acme \(number)")])
            try #require(answer.status == 201)
            return answer.header("Connection") == "close"
        }
        #expect((50..<590).contains(ended.count))
    }

    @Test func `an answer is compressed for whoever asks, and only then`() throws {
        let agency = try server.quietAgency()
        try agency.makeLeads((0..<100).map { lead($0) })
        let plain = try agency.owner.get("/v1/leads?limit=100")
        #expect(plain.header("Content-Encoding") == nil)
        let packed = try agency.owner.get("/v1/leads?limit=100", ["Accept-Encoding": "gzip"])
        try #require(packed.status == 200)
        if packed.header("Content-Encoding") == "gzip" {
            #expect(packed.body.prefix(2) == [0x1f, 0x8b] && packed.body.count < plain.body.count / 3)
            #expect(packed.header("Vary")?.lowercased().contains("accept-encoding") == true)
        }
    }
}

@Suite(.ownThread) struct Idempotency {
    let server = BureauProcess.shared

    @Test func `the same key and body gives the first answer, marked; another body is refused`() throws {
        let agency = try server.quietAgency()
        let key = ["Idempotency-Key": "k-1"]
        let first = try agency.owner.post("/v1/leads", lead(), key)
        let again = try agency.owner.post("/v1/leads", lead(), key)
        #expect(first.status == 201 && again.status == 201 && first.body == again.body)
        #expect(
            first.header("Location") == again.header("Location")
                && first.header("ETag") == again.header("ETag"))
        #expect(again.header("Idempotency-Replayed") == "true" && first.header("Idempotency-Replayed") == nil)
        try agency.owner.post("/v1/leads", lead(5), key).problem(422, "idempotency_key_reused")
        try agency.owner.post("/v1/api-keys", ["name": "x", "scopes": ["leads:read"]], key)
            .problem(422, "idempotency_key_reused")
        #expect(try agency.owner.total() == 1)
    }

    @Test func `a refused body leaves nothing behind`() throws {
        let agency = try server.quietAgency()
        let key = ["Idempotency-Key": "k-2"]
        let faults = try (0..<2).map { _ in
            try agency.owner.post("/v1/leads", ["email": "broken"], key).faults()
        }
        #expect(faults[0] == faults[1] && faults[0] == ["/company": "required", "/email": "invalid_email"])
        #expect(try agency.owner.total() == 0)
    }

    @Test func `twenty requests at once with one key make one lead`() throws {
        let agency = try server.quietAgency()
        let answers = try together(20) { _ in
            try server.caller(agency.token).post("/v1/leads", lead(), ["Idempotency-Key": "k-4"])
        }
        for answer in answers where answer.status != 201 {
            try answer.problem(409, "idempotency_in_progress")
        }
        #expect(Set(answers.filter { $0.status == 201 }.map { $0.json.id }).count == 1)
        #expect(try agency.owner.total() == 1)
    }

    @Test func `equal keys of two agencies, or of two principals, do not meet`() throws {
        let (one, two) = (try server.quietAgency(), try server.quietAgency())
        let colleague = try one.colleague("member")
        let key = ["Idempotency-Key": "same"]
        let ids = try [one.owner, two.owner, colleague].map {
            try $0.post("/v1/leads", lead(), key).ok(201).id
        }
        #expect(Set(ids).count == 3)
        #expect(try one.owner.total() == 2 && two.owner.total() == 1)
    }

    @Test func `an answer that holds a secret is repeated with it`() throws {
        let agency = try server.signUp()
        let body: JSON = ["name": "robot", "scopes": ["leads:read"]]
        let first = try agency.owner.post("/v1/api-keys", body, ["Idempotency-Key": "k-5"]).ok(201)
        let again = try agency.owner.post("/v1/api-keys", body, ["Idempotency-Key": "k-5"]).ok(201)
        #expect(first.text("secret") == again.text("secret") && first.id == again.id)
        #expect(try agency.owner.total(of: "api-keys") == 1)
    }

    @Test(arguments: ["", String(repeating: "x", count: 256), "a b", "\u{e9}"])
    func `a key of the wrong form is refused`(_ key: String) throws {
        let agency = try server.quietAgency()
        let answer = try agency.owner.post("/v1/leads", lead(), ["Idempotency-Key": key])
        #expect([400, 422].contains(answer.status), "\(answer)")
        #expect(try agency.owner.total() == 0)
    }

    @Test func `an action is done once, too`() throws {
        let agency = try server.signUp()
        let lead = try agency.makeLead()
        let key = ["Idempotency-Key": "score-once"]
        let first = try agency.owner.post("/v1/leads/\(lead.id)/score", nil, key)
        let again = try agency.owner.post("/v1/leads/\(lead.id)/score", nil, key)
        #expect(
            first.header("Location") == again.header("Location")
                && again.header("Idempotency-Replayed") == "true")
    }
}
