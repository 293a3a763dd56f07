import Foundation
import JSON
import Testing

/// All routes answer alike: mistakes in the address and the credential, limits, pages of problems, texts.
@Suite(.ownThread) struct AnswersOfAll {
    let server = BureauProcess.shared

    @Test func `a route that does not exist is named, with the one that was meant`() throws {
        let agency = try server.quietAgency()
        for (path, meant) in [
            ("/v1/leeds", "/v1/leads"), ("/leads", "/v1/leads"), ("/v1/lead/lead_1", "/v1/leads/lead_1"),
            ("/v1/leads/lead_1/scores", "/v1/leads/lead_1/score"), ("/v1/setings", "/v1/settings"),
        ] {
            let method = path.hasSuffix("scores") ? "POST" : "GET"
            let detail = try agency.owner.request(method, path).problem(404, "not_found").text("detail")
            #expect(
                detail.contains("route \(method) \(path) does not exist")
                    && detail.contains("Did you mean \(meant)?"),
                "\(detail)")
        }
        let far = try agency.owner.get("/v1/zzzzzzzzzz").problem(404, "not_found").text("detail")
        #expect(
            far.contains("route GET /v1/zzzzzzzzzz does not exist") && !far.contains("Did you mean"), "\(far)"
        )
    }

    @Test func `an id that is unknown, malformed or another agency's has the same text everywhere`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let foreign = try other.makeLead().id
        var texts: Set<String> = []
        for path in [
            "/v1/leads/\(absentLead)", "/v1/leads/\(foreign)", "/v1/leads/nothing", "/v1/deals/deal_1",
            "/v1/jobs/job_1", "/v1/workflow-runs/wfr_1", "/v1/agent-runs/run_1", "/v1/files/file_1/content",
        ] {
            texts.insert(try agency.owner.get(path).problem(404, "not_found").text("detail"))
        }
        #expect(
            texts.count == 1 && texts.first?.contains("Check the identifier in the path") == true, "\(texts)")
    }

    @Test func `each mistake with a credential has one text, which says what to do`() throws {
        let agency = try server.quietAgency()
        let paths = [
            "/v1/leads", "/v1/me", "/v1/portal/activity", "/v1/admin/tenants", "/api/dashboard/leads",
        ]
        func details(_ headers: [String: String]) throws -> Set<String> {
            Set(
                try paths.map { path in
                    let answer = try server.anonymous.get(path, headers)
                    #expect(answer.header("WWW-Authenticate") == "Bearer")
                    return try answer.problem(401, "unauthenticated").text("detail")
                })
        }
        let none = try details([:])
        let bare = try details(["Authorization": agency.token])
        let basic = try details(["Authorization": "Basic eDp5"])
        let wrong = try details(["Authorization": "Bearer bk_wrong"])
        let empty = try details(["Authorization": "Bearer "])
        let key = try details(["X-API-Key": "bk_wrong"])
        #expect(none.count == 1 && none.first?.contains("Authorization: Bearer") == true, "\(none)")
        #expect(
            bare == basic && bare.count == 1 && bare.first?.contains("does not begin with Bearer") == true,
            "\(bare)")
        #expect(
            wrong == key && wrong == empty && wrong.count == 1 && wrong.first?.contains("not valid") == true,
            "\(wrong)")
    }

    @Test func `the stated limit is the one that is reached first`() throws {
        let small = try BureauProcess.start(["limits.requests_per_minute": "60", "limits.burst": "5"])
        let agency = try small.signUp()
        let first = try agency.owner.get("/v1/me")
        #expect(
            first.header("RateLimit-Limit") == "5" && first.header("RateLimit-Remaining") == "4", "\(first)")
        #expect(first.header("RateLimit-Policy") == "\"burst\";q=5, \"minute\";q=60;w=60")
        var last = first
        while last.status == 200 { last = try agency.owner.get("/v1/me") }
        #expect(last.status == 429 && last.header("RateLimit-Remaining") == "0")
    }

    @Test func `every problem has a page, with the policy of all pages`() throws {
        let document = try server.anonymous.get("/openapi.json").ok().serialized
        let codes = Set(document.matches(of: /"\/problems\/([a-z_]+)"/).map { String($0.output.1) }).union([
            "unknown_field", "unknown_reference", "budget_exhausted", "quota_exhausted", "lock_lost",
            "invalid_text",
            "unsupported_http_version", "unavailable", "rate_limited", "reset_invalid",
        ])
        for code in codes {
            let page = try server.anonymous.get("/problems/\(code)", ["Accept": "text/html"])
            #expect(page.status == 200, "\(code): \(page)")
            #expect(page.header("Content-Security-Policy")?.contains("default-src 'self'") == true, "\(code)")
            #expect(page.header("X-Content-Type-Options") == "nosniff")
        }
    }

    // MARK: Texts

    /// Characters that no text may have.
    static let bad = [
        "a\u{0}b", "a\u{1B}[2Jb", "a\u{7F}b", "a\u{85}b", "a\u{FFFE}b", "a\u{1FFFE}b", "a\u{2FFFF}b",
        "a\u{202E}b",
    ]
    /// Line ends, which one line may not have either.
    static let lines = ["a\r\nBcc: b@example.com", "a\nb", "a\rb", "a\u{2028}b", "a\u{2066}b"]

    /// Every text field of every body that needs no record, from the API's own description.
    private func textFields() throws -> [(method: String, path: String, field: String)] {
        let document = try server.anonymous.get("/openapi.json").ok()
        let schemas = document["components"]?["schemas"]
        var found: [(method: String, path: String, field: String)] = []
        for (path, methods) in document["paths"]?.object?.members ?? [] where !path.contains("{") {
            guard path.hasPrefix("/v1/"), !path.hasPrefix("/v1/auth"), !path.hasPrefix("/v1/admin")
            else { continue }
            for (method, operation) in methods.object?.members ?? [] where ["post", "patch"].contains(method)
            {
                let schema = operation["requestBody"]?["content"]?["application/json"]?["schema"]
                let name = schema?["$ref"]?.text?.split(separator: "/").last.map(String.init)
                let properties =
                    (name.flatMap { schemas?[$0] } ?? schema)?["properties"]?.object?.members ?? []
                for (field, kind) in properties
                where kind["maxLength"]?.int != nil && kind["readOnly"] != true {
                    found.append((method.uppercased(), path, field))
                }
            }
        }
        return found
    }

    @Test(arguments: bad) func `no text field takes characters that are no text`(_ text: String) throws {
        let agency = try server.quietAgency()
        var tried = 0, told = 0
        for (method, path, field) in try textFields() {
            let answer = try agency.owner.request(method, path, [field: .string(text)])
            #expect((400..<500).contains(answer.status), "\(method) \(path) \(field): \(answer)")
            tried += 1
            if answer.status == 422, try answer.faults()["/\(field)"] != nil { told += 1 }
        }
        #expect(tried > 60 && told * 10 > tried * 8, "\(told) of \(tried) were told at the field")
    }

    @Test(arguments: lines) func `a name is one line, whatever it names`(_ text: String) throws {
        let agency = try server.quietAgency()
        let names = try textFields().filter { $0.field == "name" || $0.field.hasSuffix("_name") }
        #expect(names.count > 20 && names.contains { $0 == ("PATCH", "/v1/me", "name") }, "\(names.count)")
        for (method, path, field) in names {
            let answer = try agency.owner.request(method, path, [field: .string(text)])
            let fault = answer.status == 422 ? try answer.faults()["/\(field)"] : nil
            #expect(fault == "invalid_text", "\(method) \(path) \(field): \(answer)")
        }
    }

    @Test func `a file keeps its name, and its header, whatever somebody would rename it to`() throws {
        let agency = try server.quietAgency()
        let file = try agency.owner.upload(Array("hello".utf8), "offer.txt").id
        for text in Self.bad + Self.lines {
            #expect(
                try agency.owner.patch("/v1/files/\(file)", ["name": .string(text)]).faults()["/name"]
                    == "invalid_text")
        }
        try agency.owner.patch("/v1/files/\(file)", ["name": "Grüße \"quoted\" / x.txt"]).ok()
        let content = try agency.owner.get("/v1/files/\(file)/content")
        let header = try #require(content.header("Content-Disposition"))
        #expect(
            header.hasPrefix("attachment; filename=\"Gr__e _quoted_ - x.txt\"; filename*=UTF-8''Gr%C3%BC"),
            "\(header)")
        // The name of an uploaded file is cleaned instead.
        let made = try agency.owner.post(
            "/v1/files?name=\(escaped("a\r\nb\u{1FFFE}.txt"))", raw: [1], type: "text/plain"
        ).ok(201)
        #expect(made.text("name") == "ab.txt", "\(made)")
    }

    @Test func `a sender's name must be one line`() throws {
        let agency = try server.quietAgency()
        let sender: JSON = ["name": "Olive\r\nBcc: all@example.com", "email": "olive@example.com"]
        let faults = try agency.owner.patch("/v1/settings", ["sender": sender]).faults()
        #expect(faults["/sender/name"] == "invalid_text", "\(faults)")
    }
}
