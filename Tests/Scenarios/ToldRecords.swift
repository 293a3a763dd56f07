import JSON
import Testing

/// The product's own sentences in records are told in the language of whoever reads them; what people wrote
/// stays as it is.
@Suite(.ownThread) struct ToldRecords {
    let server = BureauProcess.shared
    private static let languages = ["de", "es", "fr", "it", "nl", "pt"]

    private func reading(_ language: String) -> [String: String] { ["Accept-Language": language] }

    /// Reads it alone and in its list, in each language: the texts are there in each, and nowhere in English.
    private func expectTold(
        _ caller: Caller, _ list: String, _ id: String, _ texts: (JSON) -> [String]
    )
        throws
    {
        func read(_ language: String) throws -> [String] {
            let one = texts(try caller.get("\(list)/\(id)", reading(language)).ok())
            let listed = try caller.get(list, reading(language)).ok().items.first { $0.id == id }
            #expect(texts(listed ?? .null) == one, "\(list): \(language)")
            return one
        }
        let english = try read("en")
        #expect(!english.isEmpty && english.allSatisfy { !$0.isEmpty })
        for language in Self.languages {
            let own = try read(language)
            #expect(own.count == english.count)
            let left = zip(own, english).filter { $0 == $1 }
            #expect(left.isEmpty, "\(language): \(left)")
        }
    }

    @Test func `what an agent asks, and why`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": "approve"]
        ).ok()
        try box.owner.askAboutLogo()
        try box.advance("PT0S")
        let asked = try #require(try box.owner.every("/v1/approvals?status=pending").first)
        #expect(asked.text("title").hasPrefix("Answer ticket"))
        try expectTold(box.owner, "/v1/approvals", asked.id) { [$0.text("title"), $0.text("reason")] }
        let german = try box.owner.get("/v1/approvals/\(asked.id)", reading("de")).ok()
        #expect(german.text("reason") == "„Changing your logo“ beantwortet es.")
    }

    @Test func `what was found about a deliverable`() throws {
        let owner = try server.quietAgency().owner
        let wanted: JSON = [
            "At least 500 words", "A table of prices for three sizes", "Something about organic coffee",
        ]
        let project = try owner.project(try owner.makeClient(), ["requirements": wanted])
        let made = try owner.deliverable(project, ["text": "It is not written yet."])
        _ = try owner.step(made, "submit")
        try expectTold(owner, "/v1/deliverables", made.id) { deliverable in
            let factors = deliverable["quality"]?["factors"]?.array ?? []
            let requirements = factors.flatMap { $0["requirements"]?.array ?? [] }
            #expect(requirements.isEmpty || requirements.count == 3)
            return (factors + requirements).map { $0.text("evidence") }
        }
        let german = try owner.get("/v1/deliverables/\(made.id)", reading("de")).ok()
        let factors = german["quality"]?["factors"]?.array ?? []
        #expect(factors.first?.text("evidence") == "0 Dateien, 22 Zeichen")
    }

    @Test func `why a price is not the package's own, in a proposal`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead(1)
        let ours: JSON = [
            "name": "size", "factor": 9_500, "reason": "A small company has less to look after.",
        ]
        let theirs: JSON = ["name": "friends", "factor": 9_000, "reason": "They are friends of ours."]
        let body: JSON = [
            "lead_id": .string(lead.id), "price": dollars(1000), "price_factors": [ours, theirs],
        ]
        let made = try agency.owner.post("/v1/proposals", body).ok(201)
        func reasons(_ proposal: JSON) -> [String] {
            proposal["price_factors"]?.array?.map { $0.text("reason") } ?? []
        }
        try expectTold(agency.owner, "/v1/proposals", made.id) { Array(reasons($0).prefix(1)) }
        let german = try agency.owner.get("/v1/proposals/\(made.id)", reading("de")).ok()
        #expect(
            reasons(german) == [
                "In einem kleinen Unternehmen ist weniger zu betreuen.", "They are friends of ours.",
            ])
    }

    @Test func `what a batch of changes has done`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        let lead = try agency.makeLead(1, ["email": "q1@gmial.com"])
        let rule: JSON = ["rule": "lead_email_slip"]
        try agency.owner.ended("/v1/agents/data_management/runs", ["parameters": ["task": "scan"]])
        let fix = try agency.owner.post("/v1/quality-issues/fix", rule).ok()
        try expectTold(agency.owner, "/v1/change-sets", fix.text("change_set_id")) { [$0.text("title")] }
        // Somebody's own title stays, even where it reads like one of the product's.
        let change: JSON = ["id": .string(lead.id), "fields": ["country": "DE"]]
        let title: JSON = "Facts from the trade fair"
        let own = try agency.owner.post("/v1/change-sets", ["title": title, "changes": [change]]).ok(201)
        let german = try agency.owner.get("/v1/change-sets/\(own.id)", reading("de")).ok()
        #expect(german["title"] == title)
    }

    @Test func `why a message is held, and whether somebody may be written to`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeContact(1)
        let message = try agency.send(contact, ["purpose": "transactional"])
        try eventuallyTrue("it is held") {
            try agency.owner.get("/v1/messages/\(message.id)").ok().text("status") == "held"
        }
        func details(_ message: JSON) -> [String] {
            message["reasons"]?.array?.map { $0.text("detail") } ?? []
        }
        try expectTold(agency.owner, "/v1/messages", message.id, details)
        let path = "/v1/contacts/\(contact.id)/sendability"
        let (english, german) = (
            try agency.owner.get(path).ok(), try agency.owner.get(path, reading("de")).ok()
        )
        #expect(!details(english).isEmpty && zip(details(english), details(german)).allSatisfy { $0 != $1 })
    }

    @Test func `why it is not known yet what an improvement did`() throws {
        let owner = try server.quietAgency().owner
        let made = try owner.post("/v1/improvements", ["title": "Invoices name the campaign"]).ok(201)
        let path = "/v1/improvements/\(made.id)/effect"
        #expect(try owner.get(path).ok().text("reason") == "It is not done yet.")
        #expect(try owner.get(path, reading("de")).ok().text("reason") == "Sie ist noch nicht umgesetzt.")
    }
}
