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

    @Test func `one mail of content has the length that its reader likes, and what their level asks for`()
        throws
    {
        let box = try box(), owner = box.owner
        let levels = ["developer", "non_technical"]
        let readers = try levels.enumerated().map { number, level in
            try box.makeLead(number + 1, ["technical_level": .string(level)])
        }
        let liked: JSON = ["length": "short"]
        try owner.patch("/v1/contacts/\(readers[0].text("contact_id"))/preferences", liked).ok()
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Tips", "type": "educational", "subject": "Tips", "body": "All the tips.",
                "status": "approved", "variants": [["name": "brief", "body": "One tip.", "length": "short"]],
                "technical": ["label": "API reference", "url": "https://example.com/api"],
                "guide": ["label": "Step by step", "url": "https://example.com/guide"],
            ]
        ).ok(201)
        try owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        try box.advance("P2D")
        let mails = try owner.every("/v1/messages?direction=outbound&topic=educational")
        #expect(mails.count == 2)
        for (place, reader) in readers.enumerated() {
            let mail = try #require(mails.first { $0["contact_id"] == reader["contact_id"] })
            let told = ["One tip.", "All the tips.", "API reference", "Step by step"].map {
                mail.text("text").contains($0)
            }
            let wanted = place == 0 ? [true, false, true, false] : [false, true, false, true]
            #expect(told == wanted, "\(mail)")
        }
    }

    @Test func `who likes a length gets the version of that length, which the message and the results say`()
        throws
    {
        let box = try box(), owner = box.owner
        let readers = try (1...4).map { try box.makeLead($0).text("contact_id") }
        for (reader, length) in zip(readers, ["short", "medium"]) {
            try owner.patch("/v1/contacts/\(reader)/preferences", ["length": .string(length)]).ok()
        }
        func draft(_ variants: JSON) -> JSON {
            [
                "title": "Tips", "type": "educational", "subject": "Tips", "body": "All the tips.",
                "status": "approved", "variants": variants,
            ]
        }
        let brief: JSON = ["name": "brief", "body": "One tip.", "length": "short"]
        let wrong: JSON = [brief, ["name": "again", "length": "short"], ["name": "huge", "length": "huge"]]
        let faults = try owner.post("/v1/content-items", draft(wrong)).faults()
        #expect(faults["/variants/2/length"] == "invalid_choice", "\(faults)")
        let twice = try owner.post("/v1/content-items", draft([brief, ["name": "again", "length": "short"]]))
        #expect(try twice.faults() == ["/variants/1/length": "duplicate_value"])
        let tried: JSON = [brief, ["name": "a", "subject": "A"], ["name": "b", "subject": "B"]]
        let item = try owner.post("/v1/content-items", draft(tried)).ok(201)
        try owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        try box.advance("P2D")
        let mails = try owner.every("/v1/messages?direction=outbound&topic=educational")
        #expect(Set(mails.map { $0.text("contact_id") }) == Set(readers))
        for mail in mails {
            let isShort = mail.text("contact_id") == readers[0]
            #expect(mail.text("text").contains(isShort ? "One tip." : "All the tips."), "\(mail)")
            #expect((isShort ? ["Tips"] : ["A", "B"]).contains(mail.text("subject")), "\(mail)")
            #expect(mail.text("why").contains("in the short version") == isShort, "\(mail)")
        }
        let rows = try owner.get("/v1/content-items/\(item.id)/results").ok()["variants"]?.array ?? []
        #expect(rows.map { $0["name"] } == ["a", "b", "brief"])
        #expect(rows.last?["sent"] == 1 && rows.last?["difference"] == .null, "\(rows)")
    }
}
