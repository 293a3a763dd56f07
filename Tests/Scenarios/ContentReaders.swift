import JSON
import Testing

/// Whom content leaves alone: those who were drawn to get nothing, and those who have said what they do not read.
@Suite(.ownThread) struct ContentReaders {
    let server = BureauProcess.shared

    private func item(_ owner: Caller, _ type: String) throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": .string(type), "type": .string(type), "subject": .string(type), "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
    }

    private func box(_ settings: JSONObject = [:]) throws -> SandboxCaller {
        let box = try server.nurturing(settings)
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        return box
    }

    @Test func `whoever was drawn to get nothing gets no content either, and the preview says so`() throws {
        let box = try box(["holdout_percent": 20])
        let operations = (0..<60).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance("PT1H")
        let out = Set(try box.owner.every("/v1/contacts?held_out=true").map(\.id))
        #expect(!out.isEmpty)
        let path = "/v1/content-items/\(try item(box.owner, "educational").id)/distribute"
        let preview = try box.owner.post(path, ["preview": true]).ok()
        #expect(preview["skipped"] == [["code": "held_out", "count": JSON(out.count)]])
        try box.owner.post(path, [:]).ok(202)
        try box.advance("P2D")
        let reached = Set(
            try box.owner.every("/v1/messages?direction=outbound&status=sent").map { $0.text("contact_id") })
        #expect(reached.count == 60 - out.count && reached.isDisjoint(with: out))
    }

    @Test func `content of a type that somebody does not want passes them by, and what they want leaves`()
        throws
    {
        let box = try box(), reader = try box.makeLead(1)
        try box.owner.patch(
            "/v1/contacts/\(reader.text("contact_id"))/preferences", ["content_types": ["educational"]]
        ).ok()
        let distributions = try ["company_news", "educational"].map { type in
            let item = try item(box.owner, type)
            return try box.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        }
        try box.advance("P2D")
        // The welcome of a sequence is of no type.
        let messages = try box.owner.every("/v1/messages?direction=outbound").filter { $0["topic"] != .null }
        #expect(messages.map { $0.text("topic") } == ["educational"])
        #expect(messages.map { $0.text("status") } == ["sent"])
        let news = try box.owner.get("/v1/distributions/\(distributions[0].id)").ok()
        #expect(news["skipped"] == [["code": "unwanted_content", "count": 1]])
    }

    @Test func `of whom nothing is known, texts speak to a small business without technicians`() throws {
        let box = try box()
        let known = try box.makeLead(
            1, ["industry": "legal", "employee_count": 300, "technical_level": "developer"])
        let unknown = try box.makeLead(2, ["industry": nil, "employee_count": nil])
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": "Traits", "type": "educational", "subject": "Traits", "status": "approved",
                "body": "{{ reader.industry }}/{{ reader.size }}/{{ reader.technical_level }}",
            ]
        ).ok(201)
        let body: JSON = ["preview": true]
        let told = try box.owner.post("/v1/content-items/\(item.id)/distribute", body).ok()
        let texts = (told["examples"]?.array ?? []).map { ($0.text("contact_id"), $0.text("text")) }
        let byContact = Dictionary(texts) { first, _ in first }
        #expect(byContact[known.text("contact_id")]?.hasPrefix("legal/large/developer") == true)
        #expect(byContact[unknown.text("contact_id")]?.hasPrefix("business/small/business_user") == true)
    }
}
