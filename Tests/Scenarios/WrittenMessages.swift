import JSON
import Testing

/// Messages of a type of content that an agent drafts from what the agency has published, and that reach leads once
/// somebody has approved them.
@Suite(.ownThread) struct WrittenMessages {
    let server = BureauProcess.shared
    private static let agent = "multi_format_generator"

    private func box() throws -> SandboxCaller {
        let box = try server.mailSandbox()
        for agent in [Self.agent, "content_distribution"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        return box
    }

    private func run(_ owner: Caller, _ parameters: JSON) throws -> JSON {
        let run = try owner.ended("/v1/agents/\(Self.agent)/runs", ["parameters": parameters])
        #expect(run["status"] == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    @discardableResult
    private func article(
        _ owner: Caller, _ title: String, _ body: String, _ locale: String = "en"
    ) throws -> JSON {
        try owner.post(
            "/v1/articles",
            [
                "title": .string(title), "body": .string(body), "locale": .string(locale),
                "status": "published",
            ]
        ).ok(201)
    }

    @Test func `a message of the chosen type is drafted with sources, approved, and reaches leads`() throws {
        let box = try box(), owner = box.owner
        let care = try article(
            owner, "Adverts that people answer",
            "An advert that asks one question is answered more often than one that asks three. Name the place where somebody can call you."
        )
        try article(owner, "Changing your logo", "A logo is changed within 5 days, at no cost at all.")
        let leads = try (0..<3).map { try owner.post("/v1/leads", lead($0)).ok(201) }
        let result = try run(
            owner, ["brief": "How adverts are answered", "formats": ["message"], "type": "educational"])
        let id = try #require(result["items"]?.array?.first?.text)
        let item = try owner.get("/v1/content-items/\(id)").ok()
        #expect(item["format"] == "message" && item["type"] == "educational" && item["status"] == "draft")
        #expect(item.text("subject") == "Adverts that people answer" && item["locale"] == "en")
        #expect(item.text("body").contains("asks one question") && !item.text("body").contains("logo"))
        let sources = item["sources"]?.array ?? []
        #expect(sources.contains { $0["type"] == "article" && $0["id"] == .string(care.id) })
        let decision = try #require(result["decision_ids"]?.array?.first?.text)
        #expect(try owner.post("/v1/decisions/\(decision)/replay").ok()["same"] == true)
        // A draft reaches nobody.
        let path = "/v1/content-items/\(id)"
        try owner.post("\(path)/distribute", [:]).problem(409, "not_approved")
        try box.advance("P1D")
        #expect(try owner.every("/v1/messages?direction=outbound").isEmpty)
        try owner.patch(path, ["status": "approved"]).ok()
        try owner.post("\(path)/distribute", [:]).ok(202)
        try box.advance("P1D")
        for lead in leads {
            let sent = try owner.every(
                "/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
            #expect(sent.map { $0.text("subject") } == ["Adverts that people answer"])
            #expect(sent[0]["status"] == "sent" && sent[0].text("text").hasPrefix("Hi Jane,"))
            #expect(sent[0].text("text").contains("asks one question"))
            #expect(sent[0]["made_with_ai"] == false, "it stands in what was published")
        }
        // Another type is made of what is of that type: a success of a case study alone.
        let story = try owner.post(
            "/v1/case-studies",
            [
                "title": "How the adverts of Beta are answered", "client": "Beta Works",
                "industry": "technology", "result": "Adverts of Beta Works are answered twice as often",
            ]
        ).ok(201)
        let told = try run(
            owner, ["brief": "How adverts are answered", "formats": ["message"], "type": "case_study"])
        let successID = try #require(told["items"]?.array?.first?.text, "\(told)")
        let success = try owner.get("/v1/content-items/\(successID)").ok()
        #expect(success["type"] == "case_study" && success["status"] == "draft")
        #expect(success.text("body").contains("Adverts of Beta Works are answered twice as often."))
        let named = (success["sources"]?.array ?? []).filter { $0["type"] != "brief" }
        #expect(named.map { $0["id"] } == [.string(story.id)], "\(named)")
        for (type, title, body) in [
            ("company_news", "Our second office", "Our second office stands beside the station of Linz."),
            ("product_launch", "Reports by the hour", "Reports by the hour show what an advert has brought."),
            ("industry_insights", "Fewer people call first", "Fewer people call first, and most write."),
        ] {
            try article(owner, title, body)
            let order: JSON = ["brief": .string(title), "formats": ["message"], "type": .string(type)]
            let made = try #require(try run(owner, order)["items"]?.array?.first?.text, "\(type)")
            let message = try owner.get("/v1/content-items/\(made)").ok()
            #expect(message.text("type") == type && message.text("subject") == title, "\(message)")
            #expect(message.text("body").contains(body) && message["status"] == "draft", "\(message)")
        }
    }

    @Test func `mails of a piece that a model has made say so`() throws {
        let box = try box(), owner = box.owner
        let contact = try owner.post("/v1/leads", lead(0)).ok(201).text("contact_id")
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Adverts", "type": "educational", "subject": "Adverts", "status": "approved",
                "body": "One question is answered more often.", "made_with_ai": true,
            ]
        ).ok(201)
        try owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        try box.advance("P1D")
        let sent = try owner.every("/v1/messages?direction=outbound&contact_id=\(contact)")
        #expect(sent.map { $0.text("subject") } == ["Adverts"] && sent[0]["made_with_ai"] == true)
        let thread = try owner.every("/v1/conversations/\(sent[0].text("conversation_id"))/messages")
        #expect(thread.contains { $0["made_with_ai"] == true }, "whoever reads the conversation sees it")
    }

    @Test func `without anything published nothing is written, and the run says so`() throws {
        let box = try box(), owner = box.owner
        try article(owner, "Changing your logo", "A logo is changed within 5 days, at no cost at all.")
        let order: JSON = [
            "brief": "Our customers have tripled their sales by 300 %", "formats": ["message"],
            "type": "case_study",
        ]
        let silent = try run(owner, order)
        #expect(silent["items"] == [] && silent["reason"] == "nothing_to_say" && silent["missing"] == ["en"])
        let news = try run(
            owner, ["brief": "Robots plant tulips", "formats": ["message"], "type": "company_news"])
        #expect(news["items"] == [] && news["reason"] == "nothing_to_say")
        #expect(try owner.every("/v1/content-items").isEmpty)
    }

    @Test func `each language has its own message, made of what was published in it`() throws {
        let box = try box(), owner = box.owner
        try article(
            owner, "Adverts that people answer", "An advert that asks one question is answered more often.")
        try article(
            owner, "Adverts: Anzeigen, die wirken",
            "Eine Anzeige nennt den Ort und die Zeiten, zu denen jemand anrufen kann.", "de")
        let result = try run(
            owner,
            [
                "brief": "Adverts and Anzeigen that people answer", "formats": ["message"],
                "type": "educational",
                "languages": ["en", "de", "fr"],
            ])
        let items = try (result["items"]?.array ?? []).map {
            try owner.get("/v1/content-items/\($0.text ?? "")").ok()
        }
        #expect(items.map { $0.text("locale") } == ["en", "de"] && result["missing"] == ["fr"])
        #expect(items[0].text("body").hasPrefix("Hi {{"))
        #expect(items[1].text("body").hasPrefix("Guten Tag"), "\(items[1].text("body"))")
        #expect(
            items[1].text("body").contains("Eine Anzeige nennt den Ort")
                && !items[1].text("body").contains("asks one"))
    }

    @Test func `the next empty slot of the calendar is drafted for, and each piece is told once`() throws {
        let box = try box(), owner = box.owner
        let order: JSON = ["formats": ["message"], "slot": true, "type": "educational"]
        // A client's draft is no reason to write none of one's own.
        let client = try owner.makeClient()
        try owner.post(
            "/v1/content-items",
            [
                "title": "Theirs", "type": "educational", "subject": "Theirs", "body": "Theirs.",
                "client_id": .string(client.id),
            ]
        ).ok(201)
        #expect(try run(owner, order)["reason"] == "nothing_to_say")
        try article(
            owner, "Adverts that people answer", "An advert that asks one question is answered more often.")
        let result = try run(owner, order)
        let item = try owner.get("/v1/content-items/\(result["items"]?.array?.first?.text ?? "")").ok()
        #expect(item["type"] == "educational" && item.text("body").contains("asks one question"))
        let slot = try #require(result["slot"])
        let calendar = try owner.get("/v1/content-calendar?from=2027-01-06&to=2027-02-02").ok()
        let empty = calendar["entries"]?.array?.filter {
            $0["kind"] == "slot" && $0["status"] == "empty" && $0["type"] == "educational"
        }
        #expect(empty?.first?["date"] == slot["date"] && empty?.first?["theme"] == slot["theme"])
        // A subject of one message already is said in no other.
        #expect(try run(owner, order)["reason"] == "nothing_to_say")
        #expect(try owner.every("/v1/content-items").count == 2)
    }

    @Test func `an order that cannot be is refused at each of its places`() throws {
        let box = try box(), owner = box.owner, path = "/v1/agents/\(Self.agent)/runs"
        func faults(_ parameters: JSON) throws -> [String: String] {
            try owner.post(path, ["parameters": parameters]).faults()
        }
        #expect(
            try faults(["formats": ["message"]])
                == ["/parameters/brief": "required", "/parameters/type": "required"])
        #expect(
            try faults(["formats": ["message", "blog"], "brief": "x", "type": "gossip", "networks": ["x"]])
                == [
                    "/parameters/formats": "conflict", "/parameters/type": "invalid_choice",
                    "/parameters/networks": "conflict",
                ])
        #expect(
            try faults(["formats": ["blog"], "brief": "x", "type": "educational", "languages": ["en"]]) == [
                "/parameters/type": "conflict", "/parameters/languages": "conflict",
            ])
        #expect(
            try faults(["formats": ["message"], "slot": "soon", "brief": "x", "type": "educational"])
                == ["/parameters/slot": "wrong_type"])
        #expect(
            try faults([
                "formats": ["message"], "brief": "x", "type": "educational", "languages": ["not a language"],
            ]) == ["/parameters/languages": "invalid_locale"])
    }
}
