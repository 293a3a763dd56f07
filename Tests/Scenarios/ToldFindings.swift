import JSON
import Testing

/// Findings about templates, records, errors and the market are told in the language of whoever reads them,
/// and not as they were said when they were stored.
@Suite(.ownThread) struct ToldFindings {
    let server = BureauProcess.shared
    private static let languages = ["de", "es", "fr", "it", "nl", "pt"]

    private func reading(_ language: String) -> [String: String] { ["Accept-Language": language] }

    /// The texts of an answer by their places; those that are the same in every language are not asked for.
    private func texts(_ answer: JSON, _ members: Set<String>, at place: String = "") -> [String: String] {
        var found: [String: String] = [:]
        for (index, item) in (answer.array ?? []).enumerated() {
            found.merge(texts(item, members, at: "\(place)/\(index)")) { first, _ in first }
        }
        for (name, value) in answer.object?.members ?? [] {
            if members.contains(name), let text = value.text {
                found["\(place)/\(name)"] = text
            } else {
                found.merge(texts(value, members, at: "\(place)/\(name)")) { first, _ in first }
            }
        }
        return found
    }

    /// Reads the same in every language: each text is there in each, and nowhere in English.
    private func expectTold(_ members: Set<String>, _ read: ([String: String]) throws -> JSON) throws {
        let english = texts(try read(reading("en")), members)
        #expect(!english.isEmpty)
        for language in Self.languages {
            let own = texts(try read(reading(language)), members)
            #expect(Set(own.keys) == Set(english.keys), "\(language)")
            let left = own.filter { english[$0.key] == $0.value }
            #expect(left.isEmpty, "\(language): \(left)")
        }
    }

    @Test func `a template's suggestions and its score`() throws {
        let agency = try server.quietAgency()
        let body = """
            ACT NOW!!! CLICK HERE: [www.bank.com](http://bit.ly/x) and [First Name], [a]() [b](mailto:nobody)
            [c](https://localhost/x) [d](javascript:x) {{ lead.contact_title }}
            """
        let template = try agency.owner.post(
            "/v1/templates", ["name": "Loud", "subject": "Re: FREE SHOES!!", "body": .string(body)]
        ).ok(201)
        let lead = try agency.makeLead()
        try expectTold(["detail", "why"]) { headers in
            let shown = try agency.owner.post(
                "/v1/templates/\(template.id)/preview", ["lead_id": .string(lead.id)], headers
            ).ok()
            let codes = Set((shown["warnings"]?.array ?? []).map { $0.text("code") })
            #expect(
                codes.isSuperset(of: [
                    "missing_fallback", "foreign_placeholder", "broken_link", "insecure_link",
                    "shortened_link", "misleading_link", "exclamation_marks", "false_reply",
                ]))
            return ["warnings": shown["warnings"] ?? [], "spam": shown["spam"]?["parts"] ?? []]
        }
    }

    @Test func `what is wrong with records, in the list and alone`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        for body in [
            ["company": "Bare"], ["company": "Named", "email": "a@named.example", "contact_name": "???"],
            ["company": "Torn", "website": "https://www.one.example", "email": "jane@two.example"],
            ["company": "Slip", "email": "jane@gmial.com"],
        ] as [JSON] { try agency.owner.post("/v1/leads", body).ok(201) }
        try agency.owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": "scan"]])
        let issues = try agency.owner.every("/v1/quality-issues?status=open")
        #expect(Set(issues.map { $0.text("kind") }).isSuperset(of: ["required", "format", "consistent"]))
        #expect(issues.allSatisfy { $0["remedy"]?["said"] == nil })
        try expectTold(["detail"]) { headers in
            ["list": try agency.owner.get("/v1/quality-issues?status=open&limit=200", headers).ok()]
        }
        let one = try #require(issues.first)
        try expectTold(["detail"]) { try agency.owner.get("/v1/quality-issues/\(one.id)", $0).ok() }
        // A caller who asks for some fields alone gets these, and no other.
        let narrow = try agency.owner.get("/v1/quality-issues?fields=id,remedy&limit=1", reading("de")).ok()
        #expect(narrow.items.first?.object?.members.map(\.0).sorted() == ["id", "remedy"])
    }

    @Test func `what fails, and what to do first`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        _ = try agency.imported(csv(csvHeader, [csvRow(1), csvRow(2, ["E-Mail": "broken"])]))
        let pattern = try #require(
            try agency.owner.every("/v1/error-patterns").first { $0.text("origin") == "file" })
        #expect(pattern["cause"]?.text("category") == pattern.text("category"))
        let path = "/v1/error-patterns/\(pattern.id)"
        try expectTold(["recommended_action"]) { try agency.owner.get(path, $0).ok() }
        try expectTold(["recommended_action"]) { headers in
            ["list": try agency.owner.get("/v1/error-patterns", headers).ok()]
        }
        try agency.owner.post("/v1/data-reports", ["kind": "technical"]).ok(201)
        try expectTold(["advice"]) { headers in
            ["list": try agency.owner.get("/v1/data-reports", headers).ok()]
        }
    }

    @Test func `what the market shows, and the report of a month that was made in English`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-02-03T10:00:00.000Z")
        try box.quieten()
        try box.owner.patch(
            "/v1/agents/market_research", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        func make(_ count: Int, from number: Int, _ more: JSONObject) throws {
            let operations = (0..<count).map { place -> JSON in
                ["op": "create", "body": lead(number + place, more)]
            }
            try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        }
        func synthesise() throws -> String {
            let run = try box.owner.ended(
                "/v1/agents/market_research/runs", ["parameters": ["task": "synthesis"]])
            return try #require(run["result"]?["report"]?.text("id"))
        }
        try make(36, from: 0, ["status": "won"])
        try make(4, from: 100, ["status": "lost"])
        try make(40, from: 200, ["status": "lost", "industry": "retail"])
        let report = "/v1/market-reports/\(try synthesise())"
        let members: Set = ["title", "recommendation"]
        try expectTold(members) { headers in
            ["list": try box.owner.get("/v1/market-findings", headers).ok()]
        }
        try expectTold(members.union(["text"])) { headers in
            var told = try box.owner.get(report, headers).ok().object ?? [:]
            // Pages of others have the titles that these gave them.
            told.remove("sources")
            #expect(told["findings"]?.array?.isEmpty == false)
            return .object(told)
        }
        try expectTold(members.union(["text"])) { headers in
            let reports = try box.owner.get("/v1/market-reports?fields=id,title,text", headers).ok()
            return ["list": reports]
        }
    }
}
