import JSON
import Testing

/// The acceptance scenarios of the requirements, word by word.
@Suite(.ownThread) struct NurtureProgrammes {
    let server = BureauProcess.shared

    @Test func `fresh lead journey: a new lead gets the welcome sequence over 30 days`() throws {
        let box = try server.nurturing()
        try box.publishSuccess()
        // A success in another industry is told to nobody here.
        try box.owner.post(
            "/v1/case-studies",
            [
                "title": "How Gamma sold", "client": "Gamma Stores", "industry": "retail",
                "result": "Half the returns",
            ]
        ).ok(201)
        try box.owner.patch("/v1/settings", ["booking_url": "https://book.example.com/o"]).ok()
        let lead = try box.makeLead(1)
        try box.advance("P33D")
        let touches = try box.touches(of: lead)
        #expect(box.days(of: touches) == [1, 3, 7, 14, 21, 30])
        let kinds = ["welcome", "story", "education", "demo", "proof", "invitation"]
        #expect(try box.mails(of: touches) == kinds)
        let words = touches.map { $0.text("subject") + $0.text("text") }
        #expect(words.allSatisfy { $0.contains("Example Company 1") || $0.contains("Beta Works") })
        #expect(words[0].hasPrefix("Welcome from ") && words[0].contains(" to Example Company 1"))
        #expect(words[1].contains("Beta Works") && words[1].contains("Twice the enquiries"))
        #expect(words[2].contains("a business in technology"), "education of their industry")
        #expect(words[3].contains("Shall I show you") && words[3].contains("Example Company 1"))
        #expect(words[3].contains("https://book.example.com/o"), "a demonstration to book")
        #expect(words[4].contains("Beta Works works with us, too"), "who does so already")
        #expect(words.allSatisfy { !$0.contains("Gamma") && !$0.contains("Half the returns") })
        #expect(words[5].contains("write down for you what we would do first, and what it would cost"))
        for touch in touches {
            #expect(touch["author"]?.text("id") == "lead_nurturing" && !touch.text("why").isEmpty)
        }
        try box.advance("P25D")
        #expect(try box.touches(of: lead).count <= 8, "every two weeks after that")
    }

    @Test func `dormant reactivation: a lead of over a year who asks for more is back`() throws {
        let box = try server.nurturing()
        let lead = try box.makeLead(1, knownFor: 366)
        try box.advance("PT1M")
        #expect(try box.choice(of: lead)["outcome"]?.text("sequence") == "dormant_lead")
        try box.advance("P10D")
        let first = try box.touches(of: lead)
        #expect(first.count == 1 && first[0].text("subject").contains("Example Company 1"))
        try box.advance("P70D")
        #expect(try box.touches(of: lead).count == 1, "once a quarter")
        try box.owner.post(
            "/v1/contacts/\(lead.text("contact_id"))/activities", ["type": "demo_request"]
        ).ok(201)
        let back = try box.owner.every("/v1/events?type=lead.reactivated")
        #expect(back.map { $0["subject"]?.text("id") } == [lead.id])
        #expect(try box.enrollment(of: lead)?.text("exit_reason") == "reactivated")
        #expect(try box.owner.get("/v1/nurture-figures").ok()["reactivated"] == 1)
    }

    @Test func `dormant reactivation: a one-year-old lead receives the what's-new campaign, once a quarter`()
        throws
    {
        let box = try server.nurturing()
        try box.owner.patch(
            "/v1/settings",
            [
                "overview_url": "https://agency.example/overview",
                "booking_url": "https://book.example.com/o",
            ]
        ).ok()
        try box.owner.post(
            "/v1/content-items",
            [
                "title": "Reports by the hour", "type": "company_news", "subject": "Reports by the hour",
                "body": "We now report by the hour.", "status": "published",
            ]
        ).ok(201)
        // An article that is not published yet is no news.
        try box.owner.post(
            "/v1/content-items",
            [
                "title": "A secret plan", "type": "company_news", "subject": "Soon", "body": "Soon.",
                "status": "draft",
            ]
        ).ok(201)
        // A client's news is none of the agency's.
        let client = try box.owner.makeClient()
        try box.owner.post(
            "/v1/content-items",
            [
                "title": "Our client's new shop", "type": "company_news", "subject": "A shop", "body": "Come!",
                "client_id": .string(client.id), "status": "published",
            ]
        ).ok(201)
        // German is read in Austria, too, and not in England.
        try box.owner.post(
            "/v1/content-items",
            [
                "title": "Berichte zur Stunde", "type": "company_news", "subject": "Berichte", "body": "Jetzt.",
                "locale": "de", "status": "published",
            ]
        ).ok(201)
        let lead = try box.makeLead(1, knownFor: 366), austrian = try box.makeLead(2, knownFor: 366)
        try box.owner.patch("/v1/contacts/\(austrian.text("contact_id"))", ["locale": "de-AT"]).ok()
        try box.advance("P10D")
        let first = try box.touches(of: lead)
        let told = try box.touches(of: austrian).map { $0.text("subject") + $0.text("text") }.joined()
        #expect(told.contains("Berichte zur Stunde") && !told.contains("new shop"), "\(told)")
        let words = first.map { $0.text("subject") + $0.text("text") }.joined()
        #expect(first.count == 1 && words.contains("Example Company 1"))
        #expect(words.contains("Reports by the hour") && !words.contains("A secret plan"))
        #expect(!words.contains("new shop") && !words.contains("Berichte"))
        // To somebody by name: what is new and what it is good for, an overview, and a call.
        #expect(words.contains(lead.text("contact_name").split(separator: " ").first ?? "nobody"))
        #expect(words.contains("Reports by the hour: We now report by the hour."))
        #expect(words.contains("takes two minutes: https://agency.example/overview"))
        #expect(words.contains("catch up in a call") && words.contains("https://book.example.com/o"))
        try box.advance("P70D")
        #expect(try box.touches(of: lead).count == 1)
        try box.advance("P20D")
        #expect(try box.touches(of: lead).count == 2)
    }

    @Test func `content personalisation: a healthcare lead gets patient-focused wording`() throws {
        let box = try server.nurturing()
        let leads = try ["healthcare", "retail", "legal"].enumerated().map { number, industry in
            try box.makeLead(number, ["industry": .string(industry), "company": "Customer First Ltd"])
        }
        try box.advance("P8D")
        let words = ["patient", "shopper", "customer"], places = ["practice", "store", "business"]
        for (number, lead) in leads.enumerated() {
            let texts = try box.touches(of: lead).map { $0.text("subject") + " " + $0.text("text") }
            #expect(texts.count >= 2)
            let all = texts.joined(separator: " ")
            // The company's own name stays as it is.
            #expect(all.contains("Customer First Ltd"))
            let rest = all.replacing("Customer First Ltd", with: "").lowercased()
            #expect(words.filter { rest.contains($0) } == [words[number]], "\(rest)")
            #expect(places.filter { rest.contains($0) } == [places[number]], "\(rest)")
        }
    }

    @Test func `an A-B test: two message variants of a step are tested for the best conversion`() throws {
        let box = try server.nurturing()
        let sequence = try #require(
            try box.owner.every("/v1/sequences?kind=nurture").first { $0.text("key") == "new_lead" })
        let templates = try ["Hello A", "Hello B"].map { subject in
            try box.owner.post(
                "/v1/templates", ["name": .string(subject), "subject": .string(subject), "body": "A word."]
            ).ok(201)
        }
        let experiment = try box.owner.post(
            "/v1/experiments",
            [
                "name": "Welcome", "kind": "sequence_step", "sequence_id": .string(sequence.id),
                "step_id": "welcome", "goal": "converted", "subjects_min": 20, "apply": "automatic",
                "variants": [
                    ["name": "A", "template_id": .string(templates[0].id)],
                    ["name": "B", "template_id": .string(templates[1].id)],
                ],
            ]
        ).ok(201)
        let path = "/v1/experiments/\(experiment.id)"
        let operations = (0..<70).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance("P2D")
        let sent = try box.owner.every("/v1/messages?direction=outbound&status=sent")
        let subjects = Dictionary(sent.map { ($0.text("contact_id"), $0.text("subject")) }) { $1 }
        #expect(subjects.count == 70 && Set(subjects.values) == ["Hello A", "Hello B"], "both are tried")
        // An answer alone decides nothing: whoever read the other words buys.
        let leads = try box.owner.every("/v1/leads"), door = try MailDoor(box)
        let read = Dictionary(grouping: leads) { subjects[$0.text("contact_id")] ?? "" }
        try door.write(try #require(read["Hello A"]?.first), "Thank you, please tell me more.")
        let package = try #require(try box.owner.every("/v1/packages").first)
        for lead in read["Hello B"] ?? [] {
            let made = try box.owner.post(
                "/v1/proposals", ["lead_id": .string(lead.id), "package_id": .string(package.id)]
            ).ok(201)
            let url = try box.owner.post("/v1/proposals/\(made.id)/send").ok().text("public_url")
            let page = "/" + url.split(separator: "/").dropFirst(2).joined(separator: "/")
            try server.anonymous.post("\(page)/accept", ["name": "Jane", "consent": true]).ok()
        }
        try box.advance("PT2H")
        let results = try box.owner.get("\(path)/results").ok(), rows = results["variants"]?.array ?? []
        #expect(rows.compactMap { $0["sent"]?.int }.reduce(0, +) == 70)
        #expect(rows.map { $0["replied"]?.int } == [1, 0], "\(rows)")
        #expect(rows.first?["converted"] == 0 && rows.last?["converted"] == rows.last?["sent"], "\(rows)")
        #expect(rows.last?["interval"]?.array?.first?.double ?? 0 > 0)
        #expect(results["winner"] == "B")
        #expect(try box.owner.get(path).ok()["status"] == "applied")
        // The winner is what everybody gets from then on.
        let step = try box.owner.get("/v1/sequences/\(sequence.id)").ok()["steps"]?.array?.first
        #expect(step?["template_id"] == .string(templates[1].id))
        let later = try (100..<104).map { try box.makeLead($0) }
        try box.advance("P2D")
        #expect(try later.allSatisfy { try box.touches(of: $0).map { $0.text("subject") } == ["Hello B"] })
    }
}
