import Foundation
import JSON
import StandIns
import Testing

/// Preferences of what to be sent, when and where: as people say it, else as they answer.
@Suite(.ownThread) struct Preferences {
    let server = BureauProcess.shared
    private let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private func path(_ contact: String) -> String { "/v1/contacts/\(contact)/preferences" }

    private func preference(_ owner: Caller, _ contact: String, _ name: String) throws -> JSON {
        try owner.get(path(contact)).ok()[name] ?? .null
    }

    /// Somebody in London who answers on so many days, each at the same hour, the last time yesterday or earlier.
    private func answer(
        _ box: SandboxCaller, _ contact: String, at hour: Int, days: Int, last: Int = 1, every: Int = 1,
        channel: String = "email"
    ) throws {
        let now = try Date(box.now(), strategy: style).timeIntervalSince1970
        let midnight = (now / 86_400).rounded(.down) * 86_400
        for day in stride(from: last, to: last + days * every, by: every) {
            let moment = Date(timeIntervalSince1970: midnight - Double(day * 86_400) + Double(hour * 3600))
            for kind in ["message_read", "link_click"] {
                try box.owner.post(
                    "/v1/contacts/\(contact)/activities",
                    [
                        "type": .string(kind), "channel": .string(channel),
                        "at": .string(moment.formatted(style)),
                    ]
                ).ok(201)
            }
        }
    }

    @Test
    func `the hour, day and channel that somebody answers at are learned, and follow them when they change`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let contact = try box.owner.post("/v1/leads", lead(1, ["country": "GB"])).ok(201).text("contact_id")
        let before = try box.owner.get(path(contact)).ok()
        #expect(
            before["hour"] == ["value": 10, "source": "default", "confidence": 0, "observations": 0])
        #expect(before["channel"]?["value"] == "email" && before["frequency"]?["source"] == "default")
        let weekly = try box.owner.post("/v1/leads", lead(2, ["country": "GB"])).ok(201).text("contact_id")
        // Of as many answers at two hours, or on two days, the earlier one would be taken if none were forgotten.
        try answer(box, contact, at: 8, days: 20)
        try answer(box, weekly, at: 8, days: 6, last: 3, every: 7, channel: "whatsapp")
        let learned = try preference(box.owner, contact, "hour")
        #expect(learned["value"] == 8 && learned["source"] == "learned" && learned["observations"] == 40)
        #expect((0.5..<1).contains(learned["confidence"]?.double ?? 0))
        #expect(try preference(box.owner, contact, "channel")["source"] == "learned")
        let found = try box.owner.get(path(weekly)).ok()
        for (name, value) in ["weekday": "sat", "channel": "whatsapp", "frequency": "P7D"] {
            #expect(found[name]?["value"] == .string(value) && found[name]?["source"] == "learned", "\(name)")
        }
        try box.advance("P60D")
        try answer(box, contact, at: 15, days: 20)
        try answer(box, weekly, at: 8, days: 6, last: 6, every: 7)
        #expect(try preference(box.owner, contact, "hour")["value"] == 15, "what is old counts for less")
        #expect(try preference(box.owner, weekly, "weekday")["value"] == "sun")
    }

    @Test func `how often somebody answers is counted in days, however much they do and say on one`() throws {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let contact = try box.owner.post("/v1/leads", lead(1, ["country": "GB"])).ok(201).text("contact_id")
        let now = try Date(box.now(), strategy: style).timeIntervalSince1970
        let midnight = (now / 86_400).rounded(.down) * 86_400
        for day in stride(from: 1, through: 106, by: 21) {
            for (kind, hour) in [("message_read", 8), ("message_reply", 9), ("message_reply", 17)] {
                let moment = Date(timeIntervalSince1970: midnight - Double(day * 86_400 - hour * 3600))
                try box.owner.post(
                    "/v1/contacts/\(contact)/activities",
                    ["type": .string(kind), "channel": "email", "at": .string(moment.formatted(style))]
                ).ok(201)
            }
        }
        let frequency = try preference(box.owner, contact, "frequency")
        #expect(frequency["value"] == "P14D" && frequency["source"] == "learned", "\(frequency)")
        #expect(frequency["observations"] == 6)
        #expect(try preference(box.owner, contact, "hour")["observations"] == 18)
    }

    @Test func `what a program opens, and what weighs nothing, teaches nothing`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeLead(1).text("contact_id")
        for _ in 0..<8 {
            for more: JSON in [["type": "message_read", "source": "machine"], ["type": "dance"]] {
                try agency.owner.post("/v1/contacts/\(contact)/activities", more).ok(201)
            }
        }
        let hour = try preference(agency.owner, contact, "hour")
        #expect(hour["source"] == "default" && hour["observations"] == 0)
    }

    @Test func `what they say goes before what was learned, until it is withdrawn`() throws {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let contact = try box.owner.post("/v1/leads", lead(1, ["country": "GB"])).ok(201).text("contact_id")
        try answer(box, contact, at: 15, days: 10)
        let said = try box.owner.patch(path(contact), ["hour": 18, "channel": "whatsapp", "length": "short"])
            .ok()
        #expect(said["hour"]?["value"] == 18 && said["hour"]?["source"] == "stated")
        #expect(said["hour"]?["confidence"] == 1 && said["channel"]?["value"] == "whatsapp")
        let beside = said["hour"]?["learned"]
        #expect(beside?["value"] == 15 && beside?["observations"] == 20, "what was learned stays to be seen")
        #expect((0.4..<1).contains(beside?["confidence"]?.double ?? 0))
        #expect(said["length"]?["learned"] == nil, "nothing was learned of that")
        let back = try box.owner.patch(path(contact), ["hour": nil]).ok()
        #expect(back["hour"]?["value"] == 15 && back["hour"]?["source"] == "learned")
        #expect(back["channel"]?["source"] == "stated")
        #expect(
            try box.owner.every("/v1/events").filter { $0.text("type") == "contact.preferences_stated" }.count
                == 2)
    }

    @Test func `what is no wish is refused at its place, and others' contacts are absent`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeLead(1).text("contact_id")
        let faults = try agency.owner.patch(
            path(contact),
            [
                "hour": 24, "channel": "pigeon", "mood": "good", "weekday": 3, "length": "huge",
                "content_types": ["educational", "gossip", "educational"], "frequency": "PT5H",
            ]
        ).faults()
        #expect(
            faults == [
                "/hour": "out_of_range", "/channel": "invalid_choice", "/mood": "unknown_field",
                "/weekday": "wrong_type", "/length": "invalid_choice",
                "/content_types/1": "invalid_choice", "/content_types/2": "conflict",
                "/frequency": "wrong_type",
            ])
        #expect(try preference(agency.owner, contact, "hour")["source"] == "default", "nothing was stored")
        let stranger = try server.signUp().owner
        try stranger.get(path(contact)).problem(404, "not_found")
        try stranger.patch(path(contact), ["hour": 9]).problem(404, "not_found")
    }

    @Test func `how often somebody wants marketing, and of what, holds it until then`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let contact = try box.owner.post("/v1/leads", lead(1)).ok(201).text("contact_id")
        func send(_ subject: String, _ topic: String) throws {
            try box.owner.post(
                "/v1/messages",
                [
                    "contact_id": .string(contact), "subject": .string(subject), "body": "News.",
                    "purpose": "marketing", "topic": .string(topic),
                ]
            ).ok(202)
            try box.advance("PT1M")
        }
        func state(_ subject: String) throws -> (status: String, codes: [String]) {
            let found =
                try box.owner.every("/v1/messages?direction=outbound&contact_id=\(contact)")
                .first { $0.text("subject") == subject } ?? .null
            return (found.text("status"), found["reasons"]?.array?.map { $0.text("code") } ?? [])
        }
        try box.owner.patch(path(contact), ["frequency": "P14D", "content_types": ["educational"]]).ok()
        try send("One", "educational")
        try send("Two", "educational")
        try send("Three", "company_news")
        #expect(try state("One").status == "sent")
        #expect(try state("Two") == ("held", ["frequency_cap"]))
        #expect(try state("Three") == ("held", ["frequency_cap", "unwanted_content"]))
        try box.advance("P14D")
        #expect(try state("Two").status == "sent", "late, not lost")
        try box.owner.patch(path(contact), ["frequency": nil, "content_types": nil]).ok()
        try box.advance("P1D")
        #expect(try state("Three").status == "sent", "it is asked again when they have spoken")
    }

    @Test func `a nurture sequence goes out on its days, at the hour that they like`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let template = try box.owner.post(
            "/v1/templates", ["name": "Touch", "subject": "Touch", "body": "A word."]
        ).ok(201).id
        func sequence(_ kind: String, _ channel: String) throws -> String {
            let steps: [JSON] = ["P1D", "P2D"].map {
                ["channel": .string(channel), "delay": .string($0), "template_id": .string(template)]
            }
            return try box.owner.post(
                "/v1/sequences", ["name": .string(kind), "kind": .string(kind), "steps": .array(steps)]
            ).ok(201).id
        }
        let nurture = try sequence("nurture", "email"), outreach = try sequence("outreach", "email")
        let preferred = try sequence("outreach", "preferred")
        func enroll(_ number: Int, in sequence: String, _ wishes: JSON = ["hour": 16]) throws -> String {
            let made = try box.owner.post(
                "/v1/leads", lead(number, ["country": "GB", "status": "qualified"])
            ).ok(201)
            try box.owner.patch(path(made.text("contact_id")), wishes).ok()
            try box.owner.post("/v1/sequences/\(sequence)/enrollments", ["lead_id": .string(made.id)]).ok(201)
            return made.text("contact_id")
        }
        let onSaturday: JSON = ["hour": 16, "weekday": "sat"]
        let contacts = try [
            enroll(1, in: nurture), enroll(2, in: outreach), enroll(3, in: preferred),
            enroll(4, in: nurture, onSaturday), enroll(5, in: outreach, onSaturday),
        ]
        try box.advance("P5D")
        func times(_ contact: String) throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound&status=sent&contact_id=\(contact)")
                .map { $0.text("sent_at") }.sorted()
        }
        #expect(try times(contacts[0]).map { $0.dropFirst(8).prefix(5) } == ["06T16", "08T16"])
        #expect(try times(contacts[1]).map { $0.dropFirst(11).prefix(2) } == ["10", "10"])
        #expect(try times(contacts[2]).map { $0.dropFirst(8).prefix(5) } == ["06T16", "08T16"])
        #expect(
            try times(contacts[3]).map { $0.dropFirst(8).prefix(5) } == ["09T16"], "their day of the week")
        #expect(try times(contacts[4]).map { $0.dropFirst(8).prefix(5) } == ["06T10", "08T10"])
        try box.advance("P7D")
        #expect(try times(contacts[3]).map { $0.dropFirst(8).prefix(5) } == ["09T16", "16T16"])
    }

    @Test func `preferences go along with a merge, are in a person's export, and go with them`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let kept = try agency.makeLead(1), gone = try agency.makeLead(2)
        let (one, two) = (kept.text("contact_id"), gone.text("contact_id"))
        for _ in 0..<3 {
            try owner.post(
                "/v1/contacts/\(two)/activities", ["type": "message_reply", "channel": "whatsapp"]
            ).ok(201)
        }
        #expect(try preference(owner, one, "channel")["source"] == "default")
        let merge = try owner.post(
            "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
        ).ok()
        #expect(try preference(owner, one, "channel")["value"] == "whatsapp")
        try owner.post("/v1/leads/merges/\(merge.text("merge_id"))/undo").ok()
        #expect(try preference(owner, one, "channel")["source"] == "default")
        try owner.patch(path(two), ["frequency": "P30D"]).ok()
        let export = try owner.post("/v1/privacy/export", ["contact_id": .string(two)]).ok()
        #expect(export.serialized.contains("P30D"))
        try owner.post("/v1/privacy/erase", ["contact_id": .string(two)]).ok()
        #expect(try preference(owner, two, "channel")["observations"] == 0)
        #expect(try preference(owner, two, "frequency")["source"] == "default")
    }

    @Test func `preferences of those who were merged into a contact go as it is deleted or erased`() throws {
        let owner = try server.quietAgency().owner
        let reply: JSON = ["type": "message_reply", "channel": "email"]
        for isErased in [false, true] {
            let people = try ["kept", "gone", "last"].map {
                try owner.post("/v1/contacts", ["name": .string($0)]).ok(201).id
            }
            for contact in people {
                try owner.patch(path(contact), ["frequency": "P30D"]).ok()
                try owner.post("/v1/contacts/\(contact)/activities", reply).ok(201)
            }
            // The last one goes into the second, and with it into the first.
            for (gone, kept) in [(people[2], people[1]), (people[1], people[0])] {
                try owner.post("/v1/contacts/\(kept)/merge", ["merge": [.string(gone)]]).ok()
            }
            let ids = people.map { "'\($0)'" }.joined(separator: ", ")
            func rows() throws -> [Bool] {
                try ["stated_preferences", "preference_counts"].map {
                    try server.rowCount(of: "\($0) WHERE contact_id IN (\(ids))") > 0
                }
            }
            #expect(try rows() == [true, true])
            if isErased {
                try owner.post("/v1/privacy/erase", ["contact_id": .string(people[0])]).ok()
            } else {
                try owner.delete("/v1/contacts/\(people[0])").ok(204)
            }
            #expect(try rows() == [false, false], "erased: \(isErased)")
        }
    }

    @Test func `a client's person reads and states what suits them in the portal, and nobody else's`() throws
    {
        let agency = try server.quietAgency()
        let person = try agency.portalClient("Acme", roles: ["admin"]).admin
        let own = "/v1/portal/contact-preferences"
        #expect(try person.get(own).ok()["hour"]?["source"] == "default")
        let said = try person.patch(own, ["hour": 16, "content_types": ["educational"]]).ok()
        #expect(said["hour"]?["value"] == 16 && said["hour"]?["source"] == "stated")
        #expect(try person.patch(own, ["hour": 99]).faults() == ["/hour": "out_of_range"])
        let contact = try person.get("/v1/portal/overview").ok()["me"]?.text("contact_id") ?? ""
        for _ in 0..<4 {
            try agency.owner.post(
                "/v1/contacts/\(contact)/activities", ["type": "message_reply", "channel": "email"]
            ).ok(201)
        }
        let both = try person.patch(own, ["channel": "sms"]).ok()["channel"]
        #expect(both?["value"] == "sms" && both?["learned"]?["value"] == "email")
        #expect(both?["learned"]?["observations"] == 4 && both?["source"] == "stated")
        #expect(try preference(agency.owner, contact, "content_types")["value"] == ["educational"])
        try person.get(path(contact)).problem(403, "forbidden")
        try agency.owner.get(own).problem(403, "forbidden")
    }

    @Test func `content goes out at the hour that people like, and not to those who want other types`() throws
    {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let contacts = try (1...6).map { number in
            try box.owner.post("/v1/leads", lead(number, ["country": "GB"])).ok(201).text("contact_id")
        }
        try box.owner.patch(path(contacts[0]), ["hour": 16]).ok()
        try box.owner.patch(path(contacts[1]), ["content_types": ["case_study"]]).ok()
        try answer(box, contacts[3], at: 15, days: 20)
        try box.owner.patch(path(contacts[4]), ["weekday": "fri"]).ok()
        try box.owner.patch(path(contacts[5]), ["weekday": "wed", "hour": 9]).ok()
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five.",
                "status": "approved",
            ]
        ).ok(201)
        let way = "/v1/content-items/\(item.id)/distribute"
        let preview = try box.owner.post(way, ["preview": true]).ok()
        #expect(preview["would_send"] == 5)
        #expect(preview["skipped"] == [["code": "unwanted_content", "count": 1]])
        try box.owner.post(way, [:]).ok(202)
        try box.advance("P4D")
        func times(_ contact: String) throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound&status=sent&contact_id=\(contact)")
                .map { String($0.text("sent_at").dropFirst(8).prefix(5)) }
        }
        #expect(try contacts.map(times) == [["05T16"], [], ["05T10"], ["05T15"], ["08T10"], ["06T09"]])
    }

    @Test
    func `a preferred step goes by the chat where they answer, else by mail where nobody may write first`()
        throws
    {
        let agency = try server.quietAgency(), telegram = try TelegramStandIn()
        let (box, _, written) = try agency.sandboxOnWhatsApp(try GraphStandIn())
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "telegram", "capability": "chat", "credentials": telegram.credentials,
                "settings": ["base_url": .string(telegram.service.url)],
            ]
        ).ok(201)
        try server.deliver(telegram.message(1, "Hello"), to: door).ok()
        try box.advance("PT0S")
        let told = try #require(try box.owner.every("/v1/conversations?channel=telegram").first)
        let template = try box.owner.post(
            "/v1/templates", ["name": "Touch", "subject": "Touch", "body": "A word."]
        ).ok(201).id
        let steps: JSON = [
            ["channel": "preferred", "delay": "P3D", "template_id": .string(template)]
        ]
        let sequence = try box.owner.post(
            "/v1/sequences", ["name": "Touch", "kind": "nurture", "steps": steps]
        ).ok(201).id
        let contacts = [told.text("contact_id"), written.text("contact_id")]
        for (number, contact) in contacts.enumerated() {
            try box.owner.patch(
                "/v1/contacts/\(contact)",
                ["email": .string("jane\(number)@example\(number).com"), "country": "US"]
            ).ok()
            try box.owner.post(
                "/v1/sequences/\(sequence)/enrollments", ["contact_id": .string(contact)]
            ).ok(201)
        }
        try box.advance("P4D")
        func channels(_ contact: String) throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound&status=sent&contact_id=\(contact)")
                .map { $0.text("channel") }
        }
        #expect(try contacts.map(channels) == [["telegram"], ["email"]])
    }
}
