import JSON
import Testing

/// Agents' evidence and conclusions are told in the language of whoever reads them: nothing that the product
/// says of a decision is English for a German agency.
@Suite(.ownThread) struct ToldEvidence {
    let server = BureauProcess.shared
    private static let languages = ["de", "es", "fr", "it", "nl", "pt"]
    private static let members: Set = [
        "evidence", "detail", "text", "title", "recommendation", "next_action", "about",
    ]

    /// The sentences of an answer by their places.
    private func sentences(_ answer: JSON, at place: String = "") -> [String: String] {
        var found: [String: String] = [:]
        for (index, item) in (answer.array ?? []).enumerated() {
            found.merge(sentences(item, at: "\(place)/\(index)")) { first, _ in first }
        }
        for (name, value) in answer.object?.members ?? [] {
            if Self.members.contains(name), let text = value.text {
                found["\(place)/\(name)"] = text
            } else {
                found.merge(sentences(value, at: "\(place)/\(name)")) { first, _ in first }
            }
        }
        return found
    }

    /// The decisions by their ids.
    private func decisions(_ caller: Caller, _ language: String?, of ids: Set<String>? = nil) throws -> JSON {
        let headers = language.map { ["Accept-Language": $0] } ?? [:]
        let all = try caller.get("/v1/decisions?limit=200", headers).ok().items
        #expect(all.allSatisfy { !$0.serialized.contains("\"said\"") })
        return .object(
            JSONObject(
                all.filter { ids?.contains($0.id) ?? true }.map { one in
                    let told = ["outcome", "factors", "model"].map { ($0, one[$0] ?? .null) }
                    return (one.id, .object(JSONObject(told)))
                }))
    }

    /// Reads the same in every language: nothing is as it is in English but what people themselves have said.
    private func expectTold(saidByPeople: [String], _ read: (String) throws -> JSON) throws {
        let english = sentences(try read("en"))
        try #require(!english.isEmpty)
        for language in Self.languages {
            let own = sentences(try read(language))
            #expect(Set(own.keys) == Set(english.keys), "\(language)")
            let left = own.filter { place, text in
                english[place] == text && !text.isEmpty && !saidByPeople.contains { $0.contains(text) }
            }
            #expect(left.isEmpty, "\(language): \(left)")
        }
    }

    @Test func `decisions in a sandbox of a German agency, whoever made them`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["locale": "de"]).ok()
        let box = try agency.sandbox(startAt: "2027-01-04T08:00:00.000Z")
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["locale": "de"]).ok()
        for agent in [
            "outreach_automation", "customer_service", "lead_qualification", "client_management",
            "lead_scoring",
        ] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        let (article, wish) = (
            "Das Logo ändern", "Bitte rufen Sie mich an, ich möchte mit einem Menschen sprechen."
        )
        let (question, wrong) = (
            "Wie kann ich unser Logo ändern?", "Die Rechnung ist falsch, das ist dringend!"
        )
        try box.owner.post(
            "/v1/articles",
            [
                "title": .string(article), "status": "published",
                "body": "Öffnen Sie die Einstellungen, dann das Logo, und laden Sie das neue hoch.",
            ]
        ).ok(201)
        let contact = try box.owner.post(
            "/v1/contacts", ["name": "Jana Doe", "email": "jana@kunde.example"]
        ).ok(201)
        for (subject, body) in [("Unser Logo", question), ("Anruf", wish), ("Rechnung", wrong)] {
            try box.owner.ticket(
                subject, body, ["source": "email", "contact_id": .string(contact.id)])
        }
        try box.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let need = "Zu wenige Anfragen"
        try box.owner.post("/v1/leads", lead(1, ["status": "qualified"])).ok(201)
        let asked = try box.owner.post(
            "/v1/leads", lead(2, ["status": "scored", "pain_points": [.string(need)]])
        ).ok(201)
        try box.owner.post("/v1/leads/\(asked.id)/qualify").ok(202)
        try box.advance("P1D")
        let made = try box.owner.every("/v1/decisions")
        let agents = Set(made.map { $0.text("agent") })
        #expect(
            agents.isSuperset(of: [
                "outreach_automation", "customer_service", "lead_qualification", "lead_scoring",
            ]))
        let people = [article, question, wish, wrong, need, "Unser Logo", "Anruf", "Rechnung"]
        try expectTold(saidByPeople: people) { try decisions(box.owner, $0) }
        // The console has a German word for each reason, too.
        let codes = try server.anonymous.get("/app/words/de.json").ok()["codes"]
        let names = made.flatMap { $0["factors"]?.array ?? [] }.map { $0.text("name") }
        #expect(Set(names).filter { codes?[$0] == nil }.isEmpty && !names.isEmpty)
        // A reader who has chosen no language reads the agency's.
        let (own, german) = (try decisions(box.owner, nil), try decisions(box.owner, "de"))
        #expect(sentences(own) == sentences(german))
        let qualified = try #require(made.first { $0.text("agent") == "lead_qualification" })
        let one = try box.owner.get("/v1/decisions/\(qualified.id)").ok()
        #expect(one["outcome"]?["criteria"]?.array?.first?.text("evidence") == "Kein Budget bekannt")
        // A decision is decided again alike, whatever language it is read in.
        let replay = try box.owner.post("/v1/decisions/\(qualified.id)/replay").ok()
        #expect(replay["same"] == true && replay["outcome"] == one["outcome"])
    }

    @Test func `the next step with a lead, and why its score, as people who sell say it`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let budget: JSON = ["amount": 800_000, "currency": "USD"]
        let id = try agency.makeLead(1, ["status": "negotiation", "budget": budget]).id
        let scored = try agency.score(id)
        let german = ["Accept-Language": "de"], step = "Die offenen Punkte klären und den Vertrag senden"
        #expect(try owner.get("/v1/leads/\(id)", german).ok().text("next_action") == step)
        for list in ["/v1/leads", "/v1/leads?fields=id,next_action"] {
            let listed = try owner.get(list, german).ok().items.first { $0.id == id }
            #expect(listed?.text("next_action") == step, "\(list)")
        }
        // A person's own words are told as they wrote them, whatever is asked for with them.
        let other = try agency.makeLead(2, ["status": "negotiation"]).id
        try owner.post(
            "/v1/decisions/\(try agency.score(other).id)/override",
            ["outcome": ["next_action": "Call them once more"], "reason": "I know them"]
        ).ok()
        for list in ["/v1/leads", "/v1/leads?fields=id,next_action", "/v1/leads?fields=next_action,id"] {
            let items = try owner.get(list, german).ok().items
            #expect(items.first { $0.id == other }?.text("next_action") == "Call them once more", "\(list)")
            #expect(items.first { $0.id == id }?.text("next_action") == step, "\(list)")
        }
        let steps = try owner.get("/v1/leads?fields=next_action", german).ok().items
        #expect(steps.allSatisfy { $0["id"] == nil && $0["next_action"] != nil })
        let score = try owner.get("/v1/leads/\(id)/score", german).ok()
        #expect(score["outcome"]?.text("next_action") == step)
        let told = try #require(score["factors"]?.array?.first { $0.text("name") == "budget" })
        #expect(told.text("evidence") == "Budget von etwa 8.000 $ im Monat" && told["facts"] == ["budget"])
        let replay = try owner.post("/v1/decisions/\(scored.id)/replay", nil, german).ok()
        #expect(replay["same"] == true && replay["outcome"] == score["outcome"])
        // A person's outcome stays their own word.
        let change: JSON = ["outcome": ["next_action": "Call them once more"], "reason": "I know them"]
        try owner.post("/v1/decisions/\(scored.id)/override", change).ok()
        let own = try owner.get("/v1/leads/\(id)", german).ok().text("next_action")
        #expect(own == "Call them once more")
    }

    @Test func `whom a ticket goes to, and nobody`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let ann = try agency.colleague("member")
        let id = JSON.string(try ann.get("/v1/me").ok()["user"]?.id ?? "")
        try owner.post("/v1/skills", ["user_id": id, "name": "billing", "level": 5]).ok(201)
        let member: JSON = ["user_id": id, "capacity": 1]
        try owner.post("/v1/teams", ["name": "Support", "members": [member]]).ok(201)
        let texts = ["The invoice is wrong.", "The invoice is wrong, too."]
        for text in texts { try owner.ticket("Invoice", text) }
        let routed = try owner.every("/v1/decisions").filter { $0["model"]?.text("name") == "routing_rules" }
        let names = Set(routed.flatMap { $0["factors"]?.array ?? [] }.map { $0.text("name") })
        #expect(names.isSuperset(of: ["skill", "load", "nobody"]))
        try expectTold(saidByPeople: texts + ["Invoice"]) { try decisions(owner, $0) }
    }

    @Test func `what an answer to a sale leads to, and why`() throws {
        let sales = try ReplyEffects.Sales(server, "autopilot")
        let texts = [
            "What does it cost?", "Sorry, that is too expensive for us.", "We are not interested, thank you.",
            "Take us off your list and do not write again.", "Hm.",
        ]
        _ = try sales.receive(texts)
        let made = try sales.owner.every("/v1/decisions?agent=sales_automation")
        // Others are made meanwhile.
        let ids = Set(made.map(\.id)), steps = Set(made.compactMap { $0["outcome"]?.text("step") })
        #expect(steps.isSuperset(of: ["answer_price", "answer_objection"]), "\(steps)")
        try expectTold(saidByPeople: texts) { try decisions(sales.owner, $0, of: ids) }
    }

    @Test func `why a package fits, and why its price is another`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead(
            1,
            [
                "employee_count": 5, "timeline_days": 10,
                "budget": ["amount": 300_000, "currency": "USD"],
            ])
        try expectTold(saidByPeople: []) { language in
            let found = try agency.owner.post(
                "/v1/packages/recommend", ["lead_id": .string(lead.id)], ["Accept-Language": language]
            ).ok()
            let reasons = found["reasons"]?.array ?? [], factors = found["factors"]?.array ?? []
            #expect(!reasons.isEmpty && factors.map { $0.text("name") } == ["size", "urgency"])
            let all = reasons + factors.map { $0["reason"] ?? .null }
            return .array(all.map { JSON.object(["text": $0]) })
        }
    }
}
