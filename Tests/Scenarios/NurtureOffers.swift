import JSON
import Testing

/// Touches bring the agency's own: offers while they are valid, the season as the calendar has it, and free
/// tools; each is told where there is a record of it, and passed over otherwise.
@Suite(.ownThread) struct NurtureOffers {
    let server = BureauProcess.shared

    private func offer(_ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = [
            "name": "Spring audit", "valid_from": "2027-01-01", "valid_until": "2027-06-30",
            "stages": ["dormant"], "url": "https://agency.example/spring",
            "words": [
                ["locale": "en", "title": "An audit at half the price", "text": "Ads & pages, 450 euros."],
                ["locale": "de", "title": "Eine Prüfung zum halben Preis", "text": "Anzeigen, 450 Euro."],
            ],
        ]
        for (name, value) in more.members { body[name] = value }
        return .object(body)
    }

    private func passed(_ box: SandboxCaller, _ lead: JSON) throws -> [String] {
        try #require(try box.enrollment(of: lead))["history"]?.array?
            .filter { $0["code"] == "no_evidence" }.map { $0.text("step") } ?? []
    }

    private func speaker(_ box: SandboxCaller, _ number: Int, _ locale: String) throws -> JSON {
        let lead = try box.makeLead(number, knownFor: 400)
        try box.owner.patch("/v1/contacts/\(lead.text("contact_id"))", ["locale": .string(locale)]).ok()
        return lead
    }

    @Test
    func `an own offer is told while it is valid, to its stage, in the reader's language, as it stands`()
        throws
    {
        let box = try server.nurturing()
        try box.owner.post("/v1/special-offers", offer()).ok(201)
        let english = try speaker(box, 1, "en"), german = try speaker(box, 2, "de-AT")
        let french = try speaker(box, 3, "fr"), young = try box.makeLead(4, knownFor: 120)
        try box.advance("P3D")
        let told = try box.touches(of: english), words = told.map { $0.text("text") }.joined()
        #expect(try box.mails(of: told) == ["offer"])
        #expect(told[0].text("subject") == "For Example Company 1: An audit at half the price")
        #expect(words.contains("Ads & pages, 450 euros.") && words.contains("https://agency.example/spring"))
        #expect(words.contains("30") && words.contains("June") && words.contains("2027"), "\(words)")
        let dritte = try box.touches(of: german).map { $0.text("subject") + $0.text("text") }.joined()
        #expect(dritte.contains("Eine Prüfung zum halben Preis") && dritte.contains("Anzeigen, 450 Euro."))
        #expect(!dritte.contains("half the price"))
        // Nobody is told in a language that the agency has not said it in, nor in another stage.
        let silent = try box.touches(of: french).map { $0.text("subject") + $0.text("text") }
        #expect(silent.count == 1 && !silent[0].contains("price") && !silent[0].contains("Preis"))
        #expect(try passed(box, french) == ["news_1", "offer", "trend_1"])
        try box.advance("P100D")
        #expect(try !box.mails(of: box.touches(of: young)).contains("offer"))
        #expect(try passed(box, young).contains("offer"))
    }

    @Test func `an offer for new leads is told on the last day of the welcome, and else what one would do`()
        throws
    {
        let box = try server.nurturing()
        try box.publishSuccess()
        try box.owner.post("/v1/special-offers", offer(["stages": ["fresh"]])).ok(201)
        let new = try box.makeLead(1), french = try box.makeLead(2)
        try box.owner.patch("/v1/contacts/\(french.text("contact_id"))", ["locale": "fr"]).ok()
        try box.advance("P31D")
        let last = try #require(try box.touches(of: new).last)
        #expect(box.days(of: [last]) == [30])
        #expect(last.text("subject") == "For Example Company 1: An audit at half the price")
        #expect(last.text("text").contains("Ads & pages, 450 euros."))
        #expect(last.text("text").contains("https://agency.example/spring"))
        #expect(!last.text("text").contains("write down for you"))
        // It is not said in their language.
        let other = try #require(try box.touches(of: french).last)
        #expect(box.days(of: [other]) == [30])
        #expect(other.text("text").contains("je vous écris ce que nous ferions"))
        #expect(!other.text("text").contains("450"))
    }

    @Test func `an offer that is over, switched off or not yet there is told to nobody, and says so`() throws
    {
        let box = try server.nurturing()
        try box.owner.post("/v1/special-offers", offer(["valid_until": "2027-01-04"])).ok(201)
        try box.owner.post("/v1/special-offers", offer(["valid_from": "2027-01-06"])).ok(201)
        let off = try box.owner.post("/v1/special-offers", offer(["enabled": false])).ok(201)
        let first = try box.makeLead(1, knownFor: 400)
        try box.advance("P1DT12H")
        #expect(try box.mails(of: box.touches(of: first)) == ["dormant question"])
        #expect(try passed(box, first) == ["news_1", "offer", "trend_1"])
        // The next one's day is one on which the second is valid.
        let second = try box.makeLead(2, knownFor: 400)
        try box.advance("P2D")
        #expect(try box.mails(of: box.touches(of: second)) == ["offer"])
        try box.owner.delete("/v1/special-offers/\(off.id)").ok(204)
    }

    @Test func `a message that waits for a yes tells its offer as it stands, and not after its end`() throws {
        let box = try server.nurturing()
        try box.owner.patch("/v1/agents/lead_nurturing", ["autonomy": "approve"]).ok()
        let audit = try box.owner.post("/v1/special-offers", offer(["valid_until": "2027-01-06"])).ok(201)
        let lead = try box.makeLead(1, knownFor: 400)
        func told(_ words: String) throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
                .filter { $0.text("text").contains(words) }.map { $0.text("status") }
        }
        try box.advance("P1DT12H")
        #expect(try told("450 euros") == ["held"])
        let words: JSON = [["locale": "en", "title": "An audit", "text": "Ads & pages, 400 euros."]]
        try box.owner.patch("/v1/special-offers/\(audit.id)", ["words": words]).ok()
        try box.advance("PT20H")
        #expect(try told("450 euros") == ["cancelled"] && told("400 euros") == ["held"])
        try box.advance("PT16H")
        #expect(try told("400 euros") == ["cancelled"] && told("euros").count == 2)
        #expect(try passed(box, lead).contains("offer"))
    }

    @Test func `an offer that is none is refused at its place`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, path = "/v1/special-offers"
        #expect(
            try owner.post(path, offer(["valid_until": "2026-12-31"])).faults()
                == ["/valid_until": "out_of_range"])
        #expect(try owner.post(path, offer(["stages": ["new"]])).faults() == ["/stages/0": "invalid_choice"])
        let word: JSON = ["locale": "en", "title": "a", "text": "b"]
        #expect(
            try owner.post(path, offer(["words": [word, word]])).faults()
                == ["/words/1/locale": "duplicate_value"])
        #expect(try owner.post(path, offer(["words": []])).faults() == ["/words": "required"])
        let long = String(repeating: "x", count: 121)
        #expect(
            try owner.post(
                path, offer(["words": [["locale": "klingon!", "title": .string(long), "text": "b"]]])
            ).faults()["/words/0/title"] == "too_long")
        #expect(
            try owner.post(path, offer(["words": [["locale": "k!", "title": "a", "text": "b"]]])).faults()
                == ["/words/0/locale": "invalid_locale"])
        for number in 0..<50 { try owner.post(path, offer(["name": .string("n\(number)")])).ok(201) }
        try owner.post(path, offer()).problem(409, "conflict")
        let one = try #require(try owner.every(path).first)
        let stranger = try server.quietAgency().owner
        try stranger.get("\(path)/\(one.id)").problem(404, "not_found")
    }

    @Test func `the season is told as the calendar has it, claims nothing, and is passed over without`()
        throws
    {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: 120)
        try box.advance("P62D")
        let winter = try box.touches(of: lead)
        #expect(try box.mails(of: winter) == ["cold question", "season", "season"])
        #expect(winter[1].text("text").contains("A new year is a good moment"))
        let rules = try box.owner.every("/v1/content-calendar-rules?scope=seasonal")
        let spring = try #require(rules.first { $0["quarter"] == 2 })
        let path = "/v1/content-calendar-rules/\(spring.id)"
        try box.owner.patch(path, ["theme": "Gardens in spring"]).ok()
        try box.advance("P30D")
        let own = try box.touches(of: lead)
        #expect(own.count == 4 && own[3].text("text").contains("Gardens in spring"))
        for touch in own {
            #expect((touch.text("subject") + touch.text("text")).firstMatch(of: /[0-9]+ ?%|€|\$/) == nil)
        }
        try box.owner.patch(path, ["enabled": false]).ok()
        let other = try box.makeLead(2, knownFor: 120)
        try box.advance("P33D")
        #expect(try box.touches(of: lead).count == 4)
        #expect(try box.mails(of: box.touches(of: other)) == ["cold question"])
        #expect(try passed(box, other).contains("season_3"))
    }

    @Test func `a free tool that the agency has published is offered, and no other`() throws {
        let box = try server.nurturing(), owner = box.owner
        @discardableResult
        func item(_ title: String, _ more: JSONObject = [:]) throws -> JSON {
            var body: JSONObject = [
                "title": .string(title), "type": "educational", "subject": "A tool",
                "body": "We made a tool.",
                "status": "published",
                "resource": [
                    "label": "Open it", "url": .string("https://agency.example/tools/\(title.count)"),
                ],
            ]
            for (name, value) in more.members { body[name] = value }
            return try owner.post("/v1/content-items", .object(body)).ok(201)
        }
        #expect(
            try owner.post(
                "/v1/content-items",
                ["title": "x", "type": "educational", "subject": "x", "body": "x", "resource": ["url": "no"]]
            ).faults()["/resource/url"] == "invalid_url")
        let client = try owner.makeClient()
        let tool = try item("A checklist for adverts")
        try item("Not published", ["status": "draft"])
        try item("Of a client", ["client_id": .string(client.id)])
        try item("Nur deutsch", ["locale": "de"])
        try item("Without a link", ["resource": .null])
        let early = try box.makeLead(1, knownFor: 120)
        try box.advance("P16D")
        let touches = try box.touches(of: early)
        #expect(try box.mails(of: touches) == ["resource"])
        #expect(touches[0].text("subject").contains("A checklist for adverts"))
        #expect(touches[0].text("text").contains("https://agency.example/tools/23"))
        // A lead who is interested is offered it, too, after they were shown what the agency does.
        let warm = try box.makeLead(2, knownFor: 40)
        try owner.post("/v1/contacts/\(warm.text("contact_id"))/activities", ["type": "demo_request"]).ok(201)
        try box.advance("P16D")
        #expect(try box.mails(of: box.touches(of: warm)) == ["warm show", "resource"])
        // Put away, it is offered to nobody any more.
        try owner.patch("/v1/content-items/\(tool.id)", ["status": "archived"]).ok()
        let late = try box.makeLead(3, knownFor: 70)
        try box.advance("P32D")
        #expect(try !box.mails(of: box.touches(of: late)).contains("resource"))
        #expect(try passed(box, late).contains("resource"))
    }
}
