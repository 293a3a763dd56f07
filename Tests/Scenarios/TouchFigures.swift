import Foundation
import JSON
import StandIns
import Testing

/// The rates of content and of sequences: of what was sent, what arrived, was read, followed, answered, and brought a
/// client. What programs open is kept apart.
@Suite(.ownThread) struct TouchFigures {
    let server = BureauProcess.shared

    /// An agency with five leads, whose mail service reports on what they get.
    private struct Desk {
        let agency: Agency, leads: [JSON], door: JSON, postmark: PostmarkStandIn

        var owner: Caller { agency.owner }

        func mail(to number: Int) throws -> JSON {
            let path = "/v1/messages?direction=outbound&contact_id=\(leads[number].text("contact_id"))"
            return try eventually("the mail to \(number)") {
                try owner.every(path).first { ["sent", "delivered", "bounced"].contains($0.text("status")) }
            }
        }

        private func report(_ type: String, of number: Int) throws {
            let mail = try mail(to: number)
            let hook = postmark.hook([
                "RecordType": .string(type), "MessageID": mail["provider_id"] ?? .null,
                "Recipient": mail["recipient"] ?? .null, "Email": mail["recipient"] ?? .null,
                "Type": type == "Bounce" ? "HardBounce" : .null, "Inactive": true,
                "Details": "no such user", "ID": JSON(Int.random(in: 1...1_000_000_000)),
            ])
            try agency.server.deliver(hook, to: door).ok()
        }

        /// A program fetches the picture of a mail.
        private func scan(_ number: Int) throws {
            let mails = postmark.service.requests.filter { $0.target == "/email" }
                .compactMap { try? JSONParser.parse($0.body) }
            let address = leads[number].text("email")
            let html = try #require(mails.first { $0.text("To").contains(address) }?.text("HtmlBody"))
            let start = try #require(html.firstRange(of: "/o/")?.lowerBound)
            let picture = String(html[start...].prefix { $0 != "\"" && $0 != ">" && !$0.isWhitespace })
            let agent = ["User-Agent": "Barracuda Sentinel (EE)"]
            #expect(try agency.server.anonymous.get(picture, agent).status == 200)
        }

        /// Of five, four arrive, two are read by people and three by programs, one is followed, one answered, and one
        /// reader becomes a client.
        func happen() throws {
            for number in 0..<5 { _ = try mail(to: number) }
            for number in [1, 1, 2, 3] { try scan(number) }
            for number in 0..<4 { try report("Delivery", of: number) }
            try report("Bounce", of: 4)
            for number in [0, 0, 1] { try report("Open", of: number) }
            for _ in 0..<2 { try report("Click", of: 0) }
            let answer = postmark.mail("r1", from: leads[1].text("email"), text: "Yes, tell me more.")
            try agency.server.deliver(answer, to: door).ok()
            try eventuallyTrue("the reports") {
                try owner.every("/v1/hook-receipts").allSatisfy { $0.text("status") != "received" }
            }
            let deal = try owner.post(
                "/v1/deals", ["lead_id": .string(leads[1].id), "name": "Acme", "value": dollars(1000)]
            ).ok(201)
            try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        }
    }

    private func desk() throws -> Desk {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail(["tracking": ["opens": true, "clicks": false]])
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let leads = try (0..<5).map { try agency.makeLead($0, ["status": "qualified", "country": "US"]) }
        return Desk(agency: agency, leads: leads, door: door, postmark: postmark)
    }

    private static let counts: JSONObject = [
        "sent": 5, "delivered": 4, "bounced": 1, "opened": 2, "machine_opened": 3, "clicked": 1, "replied": 1,
        "converted": 1,
    ]
    private static let rates = [
        "delivery_rate": "delivered", "open_rate": "opened", "click_rate": "clicked",
        "response_rate": "replied", "conversion_rate": "converted",
    ]

    /// Expects figures, those of what happens at the desk unless others are named, and their rates.
    private func expectAll(
        _ figures: JSON, _ counts: JSONObject = Self.counts,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (name, count) in counts.members {
            #expect(figures[name] == count, "\(name)", sourceLocation: sourceLocation)
        }
        let sent = counts["sent"]?.double ?? 0
        for (name, counted) in Self.rates {
            let rate = (counts[counted]?.double ?? 0) / sent
            #expect(figures[name]?.double == rate, "\(name)", sourceLocation: sourceLocation)
        }
    }

    @Test func `content tells its rates as a whole, by variant and by distribution, exactly`() throws {
        let desk = try desk(), owner = desk.owner
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five.",
                "status": "approved",
                "variants": [["name": "a", "subject": "Short"], ["name": "b", "subject": "Longer words"]],
            ]
        ).ok(201)
        let path = "/v1/content-items/\(item.id)/figures"
        let before = try owner.get(path).ok()
        #expect(before["sent"] == 0 && before["open_rate"] == .null && before["delivery_rate"] == .null)
        let distribution = try owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        try desk.happen()
        let figures = try owner.get(path).ok()
        expectAll(figures)
        let variants = figures["variants"]?.array ?? []
        #expect(variants.map { $0.text("name") } == ["a", "b"])
        for name in Self.counts.keys {
            #expect(variants.reduce(0) { $0 + ($1[name]?.int ?? 0) } == Self.counts[name]?.int, "\(name)")
        }
        let told = try owner.get("/v1/content-figures?by=distribution").ok()["figures"]?.array ?? []
        #expect(told.map { $0.text("key") } == [distribution.id])
        expectAll(try #require(told.first))
        try server.signUp().owner.get(path).problem(404, "not_found")
    }

    @Test func `each hour, segment, stage, type and item has figures of its own, exactly`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T09:00:00.000Z")
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let desk = try SandboxDesk(box)
        let shops = try (0..<5).map {
            try box.owner.post("/v1/leads", lead($0, ["industry": "retail"])).ok(201)
        }
        let old: JSONObject = ["industry": "healthcare", "known_since": "2026-01-01T00:00:00.000Z"]
        let practices = try (10..<14).map { try box.owner.post("/v1/leads", lead($0, old)).ok(201) }
        let (first, second) = (
            Outcome(
                delivered: [0, 1, 2, 3], bounced: [4], scanned: [1, 2, 3], opened: [0, 1], clicked: [0],
                answered: [1], won: [1]),
            Outcome(
                delivered: [0, 1, 3], bounced: [2], scanned: [3], opened: [0, 1, 3], clicked: [0, 3],
                answered: [3], won: [])
        )
        let one = try desk.send("educational", to: shops)
        try desk.happen(first, to: shops)
        try box.advance(to: "2027-01-05T14:00:00.000Z")
        let two = try desk.send("company_news", to: practices)
        try desk.happen(second, to: practices)
        let stages = [shops[0], practices[0]].map { $0.text("lifecycle_stage") }
        #expect(Set(stages).count == 2)
        let keys = [
            "hour": ["9", "14"], "segment": [one.segment, two.segment], "stage": stages,
            "type": ["educational", "company_news"], "item": [one.item, two.item],
        ]
        for (by, wanted) in keys {
            let told = try box.owner.get("/v1/content-figures?by=\(by)").ok()["figures"]?.array ?? []
            // Those come first that most was sent of.
            #expect(told.map { $0.text("key") } == wanted, "\(by)")
            for (figures, (outcome, sent)) in zip(told, [(first, 5), (second, 4)]) {
                expectAll(figures, outcome.counts(of: sent))
            }
        }
    }

    @Test func `a sequence tells its rates, and whom it has won, once`() throws {
        let desk = try desk(), owner = desk.owner
        let template = try owner.post(
            "/v1/templates", ["name": "Touch", "subject": "Touch", "body": "A word."]
        ).ok(201).id
        let steps: JSON = ["PT0S", "P30D"].map { delay -> JSON in
            ["channel": "email", "delay": .string(delay), "template_id": .string(template)]
        }.json
        let sequence = try owner.post("/v1/sequences", ["name": "Touches", "steps": steps]).ok(201)
        let path = "/v1/sequences/\(sequence.id)"
        #expect(try owner.get("\(path)/figures").ok()["response_rate"] == .null)
        for lead in desk.leads {
            try owner.post("\(path)/enrollments", ["lead_id": .string(lead.id)]).ok(201)
        }
        try desk.happen()
        let figures = try eventually("the figures") {
            let figures = try owner.get("\(path)/figures").ok()
            return figures["converted"] == 1 ? figures : .none
        }
        expectAll(figures)
        #expect(figures["enrolled"] == 5 && figures["contacted"] == 5)
        #expect(figures["exited"] == ["bounce": 1, "reply": 1])
        let won = try owner.every("\(path)/enrollments").filter { $0["converted_at"] != .null }
        #expect(won.map { $0.text("lead_id") } == [desk.leads[1].id])
        // A client who buys twice is no second client.
        let deal = try owner.post(
            "/v1/deals", ["lead_id": .string(desk.leads[1].id), "name": "More", "value": dollars(500)]
        ).ok(201)
        try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        #expect(try owner.get("\(path)/figures").ok()["converted"] == 1)
        try server.signUp().owner.get("\(path)/figures").problem(404, "not_found")
    }
}

/// The people of a group of whom something is told, by their places.
private struct Outcome {
    let delivered: [Int], bounced: [Int], scanned: [Int], opened: [Int], clicked: [Int], answered: [Int]
    let won: [Int]

    func counts(of sent: Int) -> JSONObject {
        [
            "sent": JSON(sent), "delivered": JSON(delivered.count), "bounced": JSON(bounced.count),
            "opened": JSON(opened.count), "machine_opened": JSON(scanned.count),
            "clicked": JSON(clicked.count), "replied": JSON(answered.count), "converted": JSON(won.count),
        ]
    }
}

/// A sandbox that sends content to one industry after the other, and whose mail service tells what became of it.
private struct SandboxDesk {
    private let box: SandboxCaller, postmark: PostmarkStandIn, door: JSON

    init(_ box: SandboxCaller) throws {
        (self.box, postmark) = (box, try PostmarkStandIn())
        door = try box.connectMail([
            "credentials": postmark.credentials, "settings": ["base_url": .string(postmark.service.url)],
        ])
    }

    /// Sends a new item to all of the industry of some leads, which takes less than an hour.
    func send(_ type: String, to leads: [JSON]) throws -> (item: String, segment: String) {
        let industry = leads[0]["industry"] ?? .null
        let filter: JSON = ["field": "industry", "op": "eq", "value": industry]
        let segment = try box.owner.post("/v1/segments", ["name": industry, "filter": filter]).ok(201).id
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": .string(type), "type": .string(type), "subject": "News", "body": "Words.",
                "status": "approved",
            ]
        ).ok(201).id
        try box.owner.post(
            "/v1/content-items/\(item)/distribute", ["segment_id": .string(segment)]
        ).ok(202)
        try box.advance("PT1H")
        return (item, segment)
    }

    func happen(_ outcome: Outcome, to leads: [JSON]) throws {
        for place in outcome.scanned { try report("Open", of: leads[place], by: "Barracuda Sentinel (EE)") }
        for (type, places) in [
            ("Delivery", outcome.delivered), ("Bounce", outcome.bounced), ("Open", outcome.opened),
            // An opening that is told twice counts once.
            ("Open", outcome.opened), ("Click", outcome.clicked),
        ] {
            for place in places { try report(type, of: leads[place]) }
        }
        for place in outcome.answered {
            let from = leads[place].text("email")
            let mail = postmark.mail("r-\(leads[place].id)", from: from, text: "Yes, tell me more.")
            try box.owner.server.deliver(mail, to: door).ok()
        }
        try eventuallyTrue("the reports") {
            try box.owner.every("/v1/hook-receipts").allSatisfy { $0.text("status") != "received" }
        }
        try box.advance("PT0S")
        for place in outcome.won { try box.win(leads[place], dollars(1000)) }
    }

    private func report(_ type: String, of lead: JSON, by agent: String? = nil) throws {
        let path = "/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))"
        let mail = try #require(try box.owner.every(path).first { $0["sent_at"] != .null })
        let hook = postmark.hook([
            "RecordType": .string(type), "Metadata": ["bureau_id": .string(mail.id)],
            "Recipient": mail["recipient"] ?? .null, "Email": mail["recipient"] ?? .null,
            "UserAgent": JSON(agent), "Type": type == "Bounce" ? "HardBounce" : .null, "Inactive": true,
            "Details": "no such user", "ID": JSON(Int.random(in: 1...1_000_000_000)),
        ])
        try box.owner.server.deliver(hook, to: door).ok()
    }
}

extension [JSON] {
    fileprivate var json: JSON { .array(self) }
}
