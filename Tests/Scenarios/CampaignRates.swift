import JSON
import StandIns
import Testing

/// A campaign tells what it does over all of its channels: what arrived, was read by people, answered and followed, and
/// whom it has won.
@Suite(.ownThread) struct CampaignRates {
    let server = BureauProcess.shared
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    /// An agency with five leads, whom a campaign reaches by mail, by text message, and with a post.
    private struct Desk {
        let agency: Agency, postmark: PostmarkStandIn, door: JSON, line: TextLine
        let leads: [JSON], campaign: String

        var owner: Caller { agency.owner }
        var path: String { "/v1/campaigns/\(campaign)/figures" }

        init(_ server: BureauProcess) throws {
            (agency, postmark) = (try server.quietAgency(), try PostmarkStandIn())
            try agency.readyToMail([
                "tracking": ["opens": true, "clicks": false], "frequency_caps": [],
            ])
            door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
            line = try TextLine(agency)
            let agency = agency
            leads = try (0..<5).map { number in
                try agency.makeLead(
                    number,
                    [
                        "status": "qualified", "country": "US",
                        "phone": number == 1 ? .string("+15550000002") : .null,
                    ])
            }
            campaign = try agency.owner.post(
                "/v1/campaigns", ["name": "Spring", "objective": "sales"]
            ).ok(201).id
            try agency.owner.post("/v1/campaigns/\(campaign)/activate").ok()
        }

        func figures() throws -> JSON { try owner.get(path).ok() }

        func contact(_ number: Int) -> String { leads[number].text("contact_id") }

        func win(_ number: Int) throws {
            let deal = try owner.post(
                "/v1/deals", ["lead_id": .string(leads[number].id), "name": "Acme", "value": dollars(1000)]
            ).ok(201)
            try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        }

        func book(_ number: Int) throws {
            try owner.post("/v1/contacts/\(contact(number))/activities", ["type": "calendly_book"]).ok(201)
        }

        func mails(to number: Int) throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound&channel=email&contact_id=\(contact(number))")
                .filter { $0["sent_at"] != .null }
        }

        /// Tells what has become of the first mail to somebody.
        func report(_ type: String, of number: Int) throws {
            let mail = try #require(try mails(to: number).min { $0.id < $1.id })
            let hook = postmark.hook([
                "RecordType": .string(type), "MessageID": mail["provider_id"] ?? .null,
                "Recipient": mail["recipient"] ?? .null, "Email": mail["recipient"] ?? .null,
                "Type": type == "Bounce" ? "HardBounce" : .null, "Inactive": true,
                "Details": "no such user", "ID": JSON(Int.random(in: 1...1_000_000_000)),
            ])
            try agency.server.deliver(hook, to: door).ok()
        }

        func reportsAreHeard() throws {
            try eventuallyTrue("the reports") {
                try owner.every("/v1/hook-receipts").allSatisfy { $0.text("status") != "received" }
            }
        }

        /// A program fetches the picture of the first mail to somebody.
        func scan(_ number: Int) throws {
            let bodies = postmark.service.requests.filter { $0.target == "/email" }
                .compactMap { try? JSONParser.parse($0.body) }
            let address = leads[number].text("email")
            let html = try #require(bodies.first { $0.text("To").contains(address) }?.text("HtmlBody"))
            let start = try #require(html.firstRange(of: "/o/")?.lowerBound)
            let picture = String(html[start...].prefix { $0 != "\"" && $0 != ">" && !$0.isWhitespace })
            #expect(
                try agency.server.anonymous.get(picture, ["User-Agent": "Barracuda Sentinel (EE)"]).status
                    == 200)
        }

        /// Gives out a link of the campaign, which a person and a program follow.
        func followedLink(_ source: String) throws {
            let link = try owner.post(
                "/v1/tracked-links",
                [
                    "url": "https://acme.example/spring", "campaign_id": .string(campaign),
                    "utm": ["source": .string(source)],
                ]
            ).ok(201).text("short_url")
            let place = String(link[try #require(link.firstRange(of: "/t/")).lowerBound...])
            // Three links in two seconds are a program's: each has a reader of its own.
            for agent in ["\(CampaignRates.firefox) \(source)", "Barracuda Sentinel (EE)"] {
                #expect(try agency.server.anonymous.get(place, ["User-Agent": agent]).status == 302)
            }
        }

        func post() throws {
            let account = try owner.post(
                "/v1/social-accounts", ["network": "linkedin", "name": "Acme"]
            ).ok(201)
            let post = try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": "Spring is here",
                    "campaign_id": .string(campaign),
                ]
            ).ok(201).id
            try owner.post("/v1/social-posts/\(post)/publish").ok(202)
            try agency.post(post, is: "awaiting_person")
            try owner.post("/v1/social-posts/\(post)/done", ["url": "https://www.linkedin.com/p/1"]).ok()
            try owner.post(
                "/v1/social-posts/\(post)/metrics", ["impressions": 120, "likes": 5, "comments": 3]
            ).ok(201)
        }
    }

    private func row(_ figures: JSON, _ channel: String, _ means: String) throws -> JSON {
        try #require(
            figures["channels"]?.array?.first {
                $0.text("channel") == channel && $0.text("means") == means
            }, "\(figures)")
    }

    private func expect(
        _ row: JSON, _ wanted: JSONObject, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (name, value) in wanted.members {
            let told = row[name]
            let isSame = told == value || told?.double != nil && told?.double == value.double
            #expect(isSame, "\(name): \(told ?? .null)", sourceLocation: sourceLocation)
        }
    }

    /// Sends a piece of content to all of them, a mail to those whom mails still reach, and a text message to one.
    private func reach(_ desk: Desk) throws {
        let owner = desk.owner, campaign = JSON.string(desk.campaign)
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five.",
                "status": "approved", "campaign_id": campaign,
            ]
        ).ok(201)
        try owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        // A client is no reader of what keeps in touch with leads.
        for number in [0, 1, 2, 4] {
            try eventuallyTrue("content for \(number)") { try desk.mails(to: number).count == 1 }
        }
        for number in 0..<3 { try desk.report("Delivery", of: number) }
        try desk.report("Bounce", of: 4)
        try desk.reportsAreHeard()
        let mailing = try owner.mailCampaign(["campaign_id": campaign])
        try owner.mailCampaign(mailing, "schedule").ok()
        try eventuallyTrue("four mails") { try owner.status(ofMailCampaign: mailing) == "sent" }
        try desk.report("Delivery", of: 3)
        try desk.reportsAreHeard()
        let text = try desk.line.send(desk.contact(1), "Spring!", ["campaign_id": campaign])
        try desk.agency.message(text, "sent")
        let taken = try #require(desk.line.twilio.taken.last)
        #expect(try desk.line.tells("delivered", of: taken).status == 200)
        try desk.agency.hooksWorkedOn()
    }

    /// Two read, one of them by a link and one with an answer; programs look at two.
    private func answer(_ desk: Desk) throws {
        for number in [0, 0, 1] { try desk.report("Open", of: number) }
        for number in [1, 2, 2] { try desk.scan(number) }
        try desk.report("Click", of: 0)
        let mail = desk.postmark.mail("r1", from: desk.leads[1].text("email"), text: "Yes, tell me more.")
        try desk.agency.server.deliver(mail, to: desk.door).ok()
        try desk.reportsAreHeard()
    }

    @Test func `a campaign tells its rates over all of its channels, and each person whom it has won once`()
        throws
    {
        let desk = try Desk(server), owner = desk.owner
        // A client who was won before counts for nothing.
        try desk.win(3)
        let before = try desk.figures()
        expect(before, ["sent": .null, "people": 0, "open_rate": .null, "conversion_rate": .null])
        #expect(before["channels"] == [] && before["window_days"] == 90)
        try reach(desk)
        try answer(desk)
        try desk.win(1)
        for number in [1, 2] { try desk.book(number) }
        // Whom it has not reached, it has not won.
        let other = try desk.agency.makeLead(9, ["status": "qualified"])
        let deal = try owner.post(
            "/v1/deals", ["lead_id": .string(other.id), "name": "Zeta", "value": dollars(10)]
        ).ok(201)
        try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        for source in ["sms", "linkedin", "newsletter"] { try desk.followedLink(source) }
        try desk.post()
        let figures = try eventually("the clicks of links") {
            let figures = try desk.figures()
            return figures["public"]?["clicked"] == 2 ? figures : .none
        }
        expect(
            try row(figures, "email", "messages"),
            [
                "sent": 8, "delivered": 4, "bounced": 1, "opened": 2, "machine_opened": 2, "replied": 1,
                "clicked": 1, "people": 5, "won": 1, "booked": 2, "converted": 2, "impressions": .null,
                "delivery_rate": 0.5, "open_rate": 0.25, "response_rate": 0.125, "click_rate": 0.125,
                "conversion_rate": 0.4,
            ])
        expect(
            try row(figures, "sms", "messages"),
            [
                "sent": 1, "delivered": 1, "opened": .null, "open_rate": .null, "clicked": 1,
                "machine_clicked": 1, "people": 1, "converted": 1, "conversion_rate": 1,
            ])
        expect(
            try row(figures, "linkedin", "posts"),
            [
                "sent": 1, "delivered": .null, "opened": .null, "impressions": 120, "replied": 3, "clicked": 1,
                "machine_clicked": 1, "people": .null, "converted": .null, "conversion_rate": .null,
                "click_rate": .number(1.0 / 120), "response_rate": .number(3.0 / 120),
            ])
        expect(
            try row(figures, "newsletter", "links"),
            ["sent": .null, "clicked": 1, "machine_clicked": 1, "click_rate": .null])
        expect(
            figures,
            [
                "sent": 9, "delivered": 5, "delivery_rate": .number(5.0 / 9), "opened": 2, "open_rate": 0.25,
                "replied": 1, "response_rate": .number(1.0 / 9), "clicked": 2, "click_rate": .number(2.0 / 9),
                "people": 5, "won": 1,
                "booked": 2, "converted": 2, "conversion_rate": 0.4,
            ])
        #expect(figures["channels"]?.array?.count == 4)
        try server.signUp().owner.get(desk.path).problem(404, "not_found")
    }

    @Test func `who is won later than the window is not won by the campaign`() throws {
        let box = try server.mailSandbox(), owner = box.owner
        let leads = try (0..<2).map { try box.owner.post("/v1/leads", lead($0)).ok(201) }
        let campaign = try owner.post("/v1/campaigns", ["name": "Spring", "objective": "sales"]).ok(201)
        try owner.post("/v1/campaigns/\(campaign.id)/activate").ok()
        let mailing = try owner.mailCampaign(["campaign_id": .string(campaign.id)])
        try owner.mailCampaign(mailing, "schedule").ok()
        try box.advance("P3D")
        try owner.post("/v1/contacts/\(leads[0].text("contact_id"))/activities", ["type": "calendly_book"])
            .ok(201)
        let path = "/v1/campaigns/\(campaign.id)/figures"
        expect(try owner.get(path).ok(), ["sent": 2, "people": 2, "converted": 1, "conversion_rate": 0.5])
        expect(try owner.get("\(path)?window_days=1").ok(), ["people": 2, "booked": 0, "converted": 0])
        for wrong in ["0", "366", "x", "-1"] {
            try owner.get("\(path)?window_days=\(wrong)").problem(400, "invalid_parameter")
        }
    }
}
