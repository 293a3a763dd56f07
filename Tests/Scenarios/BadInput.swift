import JSON
import TestRandomness
import Testing

@Suite(.ownThread) struct BadInput {
    let server = BureauProcess.shared

    @Test func `malformed JSON is refused with its place`() throws {
        let agency = try server.quietAgency()
        let body = Array("{\"company\": \"A\",\n  \"email\": }".utf8)
        let problem = try agency.owner.post("/v1/leads", raw: body).problem(400, "malformed_json")
        #expect(problem["line"] == 2 && (11...13).contains(problem["column"]?.int ?? 0))
    }

    @Test func `nothing that is no JSON is read as something`() throws {
        let agency = try server.quietAgency()
        let texts = [
            "", " ", "{", "{\"company\": \"A\"} x", "{\"company\": \"A\",}", "{'company': 'A'}",
            "{\"company\": NaN}",
            "{\"company\": 01}", "{\"company\": \"\\ud800\"}", "{\"company\": \"A\", \"company\": \"B\"}",
            String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000),
            String(repeating: "{\"custom\":", count: 1000) + "1" + String(repeating: "}", count: 1000),
            String(repeating: "[", count: 500_000), "{\"company\": \"A\u{1}\"}", "{\"company\": \"A\"}\u{0}",
            "\u{feff}[", "{\"company\": 1e999999}", "{\"company\" \"A\"}", "nul",
        ]
        let bytes: [[UInt8]] = [
            [0xff, 0xfe], Array("{\"company\": \"".utf8) + [0xc3, 0x28] + Array("\"}".utf8), [0],
        ]
        for body in texts.map({ Array($0.utf8) }) + bytes {
            let answer = try agency.owner.post("/v1/leads", raw: body)
            let shown = String(decoding: body.prefix(40), as: UTF8.self)
            try #require([400, 422].contains(answer.status), "\(shown): \(answer)")
            try answer.problem(answer.status)
        }
        #expect(try agency.owner.total() == 0)
    }

    @Test(arguments: ["null", "[]", "\"x\"", "42", "true"])
    func `JSON that is no object is refused`(_ body: String) throws {
        let agency = try server.quietAgency()
        let answer = try agency.owner.post("/v1/leads", raw: Array(body.utf8))
        #expect([400, 422].contains(answer.status))
        try answer.problem(answer.status)
    }

    @Test func `every fault of a body is in one answer, each with pointer and code`() throws {
        let agency = try server.quietAgency()
        let body: JSON = [
            "website": 5, "email": "no at sign", "employee_count": -3, "status": "shiny", "tags": ["ok", 7],
            "country": "Atlantis", "colour": "red", "budget": ["amount": 1.5, "currency": "USD"],
        ]
        let answer = try agency.owner.post("/v1/leads", body)
        #expect(answer.code == "validation_failed")
        #expect(
            try answer.faults() == [
                "/company": "required", "/website": "wrong_type", "/email": "invalid_email",
                "/employee_count": "out_of_range", "/status": "invalid_choice", "/tags/1": "wrong_type",
                "/country": "invalid_country", "/colour": "unknown_field", "/budget/amount": "wrong_type",
            ])
    }

    @Test func `an unknown field is refused on create and on change, and nothing is written`() throws {
        let agency = try server.quietAgency()
        let made = try agency.makeLead()
        try agency.owner.post("/v1/leads", lead(1, ["colour": "red"])).problem(422, "unknown_field")
        try agency.owner.patch("/v1/leads/\(made.id)", ["notes": "new", "colour": "red"]).problem(
            422, "unknown_field")
        #expect(try agency.owner.get("/v1/leads/\(made.id)").ok()["notes"] == .null)
        #expect(try agency.owner.total() == 1)
    }

    @Test func `an unknown choice is answered with the choices`() throws {
        let agency = try server.quietAgency()
        let problem = try agency.owner.post("/v1/leads", lead(0, ["status": "shiny"])).problem(
            422, "invalid_choice")
        let choices = Set(problem["errors"]?[0]["choices"]?.array?.compactMap(\.text) ?? [])
        #expect(choices.isSuperset(of: ["new", "qualified", "won"]))
    }

    @Test func `values beyond any sense are refused, never written`() throws {
        let agency = try server.quietAgency()
        let long = JSON.string(String(repeating: "x", count: 100_000))
        let values: [(String, [JSON])] = [
            ("employee_count", [.integer(1_000_000_000_000_000_000), .number(1e30), -1, 1.5, "12", true]),
            ("timeline_days", [-1, 1_000_000_000_000]),
            ("company", ["", " ", long, "a\u{0}b", nil, "a\u{7}b"]),
            ("tags", ["x", .array(Array(repeating: "y", count: 10_000)), [long], [nil]]),
            (
                "budget",
                [
                    5, ["amount": 1e20, "currency": "USD"], ["amount": 1, "currency": "dollars"],
                    ["amount": 1],
                ]
            ),
            ("custom", [[], ["a": ["b": 1]], ["a b": 1], ["": 1]]), ("authority", ["yes", 1]),
            ("email", ["a@", "@b", "a b@example.com", "a@example", long]),
            ("website", ["javascript:alert(1)", long]),
            ("owner_id", ["user_x", .string(absentLead), "user_00000000000000000000000000"]),
            ("external_ids", [["crm": 5], "x", ["crm": long]]), ("notes", [long, 5]),
        ]
        for (field, wrong) in values {
            for value in wrong {
                let answer = try agency.owner.post("/v1/leads", lead(0, [field: value]))
                try #require(
                    [400, 422].contains(answer.status), "\(field) = \(value.serialized.prefix(60)): \(answer)"
                )
                try answer.problem(answer.status)
            }
        }
        #expect(try agency.owner.total() == 0)
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "application/xml",
        "multipart/form-data; boundary=x", "jsonish", "",
    ])
    func `another content type is 415`(_ type: String) throws {
        let agency = try server.quietAgency()
        try agency.owner.post("/v1/leads", raw: lead().bytes, type: type).problem(
            415, "unsupported_media_type")
        #expect(try agency.owner.total() == 0)
    }

    @Test(arguments: [
        "application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8",
    ])
    func `JSON by any of its spellings is read`(_ type: String) throws {
        let agency = try server.quietAgency()
        try agency.owner.post("/v1/leads", raw: lead().bytes, type: type).ok(201)
    }

    @Test func `sizes beyond the limits are refused, and memory stays bounded`() throws {
        let own = try BureauProcess.start()
        let agency = try own.quietAgency()
        let before = own.memory
        for _ in 0..<4 {
            let answer = try? agency.owner.post(
                "/v1/leads", lead(0, ["notes": .string(String(repeating: "x", count: 10_000_000))]))
            if let answer { try answer.problem(413, "body_too_large") }
        }
        if let answer = try? agency.owner.get("/v1/me", ["X-Long": String(repeating: "x", count: 100_000)]) {
            #expect(answer.status == 431, "\(answer)")
        }
        if let answer = try? agency.owner.get("/v1/leads?q=" + String(repeating: "x", count: 100_000)) {
            #expect([414, 431].contains(answer.status), "\(answer)")
        }
        try agency.owner.get("/v1/me").ok()
        #expect(try agency.owner.total() == 0)
        #expect(own.memory - before < 60, "grew by \(own.memory - before) MB")
    }

    @Test func `rubbish on the socket never brings the server down`() throws {
        let agency = try server.signUp()
        var random = SeededGenerator(7)
        let noise = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let texts = [
            "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
            "POST /v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST /v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "POST /v1/leads HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
            "GET /v1/me HTTP/1.1\r\nHost: x\r\nX-A: b\u{0}c\r\n\r\n",
            "GET /v1/me HTTP/1.1\r\nX-A : b\r\n\r\n",
        ]
        for rubbish in texts.map({ Array($0.utf8) }) + [
            noise, Array(repeating: 0, count: 1000), [0x16, 3, 1, 2, 0, 1, 0],
        ] {
            let connection = try Connection(port: server.port, patience: 1)
            try? connection.send(rubbish)
            let answer = String(decoding: connection.drain(limit: 16), as: UTF8.self)
            #expect(
                !answer.hasPrefix("HTTP/1.1 2"),
                "\(String(decoding: rubbish.prefix(60), as: UTF8.self)): \(answer)")
            #expect(
                !answer.hasPrefix("HTTP/1.1 5") || answer.hasPrefix("HTTP/1.1 505")
                    || answer.hasPrefix("HTTP/1.1 501"))
        }
        try agency.owner.get("/v1/me").ok()
    }

    @Test func `heads that never end are cut off and harm nobody`() throws {
        let own = try BureauProcess.start(["http.read_timeout": "1"])
        let agency = try own.signUp()
        let slow = try (0..<150).map { _ in try Connection(port: own.port) }
        for connection in slow { try connection.send("GET /v1/me HTTP/1.1\r\nHost: x\r\nX-A: ") }
        let answer = try agency.owner.get("/v1/me")
        #expect(answer.status == 200 && answer.duration < .seconds(1))
        try eventuallyTrue("their end", every: .milliseconds(200)) {
            for connection in slow.prefix(20) { try? connection.send("b") }
            return slow.prefix(20).allSatisfy(\.isClosed)
        }
        try agency.owner.get("/v1/me").ok()
    }

    @Test func `a body that stops half-way writes nothing`() throws {
        let own = try BureauProcess.start(["http.read_timeout": "1"])
        let agency = try own.quietAgency()
        let connection = try Connection(port: own.port, patience: 20)
        let body = lead().bytes
        try connection.send(
            "POST /v1/leads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(agency.token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n")
        try connection.send(Array(body.dropLast(10)))
        connection.shutdown()
        try agency.owner.get("/v1/me").ok()
        #expect(try agency.owner.total() == 0)
    }

    @Test func `bodies made up from a fixed seed are answered clearly`() throws {
        let agency = try server.quietAgency()
        var random = SeededGenerator(42)
        let keys =
            Array(lead().object?.keys ?? []) + [
                "budget", "tags", "custom", "status", "score", "id", "colour", "a/b~c",
            ]
        func value(_ depth: Int) -> JSON {
            switch Int.random(in: 0..<(depth > 3 ? 6 : 8), using: &random) {
            case 0: return .null
            case 1: return .bool(Bool.random(using: &random))
            case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
            case 3: return .number(Double.random(in: -1e300...1e300, using: &random))
            case 4:
                return .string(
                    String(
                        decoding: (0..<20).map { _ in UInt8.random(in: 0...127, using: &random) },
                        as: UTF8.self))
            case 5: return "jane@example.com"
            case 6: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
            default:
                var object = JSONObject()
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    object[keys.randomElement(using: &random) ?? ""] = value(depth + 1)
                }
                return .object(object)
            }
        }
        let made = try agency.makeLead()
        for _ in 0..<200 {
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                object[keys.randomElement(using: &random) ?? ""] = value(0)
            }
            let body = JSON.object(object)
            let answer =
                Bool.random(using: &random)
                ? try agency.owner.post("/v1/leads", body)
                : try agency.owner.patch("/v1/leads/\(made.id)", body)
            try #require([200, 201, 400, 409, 422].contains(answer.status), "\(body.serialized): \(answer)")
            if answer.status >= 400 { try answer.problem(answer.status) }
        }
        try agency.owner.get("/v1/me").ok()
    }
}
