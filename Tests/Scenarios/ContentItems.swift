import JSON
import Testing

/// Content is written once for many: previewed, approved, sent to each person once ever, and told how it does.
@Suite(.ownThread) struct ContentItems {
    let server = BureauProcess.shared
    private static let start = "2027-01-04T09:00:00.000Z"

    private func box(_ autonomy: String = "autopilot") throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: Self.start)
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": .string(autonomy)]
        ).ok()
        return box
    }

    private func leads(_ box: SandboxCaller, _ count: Int, _ more: JSONObject = [:]) throws -> [JSON] {
        try (0..<count).map { try box.owner.post("/v1/leads", lead($0, more)).ok(201) }
    }

    private func item(_ owner: Caller, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "title": "Five ways", "type": "educational", "subject": "For {{ lead.company }}",
            "body": "Five ways for {{ lead.industry }}.", "status": "approved",
        ]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/content-items", .object(body)).ok(201)
    }

    private func sent(_ box: SandboxCaller, _ lead: JSON) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
            .filter { ["sent", "delivered"].contains($0.text("status")) }
    }

    private func distribute(_ box: SandboxCaller, _ item: JSON, _ body: JSON = [:]) throws -> JSON {
        try box.owner.post("/v1/content-items/\(item.id)/distribute", body).ok(202)
    }

    private func read(_ box: SandboxCaller, _ distribution: JSON) throws -> JSON {
        try box.owner.get("/v1/distributions/\(distribution.id)").ok()
    }

    @Test func `a preview tells who would get it, who not and why, and writes nothing`() throws {
        let box = try box(), leads = try leads(box, 6)
        try box.owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[0]["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        let item = try item(box.owner)
        let before = try (box.owner.every("/v1/messages").count, box.owner.every("/v1/events").count)
        let path = "/v1/content-items/\(item.id)/distribute"
        let preview = try box.owner.post(path, ["preview": true]).ok()
        #expect(preview["matched"] == 6 && preview["would_send"] == 5)
        #expect(preview["skipped"] == [["code": "unsubscribed", "count": 1]])
        let examples = preview["examples"]?.array ?? []
        #expect(examples.count == 3)
        #expect(examples.first?.text("subject").contains("Example Company") == true)
        #expect(examples.first?.text("text").contains("technology") == true)
        #expect(try box.owner.every("/v1/messages").count == before.0)
        #expect(try box.owner.every("/v1/events").count == before.1)
        #expect(try box.owner.every("/v1/distributions").isEmpty)
    }

    @Test func `an item reaches each of a segment once, ever, and a draft reaches nobody`() throws {
        let box = try box()
        let shops = try leads(box, 3, ["industry": "retail"])
        let others = try (10..<13).map { try box.owner.post("/v1/leads", lead($0)).ok(201) }
        let filter: JSON = ["field": "industry", "op": "eq", "value": "retail"]
        let segment = try box.owner.post("/v1/segments", ["name": "Shops", "filter": filter]).ok(201)
        let draft = try item(box.owner, ["status": "draft"])
        try box.owner.post("/v1/content-items/\(draft.id)/distribute", [:]).problem(409, "not_approved")
        let item = try item(box.owner)
        let one = try distribute(box, item, ["segment_id": .string(segment.id)])
        try box.advance("P1D")
        let done = try read(box, one)
        #expect(done["status"] == "completed" && done["sent"] == 3 && done["planned"] == 3)
        for lead in shops {
            let mail = try #require(try sent(box, lead).first)
            #expect(mail["cause"]?["id"] == .string(one.id))
            // Each reads of their own company.
            #expect(mail.text("subject") == "For \(lead.text("company"))")
            #expect(mail.text("text").contains("Five ways for retail."))
        }
        for lead in others { #expect(try sent(box, lead).isEmpty) }
        let two = try distribute(box, item)
        try box.advance("P10D")
        let rest = try read(box, two)
        #expect(rest["sent"] == 3 && rest["skipped"] == [["code": "already_received", "count": 3]])
        for lead in shops + others { #expect(try sent(box, lead).count == 1) }
        let shown = try box.owner.get("/v1/content-items/\(item.id)").ok()
        #expect(shown["status"] == "published" && shown["published_at"] != .null)
        try box.owner.delete("/v1/content-items/\(item.id)").problem(409, "conflict")
    }

    @Test func `each person keeps the variant that chance gave them, and results say what is sure`() throws {
        let box = try box(), leads = try leads(box, 40)
        let item = try item(
            box.owner,
            ["variants": [["name": "a", "subject": "Short"], ["name": "b", "subject": "A longer subject"]]])
        _ = try distribute(box, item)
        try box.advance("P1D")
        let subjects = try leads.map { try sent(box, $0).first?.text("subject") ?? "" }
        #expect(Set(subjects) == ["Short", "A longer subject"])
        let results = try box.owner.get("/v1/content-items/\(item.id)/results").ok()
        let variants = results["variants"]?.array ?? []
        #expect(
            variants.map { $0["sent"]?.int } == [
                Int64(subjects.count { $0 == "Short" }), Int64(subjects.count { $0 != "Short" }),
            ])
        for variant in variants {
            let (low, rate, high) = (
                variant["low"]?.double ?? 1, variant["rate"]?.double ?? -1, variant["high"]?.double ?? 0
            )
            #expect(low <= rate && rate <= high && rate == 0)
        }
        #expect(results["sure"] == false && results["winner"] == .null)
    }

    @Test func `a developer gets the details, who is not technical the guide, and others neither`() throws {
        let box = try box()
        // Of the last one nothing is known, which is to be a business user.
        let levels = ["developer", "non_technical", "business_user", nil]
        let leads = try levels.enumerated().map { number, level in
            let more: JSONObject = if let level { ["technical_level": .string(level)] } else { [:] }
            return try box.owner.post("/v1/leads", lead(number, more)).ok(201)
        }
        let item = try item(
            box.owner,
            [
                "technical": ["label": "API reference", "url": "https://example.com/api"],
                "guide": ["label": "Step by step", "url": "https://example.com/guide"],
            ])
        _ = try distribute(box, item)
        try box.advance("P1D")
        let texts = try leads.map { try sent(box, $0).first?.text("text") ?? "" }
        for words in ["API reference", "https://example.com/api"] {
            #expect(texts.map { $0.contains(words) } == [true, false, false, false], "\(words): \(texts)")
        }
        for words in ["Step by step", "https://example.com/guide"] {
            #expect(texts.map { $0.contains(words) } == [false, true, false, false], "\(words): \(texts)")
        }
        #expect(texts.allSatisfy { $0.contains("Five ways for technology.") })
    }

    @Test func `content speaks to each industry in its words, in the preview and in what is sent`() throws {
        let box = try box(), words = ["Patients choose a practice", "Shoppers choose a store"]
        let leads = try ["healthcare", "retail"].enumerated().map { number, industry in
            try box.owner.post("/v1/leads", lead(number, ["industry": .string(industry)])).ok(201)
        }
        let item = try item(
            box.owner, ["subject": "For your customers", "body": "Customers choose a business."])
        let preview = try box.owner.post("/v1/content-items/\(item.id)/distribute", ["preview": true]).ok()
        _ = try distribute(box, item)
        try box.advance("P1D")
        for (lead, said) in zip(leads, words) {
            let shown = preview["examples"]?.array?.first { $0["contact_id"] == lead["contact_id"] }
            #expect(shown?.text("text").contains(said) == true, "\(preview)")
            let mail = try #require(try sent(box, lead).first)
            #expect(mail.text("text").contains(said), "\(mail)")
        }
        #expect(try sent(box, leads[0]).first?.text("subject") == "For your patients")
    }

    @Test func `who reads at an hour of their own gets it then, and others at once`() throws {
        let box = try box(), leads = try leads(box, 2)
        for day in 1...3 {
            try box.owner.post(
                "/v1/contacts/\(leads[0].text("contact_id"))/activities",
                ["type": "link_click", "at": .string("2027-01-0\(day)T15:10:00.000Z")]
            ).ok(201)
        }
        _ = try distribute(box, try item(box.owner))
        try box.advance("PT1H")
        #expect(try sent(box, leads[0]).isEmpty)
        #expect(try sent(box, leads[1]).count == 1)
        try box.advance("PT6H")
        let late = try sent(box, leads[0])
        #expect(late.map { String($0.text("sent_at").prefix(13)) } == ["2027-01-04T15"])
    }

    @Test func `figures tell how content does by type, item, hour, segment and stage`() throws {
        let box = try box()
        let old = try box.owner.post("/v1/leads", lead(50, ["known_since": "2026-01-01T00:00:00.000Z"])).ok(
            201)
        _ = try leads(box, 3, ["industry": "retail"])
        let filter: JSON = ["field": "industry", "op": "eq", "value": "retail"]
        let segment = try box.owner.post("/v1/segments", ["name": "Shops", "filter": filter]).ok(201)
        let (one, two) = (
            try item(box.owner), try item(box.owner, ["type": "company_news", "title": "News"])
        )
        _ = try distribute(box, one, ["segment_id": .string(segment.id)])
        try box.advance("P8D")
        _ = try distribute(box, two)
        try box.advance("P1D")
        func sent(_ key: String) throws -> [String: JSON] {
            let told = try box.owner.get("/v1/content-figures?by=\(key)").ok()
            let figures = (told["figures"]?.array ?? []).map { ($0.text("key"), $0["sent"] ?? .null) }
            return Dictionary(figures) { first, _ in first }
        }
        #expect(try sent("type") == ["educational": 3, "company_news": 4])
        #expect(try sent("item") == [one.id: 3, two.id: 4])
        #expect(try sent("segment") == [segment.id: 3, "": 4])
        #expect(try sent("hour") == ["9": 7])
        #expect(try sent("stage")[old.text("lifecycle_stage")] == 1)
        let past = try box.owner.get("/v1/content-figures?from=2026-01-01&to=2026-12-31").ok()
        #expect(past["figures"] == [])
        for query in [
            "by=colour", "from=soon", "from=2027-01-02&to=2027-01-01", "to=2027-01-01&from=2024-01-01",
        ] {
            try box.owner.get("/v1/content-figures?\(query)").problem(400, "invalid_parameter")
        }
    }

    @Test func `in approve one question is asked for all, and a no sends nothing`() throws {
        for (verdict, count) in [("approve", 1), ("reject", 0)] {
            let reason: JSON = count == 1 ? [:] : ["reason": "Not now."]
            let box = try box("approve"), leads = try leads(box, 5)
            let distribution = try distribute(box, try item(box.owner))
            try box.advance("PT1M")
            let asked = try box.owner.every("/v1/approvals?status=pending")
            try #require(asked.count == 1)
            let preview = asked[0]["preview"] ?? .null
            #expect(preview["count"] == 5 && preview["examples"]?.array?.count == 3)
            for lead in leads { #expect(try sent(box, lead).isEmpty) }
            try box.owner.post("/v1/approvals/\(asked[0].id)/\(verdict)", reason).ok()
            try box.advance("P1D")
            for lead in leads { #expect(try sent(box, lead).count == count) }
            let status = try read(box, distribution).text("status")
            #expect(status == (count == 1 ? "completed" : "cancelled"))
        }
    }

    @Test func `what has not left stays here when a distribution is cancelled, and may leave with another`()
        throws
    {
        let box = try box(), leads = try leads(box, 3), item = try item(box.owner)
        let later = try distribute(box, item, ["at": "2027-01-06T10:00:00.000Z"])
        try box.advance("P1D")
        #expect(try read(box, later)["planned"] == 3)
        let path = "/v1/distributions/\(later.id)/cancel"
        #expect(try box.owner.post(path).ok()["status"] == "cancelled")
        try box.owner.post(path).problem(409, "invalid_transition")
        try box.advance("P3D")
        for lead in leads { #expect(try sent(box, lead).isEmpty) }
        _ = try distribute(box, item)
        try box.advance("P1D")
        for lead in leads { #expect(try sent(box, lead).count == 1) }
    }

    @Test func `a cancel takes back what is written and held, and nothing of it comes later`() throws {
        let box = try box(), leads = try leads(box, 4, ["country": "GB"]), owner = box.owner
        for (lead, hour) in zip(leads.dropFirst(), [11, 11, 20] as [Int64]) {
            try owner.patch(
                "/v1/contacts/\(lead.text("contact_id"))/preferences", ["hour": .integer(hour)]
            ).ok()
        }
        let item = try item(owner), distribution = try distribute(box, item)
        try box.advance("PT1H")
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "A wrong price"]).ok(201)
        try box.advance("PT2H")
        // One has left, two are written and held, and the last is planned for the evening.
        func statuses() throws -> [[String]] {
            try leads.map { lead in
                try owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
                    .map { $0.text("status") }
            }
        }
        #expect(try statuses() == [["sent"], ["held"], ["held"], []])
        #expect(try read(box, distribution)["status"] == "sending")
        try owner.post("/v1/distributions/\(distribution.id)/cancel").ok()
        try box.advance("PT1M")
        #expect(try statuses() == [["sent"], ["cancelled"], ["cancelled"], []])
        let cancelled = try owner.every("/v1/messages?status=cancelled")
        #expect(cancelled.allSatisfy { $0["reasons"]?[0]["code"] == "cancelled" })
        try owner.post("/v1/brakes/\(brake.id)/release").ok()
        try box.advance("P2D")
        #expect(try statuses() == [["sent"], ["cancelled"], ["cancelled"], []])
        let over = try read(box, distribution)
        #expect(over["status"] == "cancelled" && over["sent"] == 1)
        // Whom it has not reached may get it with another.
        _ = try distribute(box, item)
        try box.advance("P1D")
        for lead in leads { #expect(try sent(box, lead).count == 1) }
    }

    @Test func `wrong content is refused at its place, and whoever may not approve makes drafts only`() throws
    {
        let agency = try server.quietAgency()
        let faults = try agency.owner.post(
            "/v1/content-items",
            [
                "title": "x", "type": "poem", "subject": "x", "body": "x",
                "technical": ["label": "x", "url": "nowhere at all"],
            ]
        ).faults()
        #expect(faults == ["/type": "invalid_choice", "/technical/url": "invalid_url"])
        let unknown = try agency.owner.post(
            "/v1/content-items",
            [
                "title": "x", "type": "educational", "subject": "x", "body": "{{ nobody.x }}",
                "variants": [["name": "a"], ["name": "a", "subject": "{{ lead.shoe }}"]],
            ]
        ).faults()
        #expect(Set(unknown.keys).isSuperset(of: ["/body", "/variants/1/name", "/variants/1/subject"]))
        let member = try agency.colleague("member")
        let body: JSONObject = ["title": "x", "type": "educational", "subject": "x", "body": "x"]
        let draft = try member.post("/v1/content-items", .object(body)).ok(201)
        for type in ["product_launch", "case_study", "company_news", "industry_insights"] {
            var other = body
            other["type"] = .string(type)
            let made = try member.post("/v1/content-items", .object(other)).ok(201)
            #expect(made.text("type") == type)
            #expect(try agency.owner.every("/v1/content-items?type=\(type)").map(\.id) == [made.id])
        }
        let path = "/v1/content-items/\(draft.id)"
        try member.patch(path, ["status": "approved"]).problem(403, "forbidden")
        try agency.owner.patch(path, ["status": "approved"]).ok()
        try member.patch(path, ["body": "Changed."]).problem(403, "forbidden")
        try server.signUp().owner.get(path).problem(404, "not_found")
        let looking = try agency.key(["leads:read"])
        try looking.post("/v1/content-items", [:]).problem(403, "forbidden")
    }
}
