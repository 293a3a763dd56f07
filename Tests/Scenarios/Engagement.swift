import Foundation
import JSON
import StandIns
import Testing

/// Contacts' deeds are counted once for each fact, and make one figure, which scores and pages share.
@Suite(.ownThread) struct EngagementFigures {
    let server = BureauProcess.shared

    private func engagement(_ owner: Caller, _ contact: String, _ query: String = "") throws -> JSON {
        try owner.get("/v1/contacts/\(contact)/engagement\(query)").ok()
    }

    private func score(_ owner: Caller, _ contact: String, _ query: String = "") throws -> Double {
        try engagement(owner, contact, query)["score"]?.double ?? -1
    }

    private func act(_ owner: Caller, _ contact: String, _ type: String, _ more: JSONObject = [:]) throws {
        var body: JSONObject = ["type": .string(type)]
        for (name, value) in more.members { body[name] = value }
        try owner.post("/v1/contacts/\(contact)/activities", .object(body)).ok(201)
    }

    @Test func `engagement is the mean weight of thirty days in percent of a referral, and no more than 100`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let contact = try box.owner.post("/v1/leads", lead(1)).ok(201).text("contact_id")
        #expect(try score(box.owner, contact) == 0)
        try act(box.owner, contact, "message_read")
        #expect(try abs(score(box.owner, contact) - 4) < 0.01)
        try act(box.owner, contact, "link_click")
        #expect(try abs(score(box.owner, contact) - 8) < 0.01)
        try act(box.owner, contact, "referral_made")
        #expect(try abs(score(box.owner, contact) - 29.0 / 75 * 100) < 0.01)
        for kind in ["message_reply", "calendly_book", "demo_request"] { try act(box.owner, contact, kind) }
        #expect(try abs(score(box.owner, contact) - 46) < 0.01)
        let whole = try engagement(box.owner, contact)
        #expect(whole["activities"] == 6 && whole["days"] == 30)
        let weights: [(String, Double)] = [
            ("message_read", 1), ("link_click", 3), ("message_reply", 5), ("calendly_book", 15),
            ("demo_request", 20), ("referral_made", 25),
        ]
        #expect(whole["weights"]?.object?.members.count == weights.count)
        for (type, weight) in weights { #expect(whole["weights"]?[type]?.double == weight, "\(type)") }
        // It is a mean: whoever has done more and reads once more is less engaged by that.
        try act(box.owner, contact, "message_read")
        #expect(try abs(score(box.owner, contact) - 40) < 0.01)
        try box.advance("P29D")
        #expect(try abs(score(box.owner, contact) - 40) < 0.01)
        try box.advance("P2D")
        #expect(try score(box.owner, contact) == 0)
        #expect(try abs(score(box.owner, contact, "?days=60") - 40) < 0.01)
        try act(box.owner, contact, "dance")
        #expect(try score(box.owner, contact) == 0)
        #expect(try engagement(box.owner, contact)["activities"] == 1, "it weighs nothing, and counts")
        #expect(try abs(score(box.owner, contact, "?days=60") - 35) < 0.01, "a mean of eight")
    }

    @Test func `what programs open is kept apart and counts for nothing`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeLead(1).text("contact_id")
        try act(agency.owner, contact, "link_click")
        for _ in 0..<5 { try act(agency.owner, contact, "message_read", ["source": "machine"]) }
        let figure = try engagement(agency.owner, contact)
        #expect(figure["activities"] == 1)
        #expect(abs((figure["score"]?.double ?? 0) - 12) < 0.01)
        let path = "/v1/contacts/\(contact)/activities"
        #expect(try agency.owner.every(path).count == 6)
        #expect(try agency.owner.every("\(path)?source=machine").count == 5)
    }

    @Test func `an agency's own weights hold once they are published, and a wrong one is refused`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let contact = try agency.makeLead(1).text("contact_id")
        try act(owner, contact, "link_click")
        let config = "/v1/agents/lead_nurturing/config"
        try owner.patch(config, ["engagement_weights": ["link_click": 50]]).ok()
        #expect(try abs(score(owner, contact) - 12) < 0.01, "a draft is not in force")
        try owner.post("\(config)/publish").ok()
        #expect(
            try abs(score(owner, contact) - 100) < 0.01, "twice what a referral weighs is no more than all")
        for (value, code) in [(JSON(-1), "out_of_range"), ("much", "wrong_type")] {
            let faults = try owner.patch(config, ["engagement_weights": ["link_click": value]]).faults()
            #expect(faults == ["/engagement_weights/link_click": code])
        }
    }

    @Test func `wrong days, times and people are refused, and others' contacts are absent`() throws {
        let agency = try server.quietAgency(), stranger = try server.signUp().owner
        let contact = try agency.makeLead(1).text("contact_id"), path = "/v1/contacts/\(contact)"
        for days in ["0", "-1", "4000", "many"] {
            try agency.owner.get("\(path)/engagement?days=\(days)").problem(400, "invalid_parameter")
        }
        #expect(try agency.owner.post("\(path)/activities", [:]).faults() == ["/type": "required"])
        let late = try agency.owner.post(
            "\(path)/activities", ["type": "demo_request", "at": "2100-01-01T00:00:00.000Z"])
        #expect(try late.faults() == ["/at": "out_of_range"])
        for path in ["\(path)/engagement", "\(path)/activities"] {
            try stranger.get(path).problem(404, "not_found")
        }
        try stranger.post("\(path)/activities", ["type": "link_click"]).problem(404, "not_found")
    }

    @Test func `an answer in a chat is an activity, once however often it is delivered`() throws {
        let agency = try server.quietAgency(), graph = try GraphStandIn()
        let integration = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        let contact = try agency.makeLead(1, ["phone": "+15550000002"]).text("contact_id")
        for _ in 0..<3 { try server.deliver(graph.message("wamid.1", "Hi"), to: integration).ok() }
        try eventuallyTrue("the answer") { try engagement(agency.owner, contact)["activities"] == 1 }
        #expect(try abs(score(agency.owner, contact) - 20) < 0.01)
        let told = try agency.owner.every("/v1/contacts/\(contact)/activities")
        #expect(told.map { $0.text("type") } == ["message_reply"] && told[0]["channel"] == "whatsapp")
    }

    /// The doors by which people answer, beside mail and WhatsApp.
    enum Door: String, CaseIterable { case sms, messenger, instagram, telegram, slack, webChat = "web_chat" }

    /// Somebody writes by a door, whose service delivers that twice.
    private func write(to agency: Agency, by door: Door) throws {
        func connect(
            _ service: ServiceStandIn, _ credentials: JSON, _ settings: JSONObject = [:]
        ) throws -> JSON {
            try agency.connect(
                door.rawValue, service.url, credentials: credentials, settings: settings, capability: "chat")
        }
        func deliver(_ hook: StandInHook, to integration: JSON) throws {
            for _ in 0..<2 { try server.deliver(hook, to: integration).ok() }
            // Its service tells who it is.
            try agency.hooksWorkedOn()
        }
        switch door {
        case .sms:
            let line = try TextLine(agency)
            for _ in 0..<2 { try line.hears("Hi", "SM1") }
        case .messenger, .instagram:
            let meta = try MetaStandIn(door == .messenger ? .messenger : .instagram)
            let integration = try connect(meta.service, meta.credentials, meta.settings)
            try deliver(meta.message("m_1", "Hi", at: unixSeconds), to: integration)
        case .telegram:
            let telegram = try TelegramStandIn()
            try deliver(telegram.message(1, "Hi"), to: connect(telegram.service, telegram.credentials))
        case .slack:
            let slack = try SlackStandIn()
            slack.know("UX", "Clara Client", email: "clara@client.example", team: "T7")
            let integration = try connect(slack.service, slack.credentials, slack.settings)
            try deliver(slack.message("6.1", "Hi", from: "UX", at: unixSeconds), to: integration)
        case .webChat:
            let key = try agency.connect(door.rawValue, capability: "chat").text("public_key")
            for _ in 0..<2 {
                try server.anonymous.post(
                    "/v1/chat/\(key)/messages",
                    ["visitor_id": "visitor-1-abcdefgh", "text": "Hi", "key": "once"]
                ).ok(201)
            }
        }
    }

    @Test(arguments: Door.allCases)
    func `an answer by any other door is an activity of its channel, once`(_ door: Door) throws {
        let agency = try server.quietAgency()
        try write(to: agency, by: door)
        let contact = try agency.conversation(on: door.rawValue).text("contact_id")
        try agency.hooksWorkedOn()
        let told = try agency.owner.every("/v1/contacts/\(contact)/activities")
        #expect(told.map { $0.text("type") } == ["message_reply"])
        #expect(told.map { $0.text("channel") } == [door.rawValue])
        #expect(try abs(score(agency.owner, contact) - 20) < 0.01)
    }

    @Test func `opens, clicks and answers count once a mail, and a form's lead asks for a demo`()
        throws
    {
        let agency = try server.quietAgency(), postmark = try PostmarkStandIn()
        try agency.readyToMail()
        let door = try agency.connect(
            "postmark", postmark.service.url, credentials: postmark.credentials)
        let contact = try agency.makeLead(1).text("contact_id")
        let asked = try agency.owner.post(
            "/v1/messages",
            ["contact_id": .string(contact), "subject": "News", "body": "News.", "purpose": "marketing"]
        ).ok(202)
        let mail = try agency.message(asked, "sent")
        for type in ["Open", "Open", "Open", "Click", "Click"] {
            let hook = postmark.hook([
                "RecordType": .string(type), "MessageID": mail["provider_id"] ?? .null,
                "Recipient": mail["recipient"] ?? .null,
            ])
            try server.deliver(hook, to: door).ok()
        }
        try eventuallyTrue("one open and one click") {
            try engagement(agency.owner, contact)["activities"] == 2
        }
        try agency.hooksWorkedOn()
        #expect(try abs(score(agency.owner, contact) - 8) < 0.01)
        let reply = postmark.mail("r1", from: mail.text("recipient"), text: "Thank you, tell me more.")
        for _ in 0..<2 { try server.deliver(reply, to: door).ok() }
        try eventuallyTrue("the answer") { try engagement(agency.owner, contact)["activities"] == 3 }
        try agency.hooksWorkedOn()
        let told = try agency.owner.every("/v1/contacts/\(contact)/activities")
        let answers = told.filter { $0.text("type") == "message_reply" }
        #expect(answers.map { $0.text("channel") } == ["email"])
        #expect(try abs(score(agency.owner, contact) - 12) < 0.01)
        let form = try agency.owner.post(
            "/v1/forms",
            [
                "name": "Demo", "creates": "lead",
                "fields": [
                    ["name": "email", "label": "Email", "type": "email", "required": true],
                    ["name": "company", "label": "Company", "type": "text", "required": true],
                ],
            ]
        ).ok(201)
        _ = try server.anonymous.post(
            "/v1/forms/\(form.text("public_key"))/submissions",
            ["email": "dora@demo.example", "company": "Demo Ltd"]
        ).ok(201)
        let found = try eventually("the lead") {
            try agency.owner.every("/v1/leads").first { $0.text("company") == "Demo Ltd" }
        }
        #expect(try abs(score(agency.owner, found.text("contact_id")) - 80) < 0.01)
    }

    @Test func `a lead's score rises with its contact's engagement, which merges with the leads`() throws {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        try box.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let made = try box.owner.post("/v1/leads", lead(1)).ok(201), contact = made.text("contact_id")
        func factor() throws -> JSON {
            try box.advance("PT0S")
            let run = try box.owner.post(
                "/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(made.id)]])
            #expect([200, 202].contains(run.status))
            try box.advance("PT1M")
            let decision = try box.owner.every("/v1/decisions?agent=lead_scoring&subject_id=\(made.id)")
                .max { $0.id < $1.id }
            return decision?["factors"]?.array?.first { $0["name"] == "engagement" } ?? .null
        }
        let before = try factor()
        for kind in ["calendly_book", "demo_request"] { try act(box.owner, contact, kind) }
        let after = try factor()
        #expect(after["value"]?.double ?? 0 > before["value"]?.double ?? 1)
        #expect(after.text("evidence").lowercased().contains("engagement of 70 in 100 over 30 days"))
        // Merged into another lead, what was done counts there; taken back, it counts here again.
        let kept = try box.owner.post("/v1/leads", lead(2)).ok(201)
        let merge = try box.owner.post(
            "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(made.id)]]
        ).ok()
        #expect(try abs(score(box.owner, kept.text("contact_id")) - 70) < 0.01)
        try box.owner.post("/v1/leads/merges/\(merge.text("merge_id"))/undo").ok()
        #expect(try score(box.owner, kept.text("contact_id")) == 0)
        #expect(try abs(score(box.owner, contact) - 70) < 0.01)
    }

    @Test func `a picture that a program loads is told apart from one that a person does`() throws {
        let agency = try server.quietAgency(), sink = try SMTPStandIn()
        try agency.readyToMail(["tracking": ["opens": true, "clicks": true]])
        try agency.connect("smtp", sink.url)
        let contact = try agency.makeLead(1).text("contact_id")
        let asked = try agency.owner.post(
            "/v1/messages",
            [
                "contact_id": .string(contact), "subject": "News", "purpose": "marketing",
                "body": "[Our page](https://www.agency.example/page)",
            ]
        ).ok(202)
        _ = try agency.message(asked, "sent")
        let mail = try #require(sink.mails.first).text
            .replacing("=\r\n", with: "").replacing("=3D", with: "=")
        func path(_ kind: Character) throws -> String {
            let start = try #require(mail.firstRange(of: "/\(kind)/")?.lowerBound)
            return String(mail[start...].prefix { $0 != "\"" && $0 != ">" && !$0.isWhitespace })
        }
        let (picture, link) = (try path("o"), try path("t"))
        func visit(_ path: String, _ agent: String) throws {
            #expect([200, 302].contains(try server.anonymous.get(path, ["User-Agent": agent]).status))
        }
        for agent in [
            "Mozilla/5.0", "Barracuda Sentinel (EE)",
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        ] {
            try visit(picture, agent)
            try visit(link, agent)
        }
        func kinds(_ source: String) throws -> [String] {
            try agency.owner.every("/v1/contacts/\(contact)/activities?source=\(source)")
                .map { $0.text("type") }.sorted()
        }
        #expect(try kinds("machine") == ["link_click", "message_read"] && kinds("human").isEmpty)
        let person = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
        for _ in 0..<2 {
            try visit(picture, person)
            try visit(link, person)
        }
        #expect(try kinds("human") == ["link_click", "message_read"])
        #expect(try abs(score(agency.owner, contact) - 8) < 0.01)
    }

    @Test func `activities are in a person's export, and go with them`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeLead(1).text("contact_id")
        try act(agency.owner, contact, "demo_request")
        let export = try agency.owner.post(
            "/v1/privacy/export", ["contact_id": .string(contact)]
        ).ok()
        #expect(export.serialized.contains("demo_request"))
        try agency.owner.post("/v1/privacy/erase", ["contact_id": .string(contact)]).ok()
        #expect(try agency.owner.every("/v1/contacts/\(contact)/activities").isEmpty)
    }
}
